/** NFS version 4.1: COMPOUND and the operations that clients of disk images use. Source: RFC 8881, RFC 5662. */
export * from './attributes.ts';
export * from './block-layout.ts';
export * from './callbacks.ts';
export * from './codes.ts';
export * from './compound.ts';
export * from './files.ts';
export * from './layouts.ts';
export * from './opens.ts';
export * from './parts.ts';
export * from './sessions.ts';
