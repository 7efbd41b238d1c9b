/** What arrays of a pair tell each other, and what is none of it. */
import { expect, test } from 'vitest';
import {
  compareGenerations,
  decodeRecord,
  encodeRecord,
  type PairRecord,
} from '../../../../src/array/pair/record.ts';

const RECORD: PairRecord = {
  site: 'east',
  at: 12,
  state: 'in-sync',
  generations: ['2-east', '1-west', '0'],
  leads: true,
  turn: 3,
  asks: false,
  differs: 0,
};

const block = (value: unknown): Uint8Array => {
  const bytes = new Uint8Array(512);
  bytes.set(new TextEncoder().encode(JSON.stringify(value)));
  return bytes;
};

test('a record is a block, and comes back whole', () => {
  expect(encodeRecord(RECORD)).toHaveLength(512);
  expect(decodeRecord(encodeRecord(RECORD))).toEqual(RECORD);
  const alive = { ...RECORD, life: 'mi3x-17' };
  expect(decodeRecord(encodeRecord(alive))).toEqual(alive);
  expect(decodeRecord(block({ ...RECORD, life: 5 }))).toBeUndefined();
});

test.each([
  ['zeros', new Uint8Array(512)],
  ['no text', new Uint8Array(512).fill(0xff)],
  ['a number', block(7)],
  ['null', block(null)],
  ['an unknown state', block({ ...RECORD, state: 'fine' })],
  ['no generation', block({ ...RECORD, generations: [] })],
  ['too many generations', block({ ...RECORD, generations: new Array(9).fill('1') })],
  ['a generation that is no name', block({ ...RECORD, generations: [''] })],
  ['a turn below 0', block({ ...RECORD, turn: -1 })],
  ['a time that is none', block({ ...RECORD, at: 0.5 })],
  ['a fence below 0', block({ ...RECORD, fence: -1 })],
  ['a lead that is no yes or no', block({ ...RECORD, leads: 1 })],
])('%s is no record', (_what, bytes) => {
  expect(decodeRecord(bytes)).toBeUndefined();
});

test('whose data have what the other lacks', () => {
  const of = (mine: string, theirs: string) =>
    compareGenerations(mine.split(' '), theirs.split(' '));
  expect(of('0', '0')).toBe('equal');
  expect(of('1-a 0', '0')).toBe('newer');
  expect(of('1-a 0', '2-b 1-a 0')).toBe('older');
  expect(of('1-a 0', '1-b 0')).toBe('diverged');
});
