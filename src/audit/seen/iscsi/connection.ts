/**
 * An iSCSI connection as a capture shows it: its login, the numbers of its PDUs, its tasks. What is wrong with them
 * is told as faults; what is missing of it accuses nobody.
 */
import {
  type IscsiPdu,
  type IscsiPduOf,
  IscsiTaskManagement,
  IscsiTaskManagementResponse,
  iscsiPduIn,
  LoginStage,
  LoginStatus,
  LogoutReason,
  LogoutResponse,
  layerOf,
  nameOf,
  RESERVED_TAG,
  type StreamConnection,
  type StreamGap,
  type StreamPdu,
} from '../../../codecs/index.ts';
import { noteData } from '../block-digests.ts';
import {
  type FaultKind,
  isOver,
  isSurelyBefore,
  type SeenMoment,
  type SeenSession,
  type SeenTask,
  type SessionEnd,
} from '../session.ts';
import { lookIn, type UnitLook } from '../unit-looks.ts';
import { type Agreed, agreedIn } from './agreed.ts';
import { type CommandPart, noteFrame, type OpenTask, openTask } from './open-task.ts';
import { after, distance, isBefore } from './serial.ts';
import { SeenSide } from './side.ts';
import { type AskedManagement, IscsiTasks } from './tasks.ts';
import {
  type Complain,
  checkImmediate,
  checkResidual,
  type DataPart,
  takeDataIn,
  takeDataOut,
  takeR2t,
} from './transfer.ts';

/** Requests under way that are remembered. */
const ASKED_MAX = 256;
const CHECK_CONDITION = 2;

/** What a connection tells to who follows them all. */
export interface ConnectionHub {
  /** A login was answered well; a session of no login when it was not seen. */
  begin(connection: StreamConnection, began: SeenMoment | undefined, isNew: boolean): SeenSession;
  end(session: SeenSession, moment: SeenMoment, how: Exclude<SessionEnd, 'reinstated'>): void;
  taskBegan(open: OpenTask): void;
  taskEnded(open: OpenTask): void;
  fault(kind: FaultKind, session: SeenSession, what: string, frames: readonly number[]): void;
  checked(kind: FaultKind): void;
  managed(session: SeenSession, what: string): void;
  looked(task: SeenTask, look: UnitLook): void;
  /** Writes on the connection may not have been seen. */
  blind(connection: StreamConnection): void;
  unitOf(session: SeenSession, lun: bigint): string;
}

type Part = Partial<IscsiPdu> & { readonly kind?: IscsiPdu['kind'] };

/** Follows one connection. */
export class IscsiSeen {
  readonly #connection: StreamConnection;
  readonly #hub: ConnectionHub;
  readonly #client = new SeenSide();
  readonly #server = new SeenSide();
  readonly #tasks: IscsiTasks;
  #session: SeenSession | undefined;
  #agreed: Agreed | undefined;
  /** The login was seen from its first PDU on. */
  #hasLogin = false;
  /** It asks for a session of its own, and not to join another (TSIH). */
  #isNew = true;
  /** CmdSN and StatSN that are next; `undefined` where nobody knows. */
  #cmdSn: number | undefined;
  #statSn: number | undefined;
  /** Highest MaxCmdSN so far; commands beyond it wait for more of the target's PDUs. */
  #maxCmdSn: number | undefined;
  #beyond: { readonly cmdSn: number; readonly moment: SeenMoment }[] = [];
  /** Commands in front of the answer to the login, by what they acknowledge. */
  #early: { readonly expStatSn: number; readonly moment: SeenMoment }[] = [];
  readonly #management = new Map<number, AskedManagement>();
  readonly #pings = new Map<number, SeenMoment>();
  #logout: { readonly reason: number; readonly frame: number } | undefined;

  constructor(connection: StreamConnection, hub: ConnectionHub) {
    this.#connection = connection;
    this.#hub = hub;
    this.#tasks = new IscsiTasks({
      ended: (open) => this.#ended(open),
      fault: (kind, what, frames) => this.#fault(kind, what, frames),
      nameOf: ({ command, frame }) => `${command} of frame ${frame}`,
    });
  }

  /** The session that it is of, once that is known. */
  get session(): SeenSession | undefined {
    return this.#session;
  }

  /** A PDU has passed. */
  take({ frame, fromClient, lengthBytes, lastFrame }: StreamPdu, at: number): void {
    const moment = { at, frame: lastFrame };
    const side = fromClient ? this.#client : this.#server;
    if (side.take(lengthBytes - frame.bytes.length)) this.#lose(fromClient);
    const part = iscsiPduIn(frame) as Part | undefined;
    const isLogin = part?.kind === 'Login Request' || part?.kind === 'Login Response';
    // What an end said before its first PDU that is there, nobody knows: tasks may lack it.
    if (side.begin(isLogin) && !isLogin) this.#lose(fromClient);
    if (part?.kind === undefined || part.kind === 'unknown' || frame.crc === 'bad') {
      side.lose();
      this.#lose(fromClient);
      return;
    }
    if (fromClient) this.#request(part, frame, moment);
    else this.#response(part, frame, moment);
  }

  /** Bytes could not be read. */
  gap({ fromClient, what, bytes }: StreamGap): void {
    const side = fromClient ? this.#client : this.#server;
    if (what === 'lost') side.miss(bytes);
    else {
      side.lose();
      this.#lose(fromClient);
    }
  }

  /** The connection was closed by one end. */
  closed(moment: SeenMoment, how: 'end' | 'reset'): void {
    const lost = how === 'end' ? 'connection closed' : 'connection reset';
    if (this.#session !== undefined) this.#hub.end(this.#session, moment, lost);
  }

  /** Nobody knows what passed for a while, either way. */
  loseBoth(): void {
    for (const side of [this.#client, this.#server]) side.lose();
    this.#lose(true);
    this.#lose(false);
    this.#pings.clear();
    this.#management.clear();
    this.#logout = undefined;
  }

  #lose(isClient: boolean): void {
    this.#tasks.lose();
    this.#beyond = [];
    this.#early = [];
    if (isClient) {
      this.#cmdSn = undefined;
      this.#hub.blind(this.#connection);
    } else this.#statSn = undefined;
  }

  get #isWhole(): boolean {
    return this.#client.isWhole && this.#server.isWhole;
  }

  /** No bytes are missing of which nobody knows yet what they were. */
  get #isSure(): boolean {
    return this.#client.isSure && this.#server.isSure;
  }

  #sessionOf(): SeenSession {
    this.#session ??= this.#hub.begin(this.#connection, undefined, true);
    return this.#session;
  }

  #fault(kind: FaultKind, what: string, frames: readonly number[]): void {
    if (this.#isSure) this.#hub.fault(kind, this.#sessionOf(), what, frames);
  }

  #complaint(open: OpenTask, frame: number): Complain {
    const { task } = open;
    return (what) => {
      if (!task.isPartial)
        this.#fault('numbering', `${task.command} of frame ${task.frame}: ${what}`, [
          task.frame,
          frame,
        ]);
    };
  }

  #request(part: Part, frame: StreamPdu['frame'], moment: SeenMoment): void {
    switch (part.kind) {
      case 'Login Request': {
        const { cmdSn, tsih } = part as IscsiPduOf<'Login Request'>;
        if (this.#session === undefined) {
          this.#hasLogin = this.#client.isWhole;
          this.#cmdSn = cmdSn;
          this.#isNew = tsih === 0;
        }
        return;
      }
      case 'SCSI Command':
        this.#command(part as CommandPart & { immediate: number }, frame, moment);
        return;
      case 'SCSI Data-Out': {
        const pdu = part as DataPart<'SCSI Data-Out'>;
        const open = this.#tasks.of(pdu.initiatorTaskTag);
        if (open === undefined) return;
        open.task.sent = moment;
        noteFrame(open.task, moment.frame);
        takeDataOut(open, pdu, moment, this.#agreed, this.#complaint(open, moment.frame));
        this.#hub.checked('numbering');
        return;
      }
      case 'Task Management Function Request': {
        const pdu = part as IscsiPduOf<'Task Management Function Request'>;
        this.#count(pdu, moment);
        this.#management.set(pdu.initiatorTaskTag, { ...moment, ...pdu });
        if (this.#management.size > ASKED_MAX) this.#management.clear();
        return;
      }
      case 'NOP-Out': {
        const pdu = part as IscsiPduOf<'NOP-Out'>;
        this.#count(pdu, moment);
        if (pdu.initiatorTaskTag === RESERVED_TAG) return;
        this.#pings.set(pdu.initiatorTaskTag, moment);
        if (this.#pings.size > ASKED_MAX) this.#pings.clear();
        return;
      }
      case 'Logout Request': {
        const pdu = part as IscsiPduOf<'Logout Request'>;
        this.#count(pdu, moment);
        this.#logout = { reason: pdu.reason, frame: moment.frame };
        return;
      }
      case 'Text Request':
        this.#count(part as IscsiPduOf<'Text Request'>, moment);
        return;
      default:
    }
  }

  /** Every request but data has the number of the next command, and takes it unless it is immediate. */
  #count(
    {
      immediate,
      cmdSn,
      initiatorTaskTag,
    }: { readonly immediate: number; readonly cmdSn: number; readonly initiatorTaskTag: number },
    moment: SeenMoment,
  ): void {
    const expected = this.#cmdSn;
    if (expected !== undefined && this.#session?.isShared !== true) {
      this.#hub.checked('numbering');
      if (cmdSn !== expected)
        this.#fault('numbering', `CmdSN ${cmdSn} in frame ${moment.frame}, ${expected} was next`, [
          moment.frame,
        ]);
    }
    const takes = immediate !== 1 && initiatorTaskTag !== RESERVED_TAG;
    if (expected === undefined || !isBefore(cmdSn, expected))
      this.#cmdSn = takes ? after(cmdSn) : cmdSn;
    if (takes && this.#maxCmdSn !== undefined && isBefore(this.#maxCmdSn, cmdSn))
      this.#beyond.push({ cmdSn, moment });
    if (this.#hasLogin && this.#isWhole && this.#cmdSn !== undefined)
      this.#tasks.sent(this.#cmdSn, moment.at);
  }

  #command(
    part: CommandPart & { immediate: number },
    frame: StreamPdu['frame'],
    moment: SeenMoment,
  ) {
    this.#checkPhase(part, moment);
    const session = this.#sessionOf();
    const open = openTask(session, part, frame, moment, (lun) => this.#hub.unitOf(session, lun));
    if (!this.#isSure) open.task.isPartial = true;
    const complain = this.#complaint(open, moment.frame);
    const immediateBytes = part.dataSegmentLengthBytes ?? 0;
    checkImmediate(immediateBytes, this.#agreed, complain);
    const { blocks, kind } = open.task;
    if (kind === 'write' && blocks !== undefined && part.data !== undefined)
      noteData(blocks, 0, part.data);
    this.#hub.taskBegan(open);
    this.#tasks.begin(open);
    this.#hub.checked('tag');
    this.#count(part, moment);
  }

  #checkPhase({ expStatSn }: CommandPart, moment: SeenMoment): void {
    if (this.#logout !== undefined && this.#hasLogin)
      this.#fault(
        'phase',
        `a command in frame ${moment.frame} after the Logout Request of frame ${this.#logout.frame}`,
        [this.#logout.frame, moment.frame],
      );
    if (!this.#hasLogin) return;
    this.#hub.checked('phase');
    if (this.#session === undefined) this.#early.push({ expStatSn, moment });
  }

  #response(part: Part, frame: StreamPdu['frame'], moment: SeenMoment): void {
    const numbers = part as { statSn?: number; expCmdSn?: number; maxCmdSn?: number };
    if (numbers.statSn === undefined || numbers.expCmdSn === undefined) {
      this.#server.lose();
      this.#lose(false);
      return;
    }
    this.#takeNumbers(part, numbers.statSn, moment);
    this.#window(numbers.expCmdSn, numbers.maxCmdSn, moment);
    switch (part.kind) {
      case 'Login Response':
        this.#login(part as IscsiPduOf<'Login Response'>, moment);
        break;
      case 'SCSI Response':
        this.#answer(part as IscsiPduOf<'SCSI Response'>, frame, moment);
        break;
      case 'SCSI Data-In':
        this.#dataIn(part as DataPart<'SCSI Data-In'>, frame, moment);
        break;
      case 'R2T': {
        const pdu = part as IscsiPduOf<'R2T'>;
        const open = this.#tasks.spokenOf(pdu.initiatorTaskTag);
        if (open === undefined) break;
        noteFrame(open.task, moment.frame);
        takeR2t(open, pdu, this.#agreed, this.#complaint(open, moment.frame));
        break;
      }
      case 'Task Management Function Response':
        this.#managed(part as IscsiPduOf<'Task Management Function Response'>, moment);
        break;
      case 'NOP-In': {
        const { initiatorTaskTag: tag } = part as IscsiPduOf<'NOP-In'>;
        const asked = this.#pings.get(tag);
        this.#pings.delete(tag);
        if (asked !== undefined) this.#checkDead('NOP-Out', asked, moment);
        break;
      }
      case 'Logout Response':
        this.#loggedOut(part as IscsiPduOf<'Logout Response'>, moment);
        break;
      case 'Reject': {
        const inside = (part as { data?: Uint8Array }).data;
        if (inside === undefined || inside.length < 20) break;
        const view = new DataView(inside.buffer, inside.byteOffset, inside.length);
        this.#tasks.refuse(view.getUint32(16), moment);
        break;
      }
      default:
    }
    if (this.#server.isWhole && this.#statSn !== undefined) this.#tasks.passed(this.#statSn);
  }

  /** StatSN counts what has a status; the others say which is next. Source: RFC 7143, 11.4.8, 11.7.6, 11.8.3, 11.19.2. */
  #takeNumbers(part: Part, statSn: number, { frame }: SeenMoment): void {
    const { hasStatus, initiatorTaskTag } = part as {
      hasStatus?: number;
      initiatorTaskTag?: number;
    };
    if (part.kind === 'SCSI Data-In' && hasStatus !== 1) return;
    const isOwn =
      part.kind !== 'R2T' && !(part.kind === 'NOP-In' && initiatorTaskTag === RESERVED_TAG);
    const expected = this.#statSn;
    if (expected !== undefined) {
      this.#hub.checked('numbering');
      if (statSn !== expected)
        this.#fault(
          'numbering',
          `StatSN ${statSn} of ${part.kind} in frame ${frame}, ${expected} was next`,
          [frame],
        );
    }
    this.#statSn = isOwn ? after(statSn) : statSn;
  }

  /** Commands outside the window: by what the target had offered when it took them, or a second later. */
  #window(expCmdSn: number, maxCmdSn: number | undefined, { at }: SeenMoment): void {
    for (const one of this.#beyond) {
      const offered = this.#maxCmdSn;
      const isTaken = isBefore(one.cmdSn, expCmdSn);
      const isLate = at - one.moment.at > 1e9;
      if (offered === undefined || !isBefore(offered, one.cmdSn) || !(isTaken || isLate)) continue;
      const { frame } = one.moment;
      this.#fault(
        'numbering',
        `CmdSN ${one.cmdSn} in frame ${frame}, the target had offered up to ${offered}`,
        [frame],
      );
    }
    // A pair where MaxCmdSN lies in front of ExpCmdSN - 1 is to be ignored. Source: RFC 7143, 4.2.2.1.
    if (maxCmdSn === undefined || distance(expCmdSn, maxCmdSn) < -1) return;
    if (this.#maxCmdSn === undefined || isBefore(this.#maxCmdSn, maxCmdSn))
      this.#maxCmdSn = maxCmdSn;
    const most = this.#maxCmdSn;
    this.#beyond = this.#beyond.filter(
      ({ cmdSn }) => isBefore(most, cmdSn) && !isBefore(cmdSn, expCmdSn),
    );
  }

  #login(pdu: IscsiPduOf<'Login Response'>, moment: SeenMoment): void {
    const isLast = pdu.transit === 1 && pdu.nextStage === LoginStage['full feature'];
    if (pdu.status !== LoginStatus.success || !isLast || this.#session !== undefined) return;
    const { iscsi } = this.#connection;
    this.#session = this.#hub.begin(this.#connection, moment, this.#isNew);
    const knows = this.#hasLogin && this.#isNew && this.#isWhole && iscsi !== undefined;
    this.#agreed = knows ? agreedIn(iscsi) : undefined;
    for (const { expStatSn, moment: sent } of this.#early)
      if (this.#isWhole && !isBefore(pdu.statSn, expStatSn))
        this.#fault(
          'phase',
          `a command in frame ${sent.frame} before the login was answered in frame ${moment.frame}`,
          [sent.frame, moment.frame],
        );
    this.#early = [];
  }

  #answer(pdu: IscsiPduOf<'SCSI Response'>, frame: StreamPdu['frame'], moment: SeenMoment): void {
    const open = this.#tasks.of(pdu.initiatorTaskTag);
    if (open !== undefined) {
      if (pdu.status === 0 && open.reads && !open.writes && pdu.overflow !== 1)
        this.#residual(open, pdu, moment);
      if (open.unasked.length > 0 && pdu.status === 0)
        this.#complaint(open, moment.frame)('write data for an R2T that was never sent');
    }
    this.#finish(pdu, frame, moment);
  }

  #residual(
    open: OpenTask,
    said: Parameters<typeof checkResidual>[1],
    { frame }: SeenMoment,
  ): void {
    const { task } = open;
    if (task.isPartial) return;
    this.#hub.checked('residual');
    checkResidual(open, said, (what) =>
      this.#fault('residual', `${task.command} of frame ${task.frame}: ${what}`, [
        task.frame,
        frame,
      ]),
    );
  }

  #dataIn(pdu: DataPart<'SCSI Data-In'>, frame: StreamPdu['frame'], moment: SeenMoment): void {
    const open = this.#tasks.spokenOf(pdu.initiatorTaskTag);
    if (open !== undefined) {
      noteFrame(open.task, moment.frame);
      takeDataIn(open, pdu, this.#agreed, this.#complaint(open, moment.frame));
      this.#look(open.task, frame);
      if (pdu.hasStatus === 1 && pdu.status === 0 && !open.writes && pdu.overflow !== 1)
        this.#residual(open, pdu, moment);
    }
    if (pdu.hasStatus === 1) this.#finish(pdu, frame, moment);
  }

  #look(task: SeenTask, frame: StreamPdu['frame']): void {
    if (task.command !== 'INQUIRY' && !task.command.startsWith('READ CAPACITY')) return;
    const value = layerOf(frame, 'scsi')?.value as Readonly<Record<string, unknown>> | undefined;
    const look = value === undefined ? undefined : lookIn(task.command, value);
    if (look !== undefined) this.#hub.looked(task, look);
  }

  #finish(
    pdu: Pick<IscsiPduOf<'SCSI Response'>, 'initiatorTaskTag' | 'statSn' | 'expCmdSn' | 'status'>,
    frame: StreamPdu['frame'],
    moment: SeenMoment,
  ): void {
    const { initiatorTaskTag: tag, statSn, expCmdSn, status } = pdu;
    const sense = status === CHECK_CONDITION ? senseIn(frame) : undefined;
    this.#tasks.answer({ ...moment, tag, statSn, expCmdSn, status, sense });
  }

  #ended(open: OpenTask): void {
    const { task } = open;
    this.#hub.taskEnded(open);
    if (task.ended !== undefined) this.#checkDead(task.command, task.sent, task.ended);
  }

  /** Who answers what was sent behind the end of its session keeps a session that is dead. */
  #checkDead(what: string, asked: SeenMoment, answered: SeenMoment): void {
    const session = this.#session;
    const end = session?.ended;
    if (session === undefined || end === undefined || !isOver(session)) return;
    if (!isSurelyBefore(end, asked)) return;
    const by = end.by === undefined ? '' : ` by the login at ${end.by.client}`;
    this.#hub.fault(
      'dead',
      session,
      `${what}, sent in frame ${asked.frame}, was answered in frame ${answered.frame}, after its session was ${end.how}${by} in frame ${end.frame}`,
      [end.frame, asked.frame, answered.frame],
    );
  }

  #managed(pdu: IscsiPduOf<'Task Management Function Response'>, moment: SeenMoment): void {
    const asked = this.#management.get(pdu.initiatorTaskTag);
    this.#management.delete(pdu.initiatorTaskTag);
    if (asked === undefined) return;
    this.#checkDead('task management', asked, moment);
    const isDone = pdu.response === IscsiTaskManagementResponse['function complete'];
    const tasks = isDone && !isQuery(asked.function) ? this.#tasks.managed(asked, moment) : 0;
    for (let i = 0; i < tasks; i++) this.#hub.checked('aborted');
    const name = nameOf(IscsiTaskManagement, asked.function) ?? `function ${asked.function}`;
    const how = nameOf(IscsiTaskManagementResponse, pdu.response) ?? `response ${pdu.response}`;
    this.#hub.managed(this.#sessionOf(), `${name}: ${how}`);
  }

  #loggedOut({ response }: IscsiPduOf<'Logout Response'>, moment: SeenMoment): void {
    const asked = this.#logout;
    if (asked === undefined || response !== LogoutResponse['closed successfully']) return;
    if (asked.reason === LogoutReason['remove the connection for recovery']) return;
    this.#hub.end(this.#sessionOf(), moment, 'logged out');
  }
}

/** Functions that ask and end nothing: QUERY TASK, QUERY TASK SET, QUERY ASYNCHRONOUS EVENT, TASK REASSIGN, CLEAR ACA. */
const isQuery = (code: number): boolean =>
  code === IscsiTaskManagement['CLEAR ACA'] ||
  code === IscsiTaskManagement['TASK REASSIGN'] ||
  code === IscsiTaskManagement['QUERY TASK'] ||
  code === IscsiTaskManagement['QUERY TASK SET'] ||
  code === IscsiTaskManagement['QUERY ASYNCHRONOUS EVENT'];

function senseIn(frame: StreamPdu['frame']): number | undefined {
  const said = layerOf(frame, 'sense')?.value as
    | { kind?: string; senseKey?: number; asc?: number; ascq?: number }
    | undefined;
  if (said?.senseKey === undefined || said.asc === undefined || said.ascq === undefined)
    return undefined;
  return said.senseKey * 0x1_0000 + said.asc * 0x100 + said.ascq;
}
