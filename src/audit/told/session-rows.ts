/** The sessions of a capture as a table has them: who, where, how long, and what they did with which units. */
import { formatLun } from '../../codecs/fcp/index.ts';
import { nameOf } from '../../codecs/layout/index.ts';
import { NfsStat3 } from '../../codecs/nfs/index.ts';
import { NfsStat4 } from '../../codecs/nfs4/index.ts';
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import { remember } from '../ledger/remember.ts';
import type { SeenSession, SeenTask, SessionCarrier, SessionTold } from '../seen/session.ts';
import type { UnitLook } from '../seen/unit-looks.ts';
import type { Answered } from './answers.ts';

/** Sessions and units that are listed; of more only the number is told. */
const ROWS_MAX = 10_000;
const UNITS_MAX = 1000;
const KINDS_MAX = 100;

/** What a session did with a unit. */
export interface SessionUnitRow {
  /** As people write it; a file's handle in hex for NFS. */
  readonly lun: string;
  /** `naa.…`; `undefined` where no look of the session tells it. */
  readonly identity: string | undefined;
  /** As READ CAPACITY told. */
  readonly blocks: string | undefined;
  readonly reads: number;
  readonly writes: number;
  readonly others: number;
}

/** A session. */
export interface SessionRow {
  readonly carrier: SessionCarrier;
  /** Names of the ports; `undefined` where no login of the capture tells them. */
  readonly initiator: string | undefined;
  readonly target: string | undefined;
  readonly client: string;
  readonly server: string;
  /** The frame that answered its login, or of its first call; `undefined` where the capture does not show it. */
  readonly beganFrame: number | undefined;
  readonly endedFrame: number | undefined;
  /** `reinstated`, `logged out`, `connection closed` or `connection reset`. */
  readonly ended: string | undefined;
  readonly tasks: number;
  readonly unanswered: number;
  readonly units: readonly SessionUnitRow[];
  /** Task management functions with their responses, and how often. */
  readonly taskManagement: Readonly<Record<string, number>>;
}

interface Unit {
  readonly lun: string;
  identity: string | undefined;
  blocks: bigint | undefined;
  reads: number;
  writes: number;
  others: number;
}

interface Row {
  readonly session: SeenSession;
  readonly units: Map<string, Unit>;
  readonly managed: Map<string, number>;
  tasks: number;
  answered: number;
}

/** Collects them. */
export class SessionRows {
  readonly #rows = new Map<SeenSession, Row>();
  #left = 0;

  /** Sessions that are in no row. */
  get left(): number {
    return this.#left;
  }

  /** Something of a session was seen. */
  hear(told: SessionTold): void {
    if (told.type === 'began') this.#begin(told.session);
    else if (told.type === 'task-began') this.#task(told.task);
    else if (told.type === 'task-ended') {
      const row = this.#rows.get(told.task.session);
      if (row !== undefined) row.answered++;
    } else if (told.type === 'look') this.#look(told.task, told.look);
    else if (told.type === 'managed') {
      const managed = this.#rows.get(told.session)?.managed;
      if (managed !== undefined)
        remember(managed, told.what, (managed.get(told.what) ?? 0) + 1, KINDS_MAX);
    }
  }

  #begin(session: SeenSession): void {
    if (this.#rows.size >= ROWS_MAX) this.#left++;
    else
      this.#rows.set(session, {
        session,
        units: new Map(),
        managed: new Map(),
        tasks: 0,
        answered: 0,
      });
  }

  #unitOf(row: Row, { unit: key, lun }: SeenTask): Unit | undefined {
    let unit = row.units.get(key);
    if (unit === undefined && row.units.size < UNITS_MAX) {
      const name = lun === undefined ? key.slice(key.indexOf(' ') + 1) : formatLun(lun);
      const none = { identity: undefined, blocks: undefined, reads: 0, writes: 0, others: 0 };
      unit = { lun: name, ...none };
      row.units.set(key, unit);
    }
    return unit;
  }

  #task(task: SeenTask): void {
    const row = this.#rows.get(task.session);
    if (row === undefined) return;
    row.tasks++;
    const unit = this.#unitOf(row, task);
    if (unit === undefined) return;
    if (task.kind === 'read') unit.reads++;
    else if (task.kind === 'write') unit.writes++;
    else unit.others++;
  }

  #look(task: SeenTask, { names, blocks }: UnitLook): void {
    const row = this.#rows.get(task.session);
    const unit = row === undefined ? undefined : this.#unitOf(row, task);
    if (unit === undefined) return;
    unit.identity = names?.[0] ?? unit.identity;
    unit.blocks = blocks ?? unit.blocks;
  }

  /** The rows, in the order in which sessions began. */
  rows(): SessionRow[] {
    return [...this.#rows.values()].map(({ session, units, managed, tasks, answered }) => ({
      carrier: session.carrier,
      initiator: session.initiator || undefined,
      target: session.target || undefined,
      client: session.client,
      server: session.server,
      beganFrame: session.began?.frame,
      endedFrame: session.ended?.frame,
      ended: session.ended?.how,
      tasks,
      unanswered: tasks - answered,
      units: [...units.values()].map(({ blocks, ...unit }) => ({
        ...unit,
        blocks: blocks?.toString(),
      })),
      taskManagement: Object.fromEntries(managed),
    }));
  }
}

const STATUSES = {
  FCP: ScsiStatus,
  iSCSI: ScsiStatus,
  NFS: NfsStat3,
  'NFS 4.1': NfsStat4,
} as const;

/** A task as tables of answers have it; `undefined` while it was not answered, or of which it is not known how. */
export function answeredBy(task: SeenTask): Answered | undefined {
  const { session, ended, status, lun, command, at, frame, sense } = task;
  if (ended === undefined || status === undefined) return undefined;
  const name = nameOf(STATUSES[session.carrier], status) ?? `status ${status}`;
  return {
    fabric: '',
    lun,
    command,
    startNs: BigInt(at),
    endNs: BigInt(Math.max(at, ended.at)),
    firstFrame: frame,
    lastFrame: ended.frame,
    status: name,
    sense:
      sense === undefined
        ? undefined
        : { senseKey: sense >>> 16, asc: (sense >>> 8) & 0xff, ascq: sense & 0xff },
  };
}
