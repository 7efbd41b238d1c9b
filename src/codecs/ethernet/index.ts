/** Ethernet framing. */
export * from './ether-type.ts';
export * from './header.ts';
