import { expect, it } from 'vitest';
import { asChosen, inMs, inSeconds, since } from '../../../src/history/index.ts';

it('times are written for people', () => {
  expect([inMs(1_234_567), inMs(1_234_567, 1)]).toEqual(['1.235 ms', '1.2 ms']);
  expect([inSeconds(2.5e9), inSeconds(2.5e9, 3)]).toEqual(['2.5 s', '2.500 s']);
  expect([since(0, 68_304_000), since(5e9, 1e9), since(3, 3)]).toEqual([
    '+68.304 ms',
    '-4.000000 s',
    '+0.000 ms',
  ]);
  expect([9e9, 1.5e6, 50_000].map(asChosen)).toEqual(['9 s', '1.5 ms', '50 us']);
});
