/**
 * The histories of two servers that have a leg each, judged as one: what neither can say by itself. Which of two happenings
 * came first is known where both have the times of one clock; where they have not, only what holds in any order is said.
 */
import type { HistoryEntry, PairChanged, PairState, Places, UnitPlace } from '../history/index.ts';
import { PlaceIndex } from '../history/index.ts';
import { Auditor } from './auditor.ts';
import { Findings, notObservable } from './findings.ts';
import { AnsweredWrites } from './ledger/answered-writes.ts';
import type { Conclusion } from './rule.ts';
import { HistoryError, type HistoryStart, TOLD_BOUNDS } from './told-history.ts';
import type { Verdict } from './verdict.ts';

/** Two clocks read no closer together do not tell which of two happenings of two programs came first. */
const CLOCKS_WITHIN_NS = 20_000;
/** No unit of a pair, which is in memory, is larger. */
const BLOCKS_MAX = 2 ** 22;

/** What is asked of a history; all else is told by each server for itself. */
const ASKED: ReadonlySet<string> = new Set([
  'pair',
  'apply',
  'command-done',
  'change-settled',
  'reservation',
]);

/** A history as it was read: what is asked of it. */
export interface PairHistory {
  readonly file: string;
  readonly start: HistoryStart;
  readonly entries: readonly HistoryEntry[];
  /** When it last told of anything. */
  readonly lastAt: number;
  /** It has its end: nothing that the server told is missing. */
  readonly isWhole: boolean;
}

/** What one of them is of. */
export interface PairHistoryRow {
  readonly file: string;
  /** The array. */
  readonly array: string;
  readonly happenings: number;
  readonly isWhole: boolean;
  /** How it stood in the end; `undefined` where it never heard of the other. */
  readonly state: PairState | undefined;
  readonly generation: string | undefined;
}

/** What they show together. */
export interface JointVerdict {
  readonly histories: readonly PairHistoryRow[];
  /** The times are of one clock: it is known what came first. */
  readonly oneClock: boolean;
  /** I6 and I36. */
  readonly verdict: readonly Verdict[];
}

/** Whether a happening is asked for. Errors: `RangeError` for one that no server tells. */
export function isAskedOfPair({ event }: HistoryEntry): boolean {
  if (!ASKED.has(event.type)) return false;
  if (event.type === 'pair' && typeof event.generation !== 'string')
    throw new RangeError('a pair without a generation');
  if (event.type === 'reservation' && !Array.isArray(event.registrations))
    throw new RangeError('a reservation without registrations');
  if ('nexus' in event && (typeof event.nexus !== 'object' || event.nexus === null))
    throw new RangeError('a command without a login');
  if (event.type !== 'apply') return true;
  const { blocks, change, data, lba } = event;
  for (const one of [lba, blocks])
    if (!Number.isSafeInteger(one) || one < 0) throw new RangeError('blocks that are none');
  if (blocks > BLOCKS_MAX) throw new RangeError(`more than ${BLOCKS_MAX} blocks at once`);
  if (!(data instanceof Uint8Array)) throw new RangeError('contents that are none');
  // Of other units nobody says what blocks hold.
  const isTold = data.length > 0;
  if (change !== 'unmap' && isTold && data.length !== blocks * 512)
    throw new RangeError('contents of other blocks');
  return change === 'unmap' || isTold;
}

/** Judges histories of both arrays of a pair; of one array there may be several, one after the other. Errors: `HistoryError`. */
export function judgePairHistories(histories: readonly PairHistory[]): JointVerdict {
  const oneClock = haveOneClock(histories);
  const lives = livesOf(histories, oneClock);
  const judge = new PairJudge(lives);
  const verdict = oneClock ? judge.inOrder() : judge.inAnyOrder();
  const rows = lives.map(({ array, history: { entries, file, isWhole } }) => {
    const last = entries.findLast(({ event }) => event.type === 'pair')?.event as PairChanged;
    const { generation, state } = last ?? {};
    return { file, array, happenings: entries.length, isWhole, state, generation };
  });
  return { histories: rows, oneClock, verdict };
}

/** An array from the beginning of its process to the end. */
interface Life {
  readonly array: string;
  readonly history: PairHistory;
  /** Added to its times, they are those of the first history. */
  readonly offsetNs: number;
  readonly fromNs: number;
  readonly untilNs: number;
}

function haveOneClock(histories: readonly PairHistory[]): boolean {
  const clocks = histories.map(({ start }) => start.clock);
  const [first] = clocks;
  if (first === undefined) return false;
  const within = clocks.reduce((sum, one) => sum + (one?.withinNs ?? 0), 0);
  return within <= CLOCKS_WITHIN_NS && clocks.every((one) => one?.machine === first.machine);
}

function livesOf(histories: readonly PairHistory[], oneClock: boolean): Life[] {
  const first = histories[0]!.start.clock?.zeroNs ?? 0n;
  const lives = histories.map((history): Life => {
    const { entries, file, lastAt, start } = history;
    const arrays = start.places.nodes.filter(({ kind }) => kind === 'array');
    if (arrays.length !== 1 || !start.places.units.some(({ isStretched }) => isStretched))
      throw new HistoryError(`${file}: not of one of two servers with a leg each (serve --peer)`);
    const offsetNs = Number((start.clock?.zeroNs ?? 0n) - first);
    const fromNs = (entries[0]?.at ?? lastAt) + offsetNs;
    return { array: arrays[0]!.name, history, offsetNs, fromNs, untilNs: lastAt + offsetNs };
  });
  lives.sort((a, b) => a.fromNs - b.fromNs);
  checkLives(lives, oneClock);
  return lives;
}

function checkLives(lives: readonly Life[], oneClock: boolean): void {
  const names = [...new Set(lives.map(({ array }) => array))];
  const files = lives.map(({ history }) => history.file).join(', ');
  if (names.length !== 2)
    throw new HistoryError(
      `${files}: of ${names.length === 1 ? `${names[0]} alone` : `${names.length} arrays`}; give what serve --history wrote at both servers of a pair`,
    );
  const unitsOf = (name: string): Set<string> =>
    new Set(
      lives
        .filter(({ array }) => array === name)
        .flatMap(({ history }) => history.start.places.units)
        .flatMap(({ isStretched, luName }) => (isStretched === true ? [luName] : [])),
    );
  const [one, other] = names.map(unitsOf);
  if (![...one!].some((unit) => other!.has(unit)))
    throw new HistoryError(`${files}: no unit has a leg at both; are they of one scenario?`);
  for (const [i, life] of oneClock ? lives.entries() : []) {
    const before = lives.slice(0, i).findLast(({ array }) => array === life.array);
    if (before !== undefined && before.untilNs > life.fromNs)
      throw new HistoryError(
        `${before.history.file}, ${life.history.file}: both are of ${life.array}, at the same time`,
      );
  }
}

/** The places of both: each server knows its own array and switch. */
function placesOf(lives: readonly Life[]): Places {
  const nodes = new Map(
    lives.flatMap(({ history }) => history.start.places.nodes).map((node) => [node.name, node]),
  );
  const units = new Map<string, UnitPlace>();
  for (const { history } of lives)
    for (const unit of history.start.places.units) units.set(unit.luName, unit);
  return { nodes: [...nodes.values()], ports: [], units: [...units.values()] };
}

const startOf = (at: number, node: string): HistoryEntry => ({
  at,
  node,
  event: {
    ...{ type: 'pair', state: 'starting', leads: false, generation: '0', luNames: [] },
    detail: 'it has begun anew',
  },
});

/** Judges once. */
class PairJudge {
  readonly #lives: readonly Life[];
  readonly #auditor: Auditor;
  readonly #places: PlaceIndex;
  /** What each array is known until; without bound where its history has its end. */
  readonly #knownNs = new Map<string, number>();
  #now = Number.NEGATIVE_INFINITY;

  constructor(lives: readonly Life[]) {
    const places = placesOf(lives);
    this.#lives = lives;
    this.#auditor = new Auditor(TOLD_BOUNDS, { places });
    this.#places = new PlaceIndex(places);
  }

  #isKnown(node: string): boolean {
    return this.#now <= (this.#knownNs.get(node) ?? Number.POSITIVE_INFINITY);
  }

  /** By the time of the clock that all have. */
  inOrder(): Verdict[] {
    const writes = new AnsweredWrites(this.#places, (node) => this.#isKnown(node));
    const all = this.#lives
      .flatMap((life) => life.history.entries.map((entry) => ({ life, entry })))
      .map(({ entry, life }) => ({ life, entry: { ...entry, at: entry.at + life.offsetNs } }))
      .sort((a, b) => a.entry.at - b.entry.at);
    const begun = new Set<Life>();
    const arrays = new Set<string>();
    for (const { entry, life } of all) {
      this.#now = entry.at;
      if (!begun.has(life)) {
        begun.add(life);
        const { array, history, untilNs } = life;
        this.#knownNs.set(array, history.isWhole ? Number.POSITIVE_INFINITY : untilNs);
        writes.begin(array);
        if (arrays.has(array)) this.#auditor.observe(startOf(entry.at, array));
        arrays.add(array);
      }
      writes.observe(entry);
      // Whether the other knew it too is not known of one whose end is not told.
      const isAlone = ![...arrays].every((array) => this.#isKnown(array));
      if (entry.event.type !== 'command-done' || !isAlone) this.#auditor.observe(entry);
    }
    writes.end();
    return this.#verdictOf(writes);
  }

  #verdictOf(writes: AnsweredWrites): Verdict[] {
    const { answered, checked, compared, lost, mirrored, split, unequal } = writes;
    const cut = this.#lives.filter(({ history }) => !history.isWhole);
    const but = cut.map(
      ({ history }) => `; ${history.file} has no end: its last second is missing`,
    );
    const told = this.#auditor.conclude().find(({ invariant }) => invariant === 'I36')!;
    const found = new Findings();
    // One split brain is one, whoever saw it.
    if (told.breach === undefined) found.join(split);
    found.join(unequal);
    const legs = found.concludeOf(
      mirrored + compared,
      `${mirrored} writes on both legs before they were answered, ${compared} blocks compared${but.join('')}`,
      'no write was answered while both were together, and no block compared',
    );
    const breach = split.count > 0 ? { breach: 'a split brain' } : {};
    return [
      this.#verdict(
        'I6',
        lost.concludeOf(
          checked,
          `${answered} answered writes, looked for in ${checked} blocks${but.join('')}`,
          answered === 0 ? 'no write was answered' : 'neither serves in the end',
        ),
      ),
      this.#verdict('I36', { ...joinedWith(told, legs), ...breach }),
    ];
  }

  #verdict(invariant: string, conclusion: Conclusion): Verdict {
    const { sentence } = this.#auditor.soFar().find((one) => one.invariant === invariant)!;
    return { invariant, sentence, ...conclusion };
  }

  /** Names of data say who went on from where, whatever the clocks say. */
  inAnyOrder(): Verdict[] {
    const why =
      'the histories have no clock in common: which of two happenings came first is not known';
    const went = this.#lives.flatMap(({ array, history }) => wentAlone(array, history.entries));
    const found = new Findings();
    for (const [i, one] of went.entries()) {
      const other = went
        .slice(0, i)
        .find(({ array, from, to }) => array !== one.array && from === one.from && to !== one.to);
      if (other === undefined) continue;
      found.add(
        `split brain: from generation ${one.from} ${other.array} went on alone with ${other.to} and ${one.array} with ${one.to}, and both have answered writes`,
      );
    }
    const legs: Conclusion =
      found.count === 0 ? notObservable(why) : { ...found.conclude(''), breach: 'a split brain' };
    return [this.#verdict('I6', notObservable(why)), this.#verdict('I36', legs)];
  }
}

/** What the rule found, and what both histories show. */
function joinedWith(told: Conclusion, legs: Conclusion): Conclusion {
  if (told.result !== 'violated') return legs;
  if (legs.result !== 'violated') return told;
  return { ...told, ...legs, detail: `${told.detail}; ${legs.detail}` };
}

/** Generations with which an array went on alone and answered writes, and from which. */
function wentAlone(
  array: string,
  entries: readonly HistoryEntry[],
): { readonly array: string; readonly from: string; readonly to: string }[] {
  const all: { readonly array: string; readonly from: string; readonly to: string }[] = [];
  let last: PairChanged | undefined;
  let alone: { readonly array: string; readonly from: string; readonly to: string } | undefined;
  for (const { event } of entries) {
    if (event.type === 'pair') {
      const { generation: to, state } = event;
      const isNew = last !== undefined && last.generation !== to;
      if (state !== 'detached') alone = undefined;
      else if (isNew) alone = { array, from: last!.generation, to };
      last = event;
    } else if (event.type === 'change-settled' && event.answers && alone !== undefined) {
      all.push(alone);
      alone = undefined;
    }
  }
  return all;
}
