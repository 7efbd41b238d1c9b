/** The storage array as a machine. */
export type * from './control.ts';
export * from './storage-array.ts';
