/** Stands in the page for the reader of files by path, which is Node's. */
export {};
