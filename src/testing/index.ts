/** Test kit: generators of messages from their field tables, and the machine contract as checks. */
export * from './arbitrary.ts';
export * from './at-work.ts';
export { type FrameKind, fcoeFrames } from './hostile-frames.ts';
export type { PortOfNode } from './little-net.ts';
export * from './machine-contract.ts';
