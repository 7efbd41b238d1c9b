/**
 * The clients of NFS version 4.1 of a capture: their sessions, whose calls come on any connection, the calls as tasks,
 * and what slots, opens and layouts say of them. Source: RFC 8881, 2.10 and 18.
 */
import {
  AcceptStat,
  layerOf,
  type NfsCbArgOp4,
  NfsStat4,
  type RpcCall,
  RpcProgram,
  type RpcReply,
  type StreamConnection,
  type StreamGap,
  type StreamPdu,
} from '../../../codecs/index.ts';
import { formatHex, isCutValue } from '../../../codecs/layout/index.ts';
import { noteData } from '../block-digests.ts';
import { UnstableData } from '../nfs/unstable-data.ts';
import {
  addressOf,
  type FaultKind,
  isOver,
  isSurelyBefore,
  type SeenMoment,
  type SessionChecks,
  type SessionListener,
} from '../session.ts';
import { Access4 } from './access.ts';
import { Clients4, type Session4Seen } from './clients.ts';
import {
  compoundIn,
  goodAt,
  keptOf,
  resultsIn,
  type SeenCompound,
  type SeenResults,
  statusAt,
} from './compound.ts';
import type { SlotCall, SlotSink } from './slots.ts';
import { noteStable } from './stable.ts';
import { type Call4, changes, type PlacedTask, tasksOf } from './tasks.ts';

/** Calls of one connection that are remembered until they are answered. */
const CALLS_MAX = 4096;
/** Repetitions of one call under way. */
const CALLS_EACH_MAX = 16;
const COMPOUND = 1;

type Message = Partial<RpcCall> & Partial<RpcReply> & { readonly kind?: string };

/** By xid; a call that is sent again before it was answered stands behind itself. */
type Calls = Map<number, Call4[]>;

/** Follows all connections. */
export class Nfs4Sessions {
  readonly #tell: SessionListener;
  readonly #checks: SessionChecks;
  readonly #clients: Clients4;
  readonly #connections = new Map<number, Calls>();
  readonly #unstable: UnstableData;
  readonly #access: Access4;
  /** The tasks of calls in slots, for what slots tell. */
  readonly #slotted = new WeakMap<SlotCall, readonly PlacedTask[]>();

  constructor(tell: SessionListener, checks: SessionChecks, nextNumber: () => number) {
    this.#tell = tell;
    this.#checks = checks;
    this.#unstable = new UnstableData(tell, checks);
    const slotSink = (of: () => Session4Seen): SlotSink => ({
      fault: (kind, what, frames) => this.#fault(of(), kind, what, frames),
      repeated: () => checks.count('repeated'),
      ranAgain: (call, why, frames) => this.#ranAgain(call, why, frames),
      isOrdered: () => !of().session.isShared,
    });
    this.#clients = new Clients4({ tell, checks, nextNumber, slotSink });
    this.#access = new Access4({
      checked: () => checks.count('access'),
      fault: (of, what, frames) => this.#fault(of, 'access', what, frames),
      tell,
      heard: (client) => this.#clients.heard(client),
    });
  }

  /** A record has passed. */
  pdu({ connection, frame, fromClient, firstFrame }: StreamPdu, moment: SeenMoment): void {
    const message = layerOf(frame, 'rpc')?.value as Message | undefined;
    const isCut = frame.cut || frame.malformed !== undefined;
    if (fromClient && isCut && mayBeOurs(message)) this.#blind(connection);
    if (message?.kind === 'call' && fromClient)
      this.#call(connection, frame, message, moment, firstFrame);
    else if (message?.kind === 'call') this.#called(connection, frame, message, moment);
    else if (message?.kind === 'reply' && !fromClient)
      this.#reply(connection, frame, message, moment);
  }

  /** Bytes could not be read. */
  gap({ connection, fromClient }: StreamGap): void {
    for (const calls of this.#of(connection).values())
      for (const { slot, tasks } of calls) {
        for (const { task } of tasks) task.isPartial = true;
        if (slot !== undefined) slot.isPartial = true;
      }
    if (fromClient) this.#blind(connection);
  }

  /** One end has closed a connection: sessions outlive it. */
  closed({ number }: StreamConnection): void {
    this.#clients.closed(number);
  }

  /** A connection is followed no more. */
  forget({ number }: StreamConnection): void {
    this.#connections.delete(number);
    this.#clients.closed(number);
  }

  /** Frames are missing. */
  lose(): void {
    for (const calls of this.#connections.values()) calls.clear();
    this.#clients.lose();
    this.#unstable.clear();
    this.#access.clear();
  }

  /** A call that is not whole may have been a WRITE. */
  #blind(connection: StreamConnection): void {
    const server = addressOf(connection.server);
    this.#tell({ type: 'blind', server });
    this.#clients.lose(server);
    this.#unstable.clear();
    this.#access.clear();
  }

  #of({ number }: StreamConnection): Calls {
    let known = this.#connections.get(number);
    if (known === undefined) {
      known = new Map();
      this.#connections.set(number, known);
    }
    return known;
  }

  #fault(
    { session }: Session4Seen,
    kind: FaultKind,
    what: string,
    frames: readonly number[],
  ): void {
    this.#tell({ type: 'fault', fault: { kind, session, what, frames } });
  }

  #ranAgain(call: SlotCall, why: string, frames: readonly number[]): void {
    const tasks = this.#slotted.get(call) ?? [];
    const { task } = tasks.find(({ op }) => changes(op)) ?? tasks[0] ?? {};
    if (task !== undefined && !task.isPartial) this.#tell({ type: 'ran-again', task, why, frames });
  }

  #call(
    connection: StreamConnection,
    frame: StreamPdu['frame'],
    { xid, program, version, procedure }: Message,
    began: SeenMoment,
    firstFrame: number,
  ): void {
    if (xid === undefined || program !== RpcProgram.NFS || version !== 4) return;
    if (procedure !== COMPOUND) return;
    const compound = compoundIn(frame);
    if (compound === undefined) {
      this.#blind(connection);
      return;
    }
    if (compound.minorVersion === 0) return;
    const { sequence, operations, print } = compound;
    const isCut = frame.cut || frame.malformed !== undefined;
    const of =
      sequence === undefined ? undefined : this.#clients.sessionOf(connection, sequence.sessionId);
    const slot =
      of === undefined || sequence === undefined
        ? undefined
        : of.slots.begin({
            slotId: sequence.slotId,
            sequenceId: sequence.sequenceId,
            print,
            began,
            isProbe: operations.length === 1,
            changes: operations.some(({ op }) => changes(op)),
            isPartial: isCut,
          });
    const tasks =
      of === undefined || slot === undefined
        ? []
        : tasksOf({ session: of.session, slot, xid, operations }, began, firstFrame);
    if (slot !== undefined) {
      this.#checks.count('tag');
      this.#checks.count('numbering');
      this.#slotted.set(slot, tasks);
    }
    const calls = this.#of(connection);
    const same = calls.get(xid) ?? [];
    calls.delete(xid);
    calls.set(
      xid,
      [...same, { xid, compound: keptOf(compound), began, of, slot, tasks }].slice(-CALLS_EACH_MAX),
    );
    if (calls.size > CALLS_MAX) calls.delete(calls.keys().next().value!);
    if (of !== undefined) this.#access.asked(of, operations, began);
    for (const { task } of tasks) this.#tell({ type: 'task-began', task });
  }

  /** A server calls its client: it may want layouts back. */
  #called(
    { server }: StreamConnection,
    frame: StreamPdu['frame'],
    { program }: Message,
    at: SeenMoment,
  ): void {
    if (program !== RpcProgram.NFS_CB) return;
    const { operations } = (layerOf(frame, 'rpc-body')?.value ?? {}) as {
      operations?: readonly NfsCbArgOp4[];
    };
    const [first] = Array.isArray(operations) ? operations : [];
    if (first?.kind !== 'CB_SEQUENCE' || isCutValue(first.sessionId)) return;
    const client = this.#clients.clientOf(addressOf(server), first.sessionId);
    this.#access.called(addressOf(server), client, operations!, at);
  }

  #reply(
    connection: StreamConnection,
    frame: StreamPdu['frame'],
    message: Message,
    moment: SeenMoment,
  ): void {
    const calls = this.#of(connection);
    const waiting = message.xid === undefined ? undefined : calls.get(message.xid);
    const call = waiting?.shift();
    if (call === undefined) return;
    if (waiting!.length === 0) calls.delete(call.xid);
    if (message.acceptStat !== AcceptStat.SUCCESS) return;
    const answer = resultsIn(frame);
    if (answer === undefined) {
      for (const { task } of call.tasks) task.isPartial = true;
      return;
    }
    this.#checkSequence(call, answer, moment);
    this.#state(connection, call, answer, moment);
    for (const one of call.tasks) this.#end(one, answer, moment);
    if (call.of !== undefined) this.#access.answered(call, call.of, answer, moment);
  }

  /** What the slot, and the session as a whole, say of an answer. */
  #checkSequence(
    { began, compound, of, slot }: Call4,
    answer: SeenResults,
    moment: SeenMoment,
  ): void {
    if (of === undefined || slot === undefined) return;
    const sequence = goodAt(answer, 0, 'SEQUENCE');
    if (sequence === undefined) {
      // An answer that is cut may have been a good one.
      if (answer.results.length === 0) slot.isPartial = true;
      else of.slots.refused(slot, statusAt(answer, 0) === NfsStat4.NFS4ERR_SEQ_MISORDERED);
      return;
    }
    const { resok } = sequence;
    const asked = compound.sequence!;
    if (resok !== undefined && !slot.isPartial && !isAnswerTo(resok, asked))
      this.#fault(
        of,
        'numbering',
        `frame ${moment.frame} answers sequence ${resok.sequenceId} of slot ${resok.slotId}, where ${asked.sequenceId} of slot ${asked.slotId} was asked in frame ${began.frame}`,
        [began.frame, moment.frame],
      );
    const isKept = !answer.results.some(
      (_, place) => statusAt(answer, place) === NfsStat4.NFS4ERR_RETRY_UNCACHED_REP,
    );
    of.heard = moment;
    of.slots.answered(slot, moment, answer.print, isKept);
    this.#checkDead(of, began, moment);
  }

  #checkDead(of: Session4Seen, asked: SeenMoment, answered: SeenMoment): void {
    const { ended } = of.session;
    if (ended === undefined || !isOver(of.session) || !isSurelyBefore(ended, asked)) return;
    const by = ended.by === undefined ? '' : ` by the client at ${ended.by.client}`;
    this.#fault(
      of,
      'dead',
      `a call of frame ${asked.frame} was answered in frame ${answered.frame}, after its session was ${ended.how}${by} in frame ${ended.frame}`,
      [ended.frame, asked.frame, answered.frame],
    );
  }

  /** What an answer says of clients and sessions. */
  #state(
    connection: StreamConnection,
    { compound: { operations } }: Call4,
    answer: SeenResults,
    moment: SeenMoment,
  ): void {
    const server = addressOf(connection.server);
    for (const [place, { op }] of operations.entries()) {
      if (op.kind === 'EXCHANGE_ID') {
        const made = goodAt(answer, place, op.kind)?.resok;
        if (made !== undefined && op.ownerId instanceof Uint8Array)
          this.#clients.named(server, made.clientId, op.ownerId);
      } else if (op.kind === 'CREATE_SESSION') {
        const made = goodAt(answer, place, op.kind)?.resok;
        if (made !== undefined && made.sessionId instanceof Uint8Array)
          this.#clients.created(connection, op.clientId, made.sessionId, moment);
      } else if (op.kind === 'DESTROY_SESSION' && goodAt(answer, place, op.kind) !== undefined)
        this.#clients.destroyed(server, op.sessionId, moment);
    }
  }

  #end({ task, place, op }: PlacedTask, answer: SeenResults, moment: SeenMoment): void {
    task.ended = moment;
    task.status = statusAt(answer, place);
    task.frames.push(moment.frame);
    this.#checks.count('twice');
    const read = op.kind === 'READ' ? goodAt(answer, place, op.kind)?.resok?.data : undefined;
    if (task.blocks !== undefined && read instanceof Uint8Array) noteData(task.blocks, 0, read);
    noteStable(this.#unstable, { task, place, op }, answer);
    this.#tell({ type: 'task-ended', task });
  }
}

type Sequence = Pick<NonNullable<SeenCompound['sequence']>, 'sessionId' | 'sequenceId' | 'slotId'>;

/** True for what may be a call of version 4, as far as it is there. */
const mayBeOurs = ({ program, version }: Message = {}): boolean =>
  program === undefined || (program === RpcProgram.NFS && (version === undefined || version === 4));

/** True where an answer names the slot that was asked for. */
function isAnswerTo(answer: Sequence, asked: Sequence): boolean {
  if (isCutValue(answer.sessionId) || isCutValue(asked.sessionId)) return true;
  return (
    answer.sequenceId === asked.sequenceId &&
    answer.slotId === asked.slotId &&
    formatHex(answer.sessionId) === formatHex(asked.sessionId)
  );
}
