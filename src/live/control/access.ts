/** `access`: in which state target port groups serve logical units. */
import { z } from 'zod';
import { ACCESS_STATE_CODES } from '../../scenario/array-from-scenario.ts';
import { ACCESS_STATES } from '../../scenario/event-schema.ts';
import { pathStateOf } from '../../scsi/initiator/access.ts';
import type { LogicalUnit } from '../../scsi/target/logical-unit.ts';
import type { LiveServer } from '../server.ts';
import { ControlError, controlCommand } from './command.ts';

/** `access`: shows and sets the access states of target port groups, as when a controller takes over. */
export const accessCommand = controlCommand(
  'access',
  'show or set the access states of target port groups (ALUA)',
  {
    /** TARGET PORT GROUP to its state; left out: nothing changes. */
    states: z
      .record(
        z.string().regex(/^\d{1,5}$/, { error: 'a target port group' }),
        z.enum(ACCESS_STATES),
      )
      .optional(),
    /** Left out: all logical units. */
    unit: z.string().optional(),
  },
  (server, { states, unit }) => {
    const { unitNames } = server;
    const all = server.array.device.units;
    const chosen = unit === undefined ? all : [unitOf(server, unit)];
    const changes = Object.entries(states ?? {}).map(([groupId, state]) => ({
      groupId: Number(groupId),
      state: ACCESS_STATE_CODES[state],
    }));
    for (const { groupId } of changes) {
      if (chosen.some(({ access }) => access.ofGroup(groupId) === undefined)) {
        throw new ControlError(`access: there is no target port group ${groupId}`);
      }
    }
    if (changes.length > 0) {
      server.actOnArray(({ device }) => {
        for (const lu of chosen) device.setAccessStates(lu, changes);
      });
    }
    return {
      units: Object.fromEntries(
        chosen.map(({ index, access }) => [
          unitNames[index]!,
          Object.fromEntries(
            access.groups.map(({ group, state }) => [group.id, pathStateOf(state)]),
          ),
        ]),
      ),
    };
  },
);

function unitOf(server: LiveServer, name: string): LogicalUnit {
  const names = server.unitNames;
  const lu = server.array.device.units[names.indexOf(name)];
  if (lu === undefined) {
    throw new ControlError(
      `access: there is no logical unit ${name}; there is ${names.join(', ')}`,
    );
  }
  return lu;
}
