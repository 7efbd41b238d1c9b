/**
 * Whose doing it was, where a guest fared badly and the world outside made it: a fault or an outage
 * not long before, another initiator that took the reservation, an operator who took a unit out of
 * the guest's mask or changed the zones. Everything else is the machines' own. Shared by the rules
 * that charge a failure, a pause or a lost path to the move.
 */
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import type {
  HistoryEntry,
  InitiatorDevice,
  MaskChanged,
  ZonesChanged,
} from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';
import type { Disturbances } from './disturbances.ts';
import type { GuestNames } from './guest-names.ts';
import type { IoRecord } from './io-ledger.ts';
import type { UnitReservations } from './unit-reservations.ts';

/** What excuses are made of. */
export interface ExcuseSources {
  readonly disturbances: Disturbances;
  readonly names: GuestNames;
  readonly reservations: UnitReservations;
  /** A guest gives an I/O up after this long: so long may it suffer from what was done. */
  readonly guestTimeoutNs: TimeNs;
}

/** Excuses, in words that follow `excused by`. It is told before the rules that ask it. */
export class Excuses {
  readonly #sources: ExcuseSources;
  readonly #masks = new Map<InitiatorDevice | undefined, MaskChanged>();
  /** Units that a guest was shown once and is shown no more. */
  readonly #unmasked = new Map<string, Set<string>>();
  readonly #zones = new Map<string, string>();
  #zonesChanged = false;

  constructor(sources: ExcuseSources) {
    this.#sources = sources;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type === 'mask') this.#mask(event);
    else if (event.type === 'zone-change') this.#zone(node, event);
  }

  /** For an I/O that failed with a status of `ScsiStatus`; `undefined` where nobody else is to blame. */
  ofFailure({ io, at }: IoRecord, status: number | undefined): string | undefined {
    const { disturbances, guestTimeoutNs, reservations } = this.#sources;
    const done = disturbances.wordsSince(at - guestTimeoutNs);
    if (done !== undefined) return done;
    if (status === ScsiStatus.RESERVATION_CONFLICT) return reservations.keptOutBy(io.vm, io.luName);
    if (this.#unmasked.get(io.vm)?.has(io.luName) === true) return 'its mask, which was changed';
    return this.#zonesChanged ? 'the zones, which were changed' : undefined;
  }

  /** For a pause from `since` to `until` in a move that began at `began`: what was done in it, or not long before. */
  ofPause(since: TimeNs, until: TimeNs, began: TimeNs): string | undefined {
    const { disturbances, guestTimeoutNs } = this.#sources;
    return disturbances.wordsSince(Math.min(since, Math.max(began, until - guestTimeoutNs)));
  }

  /** For a path that is gone: it comes back with the end of what took it, whenever that is. */
  ofPath(): string | undefined {
    const { disturbances } = this.#sources;
    return disturbances.none ? undefined : disturbances.wordsSince(Number.NEGATIVE_INFINITY);
  }

  #mask(mask: MaskChanged): void {
    const before = this.#masks.get(mask.device);
    this.#masks.set(mask.device, mask);
    if (before === undefined || mask.device === undefined) return;
    const now = new Set(mask.luns.map(({ luName }) => luName));
    for (const vm of this.#sources.names.guestsBehind(mask.device)) {
      const gone = this.#unmasked.get(vm) ?? new Set<string>();
      this.#unmasked.set(vm, gone);
      for (const { luName } of before.luns) if (!now.has(luName)) gone.add(luName);
      for (const luName of now) gone.delete(luName);
    }
  }

  #zone(node: string, { enforced, zones, defaultZone }: ZonesChanged): void {
    const members = zones.map((one) => one.members.map(String).sort().join());
    const now = `${enforced} ${defaultZone} ${members.sort().join(' ')}`;
    const before = this.#zones.get(node);
    this.#zones.set(node, now);
    if (before !== undefined && before !== now) this.#zonesChanged = true;
  }
}
