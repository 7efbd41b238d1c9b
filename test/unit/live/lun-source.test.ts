/** What is typed behind --lun. */
import { describe, expect, it } from 'vitest';
import { LunError, parseLunSource, sizeFault } from '../../../src/live/lun-source.ts';

describe('--lun', () => {
  it.each([
    ['64M', { kind: 'memory', bytes: 67_108_864 }],
    ['8192', { kind: 'memory', bytes: 8192 }],
    ['1gib', { kind: 'memory', bytes: 1_073_741_824 }],
    ['./disk.img', { kind: 'file', path: './disk.img', bytes: undefined }],
    ['disk.img:2T', { kind: 'file', path: 'disk.img', bytes: 2_199_023_255_552 }],
    ['a:b.img', { kind: 'file', path: 'a:b.img', bytes: undefined }],
  ])('%s', (text, source) => {
    expect(parseLunSource(text)).toEqual(source);
  });

  it.each([
    ['1000', /1000 bytes are no whole number of blocks of 512/],
    ['512', /at least 4096/],
    ['disk.img:1001', /no whole number/],
    ['999999999T', /more than a logical unit can have/],
    [':64M', /needs a size such as 64M, a file, or FILE:SIZE/],
  ])('%s is refused in one line', (text, why) => {
    expect(() => parseLunSource(text)).toThrow(LunError);
    expect(() => parseLunSource(text)).toThrow(why);
  });
});

it('a size is whole blocks, and enough of them', () => {
  expect([4096, 4608].map(sizeFault)).toEqual([undefined, undefined]);
  expect(sizeFault(4097)).toMatch(/no whole number of blocks of 512/);
  expect(sizeFault(3584)).toMatch(/at least 4096/);
});
