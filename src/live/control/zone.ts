/** `zone`: the active zone set, one that is being made ready, and putting it in force. */

import { z } from 'zod';
import { formatWwn, parseWwn, type Wwn } from '../../codecs/layout/index.ts';
import type { Zoning } from '../../fabric/fc/zoning.ts';
import { ALL_TARGET_PORTS } from '../../scenario/names.ts';
import { adapterPortsOf } from '../../scenario/topology.ts';
import type { LiveFabric } from '../links.ts';
import { arrayOf } from '../plan.ts';
import type { LiveServer } from '../server.ts';
import { ControlError, controlCommand, fabricOf, wwpnText } from './command.ts';

const zoning = z.strictObject({
  enforced: z.enum(['none', 'soft', 'hard']).default('hard'),
  defaultZone: z.enum(['permit', 'deny']).default('deny'),
  zones: z
    .array(z.strictObject({ name: z.string().min(1).max(64), members: z.array(z.string()) }))
    .default([]),
});

/** Zone sets that were set and not yet activated. They end with the server. */
const staged = new WeakMap<LiveFabric, Zoning>();

/** `zone`: shows zone sets, makes one ready, puts it in force. */
export const zoneCommand = controlCommand(
  'zone',
  'show the zone set, set one, activate it (members: WWPNs, array, names of the scenario)',
  {
    fabric: z.string().optional(),
    action: z.enum(['show', 'set', 'activate']).default('show'),
    /** For `set`, and for `activate` to do both at once. */
    zoning: zoning.optional(),
  },
  (server, request) => {
    const fabric = fabricOf(server, request.fabric);
    if (request.zoning !== undefined && request.action !== 'show')
      staged.set(fabric, zoningFrom(server, fabric, request.zoning));
    else if (request.action === 'set') throw new ControlError('zone: set needs zoning');
    if (request.action === 'activate') {
      const next = staged.get(fabric);
      if (next === undefined)
        throw new ControlError('zone: nothing is set yet; set a zone set first');
      server.act(fabric, (fcf, now) => fcf.setZoning(next, now));
      staged.delete(fabric);
    }
    const waiting = staged.get(fabric);
    return {
      fabric: fabric.name,
      active: view(server, fabric.fcf.zoning),
      ...(waiting === undefined ? {} : { set: view(server, waiting) }),
    };
  },
);

function view(server: LiveServer, { enforced, defaultZone, zones }: Zoning) {
  return {
    enforced,
    defaultZone,
    zones: zones.map(({ name, members }) => ({
      name,
      members: members.map((wwpn) => ({ wwpn: formatWwn(wwpn), name: server.nameOf(wwpn) })),
    })),
  };
}

function zoningFrom(
  server: LiveServer,
  fabric: LiveFabric,
  { enforced, defaultZone, zones }: z.infer<typeof zoning>,
): Zoning {
  return {
    enforced,
    defaultZone,
    zones: zones.map(({ name, members }) => ({
      name,
      members: members.flatMap((member) => membersOf(server, fabric, member)),
    })),
  };
}

/** A member as WWPNs: itself, the target ports on the fabric, or a guest's of the scenario. */
function membersOf(server: LiveServer, fabric: LiveFabric, member: string): Wwn[] {
  const array = arrayOf(server.plan);
  const { name } = array;
  if (member === ALL_TARGET_PORTS || member === name) {
    return adapterPortsOf(array).flatMap((port) =>
      port.fabric === fabric.name ? [parseWwn(port.wwpn)] : [],
    );
  }
  const guest = server.plan.topology.guests.find((one) => one.name === member);
  if (guest !== undefined) return guest.names.map(({ wwpn }) => parseWwn(wwpn));
  const parsed = wwpnText.safeParse(member);
  if (parsed.success) return [parsed.data];
  throw new ControlError(`zone: ${member} is no WWPN, not array, and no guest of the scenario`);
}
