/** The storage array as a machine. */
export * from './storage-array.ts';
