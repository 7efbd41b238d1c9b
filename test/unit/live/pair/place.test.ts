/** Addresses of another half and of a witness. */
import { expect, test } from 'vitest';
import { parsePeerAddress, streamPlaceFrom } from '../../../../src/live/pair/place.ts';

test('a fabric and where it is', () => {
  expect(parsePeerAddress('W=tcp:127.0.0.1:9')).toEqual({
    fabric: 'W',
    place: { kind: 'tcp', host: '127.0.0.1', port: 9 },
  });
  expect(streamPlaceFrom('--witness', 'unix:w')).toEqual({ kind: 'unix', path: 'w' });
});

test.each([
  ['unix:w', /--peer unix:w: needs FABRIC= before it/],
  ['W=udp:1,2', /needs unix:PATH or tcp:HOST:PORT/],
  ['W=tcp:example.com:1', /loopback/],
])('%s is refused', (text, what) => {
  expect(() => parsePeerAddress(text)).toThrow(what);
});

test('a witness has no fabric', () => {
  expect(() => streamPlaceFrom('--witness', 'W=unix:w')).toThrow(/needs no FABRIC=/);
  expect(() => streamPlaceFrom('--witness', 'w')).toThrow(
    '--witness w: needs unix:PATH or tcp:HOST:PORT',
  );
});
