/** What every worker with frames offers: lines, fields, filters, exchanges, ladders. */
import type { Tell } from '../progress.ts';
import { type ExchangeKey, type Exchanges, exchangesOf, ladderOfExchange } from './exchanges.ts';
import { type FrameDetail, FrameReader, type FrameRow, type FrameStore } from './frame-reader.ts';

/** Functions about frames; places count from 0. */
export interface FrameFunctions {
  [name: string]: (...values: never[]) => unknown;
  rows(places: readonly number[]): Promise<FrameRow[]>;
  detail(place: number): Promise<FrameDetail | undefined>;
  passing(filter: string): Promise<Uint32Array>;
  exchanges(): Promise<Exchanges>;
  ladder(key: ExchangeKey): Promise<string>;
  placeOf(number: number): number;
}

/** The functions over a store that is opened later. */
export function frameFunctions(
  storeOf: () => FrameStore | undefined,
  placeOf: (number: number) => number,
  tell: Tell,
): FrameFunctions {
  const store = (): FrameStore => {
    const opened = storeOf();
    if (opened === undefined) throw new Error('nothing is open');
    return opened;
  };
  const reader = (): FrameReader => new FrameReader(store());
  return {
    rows: (places) => reader().rows(places),
    detail: (place) => reader().detail(place),
    passing: (filter) => reader().passing(filter, tell),
    exchanges: () => exchangesOf(store(), tell),
    ladder: (key) => ladderOfExchange(store(), reader(), key),
    placeOf,
  };
}
