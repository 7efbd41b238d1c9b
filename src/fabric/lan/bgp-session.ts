/**
 * One session of BGP-4: messages out of the bytes of its connection, what each end offers, and that the peer is not
 * silent for long.
 *
 * Ownership: it owns its hold timer and what it has read of a message; what the peer has told (`told`) is the speaker's to
 * change. A message that does not hold together ends the session with a NOTIFICATION. State changes only in functions
 * called `enter…`. Source: RFC 4271.
 */
import {
  BGP_HEADER_BYTES,
  type BgpMessage,
  type BgpMessageInput,
  type BgpMessageOf,
  bgpLengthAt,
  bgpMessage,
  HeaderError,
  NotificationCode,
  OpenError,
} from '../../codecs/bgp/index.ts';
import { decodeBgp } from '../../codecs/frame/index.ts';
import { isCutValue } from '../../codecs/layout/index.ts';
import { SECOND } from '../../machine/machine.ts';
import type { Conn } from '../../machine/stream-machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { ipv4Bytes, parseIpv4 } from '../../net/ipv4-address.ts';
import { EVPN, type Told } from './bgp-routes.ts';

/** Source: RFC 4271, 10: suggested defaults. */
const HOLD_SECONDS = 180;
/** A session that is not established by then ends. Source: RFC 4271, 8.2.2: a large hold time. */
const OPEN_TIMEOUT_NS = 240 * SECOND;
const HOLD_SECONDS_MIN = 3;

/** What a session asks of the speaker that has it. */
export interface BgpSessionOwner {
  readonly as: number;
  /** Its router ID: IPv4. */
  readonly identifier: string;
  after(delayNs: number, run: () => void): Timer;
  send(conn: Conn, bytes: Uint8Array): void;
  /** The connection is ended behind what was sent. */
  close(conn: Conn): void;
  /** Both ends have said that they agree. */
  established(session: BgpSession): void;
  /** The peer tells of routes. */
  update(session: BgpSession, message: BgpMessageOf<'UPDATE'>): void;
  /** The peer wants to be told all again. */
  refresh(session: BgpSession): void;
  /** It is over. */
  closed(session: BgpSession, reason: string): void;
}

/** A session with one peer. */
export class BgpSession {
  readonly conn: Conn;
  /** Whom it was asked for; `undefined` for who called. */
  readonly address: string | undefined;
  /** Its router ID, once it has said it. */
  peer: string;
  /** Routes that the peer has told, by what tells them apart. */
  readonly told: Map<string, Told> = new Map();
  #state: 'open-sent' | 'open-confirm' | 'established' | 'closed' = 'open-sent';
  #buffer = new Uint8Array(0);
  #hold: Timer | undefined;
  #holdNs = OPEN_TIMEOUT_NS;
  readonly #owner: BgpSessionOwner;

  constructor(conn: Conn, address: string | undefined, owner: BgpSessionOwner) {
    this.conn = conn;
    this.address = address;
    this.peer = address ?? '';
    this.#owner = owner;
  }

  /** Both ends have said that they agree, and it is not over. */
  get isEstablished(): boolean {
    return this.#state === 'established';
  }

  /** Sends the OPEN. */
  start(): void {
    const { as, identifier } = this.#owner;
    this.#holdOn();
    this.send({
      kind: 'OPEN',
      myAs: as,
      holdTimeSeconds: HOLD_SECONDS,
      bgpIdentifier: ipv4Bytes(parseIpv4(identifier)),
      parameters: [
        {
          kind: 'capabilities',
          capabilities: [
            { kind: 'multiprotocol', ...EVPN },
            { kind: 'fourOctetAs', as },
          ],
        },
      ],
    });
  }

  /** Sends a message. */
  send(message: BgpMessageInput): void {
    this.#owner.send(this.conn, bgpMessage.encode(message));
  }

  /** Bytes of the peer, cut anywhere. */
  handleBytes(bytes: Uint8Array): void {
    const whole = new Uint8Array(this.#buffer.length + bytes.length);
    whole.set(this.#buffer);
    whole.set(bytes, this.#buffer.length);
    let at = 0;
    while (whole.length - at >= BGP_HEADER_BYTES) {
      const length = bgpLengthAt(whole, at);
      if (length === undefined) {
        this.#failHeader(HeaderError['Bad Message Length']);
        return;
      }
      if (whole.length - at < length) break;
      this.#take(whole.subarray(at, at + length));
      if (this.#state === 'closed') return;
      at += length;
    }
    this.#buffer = whole.slice(at);
  }

  #holdOn(): void {
    this.#hold?.cancel();
    this.#hold = this.#owner.after(this.#holdNs, () =>
      this.fail(NotificationCode['Hold Timer Expired'], 0, 'the peer is silent'),
    );
  }

  #failHeader(subcode: number): void {
    const code = NotificationCode['Message Header Error'];
    this.fail(code, subcode, 'what it sends is no message');
  }

  #take(bytes: Uint8Array): void {
    this.#holdOn();
    const [layer] = decodeBgp(bytes).layers;
    const message = layer?.layer === 'bgp' ? (layer.value as BgpMessage) : undefined;
    if (message === undefined || message.kind === 'unknown' || isCutValue(message)) {
      this.#failHeader(HeaderError['Bad Message Type']);
      return;
    }
    switch (message.kind) {
      case 'OPEN':
        this.#open(message);
        return;
      case 'KEEPALIVE':
        if (this.#state === 'open-confirm') this.#enterEstablished();
        return;
      case 'UPDATE':
        if (this.isEstablished) this.#owner.update(this, message);
        else this.#failState('an UPDATE before the session');
        return;
      case 'NOTIFICATION':
        this.#owner.close(this.conn);
        this.enterClosed(`the peer says ${message.errorCode}/${message.errorSubcode}`);
        return;
      case 'ROUTE-REFRESH':
        if (this.isEstablished) this.#owner.refresh(this);
    }
  }

  #failState(reason: string): void {
    this.fail(NotificationCode['Finite State Machine Error'], 0, reason);
  }

  #open(open: BgpMessageOf<'OPEN'>): void {
    const refused = NotificationCode['OPEN Message Error'];
    if (this.#state !== 'open-sent') {
      this.#failState('a second OPEN');
      return;
    }
    const capabilities = open.parameters.flatMap((one) =>
      one.kind === 'capabilities' ? one.capabilities : [],
    );
    const four = capabilities.find((one) => one.kind === 'fourOctetAs');
    const as = four?.kind === 'fourOctetAs' ? four.as : open.myAs;
    if (as !== this.#owner.as) {
      this.fail(refused, OpenError['Bad Peer AS'], `its AS is ${as}`);
      return;
    }
    const { holdTimeSeconds } = open;
    if (holdTimeSeconds !== 0 && holdTimeSeconds < HOLD_SECONDS_MIN) {
      const reason = `its hold time is ${holdTimeSeconds} s`;
      this.fail(refused, OpenError['Unacceptable Hold Time'], reason);
      return;
    }
    this.peer = open.bgpIdentifier.join('.');
    this.#enterOpenConfirm(Math.min(HOLD_SECONDS, holdTimeSeconds));
  }

  /** A hold time of 0: nobody says that it is there, and nobody waits for that. */
  #enterOpenConfirm(holdSeconds: number): void {
    this.#holdNs = holdSeconds === 0 ? OPEN_TIMEOUT_NS * 1e6 : holdSeconds * SECOND;
    this.#state = 'open-confirm';
    this.#holdOn();
    this.send({ kind: 'KEEPALIVE' });
    if (holdSeconds > 0) this.#keepAlive((holdSeconds * SECOND) / 3);
  }

  #keepAlive(everyNs: number): void {
    this.#owner.after(Math.round(everyNs), () => {
      if (this.#state === 'closed') return;
      this.send({ kind: 'KEEPALIVE' });
      this.#keepAlive(everyNs);
    });
  }

  #enterEstablished(): void {
    this.#state = 'established';
    this.#owner.established(this);
  }

  /** Says why, and ends it; nothing where it is over: what is left of a message that ended it may be as bad. */
  fail(errorCode: number, errorSubcode: number, reason: string): void {
    if (this.#state === 'closed') return;
    this.send({ kind: 'NOTIFICATION', errorCode, errorSubcode, data: new Uint8Array(0) });
    this.#owner.close(this.conn);
    this.enterClosed(reason);
  }

  /** It is over. */
  enterClosed(reason: string): void {
    this.#state = 'closed';
    this.#hold?.cancel();
    this.#owner.closed(this, reason);
  }
}
