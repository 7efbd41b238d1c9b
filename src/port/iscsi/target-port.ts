/**
 * A portal of an iSCSI target, which is a port of its SCSI target device: connections on one side, tasks on
 * the other.
 *
 * Ownership: it owns its connections and sessions; a connection owns its login and the cutting of its
 * bytes. One connection a session, error recovery level 0: a session whose connection is gone is over,
 * and so are its tasks, at once (Time2Retain 0).
 * Source: RFC 7143; clearing effects as Appendix E has them.
 */
import {
  checkDigests,
  type IscsiPdu,
  type IscsiPduInput,
  iscsiPdu,
  iscsiPduWith,
  LoginStatus,
  type TextKey,
} from '../../codecs/iscsi/index.ts';
import { CodecError, nameOf } from '../../codecs/layout/index.ts';
import { type InitiatorPort, iscsiInitiatorPort } from '../../history/port-name.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine, StreamOutput } from '../../machine/stream-machine.ts';
import type { TargetNexus } from '../../scsi/transport.ts';
import type { ChapHash, ChapSecrets } from './chap.ts';
import { type LoggedIn, type LoginOwner, LoginPhase } from './login.ts';
import { IscsiSession } from './session.ts';
import type { SessionOwner } from './session-owner.ts';
import { TargetConnection } from './target-connection.ts';
import type { IscsiEvent, IscsiTargetOptions } from './target-options.ts';
import { TargetSessions } from './target-sessions.ts';

/** Connections at one portal. */
export const ISCSI_CONNECTIONS_MAX = 8192;
/** Room for write data of all tasks at one portal; a command that asks for more finds it BUSY. */
const WRITE_BYTES_MAX = 256 * 2 ** 20;
/** A login that takes longer is given up. */
const LOGIN_NS = 15 * SECOND;
/** After so much silence an initiator is asked whether it is there, and as long after that it is gone. */
const IDLE_NS = 30 * SECOND;
const BHS_BYTES = 48;

/** A portal as a machine. */
export class IscsiTargetPort implements StreamMachine<IscsiEvent>, LoginOwner {
  readonly #options: IscsiTargetOptions;
  readonly #connections = new Map<Conn, TargetConnection>();
  readonly #sessions: TargetSessions;
  readonly #core = new StreamCore<IscsiEvent>();
  #roomBytes = 0;

  constructor(options: IscsiTargetOptions) {
    this.#options = options;
    this.#sessions = new TargetSessions(options.groupTag);
  }

  // The machine contract.

  handleOpened(conn: Conn, now: Instant): void {
    this.#core.now = now;
    if (this.#connections.size >= ISCSI_CONNECTIONS_MAX) {
      this.#refused('no room for another connection');
      this.#core.close(conn, 'reset');
      return;
    }
    const connection = new TargetConnection(conn, this.#core, now);
    connection.login = new LoginPhase(this);
    this.#connections.set(conn, connection);
    connection.timer = this.#core.after(LOGIN_NS, () => {
      this.#refused('a login that takes too long');
      this.#drop(connection);
    });
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.#core.now = now;
    const connection = this.#connections.get(conn);
    if (connection === undefined || connection.isClosed) return;
    connection.heardAt = now;
    connection.isAsked = false;
    const take = (all: Uint8Array, at: number, end: number): boolean => {
      this.#pdu(connection, all, at, end);
      return !connection.isClosed && this.#connections.has(conn);
    };
    if (connection.splitter.push(bytes, take)) return;
    this.#refused('a PDU with more data than was declared');
    this.#drop(connection);
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.#core.now = now;
    const connection = this.#connections.get(conn);
    if (connection === undefined) return;
    this.#endSession(connection);
    if (how === 'end' && !connection.isClosed) this.#core.close(conn, 'end');
    this.#forget(connection);
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): StreamOutput<IscsiEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    return {
      connections: this.#connections.size,
      sessions: this.#sessions.size,
      'bytes of write data': this.#roomBytes,
    };
  }

  /** Asks every initiator to log out within so many seconds, as before an outage. */
  askLogout(seconds: number, now: Instant): void {
    this.#core.now = now;
    for (const { session } of this.#sessions.all()) session?.askLogout(seconds);
  }

  /** Ends every session, once what was said is out. */
  endSessions(now: Instant): void {
    this.#core.now = now;
    for (const one of this.#sessions.all()) this.#close(one);
  }

  // Connections.

  #forget(connection: TargetConnection): void {
    connection.timer?.cancel();
    this.#connections.delete(connection.conn);
  }

  #endSession(connection: TargetConnection): void {
    const { session } = connection;
    if (session === undefined) return;
    connection.session = undefined;
    this.#sessions.remove(session);
    session.end();
    this.#tell('ended', session.nexus);
  }

  /** The connection is over at once, both ways. */
  #drop(connection: TargetConnection): void {
    this.#endSession(connection);
    if (!this.#connections.has(connection.conn)) return;
    this.#core.close(connection.conn, 'reset');
    this.#forget(connection);
  }

  /** All was said; the peer may still speak, and is not listened to. */
  #close(connection: TargetConnection): void {
    this.#endSession(connection);
    if (connection.isClosed || !this.#connections.has(connection.conn)) return;
    connection.isClosed = true;
    this.#core.close(connection.conn, 'end');
    connection.timer?.cancel();
    connection.timer = this.#core.after(LOGIN_NS, () => this.#forget(connection));
  }

  #pdu(connection: TargetConnection, bytes: Uint8Array, at: number, end: number): void {
    const { digests } = connection.splitter;
    try {
      checkDigests(bytes, at, digests);
      const pdu = iscsiPduWith(digests).decode(bytes, at, end);
      if (connection.session !== undefined) connection.session.take(pdu);
      else this.#login(connection, pdu);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      // At error recovery level 0 what is damaged ends the session (7.1.4).
      this.#refused(error.message);
      this.#drop(connection);
    }
  }

  #login(connection: TargetConnection, pdu: IscsiPdu): void {
    const { login } = connection;
    if (login === undefined || pdu.kind !== 'Login Request') {
      this.#refused('a PDU of the full feature phase before the login');
      this.#drop(connection);
      return;
    }
    const { response, outcome } = login.take(pdu);
    if (outcome === 'complete') {
      const refusal = this.#complete(connection, login.result);
      if (refusal !== undefined) {
        this.#refused(statusText(refusal));
        const failed = { ...response, transit: 0, nextStage: 0, data: new Uint8Array(0) };
        this.#send(connection, { ...failed, status: refusal }, true, pdu.cmdSn);
        this.#close(connection);
        return;
      }
      connection.login = undefined;
      const { tsih } = connection.session!;
      this.#send(connection, { ...response, tsih }, true, pdu.cmdSn);
      connection.splitter.digests = connection.session!.parameters.digests;
      return;
    }
    this.#send(connection, response, true, pdu.cmdSn);
    if (outcome === 'failed') {
      this.#refused(statusText(response.status!));
      this.#close(connection);
    }
  }

  /** The session begins, in the place of another where it is that one's; how it is refused otherwise. */
  #complete(connection: TargetConnection, login: LoggedIn): number | undefined {
    const port = portOf(login);
    if (login.tsih !== 0) {
      // A connection to a session that there is: its only one again, or one too many (6.3.1).
      const known = this.#sessions.get(login.tsih)?.login;
      if (known === undefined || portOf(known) !== port)
        return LoginStatus['session does not exist'];
      if (known.cid !== login.cid) return LoginStatus['too many connections'];
    }
    const same = login.isDiscovery ? undefined : this.#sessions.of(port);
    if (same !== undefined) this.#drop(same);
    const tsih = this.#sessions.allocate();
    if (tsih === undefined) return LoginStatus['out of resources'];
    let nexus: TargetNexus | undefined;
    if (!login.isDiscovery) {
      nexus = this.#options.device.nexusBegan(port, this.#options.portIndex, tsih);
      if (nexus === undefined) return LoginStatus['out of resources'];
    }
    const session = new IscsiSession(this.#sessionOwner(connection), login, tsih, nexus);
    connection.session = session;
    this.#sessions.add(connection, session);
    connection.timer?.cancel();
    this.#lookLater(connection);
    this.#tell('began', nexus);
    return undefined;
  }

  /** An initiator that is silent is asked whether it is there. */
  #lookLater(connection: TargetConnection): void {
    const dueAt = connection.heardAt + IDLE_NS * (connection.isAsked ? 2 : 1);
    connection.timer = this.#core.after(Math.max(dueAt - this.#core.now, 1), () => {
      const silentNs = this.#core.now - connection.heardAt;
      if (connection.isAsked && silentNs >= 2 * IDLE_NS) {
        this.#refused('an initiator that is silent');
        this.#drop(connection);
        return;
      }
      if (!connection.isAsked && silentNs >= IDLE_NS) {
        connection.isAsked = true;
        this.#send(connection, { kind: 'NOP-In', targetTransferTag: 1 }, false, 0);
      }
      this.#lookLater(connection);
    });
  }

  /** Sends a PDU, unless all was said. */
  #send(connection: TargetConnection, pdu: IscsiPduInput, status: boolean, cmdSn: number): void {
    if (connection.isClosed || !this.#connections.has(connection.conn)) return;
    connection.send(pdu, status, cmdSn);
  }

  #sessionOwner(connection: TargetConnection): SessionOwner {
    const self = this;
    return {
      get now() {
        return self.#core.now;
      },
      get standsUntil() {
        return self.#options.standsUntil?.() ?? 0;
      },
      get mirror() {
        return self.#options.mirror?.();
      },
      get waitingBytes() {
        return self.#core.waitingBytes;
      },
      serviceNs: (write, bytes) => self.#options.serviceNs?.(write, bytes) ?? 0,
      after: (delayNs, run) => this.#core.after(delayNs, run),
      send: (pdu, status) => this.#send(connection, pdu, status, 0),
      reject: (reason, pdu) => this.#reject(connection, reason, pdu),
      takeRoom: (bytes) => this.#takeRoom(bytes),
      giveRoom: (bytes) => {
        this.#roomBytes -= bytes;
      },
      targets: (which) => this.#targets(which),
      close: () => this.#close(connection),
      closeAll: () => {
        this.endSessions(this.#core.now);
        this.#options.coldReset?.();
      },
      refused: (what) => this.#refused(what),
    };
  }

  #takeRoom(bytes: number): boolean {
    if (this.#roomBytes + bytes > WRITE_BYTES_MAX) return false;
    this.#roomBytes += bytes;
    return true;
  }

  /** Quotes the header of what is not taken. */
  #reject(connection: TargetConnection, reason: number, pdu: IscsiPdu): void {
    this.#refused(
      pdu.kind === 'unknown'
        ? 'a PDU of an unknown opcode'
        : `${pdu.kind}: reject reason ${reason}`,
    );
    const bytes = iscsiPdu.encode(
      pdu.kind === 'unknown'
        ? { kind: 'unknown', raw: pdu.raw }
        : ({ ...pdu, headerDigest: undefined, dataDigest: undefined } as IscsiPduInput),
    );
    const data = bytes.slice(0, BHS_BYTES);
    this.#send(connection, { kind: 'Reject', reason, data }, true, 0);
  }

  #tell(state: 'began' | 'ended', nexus: TargetNexus | undefined): void {
    if (nexus === undefined) return;
    const { initiatorPort: initiator, targetPort: target, epoch, address } = nexus;
    this.#core.emit({ type: 'nexus', state, nexus: { initiator, target, epoch, address } });
  }

  #refused(what: string): void {
    this.#core.emit({ type: 'refused', port: this.#options.portIndex, what });
  }

  /** Names and addresses. Source: RFC 7143, Appendix C. */
  #targets(which: string): readonly TextKey[] {
    const { name, addresses, others } = this.#options;
    const all = [{ name, addresses: addresses() }, ...(others?.() ?? [])];
    // Left out it is the target of the session.
    const asked = which === '' ? all.slice(0, 1) : all;
    return asked
      .filter((one) => which === 'All' || which === '' || which === one.name)
      .flatMap((one) => [
        { key: 'TargetName', value: one.name },
        ...one.addresses.map((value) => ({ key: 'TargetAddress', value })),
      ]);
  }

  // What a login asks.

  get hash(): ChapHash {
    return this.#options.hash;
  }

  challenge(bytes: number): Uint8Array {
    return this.#options.challenge(bytes);
  }

  secretsOf(): ChapSecrets | undefined {
    return this.#options.chap;
  }

  admit({
    targetName,
    isDiscovery,
  }: Parameters<LoginOwner['admit']>[0]): ReturnType<LoginOwner['admit']> {
    const { name, groupTag, redirect } = this.#options;
    if (isDiscovery) return { groupTag };
    if (targetName !== name) return { status: LoginStatus['not found'] };
    const elsewhere = redirect?.();
    if (elsewhere === undefined) return { groupTag };
    const status =
      LoginStatus[elsewhere.permanent ? 'target moved permanently' : 'target moved temporarily'];
    return { status, address: elsewhere.address };
  }
}

const statusText = (status: number): string =>
  `a login: ${nameOf(LoginStatus, status) ?? `status ${status.toString(16).padStart(4, '0')}h`}`;

const portOf = ({ initiatorName, isid }: LoggedIn): InitiatorPort =>
  iscsiInitiatorPort(initiatorName, isid);
