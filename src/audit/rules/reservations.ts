/** I20: who may write is who holds the reservation, at every moment. */
import { formatWwn } from '../../codecs/layout/index.ts';
import { ReservationType } from '../../codecs/scsi/index.ts';
import { Findings } from '../findings.ts';
import type {
  Applied,
  Hold,
  IdentitiesSeen,
  MoveSeen,
  NexusName,
  Observation,
  ObservationKind,
  ReservationSeen,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FrameIndex } from '../seen/frame-index.ts';

/** What may take a reservation away without handing it over. */
const TAKEN_AWAY: ReadonlySet<string> = new Set([
  'preempt',
  'preempt-and-abort',
  'clear',
  'power-on',
]);

export class ReservationHandOver implements InvariantObserver {
  readonly invariant = 'I20';
  readonly sentence =
    'Only who a reservation allows writes, it is never without holder in a move, and its generation only grows';
  readonly needs: readonly ObservationKind[] = ['reservation', 'apply'];
  readonly hears: readonly ObservationKind[] = [
    'reservation',
    'apply',
    'identities',
    'move',
    'disturbance',
  ];
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  readonly #now = new Map<string, ReservationSeen>();
  readonly #names = new Map<string, ReadonlySet<bigint>>();
  /** Logical units that the moving machine held when its move began. */
  readonly #promised = new Set<string>();
  #moving: string | undefined;
  #writes = 0;

  constructor(index: FrameIndex) {
    this.#index = index;
  }

  observe(one: Observation): void {
    switch (one.kind) {
      case 'reservation':
        this.#reservation(one);
        return;
      case 'apply':
        this.#apply(one);
        return;
      case 'identities':
        this.#identities(one);
        return;
      case 'move':
        this.#move(one);
        return;
      case 'disturbance':
        // Without power it may all be gone: that is for APTPL to say, and not for this.
        if (one.what === 'crashed' && one.role === 'array') this.#now.clear();
    }
  }

  #reservation(one: ReservationSeen): void {
    const before = this.#now.get(one.lu);
    this.#now.set(one.lu, one);
    const unit = one.lu.slice(-8);
    const restarts = one.cause === 'power-on' || one.cause === 'reset';
    if (before !== undefined && one.generation < before.generation && !restarts) {
      this.#findings.add(
        `the generation of ${unit}'s reservations went from ${before.generation} to ${one.generation}`,
      );
    }
    if (!this.#promised.has(one.lu) || one.type !== undefined) return;
    if (TAKEN_AWAY.has(one.cause)) this.#promised.delete(one.lu);
    else {
      this.#findings.add(`${unit} is held by nobody in the middle of the move (${one.cause})`);
    }
  }

  #apply(one: Applied): void {
    const { held, nexus } = one;
    if (held === undefined) return;
    this.#writes++;
    if (mayWrite(held, nexus)) return;
    const holder = held.spc2Holder?.wwpn ?? held.holder?.wwpn ?? undefined;
    this.#findings.add(
      `${formatWwn(nexus.wwpn)} wrote LBA ${one.lba} of ${one.lu.slice(-8)}, which ${holder === undefined ? 'others hold' : `${formatWwn(holder)} holds`}`,
      this.#index.framesOf(one.fabric, nexus.sId, one.oxId),
    );
  }

  #identities({ vm, wwpns }: IdentitiesSeen): void {
    this.#names.set(vm, new Set(wwpns));
  }

  #move({ vm, phase }: MoveSeen): void {
    if (this.#moving === undefined) {
      this.#moving = vm;
      const names = this.#names.get(vm);
      for (const [lu, { holder }] of this.#now) {
        if (holder !== undefined && names?.has(holder.wwpn) === true) this.#promised.add(lu);
      }
    }
    if (ENDED.has(phase)) {
      this.#moving = undefined;
      this.#promised.clear();
    }
  }

  conclude() {
    return this.#findings.conclude(
      `${this.#writes} writes under reservations, all by who might write`,
    );
  }
}

/** How a move ends. */
export const ENDED: ReadonlySet<string> = new Set(['moved', 'refused', 'rolled-back', 'stranded']);

/** Whether a login may write under these reservations. Source: SPC-4, 5.13, and SPC-2, 5.5. */
function mayWrite(held: Hold, nexus: NexusName): boolean {
  const { spc2Holder, type, holder, registered } = held;
  if (spc2Holder !== undefined) {
    return spc2Holder.wwpn === nexus.wwpn && spc2Holder.port === nexus.port;
  }
  if (type === undefined) return true;
  if (holder?.wwpn === nexus.wwpn && holder.port === nexus.port) return true;
  return registered && type >= ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
}
