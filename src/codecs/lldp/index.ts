/** Link layer discovery, data center bridging exchange, VSI discovery. */
export * from './basic.ts';
export * from './cee.ts';
export * from './ieee.ts';
export * from './lldpdu.ts';
export { LldpOui, LldpType } from './tlv.ts';
export * from './vdp.ts';
