/**
 * The FCFs that an ENode has heard, as their advertisements describe them.
 *
 * Ownership: a FIP controller owns one; it sets the timers and asks here what is due.
 * Source: FC-BB-5, FIP discovery; limits and checks as Linux libfcoe has them (fcoe_ctlr.c).
 */
import {
  FipFlags,
  type FipMessage,
  FkaAdvPeriodFlags,
  fipDescriptorOf,
} from '../../codecs/fip/index.ts';
import type { Mac, Wwn } from '../../codecs/layout/index.ts';
import { type Instant, MILLISECOND } from '../../machine/machine.ts';

/** FCFs one ENode remembers. Source: Linux libfcoe, FCOE_CTLR_FCF_LIMIT. */
const FCFS_MAX = 20;
/** A period below or above these in an advertisement is not believed. */
const FKA_PERIOD_LEAST_MS = 500;
const FKA_PERIOD_MOST_MS = 24 * 3_600_000;
const FKA_PERIOD_DEFAULT_MS = 8000;
/** An FCF that was not heard for this many of its periods is gone. */
const FKA_PERIODS_LOST = 2.5;

/** An FCF as its advertisements describe it. */
export interface FcfEntry {
  readonly mac: Mac;
  readonly switchName: Wwn;
  readonly fabricName: Wwn;
  readonly fcMap: number;
  readonly vfId: number;
  readonly priority: number;
  readonly fkaPeriodMs: number;
  /** The D bit: the FCF wants no keep-alives. */
  readonly noKeepAlive: boolean;
  readonly available: boolean;
  /** It has answered a solicitation, so the path carries frames of full size. */
  readonly solicited: boolean;
  readonly heardAt: Instant;
}

const goneAt = (fcf: FcfEntry): Instant =>
  fcf.heardAt + FKA_PERIODS_LOST * fcf.fkaPeriodMs * MILLISECOND;

/** At most 20 FCFs by MAC address. */
export class FcfList {
  readonly #fcfs = new Map<Mac, FcfEntry>();

  /** Takes an advertisement in; `undefined` where there is no room for another FCF. */
  note(message: FipMessage, now: Instant): FcfEntry | undefined {
    const mac = fipDescriptorOf(message, 'mac')!.mac;
    const known = this.#fcfs.get(mac);
    if (known === undefined && this.#fcfs.size >= FCFS_MAX) return undefined;
    const fabric = fipDescriptorOf(message, 'fabric')!;
    const fka = fipDescriptorOf(message, 'fkaAdvPeriod')!;
    const isPeriod =
      fka.fkaAdvPeriodMs >= FKA_PERIOD_LEAST_MS && fka.fkaAdvPeriodMs <= FKA_PERIOD_MOST_MS;
    const entry: FcfEntry = {
      mac,
      switchName: fipDescriptorOf(message, 'nameIdentifier')!.name,
      fabricName: fabric.fabricName,
      fcMap: fabric.fcMap,
      vfId: fabric.vfId,
      priority: fipDescriptorOf(message, 'priority')!.priority,
      fkaPeriodMs: isPeriod ? fka.fkaAdvPeriodMs : FKA_PERIOD_DEFAULT_MS,
      noKeepAlive: (fka.flags & FkaAdvPeriodFlags.D) !== 0,
      available: (message.flags & FipFlags.A) !== 0,
      solicited: (message.flags & FipFlags.S) !== 0 || known?.solicited === true,
      heardAt: now,
    };
    this.#fcfs.set(mac, entry);
    return entry;
  }

  /**
   * The usable FCF with the lowest priority value; `undefined` where none is usable, `'differ'` where
   * the candidates' fabrics differ, so that none may be chosen. With a Fabric_Name only FCFs of that
   * fabric are candidates: `'foreign'` where all are of others.
   */
  choose(fabricName?: Wwn): FcfEntry | 'differ' | 'foreign' | undefined {
    const all = [...this.#fcfs.values()].filter((one) => one.solicited && one.available);
    const usable = all.filter((one) => fabricName === undefined || one.fabricName === fabricName);
    const first = usable[0];
    if (first === undefined) return all.length === 0 ? undefined : 'foreign';
    const same = usable.every(
      (one) =>
        one.fabricName === first.fabricName && one.vfId === first.vfId && one.fcMap === first.fcMap,
    );
    if (!same) return 'differ';
    return usable.reduce((best, one) => (one.priority < best.priority ? one : best));
  }

  /** When the next FCF is gone, unless it is heard again. */
  get nextGoneAt(): Instant | undefined {
    let next: Instant | undefined;
    for (const fcf of this.#fcfs.values()) {
      const gone = goneAt(fcf);
      if (next === undefined || gone < next) next = gone;
    }
    return next;
  }

  /** Forgets the FCFs that were not heard for too long, and returns their addresses. */
  forgetSilent(now: Instant): Mac[] {
    const silent: Mac[] = [];
    for (const fcf of this.#fcfs.values()) if (now >= goneAt(fcf)) silent.push(fcf.mac);
    for (const mac of silent) this.#fcfs.delete(mac);
    return silent;
  }

  clear(): void {
    this.#fcfs.clear();
  }
}
