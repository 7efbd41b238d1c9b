/** Fibre Channel frames: header, extended and optional headers, link control. */
export * from './codes.ts';
export * from './header.ts';
