/** Fabrics and an array on the real clock, for programs and their tests. Needs Node. */

export type { CaptureReport } from '../audit/capture-judge.ts';
export { ControlError } from './control/command.ts';
export { CONTROL_PROTOCOL } from './control/commands.ts';
export { FrameSplitter, withPrefix } from './frame-splitter.ts';
export { type LiveEventOf, NotSeenError, type WaitOptions } from './happenings.ts';
export type { LiveEvent } from './links.ts';
export { ListenError } from './listen-address.ts';
export type { LogRecord } from './log.ts';
export { LunError } from './lun-source.ts';
export { type ProgramCable, type Served, type ServeOptions, serve } from './program.ts';
export { type QemuAdapter, qemuOptions } from './qemu-options.ts';
