/**
 * A session of an iSCSI initiator with one portal of a target: its logins, one after the other, and what keeps it.
 *
 * Ownership: an initiator owns its sessions; a session owns its connection and its tasks. A lost connection is the
 * loss of the nexus; after Time2Wait the session is logged in again with TSIH 0, which takes the place of
 * the one before where the ISID is the same (session reinstatement).
 * Source: RFC 7143, 6.3.5, 7.1.4, 11.9, 11.14, 11.18; as open-iscsi 2.1.8 and Linux 6.1 do it (libiscsi.c,
 * iscsi_check_transport_timeouts; initiator.c, session_conn_reopen).
 */
import {
  AsyncEvent,
  encodeTextKeys,
  type IscsiPduOf,
  LogoutReason,
  LogoutResponse,
} from '../../codecs/iscsi/index.ts';
import { iscsiInitiatorPort, iscsiTargetPort } from '../../history/port-name.ts';
import { SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type {
  InitiatorNexus,
  OpenCommand,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import {
  type ConnectionHost,
  type ConnectionUser,
  InitiatorConnection,
  type KnownPdu,
} from './initiator-connection.ts';
import type { InitiatorLogin } from './initiator-login.ts';
import { SessionNexus, type SessionNexusOwner } from './initiator-nexus.ts';
import { INITIATOR_RECEIVES } from './initiator-options.ts';
import { InitiatorPing, type PingOwner } from './initiator-ping.ts';
import { InitiatorTasks } from './initiator-tasks.ts';
import type { TargetAddress } from './target-address.ts';

/** Redirections that one login follows. */
export const REDIRECTIONS_MAX = 8;

/** A target, and one of its portals. */
export interface SessionTarget {
  /** `iqn.…` */
  readonly name: string;
  readonly address: string;
  /** Of TCP. */
  readonly port: number;
  /** Its ISID, where the initiator's source is not asked. */
  readonly isid?: Uint8Array;
}

/**
 * `logging-in`: no login yet; `logged-in`; `lost`: the nexus is gone, and the session is to come back; `logging-out`;
 * `ended` for ever.
 */
export type SessionState = 'logging-in' | 'logged-in' | 'lost' | 'logging-out' | 'ended';

/** What the owner of a session hears. */
export interface SessionListener {
  /** It is logged in: the nexus is a new one. */
  sessionBegan(session: InitiatorSession, nexus: InitiatorNexus): void;
  /** The nexus is over; what ran in it is reported command by command. */
  sessionLost(session: InitiatorSession, nexus: InitiatorNexus, why: string): void;
  /** It is over for ever. */
  sessionEnded(session: InitiatorSession, why: string): void;
}

/** One session. */
export class InitiatorSession implements ConnectionUser, SessionNexusOwner {
  readonly target: SessionTarget;
  readonly tasks: InitiatorTasks;
  readonly #host: ConnectionHost;
  readonly #listener: SessionListener;
  readonly #number: number;
  readonly #ping: InitiatorPing;
  #isid: Uint8Array | undefined;
  #state: SessionState = 'logging-in';
  /** Where it logs in: a permanent redirection stays. */
  #portal: { readonly address: string; readonly port: number };
  #connection: InitiatorConnection | undefined;
  #nexus: SessionNexus | undefined;
  #login: InitiatorLogin | undefined;
  #tries = 0;
  #redirections = 0;
  /** Until the next login; for the end of held commands; for a logout. */
  #retry: Timer | undefined;
  #replacement: Timer | undefined;
  #logoutTimer: Timer | undefined;
  #logoutTag: number | undefined;
  /** Who hears how a logout went; `undefined` in one that the target asked for. */
  #loggedOut: ((acknowledged: boolean) => void) | undefined;
  /** What the target said of the time until the next login. */
  #time2WaitNs: number | undefined;

  constructor(
    host: ConnectionHost,
    target: SessionTarget,
    listener: SessionListener,
    number: number,
  ) {
    this.#host = host;
    this.target = target;
    this.#listener = listener;
    this.#number = number;
    this.#portal = target;
    this.tasks = new InitiatorTasks({
      after: (delayNs, run) => host.core.after(delayNs, run),
      send: (pdu) => this.#connection?.send(pdu),
      giveUp: (what) => this.#connection?.giveUp(what),
      abortNs: host.times.abortNs,
    });
    this.#ping = new InitiatorPing(this.#pingOwner());
    this.#connect();
  }

  #pingOwner(): PingOwner {
    const self = this;
    const { core, times } = this.#host;
    return {
      times,
      get now() {
        return core.now;
      },
      get heardAt() {
        return self.#connection?.heardAt ?? core.now;
      },
      after: (delayNs, run) => core.after(delayNs, run),
      nextTag: () => this.tasks.nextTag(),
      sendNow: (pdu) => this.#connection?.send({ ...pdu, cmdSn: this.tasks.cmdSn }),
      giveUp: (what) => this.#connection?.giveUp(what),
    };
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The nexus of the login that lasts. */
  get nexus(): InitiatorNexus | undefined {
    return this.#nexus;
  }

  /** The ISID of its last login. */
  get isid(): Uint8Array | undefined {
    return this.#isid;
  }

  /** What both ends agreed on in the login that lasts. */
  get login(): InitiatorLogin | undefined {
    return this.#login;
  }

  // What its owner asks.

  /** Logs out in good order, and for ever; `done` hears whether the target has confirmed. */
  logout(done: (acknowledged: boolean) => void): void {
    if (this.#state !== 'logged-in') {
      this.drop('logged out');
      done(false);
      return;
    }
    this.#enterLogout(done);
  }

  /** It is over at once, without a word to the target but the end of its connection. */
  drop(why = 'dropped'): void {
    if (this.#state === 'ended') return;
    this.#connection?.drop();
    this.#enterEnded(why, false);
  }

  // States.

  #connect(portal = this.#portal): void {
    const { options } = this.#host;
    this.#isid = this.target.isid ?? options.isids.isidOf(this.#number, this.#isid);
    this.tasks.restart(1);
    const goal = {
      target: this.target.name,
      isid: this.#isid,
      initiatorTaskTag: this.tasks.nextTag(),
      cmdSn: this.tasks.cmdSn,
    };
    this.#connection = new InitiatorConnection(this.#host, this, goal, portal);
  }

  #connectLater(delayNs: number): void {
    this.#connection = undefined;
    this.#retry = this.#host.core.after(delayNs, () => this.#connect());
  }

  #enterLoggedIn(login: InitiatorLogin): void {
    const isBack = this.#state === 'lost';
    const before = this.#nexus;
    this.#state = 'logged-in';
    this.#login = login;
    this.#tries = 0;
    this.#redirections = 0;
    this.#replacement?.cancel();
    const { options } = this.#host;
    const nexus = new SessionNexus(this, {
      initiatorPort: iscsiInitiatorPort(options.name, this.#isid!),
      targetPort: iscsiTargetPort(this.target.name, login.groupTag),
      address: login.tsih,
      targetAddress: login.groupTag,
    });
    this.#nexus = nexus;
    // The same initiator port at the same target port: the target has ended what the old session ran (6.3.5).
    const isReinstated =
      before?.initiatorPort === nexus.initiatorPort && before.targetPort === nexus.targetPort;
    if (isBack && options.resends !== true) this.tasks.settle(isReinstated);
    this.tasks.begin(login);
    this.#ping.begin();
    this.#listener.sessionBegan(this, nexus);
  }

  /** The nexus is gone; `confirmed`: the target has said so itself. */
  #enterLost(why: string, confirmed: boolean): void {
    const { times, options } = this.#host;
    const nexus = this.#nexus!;
    this.#state = 'lost';
    this.#stopTimers();
    this.tasks.lost(options.resends === true);
    if (confirmed) this.tasks.settle(true);
    else if (options.resends !== true)
      this.#replacement = this.#host.core.after(times.replacementNs, () =>
        this.tasks.settle(false),
      );
    const agreedNs = (this.#login?.values.DefaultTime2Wait ?? 0) * SECOND;
    const waitNs = this.#time2WaitNs ?? agreedNs;
    this.#time2WaitNs = undefined;
    this.#connectLater(waitNs);
    this.#listener.sessionLost(this, nexus, why);
  }

  #enterEnded(why: string, confirmed: boolean): void {
    const nexus =
      this.#state === 'logged-in' || this.#state === 'logging-out' ? this.#nexus : undefined;
    this.#state = 'ended';
    this.#stopTimers();
    this.#replacement?.cancel();
    this.#retry?.cancel();
    this.#connection = undefined;
    this.tasks.lost(false);
    this.tasks.settle(confirmed);
    if (nexus !== undefined) this.#listener.sessionLost(this, nexus, why);
    this.#listener.sessionEnded(this, why);
  }

  #enterLogout(done: ((acknowledged: boolean) => void) | undefined): void {
    const { core, times } = this.#host;
    this.#state = 'logging-out';
    this.#stopTimers();
    this.#loggedOut = done;
    this.#logoutTag = this.tasks.nextTag();
    this.#connection?.send({
      kind: 'Logout Request',
      immediate: 1,
      reason: LogoutReason['close the session'],
      initiatorTaskTag: this.#logoutTag,
      cmdSn: this.tasks.cmdSn,
    });
    this.#logoutTimer = core.after(times.logoutNs, () => {
      this.#connection?.drop();
      this.#afterLogout(false);
    });
  }

  #afterLogout(acknowledged: boolean): void {
    const done = this.#loggedOut;
    this.#loggedOut = undefined;
    this.#logoutTimer?.cancel();
    if (done === undefined) {
      // The target asked for it: the session is still wanted.
      this.#enterLost('the target asked for a logout', acknowledged);
      return;
    }
    this.#enterEnded('logged out', acknowledged);
    done(acknowledged);
  }

  #stopTimers(): void {
    this.#ping.end();
    this.#logoutTimer?.cancel();
  }

  // What its connection says.

  loggedIn(login: InitiatorLogin): void {
    this.#enterLoggedIn(login);
  }

  moved({ address, port }: TargetAddress, permanent: boolean): void {
    if (++this.#redirections > REDIRECTIONS_MAX) {
      this.failed('the target is somewhere else without end', false);
      return;
    }
    const there = { address, port };
    if (permanent) this.#portal = there;
    this.#connect(there);
  }

  failed(what: string, mayPass: boolean): void {
    const { times } = this.#host;
    if (this.#state === 'logged-in') this.#enterLost(what, false);
    else if (this.#state === 'logging-out') this.#afterLogout(false);
    else {
      this.#tries++;
      const isFirst = this.#state === 'logging-in';
      if (!mayPass || (isFirst && this.#tries >= times.loginTriesMax)) {
        this.#enterEnded(what, false);
        return;
      }
      this.#redirections = 0;
      this.#connectLater(times.time2WaitNs);
    }
  }

  take(pdu: KnownPdu): void {
    if ('maxCmdSn' in pdu) this.tasks.update(pdu.expCmdSn, pdu.maxCmdSn);
    switch (pdu.kind) {
      case 'SCSI Data-In':
        this.tasks.dataIn(pdu);
        return;
      case 'R2T':
        this.tasks.r2t(pdu);
        return;
      case 'SCSI Response':
        this.tasks.response(pdu);
        return;
      case 'Task Management Function Response':
        this.tasks.managed(pdu);
        return;
      case 'NOP-In':
        this.#ping.take(pdu);
        return;
      case 'Reject':
        this.#host.contradiction(`the target rejects a PDU, reason ${pdu.reason}`);
        this.tasks.rejected(pdu.data);
        return;
      case 'Logout Response':
        this.#logoutResponse(pdu);
        return;
      case 'Asynchronous Message':
        this.#asynchronous(pdu);
        return;
      default:
    }
  }

  #logoutResponse(pdu: IscsiPduOf<'Logout Response'>): void {
    if (this.#state !== 'logging-out' || pdu.initiatorTaskTag !== this.#logoutTag) return;
    const acknowledged = pdu.response === LogoutResponse['closed successfully'];
    this.#time2WaitNs = pdu.time2WaitSeconds * SECOND;
    this.#connection?.end();
    this.#afterLogout(acknowledged);
  }

  /** Source: RFC 7143, 11.9.1. */
  #asynchronous({ asyncEvent, parameter2, parameter3 }: IscsiPduOf<'Asynchronous Message'>): void {
    if (this.#state !== 'logged-in') return;
    switch (asyncEvent) {
      case AsyncEvent['target requests logout']:
        this.#enterLogout(undefined);
        return;
      case AsyncEvent['target will drop the connection']:
      case AsyncEvent['target will drop all connections']:
        // Time2Wait and Time2Retain of a session whose end is near.
        this.#time2WaitNs = parameter2 * SECOND;
        return;
      case AsyncEvent['target requests parameter negotiation']:
        this.#connection?.send({
          kind: 'Text Request',
          immediate: 1,
          initiatorTaskTag: this.tasks.nextTag(),
          cmdSn: this.tasks.cmdSn,
          data: encodeTextKeys([
            { key: 'MaxRecvDataSegmentLength', value: String(INITIATOR_RECEIVES) },
          ]),
        });
        return;
      default:
        this.#host.contradiction(
          `an asynchronous message of event ${asyncEvent} that means nothing here (${parameter3})`,
        );
    }
  }

  // What its nexus asks.

  isCurrent(nexus: SessionNexus): boolean {
    return this.#state === 'logged-in' && this.#nexus === nexus;
  }

  execute(request: ScsiCommand): OpenCommand | undefined {
    return this.tasks.execute(request);
  }

  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    this.tasks.manage(request, done);
  }

  contradiction(what: string): void {
    this.#host.contradiction(what);
  }
}
