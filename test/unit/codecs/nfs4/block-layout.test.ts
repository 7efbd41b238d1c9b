/** Bodies of block layouts, as RFC 5663 prints their structures and Linux reads them (fs/nfs/blocklayout/dev.c, blocklayout.c). */
import { expect, test } from 'vitest';
import {
  blockDeviceAddr4,
  blockLayout4,
  blockLayoutUpdate4,
  parseHex,
} from '../../../../src/codecs/index.ts';

const hex = (text: string) => parseHex(text.replaceAll(' ', ''));
const EXTENT = `${'11'.repeat(16)} 0000000000001000 0000000000002000 0000000000008000 00000000`;

test('a layout is extents of 44 bytes', () => {
  const bytes = hex(`00000001 ${EXTENT}`);
  const value = blockLayout4.decode(bytes);
  expect(value.extents).toEqual([
    {
      deviceId: new Uint8Array(16).fill(0x11),
      fileOffset: 4096n,
      lengthBytes: 8192n,
      storageOffset: 32_768n,
      state: 0,
    },
  ]);
  expect(blockLayout4.encode(value)).toEqual(bytes);
  expect(blockLayoutUpdate4.decode(bytes).commitList).toEqual(value.extents);
});

test('a device is a disk that is known by bytes on it, and what is made of it', () => {
  const bytes = hex(
    '00000004' +
      // A disk: 4 bytes at 4096 before its end.
      '00000000 00000001 fffffffffffff000 00000003 61626300' +
      '00000001 0000000000000000 0000000000100000 00000000' +
      '00000002 00000002 00000000 00000001' +
      '00000003 0000000000001000 00000001 00000002',
  );
  const value = blockDeviceAddr4.decode(bytes);
  expect(value.volumes).toMatchObject([
    { simple: { signature: [{ offset: 2n ** 64n - 4096n, contents: hex('616263') }] } },
    { slice: { start: 0n, lengthBytes: 1_048_576n, volume: 0 } },
    { concat: { volumes: [0, 1] } },
    { stripe: { stripeUnitBytes: 4096n, volumes: [2] } },
  ]);
  expect(blockDeviceAddr4.encode(value)).toEqual(bytes);
});

test('counts without end are refused', () => {
  expect(() => blockLayout4.decode(hex('ffffffff'))).toThrow();
  expect(() => blockDeviceAddr4.decode(hex('00000001 00000000 00000011'))).toThrow();
});
