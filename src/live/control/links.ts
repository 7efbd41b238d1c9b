/** `cvl`, `rscn`, `port`, `restart`: what a fabric tells, and what fails in it. */
import { z } from 'zod';
import { RscnAddressFormat } from '../../codecs/els/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import { restartFcf } from '../power.ts';
import type { LiveServer } from '../server.ts';
import {
  ControlError,
  controlCommand,
  fabricOf,
  linkOf,
  milliseconds,
  nPortIdText,
  wwpnText,
} from './command.ts';

const fabric = z.string().optional();
const wwpns = z.union([wwpnText.transform((one) => [one]), z.array(wwpnText).min(1)]);

/** `cvl`: clears virtual links; answers how many logins that ended. */
export const cvlCommand = controlCommand(
  'cvl',
  'Clear Virtual Links to one WWPN, several, a link, or all',
  {
    fabric,
    wwpn: wwpns.optional(),
    nPortId: nPortIdText.optional(),
    link: z.string().optional(),
    all: z.literal(true).optional(),
    /** Without a list of VN_Ports, which means all of an ENode. Of `link` and `all` only. */
    bare: z.boolean().default(false),
  },
  (server, request) => {
    const { wwpn, nPortId, link, all, bare } = request;
    const given = [wwpn, nPortId, link, all].filter((one) => one !== undefined).length;
    if (given !== 1) throw new ControlError('cvl: needs one of wwpn, nPortId, link and all');
    if (wwpn !== undefined) return counted(server, () => clearNames(server, wwpn, request.fabric));
    if (nPortId !== undefined) {
      const of = fabricOf(server, request.fabric);
      return counted(server, () =>
        server.act(of, (fcf, now) => fcf.clearVirtualLinks({ nPortId }, now)),
      );
    }
    const only = request.fabric === undefined ? undefined : fabricOf(server, request.fabric).name;
    const links =
      link === undefined
        ? server.links().filter((one) => only === undefined || one.fabric === only)
        : [linkOf(server, { link })];
    return counted(server, () => {
      for (const { fabric: name, port } of links)
        server.act(fabricOf(server, name), (fcf, now) =>
          fcf.clearVirtualLinks({ port, bare }, now),
        );
    });
  },
);

/** How many logins something ends. Some are back before it returns, so their ends are counted. */
function counted(server: LiveServer, work: () => void): { readonly cleared: number } {
  let cleared = 0;
  const stop = server.onEvent(({ event }) => {
    if (event.type === 'logout') cleared++;
  });
  try {
    work();
  } finally {
    stop();
  }
  return { cleared };
}

function clearNames(server: LiveServer, names: readonly bigint[], only: string | undefined): void {
  for (const wwpn of names) {
    const found = server
      .loginsOf(wwpn)
      .filter((one) => only === undefined || one.fabric.name === only);
    if (found.length === 0) throw new ControlError(`cvl: ${formatWwn(wwpn)} is not logged in`);
    for (const one of found)
      server.act(one.fabric, (fcf, now) => fcf.clearVirtualLinks({ wwpn }, now));
  }
}

const FORMATS = {
  port: RscnAddressFormat.PORT,
  area: RscnAddressFormat.AREA,
  domain: RscnAddressFormat.DOMAIN,
  fabric: RscnAddressFormat.FABRIC,
} as const;

/** `rscn`: sends an RSCN; answers with the N_Port_IDs it names. */
export const rscnCommand = controlCommand(
  'rscn',
  'send an RSCN that names ports, an area, a domain or the fabric',
  {
    fabric,
    nPortIds: z.array(nPortIdText).min(1).max(63).optional(),
    wwpn: wwpns.optional(),
    format: z.enum(['port', 'area', 'domain', 'fabric']).default('port'),
    /** Whom it is sent to; left out: everybody who registered for it. */
    to: z.array(wwpnText).min(1).optional(),
  },
  (server, request) => {
    const of = fabricOf(server, request.fabric);
    const idOf = (wwpn: bigint): number => {
      const login = of.fcf.logins().find((one) => one.wwpn === wwpn);
      if (login === undefined)
        throw new ControlError(`rscn: ${formatWwn(wwpn)} is not logged in on ${of.name}`);
      return login.nPortId;
    };
    const ids = [...(request.nPortIds ?? []), ...(request.wwpn ?? []).map(idOf)];
    if (ids.length === 0) {
      if (request.format !== 'fabric') throw new ControlError('rscn: needs nPortIds or wwpn');
      ids.push(0);
    }
    const addressFormat = FORMATS[request.format];
    const pages = ids.map((nPortId) => ({ nPortId, addressFormat }));
    const to = request.to?.map(idOf);
    server.act(of, (fcf, now) => fcf.sendRscn(pages, now, to));
    return { fabric: of.name, pages: ids.map(formatFcId) };
  },
);

/** `port`: takes a link down or up, as a cable that is pulled, or enables a port. */
export const portCommand = controlCommand(
  'port',
  'take a target port or a link down or up, or enable a port that a duplicate WWPN disabled',
  {
    action: z.enum(['down', 'up', 'enable']),
    targetPort: z.int().min(0).optional(),
    link: z.string().optional(),
    wwpn: wwpnText.optional(),
    /** Down for so long, then up by itself. */
    forMs: milliseconds.optional(),
  },
  (server, { action, targetPort, link: name, wwpn, forMs }) => {
    const ofTarget = server
      .links()
      .find((one) => 'targetPort' in one.to && one.to.targetPort === targetPort);
    if (targetPort !== undefined && ofTarget === undefined)
      throw new ControlError(`port: there is no target port ${targetPort}`);
    const link = ofTarget ?? linkOf(server, { link: name, wwpn });
    if (action === 'enable')
      server.act(fabricOf(server, link.fabric), (fcf, now) => fcf.enablePort(link.port, now));
    else server.setLink(link, action === 'up');
    if (action === 'down' && forMs !== undefined)
      server.driver.after(forMs * MILLISECOND, () => server.setLink(link, true));
    return { link: link.name };
  },
);

/** `restart`: takes power from a switch or the array, and gives it back. */
export const restartCommand = controlCommand(
  'restart',
  'a loss of power of a switch or of the array, and its return',
  {
    what: z.enum(['fcf', 'array']),
    fabric,
    downMs: milliseconds.default(0),
    /** The switch does not tell its ENodes, when it is back, that their logins are gone. */
    silent: z.boolean().default(false),
  },
  (server, { what, fabric: name, downMs, silent }) => {
    if (what === 'array') server.restartArray(downMs * MILLISECOND);
    else restartFcf(server, fabricOf(server, name), downMs * MILLISECOND, silent);
    return { downMs };
  },
);
