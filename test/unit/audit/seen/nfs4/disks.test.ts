/** Disks behind layouts, in bodies of RFC 5663. */
import { expect, test } from 'vitest';
import { devicesIn, signatureIn } from '../../../../../src/audit/seen/nfs4/disks.ts';
import { blockDeviceAddr4, blockLayout4 } from '../../../../../src/codecs/index.ts';

const part = (first: number) => ({ offset: 0n, contents: Uint8Array.of(first, 2) });
const volume = (...signature: ReturnType<typeof part>[]) => ({ type: 0, simple: { signature } });
const extent = (first: number) => ({
  deviceId: new Uint8Array(16).fill(first),
  fileOffset: 0n,
  lengthBytes: 512n,
  storageOffset: 0n,
  state: 0,
});

test('the bytes of a disk, where they are in one piece', () => {
  const of = (...volumes: ReturnType<typeof volume>[]) =>
    signatureIn(blockDeviceAddr4.encode({ volumes }));
  expect(of(volume(part(1)))).toBe('0102');
  expect(of(volume(part(1), part(3)))).toBeUndefined();
  expect(of(volume(part(1)), volume(part(3)))).toBeUndefined();
});

test('the devices of a layout, each once', () => {
  const body = blockLayout4.encode({ extents: [extent(1), extent(2), extent(1)] });
  expect(devicesIn(body)).toEqual(['01'.repeat(16), '02'.repeat(16)]);
});

test('what is cut, or something else, is neither', () => {
  for (const body of [Uint8Array.of(0, 0, 0, 9), undefined, 7]) {
    expect(signatureIn(body)).toBeUndefined();
    expect(devicesIn(body)).toEqual([]);
  }
});
