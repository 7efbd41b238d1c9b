/** States of reservations as blocks, and what is none. */
import { expect, test } from 'vitest';
import {
  decodeRequest,
  decodeStates,
  encodeShared,
  type ReservationRequest,
  type ReservationState,
} from '../../../../src/array/pair/reservation-state.ts';
import { fcInitiatorPort } from '../../../../src/history/port-name.ts';

const HOST = fcInitiatorPort(0x2100_0000_0000_000an);
const STATE: ReservationState = {
  unit: 1,
  epoch: 2,
  version: 7,
  generation: 9,
  aptpl: true,
  type: 5,
  holder: [HOST, 3],
  registrations: [[HOST, 3, 'ffffffffffffffff']],
  cause: 'preempt-and-abort',
  by: [HOST, 1],
  notices: [[HOST, 3, 0x2a05]],
  ends: [[HOST, 3]],
  asked: 4,
};
const REQUEST: ReservationRequest = {
  unit: 0,
  asked: 1,
  by: [HOST, 3],
  cdb: [0x5f, 0, 0, 0, 0, 0, 0, 0, 24, 0],
  list: Array.from({ length: 24 }, (_, i) => i),
};

test('they are whole blocks, and come back whole', () => {
  expect(encodeShared([STATE]).length % 512).toBe(0);
  expect(decodeStates(encodeShared([STATE, { ...STATE, type: null, holder: null }]))).toEqual([
    STATE,
    { ...STATE, type: null, holder: null },
  ]);
  expect(decodeRequest(encodeShared(REQUEST))).toEqual(REQUEST);
});

test.each<[string, Partial<Record<keyof ReservationState, unknown>>]>([
  ['a holder of nothing', { type: null }],
  ['nobody who holds', { holder: null }],
  ['a type that there is not', { type: 2 }],
  ['a key that is none', { registrations: [[HOST, 3, '0x1']] }],
  ['a registration that is short', { registrations: [[HOST, 3]] }],
  ['a name without end', { registrations: [['x'.repeat(600), 3, '1']] }],
  ['a cause of nothing', { cause: 'whim' }],
  ['a generation of more than 32 bits', { generation: 2 ** 32 }],
  ['a number that is none', { version: -1 }],
  ['a code of more than 16 bits', { notices: [[HOST, 3, 0x1_0000]] }],
  ['ends without a port', { ends: [[HOST]] }],
])('%s is no state', (_what, change) => {
  expect(decodeStates(encodeShared([{ ...STATE, ...change } as never]))).toBeUndefined();
});

test.each<[string, Partial<Record<keyof ReservationRequest, unknown>>]>([
  ['a CDB of another length', { cdb: [0x5f] }],
  ['bytes that are none', { list: [256] }],
  ['a list without end', { list: new Array(65_537).fill(0) }],
  ['nobody who asks', { by: null }],
])('%s is no request', (_what, change) => {
  expect(decodeRequest(encodeShared({ ...REQUEST, ...change } as never))).toBeUndefined();
});

test('noise is neither', () => {
  const noise = new Uint8Array(512).fill(0x7b);
  expect([decodeStates(noise), decodeRequest(noise)]).toEqual([undefined, undefined]);
  expect(decodeStates(encodeShared(REQUEST))).toBeUndefined();
});
