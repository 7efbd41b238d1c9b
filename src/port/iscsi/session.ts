/**
 * A session at a target in its full feature phase: what comes goes to its window, its tasks, its task management and
 * its text; logout. It has one connection.
 *
 * Ownership: a target port owns its sessions; a session owns its tasks and the nexus of its initiator port.
 * Source: RFC 7143, clauses 4.2, 7, 11; RFC 7144.
 */
import {
  AsyncEvent,
  type IscsiPdu,
  type IscsiPduOf,
  IscsiRejectReason,
  LogoutReason,
  LogoutResponse,
  RESERVED_TAG,
} from '../../codecs/iscsi/index.ts';
import type { TargetNexus } from '../../scsi/transport.ts';
import { CommandWindow, isNumbered, type Numbered, type WindowOwner } from './command-window.ts';
import type { LoggedIn } from './login.ts';
import type { IscsiParameters } from './negotiation.ts';
import { SessionManagement } from './session-management.ts';
import type { SessionOwner } from './session-owner.ts';
import { SessionTasks } from './session-tasks.ts';
import { SessionText } from './session-text.ts';

/** A session and its commands. */
export class IscsiSession implements WindowOwner {
  readonly login: LoggedIn;
  readonly tsih: number;
  /** `undefined` for discovery. */
  readonly nexus: TargetNexus | undefined;
  readonly #owner: SessionOwner;
  readonly #window: CommandWindow;
  readonly #tasks: SessionTasks;
  readonly #management: SessionManagement;
  readonly #text: SessionText;
  #isOver = false;

  constructor(owner: SessionOwner, login: LoggedIn, tsih: number, nexus: TargetNexus | undefined) {
    this.#owner = owner;
    this.login = login;
    this.tsih = tsih;
    this.nexus = nexus;
    const { parameters } = login;
    const text = new SessionText(owner, parameters.initiatorMaxRecvDataSegmentLength);
    this.#text = text;
    this.#tasks = new SessionTasks(owner, nexus, parameters, () => text.initiatorReceives);
    this.#window = new CommandWindow(this, login.cmdSn);
    this.#management = new SessionManagement(owner, nexus, this.#tasks, this.#window);
  }

  get parameters(): IscsiParameters {
    return this.login.parameters;
  }

  /** How many tasks are open. */
  get openTasks(): number {
    return this.#tasks.size;
  }

  get expCmdSn(): number {
    return this.#window.expCmdSn;
  }

  get maxCmdSn(): number {
    return this.#window.maxCmdSn;
  }

  /** Takes a PDU of the full feature phase; its bytes are lent. */
  take(pdu: IscsiPdu): void {
    if (pdu.kind === 'SCSI Data-Out') this.#tasks.dataOut(pdu);
    else if (pdu.kind === 'SNACK Request')
      this.#owner.reject(IscsiRejectReason['SNACK reject'], pdu);
    else if (isNumbered(pdu)) this.#window.take(pdu);
    else this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
  }

  /** Asks the initiator to log out, as before an outage. */
  askLogout(seconds: number): void {
    this.#owner.send(
      {
        kind: 'Asynchronous Message',
        asyncEvent: AsyncEvent['target requests logout'],
        parameter3: seconds,
      },
      true,
    );
  }

  /** The session is over: tasks end without an answer, its initiator's nexus is lost (Appendix E). */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.nexus?.lost();
    this.#tasks.end();
    this.#window.clear();
  }

  // What the window asks for.

  get openCommands(): number {
    return this.#tasks.ofWindow;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  refused(what: string): void {
    this.#owner.refused(what);
  }

  request(pdu: Numbered): void {
    if (this.#isOver) return;
    switch (pdu.kind) {
      case 'SCSI Command':
        this.#tasks.command(pdu);
        break;
      case 'Task Management Function Request':
        this.#management.take(pdu);
        break;
      case 'NOP-Out':
        this.#nopOut(pdu);
        break;
      case 'Text Request':
        this.#text.take(pdu);
        break;
      case 'Logout Request':
        this.#logout(pdu);
        break;
      default:
        this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
    }
  }

  #nopOut({ initiatorTaskTag, lun, data }: IscsiPduOf<'NOP-Out'>): void {
    // The answer to a ping of ours.
    if (initiatorTaskTag === RESERVED_TAG) return;
    const echoed = data.slice(0, this.#text.initiatorReceives);
    this.#owner.send({ kind: 'NOP-In', lun, initiatorTaskTag, data: echoed }, true);
  }

  #logout({ reason, cid, initiatorTaskTag }: IscsiPduOf<'Logout Request'>): void {
    let response: number = LogoutResponse['closed successfully'];
    if (reason === LogoutReason['remove the connection for recovery'])
      response = LogoutResponse['connection recovery not supported'];
    else if (reason === LogoutReason['close the connection'] && cid !== this.login.cid)
      response = LogoutResponse['CID not found'];
    const isOver = response === LogoutResponse['closed successfully'];
    // No task may end with an answer behind this one.
    if (isOver) this.end();
    this.#owner.send({ kind: 'Logout Response', initiatorTaskTag, response }, true);
    if (isOver) this.#owner.close();
  }
}
