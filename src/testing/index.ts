/** Test kit: generators of messages from their field tables, and the contracts of machines as checks. */
export * from './arbitrary.ts';
export * from './at-work.ts';
export type { ContractCheck, TestRunner } from './check.ts';
export { type FieldPlace, type FrameKind, fcFrames, fcoeFrames } from './hostile-frames.ts';
export type { PortOfNode } from './little-net.ts';
export * from './machine-contract.ts';
export * from './stream-contract.ts';
