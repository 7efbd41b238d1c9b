/**
 * A history beside a capture: what switches and an array told of themselves while the frames of the capture passed,
 * as lines of JSON. With both, a run is judged again as it was judged when it was made.
 *
 * The first line says where things are; then come ports, as they become known, and happenings. Each happening
 * says which way the frames went that passed since the line before, a letter each: `i` into the switch, `o` out of it.
 * What was written to blocks is not in it, for no rule that needs no guest asks for it; of units with a leg at a second
 * array there is a number for what each block holds, for who judges the histories of both (`joint-history.ts`).
 */
import type { Happening, HistoryEntry, Places, PortPlace } from '../history/index.ts';
import { Auditor } from './auditor.ts';
import { bytesOfContents, contentsOf } from './ledger/legs.ts';
import type { SeenAtTap } from './seen-judge.ts';
import type { AuditBounds, TimeNs, Verdict } from './verdict.ts';

/** Version of the format. */
const FORMAT = 1;
/** Nothing tells of guests: how long they wait, and how long they may pause, is not known. */
export const TOLD_BOUNDS: AuditBounds = {
  guestTimeoutNs: Number.MAX_SAFE_INTEGER,
  blackoutBudgetNs: Number.MAX_SAFE_INTEGER,
  rATovNs: 10e9,
};
const NO_BYTES = new Uint8Array(0);

/** A history that cannot be read, in words for a person. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** A clock that programs of one machine have in common, and what the times of a history are on it. */
export interface HistoryClock {
  /** Names the clock: histories that say the same are of one. */
  readonly machine: string;
  /** Its time, in nanoseconds, where the history's own times begin. */
  readonly zeroNs: bigint;
  /** `zeroNs` is no further off than this. */
  readonly withinNs: number;
}

/** The first line. */
export interface HistoryStart {
  readonly history: typeof FORMAT;
  /** Left out where the machine has no such clock. */
  readonly clock?: HistoryClock;
  readonly places: Pick<Places, 'nodes'> & Required<Pick<Places, 'units'>>;
}

/** Which way frames went since the line before; `firstAt`: when the first one of all did. */
interface Ways {
  readonly ways: string;
  readonly firstAt?: TimeNs;
}

/** Any other line. */
export type HistoryLine =
  | { readonly port: PortPlace }
  | (Ways & { readonly entry: HistoryEntry })
  | (Ways & { readonly end: true });

/** The first line of a world. */
export function historyStart(
  places: HistoryStart['places'],
  clock?: HistoryClock | undefined,
): HistoryStart {
  return { history: FORMAT, ...(clock === undefined ? {} : { clock }), places };
}

/** Judges frames and happenings in the order in which they come. */
export class HistoryJudge {
  readonly #auditor: Auditor;
  /** The fabric of each link. */
  readonly #fabrics = new Map<string, string>();

  constructor({ places }: HistoryStart) {
    this.#auditor = new Auditor(TOLD_BOUNDS, { places: { ...places, ports: [] } });
  }

  /** A port becomes known, before any frame of its link. */
  port(place: PortPlace): void {
    this.#fabrics.set(place.link, place.fabric);
    this.#auditor.addPort(place);
  }

  /** A frame passed a tap. */
  see(frame: SeenAtTap, direction: 'in' | 'out'): void {
    const fabric = this.#fabrics.get(frame.tap) ?? '';
    this.#auditor.see({ ...frame, fabric, direction });
  }

  /** Something happened. */
  observe(entry: HistoryEntry): void {
    this.#auditor.observe(entry);
  }

  /** What is known by now; more may follow. */
  soFar(): Verdict[] {
    return this.#auditor.soFar();
  }

  /** The verdicts. Call it once, at the end. */
  conclude(): Verdict[] {
    return this.#auditor.conclude();
  }
}

/** A happening as a history keeps it. */
export function withoutData<E extends Happening>(entry: HistoryEntry<E>): HistoryEntry<E> {
  const { event } = entry;
  return 'data' in event ? { ...entry, event: { ...event, data: NO_BYTES } } : entry;
}

/** A line as text, without its end; of bytes there is how many, or a number for each block of them. */
export function formatHistoryLine(
  line: HistoryStart | HistoryLine,
  bytes: 'counted' | 'as contents' = 'counted',
): string {
  return JSON.stringify(line, (_key, value: unknown) => {
    if (typeof value === 'bigint') return { $bigint: `${value}` };
    if (!(value instanceof Uint8Array)) return value;
    return bytes === 'counted' ? { $bytes: value.length } : { $contents: contentsOf(value) };
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a line. `as contents`: blocks that are known by a number are read as blocks that differ where those did.
 * Errors: `HistoryError` that names the line.
 */
export function parseHistoryLine(
  text: string,
  where: string,
  bytes: 'counted' | 'as contents' = 'counted',
): HistoryStart | HistoryLine {
  let value: unknown;
  try {
    value = JSON.parse(text, (_key, one: unknown) => {
      if (!isObject(one)) return one;
      if (typeof one.$bigint === 'string' && /^-?\d{1,40}$/.test(one.$bigint))
        return BigInt(one.$bigint);
      if (Array.isArray(one.$contents))
        return bytes === 'counted' ? NO_BYTES : (bytesOfContents(one.$contents) ?? one);
      return typeof one.$bytes === 'number' ? NO_BYTES : one;
    });
  } catch (error) {
    throw new HistoryError(`${where}: no JSON: ${(error as Error).message}`);
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw new HistoryError(`${where}: ${fault}`);
  return value as HistoryStart | HistoryLine;
}

function isClock(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.machine === 'string' &&
    typeof value.zeroNs === 'bigint' &&
    Number.isSafeInteger(value.withinNs)
  );
}

/** Why a value is no line; `undefined` where it is one. */
function faultOf(value: unknown): string | undefined {
  if (!isObject(value)) return 'no JSON object';
  const { clock, end, entry, firstAt, history, places, port, ways } = value;
  if (history !== undefined) {
    if (history !== FORMAT)
      return `version ${String(history).slice(0, 20)} of the format; known is ${FORMAT}`;
    if (clock !== undefined && !isClock(clock)) return 'the clock is none';
    return isObject(places) && Array.isArray(places.nodes) && Array.isArray(places.units)
      ? undefined
      : 'places are missing';
  }
  if (port !== undefined)
    return isObject(port) &&
      ['node', 'link', 'fabric'].every((name) => typeof port[name] === 'string') &&
      typeof port.port === 'number'
      ? undefined
      : 'the port is none';
  if (typeof ways !== 'string' || !/^[io]*$/.test(ways)) return 'ways are missing';
  if (firstAt !== undefined && !Number.isSafeInteger(firstAt)) return 'firstAt is no time';
  if (end === true) return undefined;
  const isEntry =
    isObject(entry) &&
    Number.isSafeInteger(entry.at) &&
    typeof entry.node === 'string' &&
    isObject(entry.event) &&
    typeof entry.event.type === 'string';
  return isEntry ? undefined : 'neither a happening nor the end';
}
