/**
 * Fault rules: which frames of which links are hit, and what happens to them. `fault-lane.ts` puts
 * them to work.
 *
 * A rule looks at every frame a machine sends on a link that is up, in the order they are sent,
 * before the queue. A rule is plain data, apart from the optional test on the frame's bytes.
 */

import type { Instant } from '../machine/machine.ts';

/** Which way along a link, from the port named first in `connect` or back. */
export type Direction = 'a-to-b' | 'b-to-a';

/** What a rule draws its chances from. */
export interface FaultRandom {
  /** A whole number, 0 to `limit` - 1. */
  below(limit: number): number;
  /** `true` with probability p. */
  chance(p: number): boolean;
}

/** What a rule does. Times are integer nanoseconds. */
export type FaultAction =
  /** The frame is lost on the wire, after it took its serialization time like any other. */
  | { readonly kind: 'drop' }
  /** The frame arrives so much later than it would have; others overtake it. */
  | { readonly kind: 'delay'; readonly delayNs: Instant }
  /** The frame arrives, and so much later arrives again. */
  | { readonly kind: 'duplicate'; readonly afterNs: Instant }
  /** The frame is sent after the next one of its direction, or after `withinNs` (1 ms) if none. */
  | { readonly kind: 'reorder'; readonly withinNs?: Instant }
  /**
   * A copy of the frame with bits flipped is sent. With `mask`, those bits of the byte at
   * `offsetBytes`; else `bits` (default 1) random ones, of that byte or, without an offset, of the
   * whole frame. No FCS guards the frame: it arrives as corruption inside a switch does.
   */
  | {
      readonly kind: 'corrupt';
      readonly offsetBytes?: number;
      readonly mask?: number;
      readonly bits?: number;
    }
  /** The direction stands still: this frame and those after it wait, and then go in order. */
  | { readonly kind: 'clog'; readonly forNs: Instant }
  | { readonly kind: 'clog'; readonly untilNs: Instant }
  /** The link goes down for a time; this frame and all in flight on it are lost. */
  | { readonly kind: 'cut'; readonly forNs: Instant };

/** A rule: an action for the frames that fit everything stated. */
export interface FaultRule {
  /** What the trace calls it, and the random stream it draws from; default: kind and number. */
  readonly name?: string;
  /** The link's name; default every link. */
  readonly link?: string;
  /** Default both. */
  readonly direction?: Direction;
  /** Only frames sent at or after this time. */
  readonly fromNs?: Instant;
  /** Only frames sent before this time. */
  readonly untilNs?: Instant;
  /** Only frames whose bytes pass this test; it must not change them. */
  readonly matches?: (frame: Uint8Array) => boolean;
  /** Lets the first n-1 frames that fit the above pass; from 1. Default 1. */
  readonly nth?: number;
  /** Hits a frame with this probability; default 1. */
  readonly chance?: number;
  /** How many frames are hit at most; default 1 where `nth` is given, else no limit. */
  readonly times?: number;
  readonly action: FaultAction;
}

/** A rule at work: how often it fitted and how often it acted. */
export class ActiveFault {
  readonly name: string;
  readonly rule: FaultRule;
  readonly #random: FaultRandom;
  readonly #timesMax: number;
  #fitted = 0;
  #applied = 0;

  constructor(rule: FaultRule, name: string, random: FaultRandom) {
    this.name = name;
    this.rule = rule;
    this.#random = random;
    this.#timesMax = rule.times ?? (rule.nth === undefined ? Infinity : 1);
  }

  /** How many frames the rule has hit. */
  get applied(): number {
    return this.#applied;
  }

  /** Whether the rule hits this frame; counts it. */
  hits(frame: Uint8Array, now: Instant): boolean {
    const { fromNs, untilNs, matches, nth, chance, action } = this.rule;
    if (this.#applied >= this.#timesMax) return false;
    if (fromNs !== undefined && now < fromNs) return false;
    if (untilNs !== undefined && now >= untilNs) return false;
    if (action.kind === 'corrupt' && frame.length <= (action.offsetBytes ?? 0)) return false;
    if (matches !== undefined && !matches(frame)) return false;
    this.#fitted++;
    if (nth !== undefined && this.#fitted < nth) return false;
    if (chance !== undefined && !this.#random.chance(chance)) return false;
    this.#applied++;
    return true;
  }

  /** The frame as `corrupt` leaves it: a copy with bits flipped. */
  corrupt(frame: Uint8Array, action: FaultAction & { kind: 'corrupt' }): Uint8Array {
    const copy = frame.slice();
    const { offsetBytes, mask } = action;
    if (offsetBytes !== undefined && mask !== undefined) {
      copy[offsetBytes]! ^= mask;
      return copy;
    }
    const firstBit = (offsetBytes ?? 0) * 8;
    const bitsThere = offsetBytes === undefined ? frame.length * 8 : 8;
    const flipped = new Set<number>();
    while (flipped.size < Math.min(action.bits ?? 1, bitsThere)) {
      flipped.add(firstBit + this.#random.below(bitsThere));
    }
    for (const bit of flipped) copy[bit >> 3]! ^= 0x80 >> (bit & 7);
    return copy;
  }
}

/** The rules in force. */
export class FaultPlan {
  readonly #stream: (name: string) => FaultRandom;
  #rules: ActiveFault[] = [];
  #made = 0;

  /** `stream` gives the random stream of a name. */
  constructor(stream: (name: string) => FaultRandom) {
    this.#stream = stream;
  }

  /** Puts a rule in force. Errors: `RangeError` or `TypeError` naming what makes no sense in it. */
  add(rule: FaultRule): ActiveFault {
    checkRule(rule);
    const name = rule.name ?? `${rule.action.kind} ${++this.#made}`;
    const active = new ActiveFault(rule, name, this.#stream(`fault ${name}`));
    this.#rules.push(active);
    return active;
  }

  /** The rules in force, in the order they were added. */
  get rules(): readonly ActiveFault[] {
    return this.#rules;
  }

  /** Takes the rules of a name out of force. */
  remove(name: string): void {
    this.#rules = this.#rules.filter((one) => one.name !== name);
  }

  /** Takes every rule out of force. */
  clear(): void {
    this.#rules = [];
  }

  /** The rules that look at one direction of a link, in the order they were added. */
  of(link: string, direction: Direction): readonly ActiveFault[] {
    return this.#rules.filter(
      ({ rule }) =>
        (rule.link === undefined || rule.link === link) &&
        (rule.direction === undefined || rule.direction === direction),
    );
  }
}

/** The numbers of a rule or action, what they are called, and their least value. */
function numbersOf(rule: FaultRule): [string, number | undefined, number][] {
  const { action } = rule;
  const common: [string, number | undefined, number][] = [
    ['fromNs', rule.fromNs, 0],
    ['untilNs', rule.untilNs, 0],
    ['nth', rule.nth, 1],
    ['times', rule.times === Infinity ? undefined : rule.times, 0],
  ];
  switch (action.kind) {
    case 'drop':
      return common;
    case 'delay':
      return [...common, ['delayNs', action.delayNs, 1]];
    case 'duplicate':
      return [...common, ['afterNs', action.afterNs, 0]];
    case 'reorder':
      return [...common, ['withinNs', action.withinNs, 1]];
    case 'corrupt':
      return [
        ...common,
        ['offsetBytes', action.offsetBytes, 0],
        ['mask', action.mask, 1],
        ['bits', action.bits, 1],
      ];
    case 'clog':
      return 'forNs' in action
        ? [...common, ['forNs', action.forNs, 1]]
        : [...common, ['clog untilNs', action.untilNs, 0]];
    case 'cut':
      return [...common, ['forNs', action.forNs, 1]];
    default:
      throw new TypeError(`fault rule: unknown action ${(action as { kind: unknown }).kind}`);
  }
}

function checkRule(rule: FaultRule): void {
  for (const [name, value, least] of numbersOf(rule)) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      throw new RangeError(`fault rule: ${name} ${value} is not an integer >= ${least}`);
    }
  }
  if (rule.chance !== undefined && !(rule.chance >= 0 && rule.chance <= 1)) {
    throw new RangeError(`fault rule: chance ${rule.chance} is outside 0..1`);
  }
  const { action } = rule;
  if (action.kind !== 'corrupt' || action.mask === undefined) return;
  if (action.offsetBytes === undefined) throw new TypeError('fault rule: mask needs offsetBytes');
  if (action.bits !== undefined) throw new TypeError('fault rule: mask and bits exclude another');
  if (action.mask > 0xff) throw new RangeError(`fault rule: mask ${action.mask} is above 255`);
}
