/** The iSCSI sessions of a capture: who logged in where under which names, who took whose place, and their tasks. */

import {
  type IscsiLogin,
  parseHex,
  type StreamConnection,
  type StreamGap,
  type StreamPdu,
} from '../../../codecs/index.ts';
import {
  deviceOf,
  type InitiatorPort,
  iscsiInitiatorPort,
  iscsiTargetPort,
  type TargetPort,
} from '../../../history/index.ts';
import {
  addressOf,
  type FaultKind,
  isOver,
  isSurelyBefore,
  type SeenMoment,
  type SeenSession,
  type SeenTask,
  type SessionChecks,
  type SessionEnd,
  type SessionListener,
} from '../session.ts';
import type { UnitLook } from '../unit-looks.ts';
import { IscsiSeen } from './connection.ts';
import type { ConnectionHub } from './hub.ts';
import type { OpenTask } from './open-task.ts';

/** Names of sessions that are remembered, to know who takes whose place. */
const NAMES_MAX = 10_000;

/** Follows all connections. */
export class IscsiSessions implements ConnectionHub {
  readonly #tell: SessionListener;
  readonly #checks: SessionChecks;
  readonly #nextNumber: () => number;
  readonly #connections = new Map<number, IscsiSeen>();
  /** Sessions by server and names: one that begins takes the place of the one before. */
  readonly #byName = new Map<string, SeenSession>();

  constructor(tell: SessionListener, checks: SessionChecks, nextNumber: () => number) {
    this.#tell = tell;
    this.#checks = checks;
    this.#nextNumber = nextNumber;
  }

  /** A PDU has passed. */
  pdu(pdu: StreamPdu, moment: SeenMoment): void {
    this.#of(pdu.connection).take(pdu, moment);
  }

  /** Bytes could not be read. */
  gap(gap: StreamGap): void {
    this.#of(gap.connection).gap(gap);
  }

  /** One end has closed a connection. */
  closed({ number }: StreamConnection, moment: SeenMoment, how: 'end' | 'reset'): void {
    this.#connections.get(number)?.closed(moment, how);
  }

  /** A connection is followed no more. */
  forget({ number }: StreamConnection): void {
    this.#connections.delete(number);
  }

  /** Frames are missing from the capture here. */
  lose(): void {
    for (const seen of this.#connections.values()) seen.loseBoth();
  }

  #of(connection: StreamConnection): IscsiSeen {
    let seen = this.#connections.get(connection.number);
    if (seen === undefined) {
      seen = new IscsiSeen(connection, this);
      this.#connections.set(connection.number, seen);
    }
    return seen;
  }

  begin(connection: StreamConnection, began: SeenMoment | undefined, isNew: boolean): SeenSession {
    const login = connection.iscsi?.login;
    const initiator = initiatorOf(login);
    const session: SeenSession = {
      number: this.#nextNumber(),
      carrier: 'iSCSI',
      initiator,
      target: targetOf(login, connection.iscsi?.keys.get('TargetPortalGroupTag')),
      device: deviceOf(initiator),
      client: connection.client,
      server: connection.server,
      began,
      isShared: !isNew,
      ended: undefined,
    };
    if (began !== undefined) this.#enter(session, began);
    this.#tell({ type: 'began', session });
    return session;
  }

  /** Source: RFC 7143, 6.3.5: a login with the names of another session ends that one. */
  #enter(session: SeenSession, began: SeenMoment): void {
    const { initiator, target, server, isShared } = session;
    if (initiator === '' || target === '') return;
    const name = `${server} ${initiator} ${target}`;
    const before = this.#byName.get(name);
    // Of two logins at once nobody knows which was the first.
    const isKnown = before?.began === undefined || isSurelyBefore(before.began, began);
    if (isShared) {
      if (before !== undefined) before.isShared = true;
    } else if (before !== undefined && before.ended === undefined && isKnown)
      this.#end(before, began, 'reinstated', session);
    this.#byName.delete(name);
    if (isKnown) this.#byName.set(name, session);
    if (this.#byName.size > NAMES_MAX) this.#byName.delete(this.#byName.keys().next().value!);
  }

  end(session: SeenSession, moment: SeenMoment, how: Exclude<SessionEnd, 'reinstated'>): void {
    if (session.ended === undefined) this.#end(session, moment, how, undefined);
  }

  #end(session: SeenSession, moment: SeenMoment, how: SessionEnd, by: SeenSession | undefined) {
    session.ended = { ...moment, how, by };
    if (isOver(session)) this.#checks.count('dead');
    this.#tell({ type: 'ended', session });
  }

  taskBegan({ task }: OpenTask): void {
    this.#tell({ type: 'task-began', task });
  }

  taskEnded({ task }: OpenTask): void {
    this.#checks.count('twice');
    this.#tell({ type: 'task-ended', task });
  }

  fault(kind: FaultKind, session: SeenSession, what: string, frames: readonly number[]): void {
    this.#tell({ type: 'fault', fault: { kind, session, what, frames } });
  }

  checked(kind: FaultKind): void {
    this.#checks.count(kind);
  }

  managed(session: SeenSession, what: string): void {
    this.#tell({ type: 'managed', session, what });
  }

  reset(session: SeenSession, unit: string | undefined, at: SeenMoment): void {
    this.#tell({ type: 'reset', session, unit, at });
  }

  looked(task: SeenTask, look: UnitLook): void {
    this.#tell({ type: 'look', task, look });
  }

  blind({ server }: StreamConnection): void {
    this.#tell({ type: 'blind', server: addressOf(server) });
  }

  /** A unit by the address of its server, its target and its LUN. */
  unitOf({ server, target }: SeenSession, lun: bigint): string {
    const name = target.slice(0, Math.max(0, target.lastIndexOf(',t,')));
    return `${addressOf(server)} ${name} ${lun}`;
  }
}

function initiatorOf(login: IscsiLogin | undefined): InitiatorPort {
  const { initiatorName, isid } = login ?? {};
  if (initiatorName === undefined || isid === undefined) return '' as InitiatorPort;
  return iscsiInitiatorPort(initiatorName, parseHex(isid));
}

/** Empty for a discovery session, which is with no target. */
function targetOf(login: IscsiLogin | undefined, groupTag: string | undefined): TargetPort {
  if (login?.targetName === undefined || login.sessionType === 'Discovery') return '' as TargetPort;
  return iscsiTargetPort(login.targetName, Number(groupTag ?? 0) & 0xffff);
}
