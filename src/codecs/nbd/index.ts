/** The Network Block Device protocol: handshake and transmission. */
export * from './codes.ts';
export * from './handshake.ts';
export * from './transmission.ts';
