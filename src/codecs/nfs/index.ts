/** NFS version 3, MOUNT version 3 and the port mapper. Source: RFC 1813, RFC 1833. */
export * from './attributes.ts';
export * from './codes.ts';
export * from './directories.ts';
export * from './file-system.ts';
export * from './files.ts';
export * from './mount.ts';
export * from './portmap.ts';
export * from './procedures.ts';
