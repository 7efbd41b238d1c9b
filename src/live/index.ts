/** The live driver: the machines on a real clock and on sockets. */

export { askControl } from './control/client.ts';
export { type ControlCommand, ControlError, controlCommand } from './control/command.ts';
export { CONTROL_COMMANDS } from './control/commands.ts';
export { ControlSocket } from './control/socket.ts';
export * from './driver.ts';
export * from './frame-splitter.ts';
export * from './links.ts';
export * from './listen-address.ts';
export type { LogRecord } from './log.ts';
export * from './lun-source.ts';
export type { LiveMoveReport } from './move/live-move.ts';
export * from './plan.ts';
export { scenarioPlan } from './plan-scenario.ts';
export * from './server.ts';
