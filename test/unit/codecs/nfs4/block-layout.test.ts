/** Bodies of block layouts, as RFC 5663 prints their structures and Linux reads them (fs/nfs/blocklayout/dev.c, blocklayout.c). */
import { expect, test } from 'vitest';
import {
  blockDeviceAddr4,
  blockLayout4,
  blockLayoutUpdate4,
  parseHex,
  scsiLayoutUpdate4,
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

/** Of Linux 6.1 (nfsd over XFS, whose identifier mkfs.xfs was told), to our client: `npm run test:live -- knfsd`. */
test('what a server of Linux gives for a file of 1 MiB', () => {
  const layout = hex(
    '00000001 01000000000000000000000000000000 0000000000000000 0000000000100000 0000000001800000 00000000',
  );
  const { extents } = blockLayout4.decode(layout);
  expect(extents).toEqual([
    {
      deviceId: hex('01000000000000000000000000000000'),
      fileOffset: 0n,
      lengthBytes: 1_048_576n,
      storageOffset: 25_165_824n,
      state: 0,
    },
  ]);
  expect(blockLayout4.encode({ extents })).toEqual(layout);
  const device = hex(
    '00000001 00000000 00000001 0000000000000020 00000010 6b1f0a5293c44b7ea5d80c2e4f60718a',
  );
  const { volumes } = blockDeviceAddr4.decode(device);
  // The identifier of a file system lies 32 bytes behind the beginning of its disk.
  expect(volumes).toMatchObject([
    { type: 0, simple: { signature: [{ offset: 32n, contents: device.subarray(24) }] } },
  ]);
  expect(blockDeviceAddr4.encode({ volumes })).toEqual(device);
});

/** What Linux 6.1 registers by (`lab/guest`): its kernel says "using block device sda (reservation key 0xdfb28a7b00000002)" then. */
test('a SCSI disk is known by its designator, and comes with a key to register with', () => {
  const bytes = hex(
    '00000001 00000004 00000001 00000003 00000010 602534d0000000004f9e14b634c6b026 dfb28a7b00000002',
  );
  const value = blockDeviceAddr4.decode(bytes);
  expect(value.volumes).toMatchObject([
    {
      scsi: {
        codeSet: 1,
        designatorType: 3,
        designator: hex('602534d0000000004f9e14b634c6b026'),
        reservationKey: 0xdfb2_8a7b_0000_0002n,
      },
    },
  ]);
  expect(blockDeviceAddr4.encode(value)).toEqual(bytes);
  expect(scsiLayoutUpdate4.decode(hex('00000001 0000000000001000 0000000000002000'))).toMatchObject(
    {
      commitList: [{ fileOffset: 4096n, lengthBytes: 8192n }],
    },
  );
  // A designator is at most as long as the disk itself can say.
  expect(() =>
    blockDeviceAddr4.decode(hex('00000001 00000004 00000001 00000003 00000100')),
  ).toThrow();
});
