/**
 * A connection of an iSCSI initiator: from the request for it over the login to its end.
 *
 * Ownership: a session, or a discovery, owns its connection; a new attempt is a new connection. Its user hears of
 * its end once.
 * Source: RFC 7143, 4.2.2.2 (StatSN), 6.3 (login), 7.1.4 (recovery level 0: what is damaged ends the session).
 */
import {
  checkDigests,
  encodeIscsiPdu,
  type IscsiPdu,
  type IscsiPduInput,
  iscsiPduWith,
  RESERVED_TAG,
} from '../../codecs/iscsi/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import type { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd } from '../../machine/stream-machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { type InitiatorLogin, InitiatorLoginPhase, type LoginGoal } from './initiator-login.ts';
import {
  INITIATOR_RECEIVES,
  type InitiatorTimes,
  type IscsiInitiatorOptions,
} from './initiator-options.ts';
import { PduSplitter } from './pdu-splitter.ts';
import { advanced } from './serial-number.ts';
import type { TargetAddress } from './target-address.ts';

/** A PDU that is known for what it is. */
export type KnownPdu = Exclude<IscsiPdu, { kind: 'unknown' }>;

/** What connections of an initiator have in common. */
export interface ConnectionHost {
  readonly core: StreamCore<unknown>;
  readonly options: IscsiInitiatorOptions;
  readonly times: InitiatorTimes;
  /** Asks for a connection; its user is known by the id until it is answered. */
  connect(connection: InitiatorConnection, address: string, port: number): void;
  /** It has no use for what comes any more. */
  forget(connection: InitiatorConnection): void;
  /** What came contradicts what should have. */
  contradiction(what: string): void;
}

/** Who a connection is for. */
export interface ConnectionUser {
  /** The login is complete; `statSn` numbers come from there. */
  loggedIn(login: InitiatorLogin): void;
  /** A PDU of the full feature phase, lent, or the last response of a login for its numbers. */
  take(pdu: KnownPdu): void;
  /** The target is somewhere else. */
  moved(to: TargetAddress, permanent: boolean): void;
  /** It could not be had, or is lost; `mayPass`: another attempt may go well. */
  failed(what: string, mayPass: boolean): void;
}

type State = 'connecting' | 'in-login' | 'logged-in' | 'over';

/** Kinds of PDUs that tell a status, and so take a StatSN. */
function takesStatSn(pdu: KnownPdu): boolean {
  switch (pdu.kind) {
    case 'SCSI Data-In':
      return pdu.hasStatus === 1;
    case 'NOP-In':
      return pdu.initiatorTaskTag !== RESERVED_TAG;
    case 'R2T':
      return false;
    // Of a login that is refused the numbers mean nothing (11.13.4).
    case 'Login Response':
      return pdu.status >> 8 === 0;
    default:
      return true;
  }
}

/** One connection. */
export class InitiatorConnection {
  readonly #host: ConnectionHost;
  readonly #user: ConnectionUser;
  readonly #goal: LoginGoal;
  readonly #splitter = new PduSplitter(INITIATOR_RECEIVES);
  readonly #timer: Timer;
  #state: State = 'connecting';
  #conn: Conn | undefined;
  #phase: InitiatorLoginPhase | undefined;
  /** The StatSN that comes next. */
  #expStatSn: number | undefined;
  /** When the last byte came. */
  heardAt = 0;

  constructor(
    host: ConnectionHost,
    user: ConnectionUser,
    goal: LoginGoal,
    portal: { readonly address: string; readonly port: number },
  ) {
    this.#host = host;
    this.#user = user;
    this.#goal = goal;
    const { core, times } = host;
    this.#timer = core.after(times.loginNs, () =>
      this.#fail(
        this.#conn === undefined ? 'no connection came about' : 'the login takes too long',
      ),
    );
    host.connect(this, portal.address, portal.port);
  }

  /** By which the driver knows it; `undefined` until it is there. */
  get conn(): Conn | undefined {
    return this.#conn;
  }

  opened(conn: Conn): void {
    if (this.#state !== 'connecting') {
      this.#host.core.close(conn, 'reset');
      return;
    }
    this.#conn = conn;
    this.#state = 'in-login';
    this.heardAt = this.#host.core.now;
    this.#phase = new InitiatorLoginPhase(this.#host.options, this.#goal);
    this.send(this.#phase.begin());
  }

  unreachable(): void {
    this.#fail('the target cannot be reached');
  }

  received(bytes: Uint8Array): void {
    this.heardAt = this.#host.core.now;
    const take = (all: Uint8Array, at: number, end: number): boolean => {
      this.#pdu(all, at, end);
      return this.#state !== 'over';
    };
    if (!this.#splitter.push(bytes, take)) this.giveUp('a PDU with more data than was declared');
  }

  closed(how: StreamEnd): void {
    if (how === 'end') this.#close('end');
    this.#conn = undefined;
    this.#fail('the target closed the connection', true);
  }

  /** Sends a PDU with the numbers of the connection. */
  send(pdu: IscsiPduInput): void {
    if (this.#conn === undefined || this.#state === 'over') return;
    const numbered = { ...pdu, expStatSn: this.#expStatSn ?? 0 } as IscsiPduInput;
    this.#host.core.send(this.#conn, encodeIscsiPdu(numbered, this.#splitter.digests));
  }

  /** What the target says cannot be, or it says nothing: at recovery level 0 the connection is over. */
  giveUp(what: string): void {
    if (this.#state === 'over') return;
    this.#host.contradiction(what);
    this.#fail(what);
  }

  /** All is said. */
  end(): void {
    this.#close('end');
    this.#over();
  }

  /** It is over at once, and its user does not hear of it. */
  drop(): void {
    this.#close('reset');
    this.#over();
  }

  #close(how: StreamEnd): void {
    if (this.#conn === undefined || this.#state === 'over') return;
    this.#host.core.close(this.#conn, how);
    this.#conn = undefined;
  }

  #over(): void {
    this.#host.forget(this);
    this.#state = 'over';
    this.#timer.cancel();
  }

  #fail(what: string, mayPass = true): void {
    if (this.#state === 'over') return;
    this.drop();
    this.#user.failed(what, mayPass);
  }

  #pdu(bytes: Uint8Array, at: number, end: number): void {
    const { digests } = this.#splitter;
    try {
      checkDigests(bytes, at, digests);
      const pdu = iscsiPduWith(digests).decode(bytes, at, end);
      if (pdu.kind === 'unknown') this.giveUp('a PDU of an unknown opcode');
      else if (this.#counts(pdu)) this.#take(pdu);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.giveUp(error.message);
    }
  }

  /** Whether its StatSN is the next: on one connection nothing can be missing. */
  #counts(pdu: KnownPdu): boolean {
    if (!('statSn' in pdu)) {
      this.giveUp(`${pdu.kind}, which targets do not send`);
      return false;
    }
    if (!takesStatSn(pdu)) return true;
    this.#expStatSn ??= pdu.statSn;
    if (pdu.statSn !== this.#expStatSn) {
      this.giveUp(`StatSN ${pdu.statSn} in the place of ${this.#expStatSn}`);
      return false;
    }
    this.#expStatSn = advanced(pdu.statSn);
    return true;
  }

  #take(pdu: KnownPdu): void {
    if (this.#phase === undefined) {
      if (pdu.kind === 'Login Response') this.giveUp('a login response in a session');
      else this.#user.take(pdu);
      return;
    }
    if (pdu.kind !== 'Login Response') {
      this.giveUp(`${pdu.kind} before the login is complete`);
      return;
    }
    const turn = this.#phase.take(pdu);
    switch (turn.turn) {
      case 'say':
        this.send(turn.request);
        return;
      case 'complete':
        this.#timer.cancel();
        this.#phase = undefined;
        this.#state = 'logged-in';
        this.#splitter.digests = turn.login.digests;
        this.#user.take(pdu);
        this.#user.loggedIn(turn.login);
        return;
      case 'moved':
        this.end();
        this.#user.moved(turn.to, turn.permanent);
        return;
      case 'refused':
        this.#fail(turn.what, turn.mayPass);
    }
  }
}
