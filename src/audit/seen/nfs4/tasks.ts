/** The tasks of a call of NFS version 4.1: of its operations those that read and write, or else what it is about. */
import { type NfsArgOp4, NfsOp4, nameOf } from '../../../codecs/index.ts';
import { u32 } from '../../../codecs/layout/index.ts';
import { callTask } from '../nfs/call-task.ts';
import type { SeenMoment, SeenSession, SeenTask, TaskKind } from '../session.ts';
import type { Session4Seen } from './clients.ts';
import type { PlacedOp, SeenCompound } from './compound.ts';
import type { SlotCall } from './slots.ts';

/** A task, and the place of its operation in the call. */
export interface PlacedTask {
  readonly task: SeenTask;
  readonly place: number;
  /** Its bytes are lent: numbers of it may be looked at later. */
  readonly op: NfsArgOp4;
}

/** A call under way. */
export interface Call4 {
  readonly xid: number;
  readonly compound: SeenCompound;
  readonly began: SeenMoment;
  /** Its session, and its place there; `undefined` for what stands outside. */
  readonly of: Session4Seen | undefined;
  readonly slot: SlotCall | undefined;
  readonly tasks: readonly PlacedTask[];
}

/** What an operation does to blocks; the others are tasks where the call has none of these. */
const KINDS: ReadonlyMap<string, TaskKind> = new Map<string, TaskKind>([
  ['READ', 'read'],
  ['WRITE', 'write'],
  ['SETATTR', 'change'],
  ['COMMIT', 'other'],
]);
/** Operations that only lead to what a call is about. */
const LEADING: ReadonlySet<string> = new Set([
  ...['SEQUENCE', 'PUTFH', 'PUTROOTFH', 'PUTPUBFH', 'SAVEFH', 'RESTOREFH', 'GETFH', 'GETATTR'],
]);
/** Operations whose second execution has another result than the first, or changes something again. */
const CHANGES: ReadonlySet<string> = new Set([
  ...['WRITE', 'SETATTR', 'CREATE', 'REMOVE', 'RENAME', 'LINK', 'OPEN', 'OPEN_DOWNGRADE', 'CLOSE'],
  ...['LOCK', 'LOCKU'],
]);
/** True where to run an operation twice is not the same as to run it once. */
export const changes = ({ kind }: NfsArgOp4): boolean => CHANGES.has(kind);

/** A call in its slot. */
export interface SlottedCall {
  readonly session: SeenSession;
  readonly slot: SlotCall;
  readonly xid: number;
  readonly operations: readonly PlacedOp[];
}

/** The tasks of a call that began in one frame and ended at a moment. */
export function tasksOf(call: SlottedCall, moment: SeenMoment, firstFrame: number): PlacedTask[] {
  const { session, slot, xid, operations } = call;
  const own = [...operations.entries()].filter(([, { op }]) => KINDS.has(op.kind));
  const about = [...operations.entries()].findLast(([, { op }]) => !LEADING.has(op.kind));
  const last = [...operations.entries()].at(-1);
  const chosen = own.length > 0 ? own : [about ?? last].filter((one) => one !== undefined);
  return chosen.map(([place, { op, file }]) => {
    const task = callTask(
      {
        session,
        xid,
        command: `NFS ${opNameOf(op)}`,
        kind: KINDS.get(op.kind) ?? 'other',
        file,
        ...bytesOf(op),
        again: `${session.number} ${slot.slotId} ${slot.sequenceId} ${place}`,
      },
      moment,
      firstFrame,
    );
    task.isPartial = slot.isPartial;
    return { task, place, op };
  });
}

/** As RFC 8881 has it; the number of what is not laid out. */
function opNameOf(op: NfsArgOp4): string {
  if (op.kind !== 'unknown') return op.kind;
  if (op.raw.length < 4) return 'operation';
  const code = u32.read(op.raw, 0, 0);
  return nameOf(NfsOp4, code) ?? `operation ${code}`;
}

/** Which bytes an operation is about. */
function bytesOf(op: NfsArgOp4) {
  if (op.kind === 'READ') return { offset: Number(op.offset), count: op.count };
  if (op.kind !== 'WRITE') return {};
  const data: unknown = op.data;
  const isWhole = data instanceof Uint8Array;
  return { offset: Number(op.offset), count: op.dataLengthBytes, data: isWhole ? data : undefined };
}
