/** What the arrays of a stretched unit say of its reservations: they have one state of it, and a fence is one at both. */
import type { CommandDone, PairName, ReservationChanged } from '../../history/index.ts';

/** States of a unit that are remembered of each array. */
const STATES_MAX = 64;
const GOOD = 0;
/** Service actions of PERSISTENT RESERVE OUT that change a state. */
const CHANGING: ReadonlySet<string> = new Set([
  'REGISTER',
  'REGISTER AND IGNORE EXISTING KEY',
  'REGISTER AND MOVE',
  'RESERVE',
  'RELEASE',
  'CLEAR',
  'PREEMPT',
  'PREEMPT AND ABORT',
]);

const pairOf = ({ initiator, target }: PairName): string => `${initiator} ${target}`;

/** A state in one text. */
function textOf({ aptpl, holder, registrations, reservationType }: ReservationChanged): string {
  const held = holder === undefined ? '' : pairOf(holder);
  const keys = registrations.map((one) => `${pairOf(one)} ${one.key.toString(16)}`).sort();
  return [reservationType ?? 'none', held, aptpl, ...keys].join('\n');
}

/** What one array knows of a unit. */
interface Known {
  /** The newest last. */
  readonly texts: string[];
  now: ReservationChanged;
}

/** What is known of one unit. */
interface Unit {
  readonly arrays: Map<string, Known>;
  /** Pairs that a PREEMPT AND ABORT has put out, and that have not registered again; true from its answer on. */
  readonly fenced: Map<string, boolean>;
}

/** The reservations of all stretched units. */
export class SharedHolds {
  readonly #units = new Map<string, Unit>();

  /** An array tells of a state. */
  change(node: string, event: ReservationChanged): void {
    let unit = this.#units.get(event.luName);
    if (unit === undefined) {
      unit = { arrays: new Map(), fenced: new Map() };
      this.#units.set(event.luName, unit);
    }
    const known = unit.arrays.get(node);
    const there = new Set(event.registrations.map(pairOf));
    if (event.cause === 'preempt-and-abort') {
      for (const one of known?.now.registrations ?? [])
        if (!there.has(pairOf(one)) && !unit.fenced.has(pairOf(one)))
          unit.fenced.set(pairOf(one), false);
    }
    for (const pair of there) unit.fenced.delete(pair);
    const texts = [...(known?.texts ?? []), textOf(event)].slice(-STATES_MAX);
    unit.arrays.set(node, { texts, now: event });
  }

  /** Whether an array has answered a command that changes reservations. */
  static isChange({ command, status }: CommandDone): boolean {
    return status === GOOD && CHANGING.has(command);
  }

  /** The array that does not know the state of the one that has just answered; `undefined` where all do. */
  without(node: string, luName: string, nodes: Iterable<string>): string | undefined {
    const unit = this.#units.get(luName);
    const text = unit?.arrays.get(node)?.texts.at(-1);
    if (unit === undefined || text === undefined) return undefined;
    for (const other of nodes)
      if (other !== node && unit.arrays.get(other)?.texts.includes(text) !== true) return other;
    return undefined;
  }

  /** A PREEMPT AND ABORT has been answered: what it puts out must have ended. */
  answered({ command, luName, status }: CommandDone): void {
    if (command !== 'PREEMPT AND ABORT' || status !== GOOD || luName === undefined) return;
    const fenced = this.#units.get(luName)?.fenced;
    for (const pair of fenced?.keys() ?? []) fenced!.set(pair, true);
  }

  /** Whether a command that was answered well is of a pair that was put out, while others hold the unit. */
  isFenced({ luName, nexus }: CommandDone): boolean {
    const unit = luName === undefined ? undefined : this.#units.get(luName);
    if (unit?.fenced.get(pairOf(nexus)) !== true) return false;
    return [...unit.arrays.values()].every(({ now }) => now.reservationType !== undefined);
  }
}
