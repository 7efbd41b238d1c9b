/**
 * Sessions and their tasks as the connections of a capture show them, whatever protocol they are of: what the rules
 * hear of iSCSI and NFS.
 *
 * What was not captured accuses nobody: a task of which a part is missing says so (`isPartial`), and what happened
 * on two connections within `ORDER_NS` of one another may have happened the other way round, where not one queue
 * of one interface brought both.
 */
import type { StampHead } from '../../codecs/stamp/index.ts';
import type { InitiatorDevice, InitiatorPort, TargetPort } from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';
import type { OnceCommand } from './once.ts';
import type { UnitLook } from './unit-looks.ts';

/** A tap with several queues shows the frames of different connections in another order within this time. */
export const ORDER_NS = 20e6;

/** When and in which frame something was seen. */
export interface SeenMoment {
  readonly at: TimeNs;
  readonly frame: number;
  /** Names the queue that brought the frame, where the capture tells it: what one queue brought is in its order. */
  readonly queue?: number | undefined;
}

/** Why a session is over: another took its place, it said so, or its connection was closed or reset without a word. */
export type SessionEnd = 'reinstated' | 'logged out' | 'connection closed' | 'connection reset';

/** What carries a session's tasks. */
export type SessionCarrier = 'FCP' | 'iSCSI' | 'NFS' | 'NFS 4.1';

/**
 * A login of an initiator port at a target port; for FCP two N_Ports, whatever logins they had; for NFS version 3 a
 * client's calls on one connection, for version 4.1 a session, whatever connections its calls come on.
 */
export interface SeenSession {
  /** Counts the sessions of the capture, from 1. */
  readonly number: number;
  readonly carrier: SessionCarrier;
  /** Both are empty where no login of the capture tells them. */
  readonly initiator: InitiatorPort;
  readonly target: TargetPort;
  readonly device: InitiatorDevice;
  /** Address and port of both ends. */
  readonly client: string;
  readonly server: string;
  /** When the login was answered; `undefined` where the capture does not show it. */
  readonly began: SeenMoment | undefined;
  /** It has several connections, so that none shows all of its numbers. */
  isShared: boolean;
  ended:
    | (SeenMoment & { readonly how: SessionEnd; readonly by: SeenSession | undefined })
    | undefined;
}

/** What a task does to blocks. */
export type TaskKind = 'read' | 'write' | 'change' | 'other';

/** What some of the bytes of a unit are, as digests of blocks; `undefined` for blocks that tell nothing. */
export interface SeenBlocks {
  /** Names the unit among those of the capture. */
  readonly unit: string;
  readonly blockBytes: number;
  readonly first: number;
  readonly count: number;
  readonly digests: (number | undefined)[];
  /** Blocks by their place that say which write they are of; `undefined` while none does. */
  stamps?: Map<number, StampHead>;
}

/** A command, or a call. */
export interface SeenTask extends SeenMoment {
  readonly session: SeenSession;
  /** Initiator Task Tag, or xid. */
  readonly tag: number;
  /** As its standard prints it. */
  readonly command: string;
  readonly kind: TaskKind;
  /** What names it, where it must not run twice. */
  readonly once?: OnceCommand;
  /** Of a call: what it has again when it is sent again: its xid, or session, slot and sequence. */
  readonly again?: string;
  /** Of SCSI; `undefined` for a call. */
  readonly lun: bigint | undefined;
  /** Names its unit among those of the capture. */
  readonly unit: string;
  readonly blocks: SeenBlocks | undefined;
  /** The last that its initiator sent for it: the command itself, or data. */
  sent: SeenMoment;
  /** Frames of it: command, data, answer. */
  readonly frames: number[];
  ended: SeenMoment | undefined;
  /** `ScsiStatus`, `NfsStat3` or `NfsStat4`; 0 is good for all. */
  status: number | undefined;
  /** Sense key x 65536 + ASC x 256 + ASCQ. */
  sense: number | undefined;
  /** An abort of it was confirmed. */
  aborted: SeenMoment | undefined;
  /** A part of it is not in the capture. */
  isPartial: boolean;
}

/** Kinds of breaches that one connection shows by itself. */
export type FaultKind =
  /** A task was answered once more. */
  | 'twice'
  /** A task was answered that nobody had asked for. */
  | 'invented'
  /** Data and residual count do not come to what was asked for. */
  | 'residual'
  /** A tag was used again while its task lived. */
  | 'tag'
  /** A command outside the full feature phase. */
  | 'phase'
  /** A task was answered after its abort had been confirmed. */
  | 'aborted'
  /** Sequence numbers, ranges of data, lengths. */
  | 'numbering'
  /** Something of a session that was over was answered. */
  | 'dead'
  /** Data was not sent again although its server had forgotten it. */
  | 'forgotten'
  /** Something was carried out for one who was not allowed it, or not any more. */
  | 'access'
  /** A call that must not run twice was sent again. */
  | 'repeated'
  /** A login passed, or something was carried out, for one to whom that is not shown. */
  | 'masked'
  /** Frames of one connection in different VLANs. */
  | 'vlan';

/** A breach that one connection shows by itself. */
export interface SeenFault {
  readonly kind: FaultKind;
  readonly session: SeenSession;
  readonly what: string;
  readonly frames: readonly number[];
}

/** What the sessions of a capture tell, in the order of its frames. */
export type SessionTold =
  | { readonly type: 'began' | 'ended'; readonly session: SeenSession }
  | { readonly type: 'task-began' | 'task-ended'; readonly task: SeenTask }
  | { readonly type: 'fault'; readonly fault: SeenFault }
  /** A call was carried out that its server should have known: `why` says by what that shows. */
  | {
      readonly type: 'ran-again';
      readonly task: SeenTask;
      readonly why: string;
      readonly frames: readonly number[];
    }
  /** A task management function was answered. */
  | { readonly type: 'managed'; readonly session: SeenSession; readonly what: string }
  /** One was confirmed that resets: a unit, or all of its target where `unit` is left out. */
  | {
      readonly type: 'reset';
      readonly session: SeenSession;
      readonly unit: string | undefined;
      readonly at: SeenMoment;
    }
  /** A server of NFS has told by what bytes a device is known, in hex. */
  | {
      readonly type: 'disk';
      readonly server: string;
      readonly device: string;
      readonly signature: string;
    }
  /**
   * A client of NFS, by its name, was given a layout of blocks for writing, or has returned it. `devices` left out: of all
   * that it has of the server.
   */
  | {
      readonly type: 'layout';
      readonly owner: string;
      readonly server: string;
      readonly devices: readonly string[] | undefined;
      readonly returned: SeenMoment | undefined;
    }
  /** A frame of a connection was in another VLAN than the rest of it. */
  | { readonly type: 'stray'; readonly what: string; readonly frame: number }
  /** A unit has told its names or its size. */
  | { readonly type: 'look'; readonly task: SeenTask; readonly look: UnitLook }
  /** So many things of a kind were looked at; told once, at the end. */
  | { readonly type: 'checked'; readonly kind: FaultKind; readonly count: number }
  /** Writes to units at this address may be missing: what blocks hold there is not known any more. */
  | { readonly type: 'blind'; readonly server: string };

/** Hears it. */
export type SessionListener = (told: SessionTold) => void;

/** How often things were looked at, by kind. */
export class SessionChecks {
  readonly #counts = new Map<FaultKind, number>();

  /** One more was. */
  count(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** All of them. */
  get all(): Iterable<readonly [FaultKind, number]> {
    return this.#counts;
  }
}

/** How people name a session. */
export function nameOfSession({ carrier, client, server, initiator }: SeenSession): string {
  if (carrier === 'FCP') return `${client} → ${server}`;
  return `${initiator === '' ? 'the session' : initiator} (${client} → ${server})`;
}

/** The address of an end of a connection, without its port. */
export const addressOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(':'));

/** True where a session ended in its protocol's own way, so that both ends know that it is over. */
export const isOver = ({ ended }: SeenSession): boolean =>
  ended?.how === 'reinstated' || ended?.how === 'logged out';

/** True where one moment was surely before the other, although they are of different connections. */
export function isSurelyBefore(first: SeenMoment, then: SeenMoment): boolean {
  const isOneQueue = first.queue !== undefined && first.queue === then.queue;
  return isOneQueue ? first.frame < then.frame : then.at - first.at > ORDER_NS;
}
