/** I20: who may write is who holds the reservation, or the layout of a file that lies there, at every moment. */
import { ReservationType, ScsiStatus } from '../../codecs/scsi/index.ts';
import type {
  BlocksApplied,
  HistoryEntry,
  HoldState,
  LayoutChanged,
  MoveEvent,
  NexusName,
  PairName,
  ReservationChanged,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import { type Evidence, MEANING } from '../evidence.ts';
import { Findings, notObservable } from '../findings.ts';
import type { FailedIo } from '../ledger/failed-ios.ts';
import { UnitLayouts } from '../ledger/unit-layouts.ts';
import type { Rule } from '../rule.ts';

/** What may take a reservation away without handing it over. */
const TAKEN_AWAY: ReadonlySet<string> = new Set([
  'preempt',
  'preempt-and-abort',
  'clear',
  'power-on',
]);

/** I20. Needs what the array emits: reservations and commands. */
export class ReservationHandOver implements Rule {
  readonly invariant = 'I20';
  readonly sentence =
    'Only who a reservation or a layout allows writes, a reservation is never without holder in a move and keeps no holder out, and its generation only grows';
  readonly needs: readonly Evidence[] = ['apply'];
  readonly hears: readonly Evidence[] = ['reservation', 'layout', 'apply', 'move'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  /** Logical units that the moving machine held when its move began. */
  readonly #promised = new Set<string>();
  /** I/Os of a guest that met its own reservation, by guest, unit and holder. */
  readonly #shutOut = new Map<string, { count: number; readonly frames: readonly number[] }>();
  readonly #layouts = new UnitLayouts();
  #moving: string | undefined;
  #reserved = false;
  #writes = 0;
  #underLayouts = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    context.failures.onFailure((failed) => this.#failed(failed));
  }

  /** A guest that holds a unit, under whatever name of its own, can use it under the one it has now. */
  #failed({ record, status }: FailedIo): void {
    if (status !== ScsiStatus.RESERVATION_CONFLICT) return;
    const { ios, names, places, reservations } = this.#context;
    const { vm, luName } = record.io;
    const one = reservations.of(luName);
    const holder = one?.spc2Holder?.initiator ?? one?.holder?.initiator;
    if (holder === undefined) return;
    const isOwn = names.of(vm).has(holder);
    if (!isOwn && !reservations.gaveAway(vm, luName)) return;
    const unit = places.unit(luName);
    const key = isOwn
      ? `${vm} is kept out of ${unit} by its own reservation, which ${holder} holds`
      : `${vm} is kept out of ${unit}, which it gave to ${holder} by REGISTER AND MOVE`;
    const known = this.#shutOut.get(key);
    if (known === undefined) {
      this.#shutOut.set(key, { count: 1, frames: ios.framesOfLast(record) });
    } else known.count++;
  }

  observe({ event }: HistoryEntry): void {
    switch (event.type) {
      case 'reservation':
        this.#reserved = true;
        this.#reservation(event);
        return;
      case 'layout':
        this.#layout(event);
        return;
      case 'apply':
        this.#apply(event);
        return;
      case 'move-step':
      case 'move-end':
        this.#move(event);
    }
  }

  #reservation(one: ReservationChanged): void {
    const { places, reservations } = this.#context;
    const before = reservations.before(one.luName);
    const unit = places.unit(one.luName);
    const restarts = one.cause === 'power-on' || one.cause === 'reset';
    if (before !== undefined && one.generation < before.generation && !restarts) {
      this.#findings.add(
        `the generation of the reservations on ${unit} went from ${before.generation} to ${one.generation}`,
      );
    }
    if (!this.#promised.has(one.luName) || one.reservationType !== undefined) return;
    if (TAKEN_AWAY.has(one.cause)) this.#promised.delete(one.luName);
    else {
      this.#findings.add(`${unit} is held by nobody in the middle of the move (${one.cause})`);
    }
  }

  #layout(event: LayoutChanged): void {
    const other = this.#layouts.take(event);
    if (other === undefined) return;
    const unit = this.#context.places.unit(event.luName);
    this.#findings.add(`the layout of ${unit} went to ${event.initiator} while ${other} held it`);
  }

  /** Who once came by a layout is judged by layouts. */
  #applyByLayout(event: BlocksApplied): void {
    const { lba, luName, nexus } = event;
    const held = this.#layouts.of(luName, nexus.initiator);
    if (held === undefined) return;
    this.#underLayouts++;
    if (held === 'read-write') return;
    const why = {
      read: 'was for reading only',
      returned: 'it had returned',
      revoked: 'was taken from it',
    };
    this.#findings.add(
      `${nexus.initiator} wrote LBA ${lba} of ${this.#context.places.unit(luName)}, whose layout ${why[held]}`,
      this.#context.framesOf(event),
    );
  }

  #apply(event: BlocksApplied): void {
    this.#applyByLayout(event);
    const { heldWhenEnabled: held, nexus, luName, lba } = event;
    if (held === undefined) return;
    this.#writes++;
    if (mayWrite(held, nexus)) return;
    const holder = held.spc2Holder?.initiator ?? held.holder?.initiator;
    this.#findings.add(
      `${nexus.initiator} wrote LBA ${lba} of ${this.#context.places.unit(luName)}, which ${holder === undefined ? 'others hold' : `${holder} holds`}`,
      this.#context.framesOf(event),
    );
  }

  #move(event: MoveEvent): void {
    if (this.#moving === undefined) {
      this.#moving = event.vm;
      const { names: guests, reservations } = this.#context;
      const names = guests.of(event.vm);
      for (const { holder, luName } of reservations.current) {
        if (holder !== undefined && names.has(holder.initiator)) {
          this.#promised.add(luName);
        }
      }
    }
    if (event.type === 'move-end') {
      this.#moving = undefined;
      this.#promised.clear();
    }
  }

  conclude() {
    const findings = this.#findings.copy();
    for (const [text, { count, frames }] of this.#shutOut) {
      findings.add(`${text}: ${count} I/Os failed`, frames);
    }
    if (!this.#reserved && !this.#layouts.any)
      return notObservable(`nothing here shows ${MEANING.reservation}, or ${MEANING.layout}`);
    const layouts = this.#layouts.any ? `${this.#underLayouts} under layouts` : '';
    const reserved = this.#reserved ? `${this.#writes} writes under reservations` : '';
    const checked = [reserved, reserved === '' ? layouts.replace(' ', ' writes ') : layouts];
    return findings.conclude(
      `${checked.filter((one) => one !== '').join(', ')}, all by who might write`,
    );
  }
}

/** Whether a login may write under these reservations. Source: SPC-4, 5.13, and SPC-2, 5.5. */
function mayWrite(held: HoldState, nexus: NexusName): boolean {
  const { spc2Holder, type, holder, registered } = held;
  if (spc2Holder !== undefined) {
    return isPair(spc2Holder, nexus);
  }
  if (type === undefined) return true;
  if (holder !== undefined && isPair(holder, nexus)) return true;
  return registered && type >= ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
}

function isPair(a: PairName, b: PairName): boolean {
  return a.initiator === b.initiator && a.target === b.target;
}
