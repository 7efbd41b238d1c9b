/** VPD pages told apart by their code and by what is there of them. */
import { describe, expect, test } from 'vitest';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { vpd } from '../../../../src/codecs/scsi/vpd.ts';
import { bareHex, checkRead, checkVector } from '../../../helpers/vector.ts';

describe('VPD pages by their code', () => {
  test.each([
    ['00 00 0001 00', 'supported VPD pages'],
    ['00 80 0001 41', 'unit serial number'],
    ['00 83 0000', 'device identification'],
    ['00 85 0000', 'management network addresses'],
    [`00 86 003c ${'00'.repeat(60)}`, 'extended INQUIRY data'],
    ['00 87 0000', 'mode page policy'],
    ['00 88 0000', 'SCSI ports'],
    ['00 8f 0000', 'third-party copy'],
    [`00 b0 003c ${'00'.repeat(60)}`, 'block limits'],
    [`00 b1 003c ${'00'.repeat(60)}`, 'block device characteristics'],
    ['00 b2 0004 00 04 00 00', 'logical block provisioning'],
    ['00 b3 000c 00000000 00001000 00000002', 'referrals'],
    ['00 84 0000', 'VPD page'],
  ])('%s is %s', (hex, kind) => checkRead(vpd, hex, { kind }));

  test('one of a vendor keeps its parameters (esxi-cisco/fcoe1-both.pcap, frame 210)', () => {
    const parameters = '000200000000000000000000000000000000000000100000';
    checkVector(vpd, `00 c0 0018 ${parameters}`, {
      kind: 'VPD page',
      pageCode: 0xc0,
      pageLengthBytes: 24,
      parameters: parseHex(parameters),
    });
  });

  test('block limits of SBC-2 are told by their length (linux/vn2vn-io.pcap, frame 68, 20 bytes)', () => {
    const value = vpd.decode(parseHex(bareHex('00 b0 0010 01010001 fffffff8 fffffff8 00000000')));
    expect(value).toMatchObject({
      kind: 'block limits (SBC-2)',
      maximumTransferLengthBlocks: 0xffff_fff8,
    });
    expect(vpd.encode(value)).toEqual(
      parseHex(bareHex('00 b0 0010 01010001 fffffff8 fffffff8 00000000')),
    );
  });

  test('four bytes say which page it is, fewer say nothing', () => {
    checkRead(vpd, '00 b1 003c', { kind: 'VPD page', pageCode: 0xb1, pageLengthBytes: 60 });
    for (let length = 0; length < 4; length++)
      expect(() => vpd.decode(parseHex('00b1003c').subarray(0, length))).toThrow(CodecError);
  });
});
