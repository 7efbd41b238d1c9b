/** The commands of a server. */
import { moveCommand } from '../move/command.ts';
import { accessCommand } from './access.ts';
import { type ControlCommand, controlCommand } from './command.ts';
import { faultCommand } from './fault.ts';
import { cvlCommand, portCommand, restartCommand, rscnCommand } from './links.ts';
import { maskCommand } from './mask.ts';
import { pairCommand } from './pair.ts';
import { redirectCommand } from './redirect.ts';
import { loginsCommand, statsCommand } from './show.ts';
import { snapshotCommand } from './snapshot.ts';
import { zoneCommand } from './zone.ts';

/**
 * Version of the protocol of the control socket. What is added (a command, a key that may be left out, a key of an
 * answer) does not change it; what an older client would not understand does.
 */
export const CONTROL_PROTOCOL = 1;

/** `hello`: the version of the protocol, and what may be asked. */
const helloCommand = controlCommand(
  'hello',
  'the version of this protocol, and the commands there are',
  {},
  () => ({
    protocol: CONTROL_PROTOCOL,
    commands: CONTROL_COMMANDS.map(({ name, summary }) => ({ name, summary })),
  }),
);

/** All of them, in the order in which help names them. */
export const CONTROL_COMMANDS: readonly ControlCommand[] = [
  helloCommand,
  loginsCommand,
  statsCommand,
  zoneCommand,
  maskCommand,
  accessCommand,
  pairCommand,
  redirectCommand,
  snapshotCommand,
  cvlCommand,
  rscnCommand,
  portCommand,
  restartCommand,
  faultCommand,
  moveCommand,
];
