/** What of the machines' events a person wants to read, as lines with their facts. */

import type { ArrayEvent } from '../array/storage-array.ts';
import { formatFcId, formatWwn, type Wwn } from '../codecs/layout/index.ts';
import type { FabricEvent } from '../history/fabric.ts';
import type { PairChanged } from '../history/pair.ts';
import {
  isNbdServer,
  isNfsServer,
  protocolOf,
  type TargetPort,
  wwpnOf,
} from '../history/port-name.ts';
import type { NexusChanged, NexusName, TaskAborted } from '../history/storage.ts';

/** How much a line of the log matters, least first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log: a sentence for people, and the same as fields for programs. */
export interface LogRecord {
  readonly level: LogLevel;
  /** What kind of thing happened: `login`, `logout`, `rejected`, … */
  readonly event: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Lines of one key come once a second at most; what was left out is counted. */
  readonly limitKey?: string;
}

const hex = (value: number): string => `${value.toString(16).padStart(2, '0')}h`;

type Who = (wwpn: Wwn) => string | undefined;
type Of<K extends FabricEvent['type']> = Extract<FabricEvent, { type: K }>;

/** A WWPN, with the name that the scenario has for it. */
function named(wwpn: Wwn, who: Who): string {
  const name = who(wwpn);
  return name === undefined ? formatWwn(wwpn) : `${formatWwn(wwpn)} (${name})`;
}

/** A line for an event of a fabric's switch. `who` names a WWPN that the scenario knows. */
export function logOfFcf(fabric: string, event: FabricEvent, who: Who): LogRecord | undefined {
  const link = 'port' in event ? `${fabric}.${event.port}` : fabric;
  switch (event.type) {
    case 'login':
      return logOfLogin(fabric, link, event, who);
    case 'logout':
      return logOfLogout(fabric, link, event, who);
    case 'login-rejected':
      return logOfRejection(fabric, link, event, who);
    case 'dropped':
      return logOfDrop(fabric, link, event);
    case 'protocol':
      return {
        level: 'warn',
        event: 'protocol',
        text: `${link}: ${event.what}`,
        fields: { fabric, link, what: event.what },
        limitKey: `protocol ${link} ${event.what}`,
      };
    default:
      return logOfFabric(fabric, link, event);
  }
}

function logOfLogin(fabric: string, link: string, event: Of<'login'>, who: Who): LogRecord {
  const { by, enodeMac } = event;
  const [wwpn, nPortId] = [formatWwn(event.wwpn), formatFcId(event.nPortId)];
  return {
    level: 'info',
    event: 'login',
    text: `${by} ${named(event.wwpn, who)} is ${nPortId} on ${link}`,
    fields: { fabric, link, by, wwpn, nPortId, enodeMac },
  };
}

function logOfLogout(fabric: string, link: string, event: Of<'logout'>, who: Who): LogRecord {
  const { reason } = event;
  const [wwpn, nPortId] = [formatWwn(event.wwpn), formatFcId(event.nPortId)];
  return {
    level: reason === 'LOGO' || reason === 'relogin' ? 'info' : 'warn',
    event: 'logout',
    text: `logout ${named(event.wwpn, who)}, ${nPortId} on ${link}: ${reason}`,
    fields: { fabric, link, wwpn, nPortId, reason },
  };
}

function logOfRejection(
  fabric: string,
  link: string,
  { by, wwpn, reason, explanation }: Of<'login-rejected'>,
  who: Who,
): LogRecord {
  return {
    level: 'warn',
    event: 'rejected',
    text: `${by} of ${named(wwpn, who)} on ${link} rejected: reason ${hex(reason)}, explanation ${hex(explanation)}`,
    fields: { fabric, link, by, wwpn: formatWwn(wwpn), reason, explanation },
    limitKey: `rejected ${link} ${wwpn}`,
  };
}

function logOfDrop(fabric: string, link: string, event: Of<'dropped'>): LogRecord {
  const { reason } = event;
  const from = event.sId === undefined ? '' : ` from ${formatFcId(event.sId)}`;
  const detail = event.detail === undefined ? '' : `: ${event.detail}`;
  return {
    level: 'warn',
    event: 'dropped',
    text: `frame${from} on ${link} dropped, ${reason}${detail}`,
    fields: { fabric, link, reason },
    limitKey: `dropped ${link} ${reason}`,
  };
}

/** What concerns a whole fabric, or one of its ports. */
function logOfFabric(fabric: string, link: string, event: FabricEvent): LogRecord | undefined {
  switch (event.type) {
    case 'rscn-unanswered': {
      const nPortId = formatFcId(event.to);
      return {
        level: 'warn',
        event: 'rscn-unanswered',
        text: `RSCN to ${nPortId} was not answered`,
        fields: { fabric, nPortId },
      };
    }
    case 'zone-change': {
      const { enforced, affected } = event;
      return {
        level: 'info',
        event: 'zone-change',
        text: `zoning of ${fabric} changed (${enforced}): ${affected} ports see others now`,
        fields: { fabric, enforced, affected },
      };
    }
    case 'port-disabled':
    case 'port-enabled': {
      const off = event.type === 'port-disabled';
      return {
        level: off ? 'warn' : 'info',
        event: event.type,
        text: `${link} ${off ? 'disabled: duplicate WWPN' : 'enabled'}`,
        fields: { fabric, link },
      };
    }
    case 'restarted':
      return {
        level: 'warn',
        event: 'restarted',
        text: `FCF of ${fabric} restarted`,
        fields: { fabric },
      };
    default:
      return undefined;
  }
}

/** Whom the scenario knows: a WWPN's name there, and the number of a target port of the array. */
export interface KnownNames {
  who(wwpn: Wwn): string | undefined;
  targetPort(target: TargetPort): number | undefined;
}

/** A line for an event of the array. */
export function logOfArray(event: ArrayEvent, names: KnownNames): LogRecord | undefined {
  switch (event.type) {
    case 'nexus': {
      const { initiator, address, target, epoch } = event.nexus;
      if (isNfsServer(target)) return logOfNfsClient(event);
      if (isNbdServer(target)) return logOfNbdClient(event);
      if (protocolOf(initiator) === 'iscsi') return logOfSession(event.state, event.nexus);
      const targetPort = names.targetPort(target);
      return {
        level: 'info',
        event: `nexus-${event.state}`,
        text: `target port ${targetPort}: process login of ${loggedIn(event.nexus, names)} ${event.state}`,
        fields: { wwpn: initiator, nPortId: formatFcId(address), targetPort, epoch },
      };
    }
    case 'port':
      return {
        level: event.state === 'failed' ? 'error' : 'debug',
        event: 'target-port',
        text: `target port ${event.port} ${event.state}${event.reason === '' ? '' : `: ${event.reason}`}`,
        fields: { targetPort: event.port, state: event.state, reason: event.reason },
      };
    case 'task-aborted':
      return logOfAbort(event, names);
    case 'task-management':
      return {
        level: 'warn',
        event: 'task-management',
        text: `task management function ${event.function} of ${loggedIn(event.nexus, names)}: ${event.response}`,
        fields: {
          wwpn: event.nexus.initiator,
          lun: event.lun,
          function: event.function,
          response: event.response,
        },
      };
    case 'pair':
      return logOfPair(event);
    case 'power-on':
      return { level: 'warn', event: 'power-on', text: 'array restarted', fields: {} };
    case 'refused':
      return {
        level: 'warn',
        event: 'refused',
        text: `target port ${event.port}: ${event.what}`,
        fields: { targetPort: event.port, what: event.what },
        limitKey: `refused ${event.port} ${event.what.replace(/[0-9a-f]+h?\b/g, '')}`,
      };
    default:
      return undefined;
  }
}

/** How the array stands to the one that has the other legs. */
function logOfPair({ detail, generation, leads, state }: PairChanged): LogRecord {
  const isWhole = state === 'in-sync' || state === 'source';
  return {
    level: isWhole ? 'info' : 'warn',
    event: 'pair',
    text: `pair: ${state}${leads ? ', leads' : ''}, generation ${generation}: ${detail}`,
    fields: { state, leads, generation, detail },
  };
}

function logOfNfsClient({ state, nexus }: NexusChanged): LogRecord {
  const { initiator: client, address: tcpPort } = nexus;
  return {
    level: 'debug',
    event: `nfs-client-${state}`,
    text: `connection of NFS client ${client}, TCP port ${tcpPort}, ${state}`,
    fields: { client, tcpPort },
  };
}

function logOfNbdClient({ state, nexus }: NexusChanged): LogRecord {
  const { initiator: client, address: tcpPort } = nexus;
  return {
    level: 'debug',
    event: `nbd-client-${state}`,
    text: `transmission of NBD client ${client}, TCP port ${tcpPort}, ${state}`,
    fields: { client, tcpPort },
  };
}

function logOfSession(state: 'began' | 'ended', nexus: NexusName): LogRecord {
  const { initiator, target, epoch, address } = nexus;
  return {
    level: 'info',
    event: `nexus-${state}`,
    text: `iSCSI session of ${initiator} at ${target} ${state}`,
    fields: { initiator, target, tsih: address, epoch },
  };
}

function logOfAbort({ nexus, tag, lun, cause }: TaskAborted, names: KnownNames): LogRecord {
  return {
    level: 'warn',
    event: 'aborted',
    text: `command ${hex(tag)} of ${loggedIn(nexus, names)} ended without answer: ${cause}`,
    fields: { wwpn: nexus.initiator, oxId: tag, lun, cause },
    limitKey: `aborted ${nexus.initiator} ${cause}`,
  };
}

/** An initiator as it is logged in: its name, and what the scenario or the fabric call it. */
export function loggedIn({ initiator, address }: NexusName, { who }: KnownNames): string {
  if (protocolOf(initiator) === 'iscsi') return initiator;
  const wwpn = wwpnOf(initiator);
  const name = wwpn === undefined ? undefined : who(wwpn);
  return `${initiator} (${name ?? formatFcId(address)})`;
}

const LIMIT_MS = 1000;
const KEYS_MAX = 1000;

/** Lets one line of a key through each second and counts those between. */
export class LogLimiter {
  readonly #keys = new Map<string, { until: number; left: number }>();

  /** How many lines of the key were left out before this one; `undefined`: leave it out too. */
  pass(key: string, nowMs: number): number | undefined {
    const entry = this.#keys.get(key);
    if (entry !== undefined && nowMs < entry.until) {
      entry.left++;
      return undefined;
    }
    if (this.#keys.size >= KEYS_MAX) this.#keys.clear();
    this.#keys.set(key, { until: nowMs + LIMIT_MS, left: 0 });
    return entry?.left ?? 0;
  }
}
