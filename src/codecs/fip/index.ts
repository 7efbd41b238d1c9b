/** FIP: the FCoE Initialization Protocol. */
export * from './check.ts';
export * from './codes.ts';
export * from './descriptor.ts';
export * from './frame.ts';
export * from './message.ts';
