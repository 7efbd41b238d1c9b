/**
 * Patterns of `matches`, in time that grows with the length of text and pattern alone: all places in
 * the pattern where a match may stand are followed at once, so none is ever tried a second time.
 * Letters of either case are alike, as in Wireshark.
 */
import type { Expression } from './ast.ts';
import { FilterError } from './error.ts';

/** Places of a pattern, repetitions written out. */
const STATES_MAX = 2000;
/** Characters of a text that are looked at. */
const TEXT_CHARACTERS_MAX = 65_536;

/** A place in a pattern: takes a character of its set, or leads on by itself. */
type State =
  | { readonly takes: (code: number) => boolean; next: number }
  | { readonly takes: undefined; readonly when?: 'start' | 'end'; readonly next: number[] };

class Program {
  readonly states: State[] = [];
  readonly #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  /** Adds a state, and gives its number. */
  add(state: State): number {
    if (this.states.length >= STATES_MAX)
      throw new FilterError(
        this.#at,
        `the pattern has more than ${STATES_MAX} places, repetitions written out`,
      );
    return this.states.push(state) - 1;
  }

  /** Puts an expression in front of the state `next`; gives where it begins. */
  put(expression: Expression, next: number): number {
    switch (expression.kind) {
      case 'set':
        return this.add({ takes: testOf(expression), next });
      case 'chain':
        return expression.of.reduceRight((behind, one) => this.put(one, behind), next);
      case 'either':
        return this.add({
          takes: undefined,
          next: expression.of.map((one) => this.put(one, next)),
        });
      case 'repeat':
        return this.#repeat(expression, next);
      default:
        return this.add({ takes: undefined, when: expression.kind, next: [next] });
    }
  }

  #repeat({ of, least, most }: Extract<Expression, { kind: 'repeat' }>, next: number): number {
    if (most < least)
      throw new FilterError(this.#at, `{${least},${most}} repeats less than it does`);
    let begin = next;
    if (most === Number.POSITIVE_INFINITY) {
      const again: number[] = [next];
      begin = this.add({ takes: undefined, next: again });
      again.push(this.put(of, begin));
    } else {
      for (let i = least; i < most; i++)
        begin = this.add({ takes: undefined, next: [next, this.put(of, begin)] });
    }
    for (let i = 0; i < least; i++) begin = this.put(of, begin);
    return begin;
  }
}

const SMALL = /[a-z]/;

function testOf({
  negated,
  ranges,
}: Extract<Expression, { kind: 'set' }>): (code: number) => boolean {
  const has = (code: number): boolean => ranges.some(([from, to]) => code >= from && code <= to);
  return (code) => {
    const text = String.fromCharCode(code);
    const other = SMALL.test(text) ? text.toUpperCase() : text.toLowerCase();
    return (has(code) || (other.length === 1 && has(other.charCodeAt(0)))) !== negated;
  };
}

/** A test whether a text holds what a pattern says. Errors: {@link FilterError} for one that is too large. */
export function patternTest(expression: Expression, at: number): (text: string) => boolean {
  const program = new Program(at);
  const accepted = program.add({ takes: undefined, next: [] });
  const begin = program.put(expression, accepted);
  const { states } = program;
  return (whole) => {
    const text = whole.slice(0, TEXT_CHARACTERS_MAX);
    let here = new Set<number>();
    /** Follows all that leads on without a character; true when the end was reached. */
    const enter = (first: number, into: Set<number>, position: number): boolean => {
      const open = [first];
      for (let number = open.pop(); number !== undefined; number = open.pop()) {
        if (into.has(number)) continue;
        into.add(number);
        if (number === accepted) return true;
        const state = states[number]!;
        if (state.takes !== undefined) continue;
        if (state.when === 'start' && position !== 0) continue;
        if (state.when === 'end' && position !== text.length) continue;
        open.push(...state.next);
      }
      return false;
    };
    for (let position = 0; position <= text.length; position++) {
      if (enter(begin, here, position)) return true;
      if (position === text.length) break;
      const code = text.charCodeAt(position);
      const there = new Set<number>();
      for (const number of here) {
        const state = states[number]!;
        if (state.takes?.(code) && enter(state.next as number, there, position + 1)) return true;
      }
      here = there;
    }
    return false;
  };
}
