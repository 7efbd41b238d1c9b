/**
 * A remote port as one of our N_Ports sees it: PLOGI, PRLI, and what ends them.
 *
 * Ownership: an lport owns its rports; an rport lives as long as the name server (or a login from
 * the other side) speaks of it. State changes only through the `enter…` functions.
 * Source: FC-LS-3, N_Port login and process login; the states are libfc's.
 */
import {
  FcpServiceParameters,
  PageResponse,
  plogiAccept,
  prliAccept,
  RECEIVE_BYTES_MIN,
  receiveBytesOf,
} from '../../codecs/els/index.ts';
import { CodecError, type FcId, type Wwn } from '../../codecs/layout/index.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { type ElsReply, formatElsReply } from './els-reply.ts';
import {
  agreed,
  type PortIdentity,
  plogiPayload,
  prliPayload,
  takesFirstBurst,
} from './login-parameters.ts';

/** PLOGI or PRLI that fails this often is given up until the name server speaks of the port again. */
const LOGIN_TRIES_MAX = 3;

/** What there is to know of a login with a remote port. */
export interface RportLogin {
  readonly portId: FcId;
  readonly portName: Wwn;
  readonly nodeName: Wwn;
  readonly receiveBytes: number;
  readonly fcpParameters: number;
}

/** What an rport needs of the N_Port that owns it. */
export interface RportOwner {
  readonly options: PortIdentity;
  readonly eDTovNs: number;
  readonly exchanges: { close(dId: FcId): void };
  readonly listener: RportListener;
  after(delayNs: number, run: () => void): Timer;
  sendEls(dId: FcId, payload: Uint8Array, onReply: (reply: ElsReply) => void): void;
  logoPayload(): Uint8Array;
  adiscPayload(): Uint8Array;
}

/** What is told of the logins with remote ports. */
export interface RportListener {
  /** PLOGI and PRLI are done. */
  rportReady?(rport: Rport): void;
  /** A login that was ready is over. `cleared`: the other side is known to have ended its tasks. */
  rportGone?(rport: Rport, reason: string, cleared: boolean): void;
  /** A login attempt has been given up. */
  rportFailed?(rport: Rport, reason: string): void;
}

/** How far the login with a remote port is. */
export type RportState = 'init' | 'plogi' | 'prli' | 'ready' | 'adisc' | 'logo' | 'gone';

/** A remote port and the login with it. */
export class Rport {
  // What commands need stands together, at the beginning: with many ports it is not in the cache.
  readonly portId: FcId;
  state: RportState = 'init';
  /** Times that PLOGI and PRLI were completed. */
  logins = 0;
  /** What the FC-4 above keeps of this login: its own to read and write. */
  fc4: object | undefined = undefined;
  /** Largest frame payload the port receives. */
  receiveBytes = RECEIVE_BYTES_MIN;
  /** What PRLI agreed on: RETRY (REC and SRR), FCP_CONF, write data that does not wait for XFER_RDY. */
  retry = false;
  confirm = false;
  firstBurst = false;
  readonly #lport: RportOwner;
  portName: Wwn = 0n;
  nodeName: Wwn = 0n;
  /** PRLI service parameters of the other side; bit 10h: it is a target. */
  fcpParameters = 0;
  /** OX_ID of the other side's PRLI: where initiators number by epochs, it tells the epoch. */
  prliOxId = 0;
  /** True when the other side is known to have ended everything under the last login. */
  cleared = false;
  #tries = 0;
  #retry: Timer | undefined;
  #whenRecovered: ((cleared: boolean) => void)[] = [];

  constructor(lport: RportOwner, portId: FcId) {
    this.#lport = lport;
    this.portId = portId;
  }

  get isTarget(): boolean {
    return (this.fcpParameters & FcpServiceParameters.TARGET_FUNCTION) !== 0;
  }

  /** Logs in unless that is done or under way. */
  login(): void {
    if (this.state === 'init' || this.state === 'gone') {
      this.#tries = 0;
      this.enterPlogi();
    }
  }

  enterPlogi(): void {
    this.state = 'plogi';
    const lport = this.#lport;
    lport.sendEls(
      this.portId,
      plogiPayload(lport.options, lport.eDTovNs / MILLISECOND),
      (reply) => {
        if (this.state !== 'plogi') return;
        if (reply.result !== 'accept') {
          this.#again(reply);
          return;
        }
        const accept = decodeOrNone(() => plogiAccept.decode(reply.payload));
        if (accept === undefined) {
          this.#again(reply);
          return;
        }
        this.portName = accept.portName;
        this.nodeName = accept.nodeName;
        // An accept cannot be refused: what is no size is the least that every port takes.
        this.receiveBytes = receiveBytesOf(accept) ?? RECEIVE_BYTES_MIN;
        // A PLOGI that was accepted ended whatever an earlier login still had open (FCP-4 clearing).
        this.#recovered(true);
        if (lport.options.role === 'initiator') this.enterPrli();
        else this.state = 'init';
      },
    );
  }

  enterPrli(): void {
    this.state = 'prli';
    const lport = this.#lport;
    lport.sendEls(this.portId, prliPayload(lport.options), (reply) => {
      if (this.state !== 'prli') return;
      const page =
        reply.result === 'accept'
          ? decodeOrNone(() => prliAccept.decode(reply.payload))?.pages[0]
          : undefined;
      if (page?.kind !== 'FCP' || page.responseCode !== PageResponse.REQUEST_EXECUTED) {
        this.#again(reply);
        return;
      }
      this.fcpParameters = page.serviceParameters;
      this.enterReady();
    });
  }

  /** Goes on with a login that another adapter made. */
  adopt(login: RportLogin): void {
    this.portName = login.portName;
    this.nodeName = login.nodeName;
    this.receiveBytes = login.receiveBytes;
    this.fcpParameters = login.fcpParameters;
    this.enterReady();
  }

  enterReady(): void {
    const { options, listener } = this.#lport;
    this.state = 'ready';
    this.retry = agreed('retry', options, this.fcpParameters);
    this.confirm = agreed('confirm', options, this.fcpParameters);
    this.firstBurst = takesFirstBurst(options, this.fcpParameters);
    this.logins++;
    this.cleared = false;
    this.#tries = 0;
    listener.rportReady?.(this);
  }

  /** Logs out in good order; `done` is called when the other side has accepted or does not answer. */
  enterLogo(done: (acknowledged: boolean) => void): void {
    if (this.state === 'init' || this.state === 'gone') {
      this.enterGone('logged out', true);
      done(true);
      return;
    }
    this.state = 'logo';
    this.#retry?.cancel();
    const lport = this.#lport;
    lport.sendEls(this.portId, lport.logoPayload(), (reply) => {
      const acknowledged = reply.result === 'accept' || reply.result === 'reject';
      this.enterGone('logged out', acknowledged);
      done(acknowledged);
    });
  }

  /** The login is over. `cleared`: the other side is known to have ended its tasks. */
  enterGone(reason: string, cleared: boolean): void {
    if (this.state === 'gone') return;
    const wasReady = this.state === 'ready' || this.state === 'adisc' || this.state === 'logo';
    this.state = 'gone';
    this.cleared = cleared;
    this.#retry?.cancel();
    this.#lport.exchanges.close(this.portId);
    this.#recovered(cleared);
    if (wasReady) this.#lport.listener.rportGone?.(this, reason, cleared);
  }

  /**
   * The other side answers an exchange no more: log in anew, which ends all exchanges at both ends.
   * `done` hears whether the other side confirmed that.
   */
  enterRecovery(done: (cleared: boolean) => void): void {
    this.#whenRecovered.push(done);
    if (this.state === 'plogi') return;
    const wasReady = this.state === 'ready' || this.state === 'adisc';
    this.#tries = 0;
    this.enterPlogi();
    if (wasReady) this.#lport.listener.rportGone?.(this, 'no answer to ABTS', false);
  }

  /** An RSCN spoke of this port while it was logged in: is it still the same one? */
  enterAdisc(): void {
    if (this.state !== 'ready') return;
    this.state = 'adisc';
    this.#lport.sendEls(this.portId, this.#lport.adiscPayload(), (reply) => {
      if (this.state !== 'adisc') return;
      if (reply.result === 'accept') {
        this.state = 'ready';
        return;
      }
      this.enterGone('ADISC was not accepted', false);
      this.login();
    });
  }

  /** The other side sent PLOGI (and was accepted): whatever login there was is replaced. */
  handlePlogi(names: { portName: Wwn; nodeName: Wwn }, receiveBytes: number): void {
    const wasReady = this.state === 'ready' || this.state === 'adisc';
    this.portName = names.portName;
    this.nodeName = names.nodeName;
    this.receiveBytes = receiveBytes;
    this.cleared = true;
    this.#lport.exchanges.close(this.portId);
    // Of two PLOGIs that crossed this one is carried out: the own one is over, however it is answered.
    const crossed = this.state === 'plogi';
    this.#retry?.cancel();
    if (this.state !== 'prli') this.state = 'init';
    if (wasReady) this.#lport.listener.rportGone?.(this, 'new PLOGI', true);
    if ((wasReady || crossed) && this.#lport.options.role === 'initiator') this.enterPrli();
  }

  /** The other side sent PRLI: from now on it may send commands (or take them). */
  handlePrli(serviceParameters: number): void {
    // A new image pair ends what ran under the old one (FCP-4, clearing effects).
    if (this.state === 'ready' && this.#lport.options.role === 'target') {
      this.#lport.listener.rportGone?.(this, 'new PRLI', true);
    }
    this.fcpParameters = serviceParameters;
    this.enterReady();
  }

  #again(reply: ElsReply): void {
    this.#tries++;
    if (this.#tries >= LOGIN_TRIES_MAX || reply.result === 'closed') {
      this.enterGone(`login failed: ${formatElsReply(reply)}`, false);
      this.#lport.listener.rportFailed?.(this, formatElsReply(reply));
      return;
    }
    this.#retry = this.#lport.after(this.#lport.eDTovNs, () => this.enterPlogi());
  }

  #recovered(cleared: boolean): void {
    const waiting = this.#whenRecovered;
    this.#whenRecovered = [];
    for (const done of waiting) done(cleared);
  }
}

/** What `decode` gives, `undefined` where it throws a `CodecError`. */
export function decodeOrNone<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
