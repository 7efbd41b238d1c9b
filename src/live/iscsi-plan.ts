/** iSCSI portals of a server, as the command line has them. */
import { readFileSync } from 'node:fs';
import { fileFault } from '../capture/file-fault.ts';
import type { ChapSecrets } from '../port/iscsi/chap.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { formatOrigin } from '../scenario/origin.ts';
import { ListenError } from './listen-address.ts';

/** Where one portal listens. */
export interface IscsiPortalPlan {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** A target and its portals; a server may have several. */
export interface IscsiPlan {
  readonly targetName: string;
  /** Each is a target port and a target portal group of its own. */
  readonly portals: readonly IscsiPortalPlan[];
  /** The tags of their groups, one for each. */
  readonly groupTags: readonly number[];
  /** As initiators reach the portals, where that is not how they listen: the first's, the second's … */
  readonly advertise: readonly (string | undefined)[];
  readonly chap: ChapSecrets | undefined;
}

/** What the target of `serve` is called. */
export const ISCSI_TARGET_NAME = 'iqn.2026-01.com.example:sanmotion';
/** Portals of one server. */
const PORTALS_MAX = 64;

const FORM = /^iscsi:(.+):(\d{1,5})$/;
const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])$/;
/** `HOST:PORT`, as initiators are told it. */
export const ISCSI_ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/;
const PORT_MAX = 65_535;

/** True for an address of `--listen` that is an iSCSI portal's. */
export const isIscsiAddress = (text: string): boolean => text.startsWith('iscsi:');

/** `iscsi:HOST:PORT`. Errors: `ListenError`. */
export const parseIscsiAddress = (text: string): IscsiPortalPlan =>
  portalFrom(`--listen ${text}`, text, 'iscsi:');

/** The same where something else than an option said it, with or without what it begins with. */
function portalFrom(said: string, text: string, beginning: string): IscsiPortalPlan {
  const bad = (what: string): never => {
    throw new ListenError(`${said}: ${what}`);
  };
  const parts = FORM.exec(beginning === '' ? `iscsi:${text}` : text);
  if (parts === null) return bad(`needs ${beginning}HOST:PORT`);
  const [, host, port] = parts as unknown as [string, string, string];
  if (!LOOPBACK.test(host))
    bad(`${host} is not this machine's loopback; use 127.0.0.1, [::1] or localhost`);
  if (Number(port) > PORT_MAX) bad(`port ${port} is not 0 to ${PORT_MAX}`);
  return { host: host.replace(/[[\]]/g, ''), port: Number(port) };
}

/** The iSCSI side of a server; `undefined` without portals. Errors: `ListenError`. */
export function iscsiPlanOf(options: {
  readonly listen: readonly string[];
  readonly advertise: readonly string[];
  readonly chap: string | undefined;
}): IscsiPlan | undefined {
  const portals = options.listen.filter(isIscsiAddress).map(parseIscsiAddress);
  const { advertise, chap } = options;
  if (portals.length === 0) {
    const idle = chap !== undefined ? '--chap' : '--advertise';
    if (chap !== undefined || advertise.length > 0)
      throw new ListenError(`${idle} is for iSCSI: --listen iscsi:HOST:PORT is missing`);
    return undefined;
  }
  if (portals.length > PORTALS_MAX)
    throw new ListenError(`serve: more than ${PORTALS_MAX} iSCSI portals`);
  if (advertise.length > portals.length)
    throw new ListenError(
      `--advertise ${advertise[portals.length]}: there are ${portals.length} iSCSI portals`,
    );
  for (const text of advertise)
    if (!ISCSI_ADDRESS.test(text)) throw new ListenError(`--advertise ${text}: needs HOST:PORT`);
  return {
    targetName: ISCSI_TARGET_NAME,
    portals,
    groupTags: portals.map((_, i) => i + 1),
    advertise,
    chap: chap === undefined ? undefined : chapOf(chap),
  };
}

/** The iSCSI targets of a scenario. Errors: `ListenError`, with the place in its file. */
export function iscsiPlansOf({ origins, scenario }: LoadedScenario): IscsiPlan[] {
  return (scenario.array.targets ?? []).map(({ chap, name, portals }, i) => {
    const path = ['array', 'targets', i];
    const said = (...more: (string | number)[]): string =>
      formatOrigin(origins.of([...path, ...more]));
    const given = new Set(portals.flatMap(({ group }) => group ?? []));
    let next = 1;
    const groupTags = portals.map(({ group }) => {
      if (group !== undefined) return group;
      while (given.has(next)) next++;
      return next++;
    });
    for (const [j, { advertise }] of portals.entries())
      if (advertise !== undefined && !ISCSI_ADDRESS.test(advertise))
        throw new ListenError(
          `${said('portals', j, 'advertise')}: advertise ${advertise}: needs HOST:PORT`,
        );
    return {
      targetName: name,
      portals: portals.map(({ listen }, j) =>
        portalFrom(`${said('portals', j, 'listen')}: listen ${listen}`, listen, ''),
      ),
      groupTags,
      advertise: portals.map(({ advertise }) => advertise),
      chap:
        chap === undefined
          ? undefined
          : secretsIn(`${said('chap', 'file')}: chap ${chap.file}`, chap.user, chap.file, name),
    };
  });
}

/**
 * `USER:FILE`: the file's first line is the secret of the initiator, its second line, if there is one, that by
 * which the target proves itself under its own name.
 */
function chapOf(text: string): ChapSecrets {
  const colon = text.indexOf(':');
  const [user, path] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon < 1 || path === '') throw new ListenError(`--chap ${text}: needs USER:FILE`);
  return secretsIn(`--chap ${text}`, user, path, ISCSI_TARGET_NAME);
}

/** The secrets in a file. */
function secretsIn(said: string, user: string, path: string, name: string): ChapSecrets {
  let lines: string[];
  try {
    lines = readFileSync(path, 'utf8').split(/\r?\n/);
  } catch (error) {
    const { advice, what } = fileFault(path, error, 'read');
    throw new ListenError(`${said}: ${what}; ${advice}`);
  }
  const [secret = '', own = ''] = lines;
  if (secret === '') throw new ListenError(`${said}: the first line of ${path} is empty`);
  // One that serves both ways lets everybody prove himself by asking the target (RFC 7143, 9.2.1).
  if (secret === own)
    throw new ListenError(`${said}: both lines of ${path} are the same; each end needs its own`);
  const target = own === '' ? {} : { target: { name, secret: own } };
  return { user, secret, ...target };
}
