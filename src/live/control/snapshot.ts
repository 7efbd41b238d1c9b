/** `snapshot`: what units keep of a moment, and since which it is known what has changed. */
import { z } from 'zod';
import type { ArrayAnswer, ArrayCommand } from '../../scsi/management.ts';
import { SnapshotMedium } from '../../scsi/medium/snapshot.ts';
import type { LiveServer } from '../server.ts';
import { ControlError, controlCommand } from './command.ts';

/** A name that is part of an export's name and of a meta context's. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `snapshot`: shows, cuts and deletes snapshots, and goes back to one. */
export const snapshotCommand = controlCommand(
  'snapshot',
  'show, cut and delete snapshots of logical units, or go back to one',
  {
    action: z.enum(['show', 'cut', 'delete', 'revert']).default('show'),
    name: z.string().regex(NAME, { error: 'letters, digits, . _ and -, 64 at most' }).optional(),
    /** Names of logical units that are cut at one moment; all when left out. */
    units: z.array(z.string()).min(1).optional(),
  },
  async (server, { action, name, units }) => {
    if (action === 'show') return view(server);
    if (name === undefined) throw new ControlError(`snapshot: ${action} needs a name`);
    if (units !== undefined && action !== 'cut')
      throw new ControlError(`snapshot: ${action} is for every unit that has it`);
    const answer = await ask(server, commandOf(server, action, name, units));
    if (!answer.ok) throw new ControlError(`snapshot: ${answer.reason}`);
    server.log('info', 'snapshot', `snapshot ${name}: ${DONE[action]}`, { snapshot: name, action });
    return view(server);
  },
);

const DONE = { cut: 'cut', delete: 'deleted', revert: 'its units hold again what they had' };

function commandOf(
  server: LiveServer,
  action: keyof typeof DONE,
  snapshot: string,
  names: readonly string[] | undefined,
): ArrayCommand {
  if (action === 'delete') return { command: 'delete-snapshot', snapshot };
  if (action === 'revert') return { command: 'revert', snapshot };
  const { unitNames } = server;
  const units = (names ?? unitNames).map((name) => {
    const place = unitNames.indexOf(name);
    if (place >= 0) return place;
    const there = unitNames.join(', ');
    throw new ControlError(`snapshot: there is no logical unit ${name}; there is ${there}`);
  });
  return { command: 'cut', snapshot, units };
}

/** A cut takes its time; one that a loss of power ended is answered when the power is back. */
const ask = (server: LiveServer, command: ArrayCommand): Promise<ArrayAnswer> =>
  new Promise((resolve) =>
    server.actOnArray((array, now) => array.handleCommand(command, now, resolve)),
  );

function view(server: LiveServer) {
  const units = server.array.device.units.map(({ medium }, i) => ({
    name: server.unitNames[i]!,
    snapshots: medium instanceof SnapshotMedium ? medium.snapshots : [],
    references: medium instanceof SnapshotMedium ? (medium.changed?.references ?? []) : [],
  }));
  return { units };
}
