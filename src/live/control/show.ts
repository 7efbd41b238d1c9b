/** `logins`, `stats`, `links`: what there is. */

import { z } from 'zod';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { adapterPortsOf } from '../../scenario/topology.ts';
import type { LiveLink } from '../links.ts';
import { arrayOf, type ServePlan } from '../plan.ts';
import type { LiveServer } from '../server.ts';
import { controlCommand, fabricOf } from './command.ts';

const fabric = z.string().optional();

/** `logins`: FLOGIs and FDISCs by fabric, and process logins by target port. */
export const loginsCommand = controlCommand(
  'logins',
  'who is logged in with the fabrics, and with the target ports',
  { fabric },
  (server, request) => {
    const only = request.fabric === undefined ? undefined : fabricOf(server, request.fabric);
    return {
      logins: server
        .logins()
        .filter((one) => only === undefined || one.fabric === only)
        .map(({ fabric: of, login }) => ({
          fabric: of.name,
          wwpn: formatWwn(login.wwpn),
          name: server.nameOf(login.wwpn),
          nPortId: formatFcId(login.nPortId),
          by: login.by,
          link: `${of.name}.${login.port}`,
          enodeMac: login.enodeMac,
          mac: login.mac,
          wwnn: formatWwn(login.wwnn),
          symbolicName: login.symbolicName,
          fc4Types: login.fc4Types,
          sinceMs: Math.round((server.now - login.since) / 1e6),
        })),
      nexuses: nexusesOf(server).filter((one) => only === undefined || one.fabric === only.name),
    };
  },
);

function nexusesOf(server: LiveServer) {
  const { plan } = server;
  return [...server.array.device.nexuses].flatMap(({ login }) =>
    login === undefined
      ? []
      : [
          {
            ...placeOf(plan, login.targetPortIndex),
            targetPort: login.targetPortIndex,
            wwpn: login.initiatorPort,
            nPortId: formatFcId(Number(login.address)),
            epoch: login.epoch,
            tasks: login.tasks.size,
          },
        ],
  );
}

/** The fabric that a target port is behind; an iSCSI portal on a socket is behind none. */
function placeOf(plan: ServePlan, targetPort: number): { readonly fabric?: string } {
  const adapters = adapterPortsOf(arrayOf(plan));
  const onSockets = adapters.length + (plan.iscsi ?? []).flatMap(({ portals }) => portals).length;
  const place = adapters[targetPort] ?? plan.lan?.[targetPort - onSockets];
  return place === undefined ? {} : { fabric: place.fabric };
}

const linkView = (server: LiveServer, link: LiveLink) => ({
  link: link.name,
  ...('targetPort' in link.to ? { targetPort: link.to.targetPort } : { address: link.to.address }),
  up: server.fabrics.get(link.fabric)!.fcf.portState(link.port).up,
  disabled: server.fabrics.get(link.fabric)!.fcf.portState(link.port).disabled,
  frames: link.frames,
  ...(link.wire === undefined
    ? {}
    : { framesDropped: link.wire.dropped, waitingBytes: link.wire.waitingBytes }),
});

/** `stats`: counters of switches, links, logical units and the process. */
export const statsCommand = controlCommand(
  'stats',
  'frames, drops, commands under way, memory',
  {},
  (server) => ({
    upMs: Math.round(server.now / 1e6),
    fabrics: [...server.fabrics.values()].map(({ name, fcf, links }) => ({
      fabric: name,
      logins: fcf.logins().length,
      forwarded: fcf.counters.forwarded,
      served: fcf.counters.served,
      ignored: fcf.counters.ignored,
      dropped: fcf.counters.dropped,
      links: [...links.values()].map((link) => linkView(server, link)),
    })),
    units: server.array.device.units.map(({ medium, tasks }, index) => ({
      name: server.unitNames[index]!,
      ...server.plan.units[index]?.source,
      bytes: medium.blocks * medium.blockBytes,
      tasks: tasks.size,
    })),
    ...server.counters,
    memoryBytes: process.memoryUsage().rss,
  }),
);
