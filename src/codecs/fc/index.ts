/** Fibre Channel frames: header, extended and optional headers, link control, delimiters. */
export * from './codes.ts';
export * from './delimiter.ts';
export * from './extended.ts';
export * from './header.ts';
export * from './link-control.ts';
export * from './link-frame.ts';
export * from './mds.ts';
export * from './optional.ts';
