/**
 * Whether the target of a session is there: a silent one is pinged, one that stays silent is given up; pings of its
 * own are answered.
 *
 * Source: RFC 7143, 11.18 and 11.19; Linux 6.1, drivers/scsi/libiscsi.c, iscsi_check_transport_timeouts.
 */
import { type IscsiPduInput, type IscsiPduOf, RESERVED_TAG } from '../../codecs/iscsi/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { InitiatorTimes } from './initiator-options.ts';

/** What is needed to ping. */
export interface PingOwner {
  readonly now: Instant;
  /** When the target was heard last. */
  readonly heardAt: Instant;
  readonly times: Pick<InitiatorTimes, 'noopIntervalNs' | 'noopTimeoutNs'>;
  after(delayNs: number, run: () => void): Timer;
  nextTag(): number;
  /** Sends what is immediate, with the number of the next command. */
  sendNow(pdu: Extract<IscsiPduInput, { kind: 'NOP-Out' }>): void;
  giveUp(what: string): void;
}

/** Pings of one session, while it is logged in. */
export class InitiatorPing {
  readonly #owner: PingOwner;
  #timer: Timer | undefined;
  /** Tag of the ping that is not answered. */
  #tag: number | undefined;

  constructor(owner: PingOwner) {
    this.#owner = owner;
  }

  /** From now on silence is noticed. */
  begin(): void {
    this.end();
    if (this.#owner.times.noopIntervalNs > 0) this.#watch();
  }

  end(): void {
    this.#timer?.cancel();
    this.#tag = undefined;
  }

  take({ initiatorTaskTag, targetTransferTag, lun }: IscsiPduOf<'NOP-In'>): void {
    if (initiatorTaskTag === this.#tag) this.#tag = undefined;
    const isPing = initiatorTaskTag === RESERVED_TAG && targetTransferTag !== RESERVED_TAG;
    if (isPing) this.#owner.sendNow({ kind: 'NOP-Out', immediate: 1, lun, targetTransferTag });
  }

  #watch(): void {
    const owner = this.#owner;
    const { noopIntervalNs, noopTimeoutNs } = owner.times;
    const silentNs = owner.now - owner.heardAt;
    if (this.#tag !== undefined && silentNs >= noopIntervalNs + noopTimeoutNs) {
      owner.giveUp('the target does not answer a ping');
      return;
    }
    if (this.#tag === undefined && silentNs >= noopIntervalNs) {
      this.#tag = owner.nextTag();
      owner.sendNow({ kind: 'NOP-Out', immediate: 1, initiatorTaskTag: this.#tag });
    }
    const mostNs = noopIntervalNs + (this.#tag === undefined ? 0 : noopTimeoutNs);
    const waitNs = Math.max(owner.heardAt + mostNs - owner.now, 1);
    this.#timer = owner.after(waitNs, () => this.#watch());
  }
}
