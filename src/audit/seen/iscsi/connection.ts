/**
 * An iSCSI connection as a capture shows it: its login, the numbers of its PDUs, its tasks. What is wrong with them
 * is told as faults; what is missing of it accuses nobody.
 */
import {
  type IscsiPdu,
  type IscsiPduOf,
  iscsiPduIn,
  LogoutResponse,
  RESERVED_TAG,
  type StreamConnection,
  type StreamGap,
  type StreamPdu,
} from '../../../codecs/index.ts';
import { noteData } from '../block-digests.ts';
import { noteFrame } from '../scsi-blocks.ts';
import {
  type FaultKind,
  isOver,
  isSurelyBefore,
  type SeenMoment,
  type SeenSession,
} from '../session.ts';
import { type Agreed, agreedIn } from './agreed.ts';
import type { ConnectionHub } from './hub.ts';
import { ConnectionNumbers, type NumberedRequest, type NumberedResponse } from './numbers.ts';
import { type CommandPart, type OpenTask, openTask } from './open-task.ts';
import { ConnectionPhase, endsLogin } from './phase.ts';
import { WaitingRequests } from './requests.ts';
import { lookOf, rejectedTag, senseIn } from './said.ts';
import { SeenSide } from './side.ts';
import { IscsiTasks, resetsTarget, resetsUnit } from './tasks.ts';
import {
  type Complain,
  checkImmediate,
  checkResidual,
  type DataPart,
  takeDataIn,
  takeDataOut,
  takeR2t,
} from './transfer.ts';

const CHECK_CONDITION = 2;

type Part = Partial<IscsiPdu> & { readonly kind?: IscsiPdu['kind'] };

/** Follows one connection. */
export class IscsiSeen {
  readonly #connection: StreamConnection;
  readonly #hub: ConnectionHub;
  readonly #client = new SeenSide();
  readonly #server = new SeenSide();
  readonly #tasks: IscsiTasks;
  #session: SeenSession | undefined;
  /** Its login was answered, as far as was seen; commands may be seen in front of that. */
  #isKnown = false;
  #agreed: Agreed | undefined;
  readonly #numbers: ConnectionNumbers;
  readonly #phase = new ConnectionPhase((what, frames) => this.#fault('phase', what, frames));
  readonly #waiting = new WaitingRequests();

  constructor(connection: StreamConnection, hub: ConnectionHub) {
    this.#connection = connection;
    this.#hub = hub;
    this.#numbers = new ConnectionNumbers({
      checked: () => hub.checked('numbering'),
      fault: (what, frames) => this.#fault('numbering', what, frames),
      isShared: () => this.#session?.isShared === true,
    });
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
  take({ frame, fromClient, lengthBytes }: StreamPdu, moment: SeenMoment): void {
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
    this.#waiting.clear();
    this.#phase.forget();
  }

  #lose(isClient: boolean): void {
    this.#tasks.lose();
    this.#numbers.lose(isClient);
    this.#phase.lose();
    if (isClient) this.#hub.blind(this.#connection);
  }

  get #isWhole(): boolean {
    return this.#client.isWhole && this.#server.isWhole;
  }

  /** No bytes are missing of which nobody knows yet what they were. */
  get #isSure(): boolean {
    return this.#client.isSure && this.#server.isSure;
  }

  #sessionOf(): SeenSession {
    if (this.#session === undefined) {
      this.#session = this.#hub.begin(this.#connection, undefined, true);
      this.#isKnown = false;
    }
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
        if (this.#session !== undefined) return;
        const pdu = part as IscsiPduOf<'Login Request'>;
        this.#phase.request(pdu, this.#client.isWhole);
        this.#numbers.begin(pdu.cmdSn);
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
        this.#waiting.manage(pdu, moment);
        return;
      }
      case 'NOP-Out': {
        const pdu = part as IscsiPduOf<'NOP-Out'>;
        this.#count(pdu, moment);
        if (pdu.initiatorTaskTag !== RESERVED_TAG) this.#waiting.ping(pdu.initiatorTaskTag, moment);
        return;
      }
      case 'Logout Request': {
        const pdu = part as IscsiPduOf<'Logout Request'>;
        this.#count(pdu, moment);
        this.#phase.logout(pdu.reason, moment.frame);
        return;
      }
      case 'Text Request':
        this.#count(part as IscsiPduOf<'Text Request'>, moment);
        return;
      default:
    }
  }

  #count(pdu: NumberedRequest, moment: SeenMoment): void {
    this.#numbers.request(pdu, moment);
    const { cmdSn } = this.#numbers;
    if (this.#phase.hasLogin && this.#isWhole && cmdSn !== undefined)
      this.#tasks.sent(cmdSn, moment.at);
  }

  #command(
    part: CommandPart & { immediate: number },
    frame: StreamPdu['frame'],
    moment: SeenMoment,
  ) {
    if (this.#phase.hasLogin) this.#hub.checked('phase');
    this.#phase.command(part.expStatSn, moment, this.#isKnown);
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

  #response(part: Part, frame: StreamPdu['frame'], moment: SeenMoment): void {
    const numbers = part as Partial<NumberedResponse>;
    if (numbers.statSn === undefined || numbers.expCmdSn === undefined) {
      this.#server.lose();
      this.#lose(false);
      return;
    }
    this.#numbers.response(numbers as NumberedResponse, moment);
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
        const asked = this.#waiting.pong(tag);
        if (asked !== undefined) this.#checkDead('NOP-Out', asked, moment);
        break;
      }
      case 'Logout Response':
        this.#loggedOut(part as IscsiPduOf<'Logout Response'>, moment);
        break;
      case 'Reject': {
        const tag = rejectedTag((part as { data?: Uint8Array }).data);
        if (tag !== undefined) this.#tasks.refuse(tag, moment);
        break;
      }
      default:
    }
    const { statSn } = this.#numbers;
    if (this.#server.isWhole && statSn !== undefined) this.#tasks.passed(statSn);
  }

  #login(pdu: IscsiPduOf<'Login Response'>, moment: SeenMoment): void {
    if (this.#isKnown || !endsLogin(pdu)) return;
    const { iscsi } = this.#connection;
    const { hasLogin, isNew } = this.#phase;
    this.#session = this.#hub.begin(this.#connection, moment, isNew);
    this.#isKnown = true;
    const knows = hasLogin && isNew && this.#isWhole && iscsi !== undefined;
    this.#agreed = knows ? agreedIn(iscsi) : undefined;
    this.#phase.begin(pdu.statSn, moment, this.#isWhole);
    if (knows) this.#checkChap(iscsi.keys, moment);
  }

  /** Who has agreed on CHAP lets nobody in who has not given a response. Source: RFC 7143, 12.1.3. */
  #checkChap(keys: ReadonlyMap<string, string>, { frame }: SeenMoment): void {
    if (keys.get('AuthMethod') !== 'CHAP') return;
    this.#hub.checked('masked');
    if (keys.has('CHAP_R')) return;
    this.#fault(
      'masked',
      `the login that was answered in frame ${frame} passed without a response, although CHAP was agreed on`,
      [frame],
    );
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
      const look = lookOf(open, frame);
      if (look !== undefined) this.#hub.looked(open.task, look);
      if (pdu.hasStatus === 1 && pdu.status === 0 && !open.writes && pdu.overflow !== 1)
        this.#residual(open, pdu, moment);
    }
    if (pdu.hasStatus === 1) this.#finish(pdu, frame, moment);
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
    const answered = this.#waiting.managed(pdu);
    if (answered === undefined) return;
    const { asked, isDone, what } = answered;
    this.#checkDead('task management', asked, moment);
    const tasks = isDone ? this.#tasks.managed(asked, moment) : 0;
    for (let i = 0; i < tasks; i++) this.#hub.checked('aborted');
    const session = this.#sessionOf();
    this.#hub.managed(session, what);
    if (isDone && resetsUnit(asked))
      this.#hub.reset(session, this.#hub.unitOf(session, asked.lun), moment);
    else if (isDone && resetsTarget(asked)) this.#hub.reset(session, undefined, moment);
  }

  #loggedOut({ response }: IscsiPduOf<'Logout Response'>, moment: SeenMoment): void {
    if (!this.#phase.endsSession || response !== LogoutResponse['closed successfully']) return;
    this.#hub.end(this.#sessionOf(), moment, 'logged out');
  }
}
