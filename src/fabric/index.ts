/** The protocol machines: hosts, switches, arrays, and the contract they share. */
export * from './array/index.ts';
export * from './core.ts';
export * from './fcf/index.ts';
export * from './host/index.ts';
export * from './machine.ts';
export * from './port/index.ts';
