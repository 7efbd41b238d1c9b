/**
 * The NFS clients of a capture, version 3: their calls as tasks, by connection and xid, and what a server's write verifier says
 * of data that it had not yet made stable.
 */
import {
  AcceptStat,
  AuthFlavor,
  authSys,
  layerOf,
  Nfs3Procedure,
  NfsStat3,
  nameOf,
  type RpcCall,
  RpcProgram,
  type RpcReply,
  StableHow,
  type StreamConnection,
  type StreamGap,
  type StreamPdu,
} from '../../../codecs/index.ts';
import { formatHex } from '../../../codecs/layout/index.ts';
import {
  type InitiatorDevice,
  type InitiatorPort,
  nfsClient,
  nfsServer,
  type TargetPort,
} from '../../../history/index.ts';
import { remember } from '../../ledger/remember.ts';
import { noteData } from '../block-digests.ts';
import {
  addressOf,
  type SeenMoment,
  type SeenSession,
  type SeenTask,
  type SessionChecks,
  type SessionListener,
  type TaskKind,
} from '../session.ts';
import { callTask } from './call-task.ts';
import { isMount, SeenExports } from './exports.ts';
import { UnstableData } from './unstable-data.ts';

/** Calls of one connection that are remembered until they are answered. */
const CALLS_MAX = 4096;

type Message = Partial<RpcCall> & Partial<RpcReply> & { readonly kind?: string };

/** What a WRITE, READ or COMMIT asks for, and what it is answered. */
interface Body {
  readonly file?: Uint8Array;
  readonly offset?: bigint;
  readonly count?: number;
  readonly stable?: number;
  readonly data?: Uint8Array;
  readonly status?: number;
  readonly path?: string;
  readonly what?: { readonly dir?: Uint8Array };
  readonly resok?: {
    readonly object?: Uint8Array;
    readonly fileHandle?: Uint8Array;
    readonly count?: number;
    readonly committed?: number;
    readonly verf?: Uint8Array;
    readonly data?: Uint8Array;
  };
}

interface Call {
  readonly task: SeenTask;
  readonly body: Body;
  /** Of LOOKUP: the directory, in hex. */
  readonly directory: string | undefined;
}

interface Connection {
  session: SeenSession | undefined;
  readonly calls: Map<number, Call>;
  /** Paths that are being mounted, by xid. */
  readonly mounts: Map<number, string>;
  /** Names of machines and users that its calls carry (AUTH_SYS). */
  machine: string;
}

const KINDS: ReadonlyMap<number, TaskKind> = new Map<number, TaskKind>([
  [Nfs3Procedure.READ, 'read'],
  [Nfs3Procedure.WRITE, 'write'],
  [Nfs3Procedure.SETATTR, 'change'],
]);

/** Follows all connections. */
export class NfsSessions {
  readonly #tell: SessionListener;
  readonly #checks: SessionChecks;
  readonly #nextNumber: () => number;
  readonly #connections = new Map<number, Connection>();
  readonly #unstable: UnstableData;
  readonly #exports = new SeenExports();

  constructor(tell: SessionListener, checks: SessionChecks, nextNumber: () => number) {
    this.#tell = tell;
    this.#checks = checks;
    this.#nextNumber = nextNumber;
    this.#unstable = new UnstableData(tell, checks);
  }

  /** A record has passed. */
  pdu({ connection, frame, firstFrame }: StreamPdu, moment: SeenMoment): void {
    const known = this.#of(connection);
    const message = layerOf(frame, 'rpc')?.value as Message | undefined;
    if (message?.program === RpcProgram.MOUNT) noteMount(known, frame, message);
    else if (message?.kind === 'call')
      this.#call(known, connection, frame, message, moment, firstFrame);
    else if (message?.kind === 'reply') {
      this.#mounted(known, connection, frame, message, moment);
      this.#reply(known, frame, message, moment);
    }
    // A call that cannot be read may have been a WRITE.
    else if (frame.malformed !== undefined || frame.cut) this.#blind(connection);
  }

  /** Bytes could not be read. */
  gap({ connection, fromClient }: StreamGap): void {
    for (const { task } of this.#of(connection).calls.values()) task.isPartial = true;
    if (fromClient) this.#blind(connection);
  }

  /** One end has closed a connection. */
  closed({ number }: StreamConnection, moment: SeenMoment, how: 'end' | 'reset'): void {
    const session = this.#connections.get(number)?.session;
    if (session === undefined || session.ended !== undefined) return;
    const lost = how === 'end' ? 'connection closed' : 'connection reset';
    session.ended = { ...moment, how: lost, by: undefined };
    this.#tell({ type: 'ended', session });
  }

  /** A connection is followed no more. */
  forget({ number }: StreamConnection): void {
    this.#connections.delete(number);
  }

  /** Frames are missing. */
  lose(): void {
    for (const { calls } of this.#connections.values()) calls.clear();
    this.#unstable.clear();
    this.#exports.clear();
  }

  #blind({ server }: StreamConnection): void {
    this.#unstable.clear();
    this.#tell({ type: 'blind', server: addressOf(server) });
  }

  #of({ number }: StreamConnection): Connection {
    let known = this.#connections.get(number);
    if (known === undefined) {
      known = { session: undefined, calls: new Map(), mounts: new Map(), machine: '' };
      this.#connections.set(number, known);
    }
    return known;
  }

  #call(
    known: Connection,
    connection: StreamConnection,
    frame: StreamPdu['frame'],
    message: Message,
    moment: SeenMoment,
    firstFrame: number,
  ): void {
    const { xid, program, procedure, credential } = message;
    if (xid === undefined || program !== RpcProgram.NFS || message.version !== 3) return;
    if (credential?.flavor === AuthFlavor.AUTH_SYS && known.machine === '')
      known.machine = machineOf(credential.body);
    const session = this.#sessionOf(known, connection, moment);
    const body = (layerOf(frame, 'rpc-body')?.value ?? {}) as Body;
    const task = callTask(
      {
        session,
        xid,
        command: `NFS ${nameOf(Nfs3Procedure, procedure ?? -1) ?? `procedure ${procedure}`}`,
        kind: KINDS.get(procedure ?? -1) ?? 'other',
        file: body.file === undefined ? '' : formatHex(body.file),
        offset: Number(body.offset ?? 0n),
        ...(body.count === undefined ? {} : { count: body.count }),
        data: body.data,
        again: String(xid),
      },
      moment,
      firstFrame,
    );
    known.calls.delete(xid);
    const directory = body.what?.dir instanceof Uint8Array ? formatHex(body.what.dir) : undefined;
    known.calls.set(xid, { task, body, directory });
    if (known.calls.size > CALLS_MAX) known.calls.delete(known.calls.keys().next().value!);
    this.#tell({ type: 'task-began', task });
  }

  #sessionOf(known: Connection, { client, server }: StreamConnection, began: SeenMoment) {
    if (known.session !== undefined) return known.session;
    const address = addressOf(client);
    const initiator: InitiatorPort = nfsClient(address);
    const target: TargetPort = nfsServer(addressOf(server));
    // The machine's name stays where its address becomes another.
    const device = (known.machine === '' ? address : known.machine) as InitiatorDevice;
    const session: SeenSession = {
      number: this.#nextNumber(),
      carrier: 'NFS',
      initiator,
      target,
      device,
      client,
      server,
      began,
      isShared: false,
      ended: undefined,
    };
    known.session = session;
    this.#tell({ type: 'began', session });
    return session;
  }

  #reply(known: Connection, frame: StreamPdu['frame'], message: Message, moment: SeenMoment): void {
    const call = message.xid === undefined ? undefined : known.calls.get(message.xid);
    if (call === undefined || message.acceptStat !== AcceptStat.SUCCESS) return;
    known.calls.delete(call.task.tag);
    const { task } = call;
    const answer = (layerOf(frame, 'rpc-body')?.value ?? {}) as Body;
    task.ended = moment;
    task.status = answer.status ?? undefined;
    task.frames.push(moment.frame);
    const { blocks } = task;
    const data = answer.resok?.data;
    if (task.kind === 'read' && blocks !== undefined && data !== undefined)
      noteData(blocks, 0, data);
    this.#checks.count('twice');
    if (task.status === NfsStat3.NFS3_OK) {
      this.#noteStable(call, answer);
      this.#checkExport(call, answer);
    }
    this.#tell({ type: 'task-ended', task });
  }

  /** MNT was answered. */
  #mounted(
    { mounts }: Connection,
    { client, server }: StreamConnection,
    frame: StreamPdu['frame'],
    { acceptStat, xid = 0 }: Message,
    at: SeenMoment,
  ): void {
    const path = mounts.get(xid);
    if (path === undefined || acceptStat !== AcceptStat.SUCCESS) return;
    mounts.delete(xid);
    const { status, resok } = (layerOf(frame, 'rpc-body')?.value ?? {}) as Body;
    const root: unknown = resok?.fileHandle;
    const handle = root instanceof Uint8Array ? formatHex(root) : undefined;
    const [to, from] = [addressOf(server), addressOf(client)];
    this.#exports.mounted(to, from, path, { status, handle }, at);
  }

  /** Who was refused at MOUNT reads and writes nothing there. */
  #checkExport({ body, directory, task }: Call, { resok }: Body): void {
    const { session, sent, frames } = task;
    const server = addressOf(session.server);
    if (directory !== undefined && resok?.object instanceof Uint8Array)
      this.#exports.found(server, directory, formatHex(resok.object));
    if (task.kind === 'other' || body.file === undefined) return;
    const file = task.unit.slice(server.length + 1);
    const refused = this.#exports.refusedIn(server, addressOf(session.client), file, sent);
    if (refused === undefined) return;
    this.#checks.count('masked');
    if (refused === 'allowed') return;
    const what = `${task.command} of frame ${task.frame} was carried out in an export whose mount was refused in frame ${refused}`;
    this.#tell({
      type: 'fault',
      fault: { kind: 'masked', session, what, frames: [refused, ...frames] },
    });
  }

  #noteStable({ task, body }: Call, { resok }: Body): void {
    const verifier = resok?.verf === undefined ? undefined : formatHex(resok.verf);
    if (verifier === undefined) return;
    const from = Number(body.offset ?? 0n);
    if (task.kind === 'write') {
      const to = from + (resok?.count ?? 0);
      this.#unstable.written(task, from, to, resok?.committed === StableHow.UNSTABLE, verifier);
    } else if (task.command === 'NFS COMMIT') {
      const to = (body.count ?? 0) === 0 ? Number.POSITIVE_INFINITY : from + body.count!;
      this.#unstable.committed(task, from, to, verifier);
    }
  }
}

/** A path is to be mounted. */
function noteMount({ mounts }: Connection, frame: StreamPdu['frame'], message: Message): void {
  const { procedure, xid, version } = message;
  const { path } = (layerOf(frame, 'rpc-body')?.value ?? {}) as Body;
  if (xid === undefined || version !== 3 || !isMount(procedure)) return;
  if (typeof path === 'string') remember(mounts, xid, path, CALLS_MAX);
}

function machineOf(body: Uint8Array): string {
  try {
    return authSys.decode(body).machineName;
  } catch {
    return '';
  }
}
