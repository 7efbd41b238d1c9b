/** The commands of a server. */
import { moveCommand } from '../move/command.ts';
import { accessCommand } from './access.ts';
import type { ControlCommand } from './command.ts';
import { faultCommand } from './fault.ts';
import { cvlCommand, portCommand, restartCommand, rscnCommand } from './links.ts';
import { maskCommand } from './mask.ts';
import { loginsCommand, statsCommand } from './show.ts';
import { zoneCommand } from './zone.ts';

/** All of them, in the order in which help names them. */
export const CONTROL_COMMANDS: readonly ControlCommand[] = [
  loginsCommand,
  statsCommand,
  zoneCommand,
  maskCommand,
  accessCommand,
  cvlCommand,
  rscnCommand,
  portCommand,
  restartCommand,
  faultCommand,
  moveCommand,
];
