/** Which data a command moves, and what an allocation length leaves of it. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { cdb } from '../../../../src/codecs/scsi/cdb.ts';
import { dataIn, dataOut } from '../../../../src/codecs/scsi/data.ts';
import { reportLunsData, standardInquiry } from '../../../../src/codecs/scsi/data-primary.ts';
import { vpd } from '../../../../src/codecs/scsi/vpd.ts';

describe('data that an allocation length cuts', () => {
  const asked = (allocationLengthBytes: number, evpd = 0, pageCode = 0) =>
    cdb.decode(cdb.encode({ kind: 'INQUIRY', evpd, pageCode, allocationLengthBytes }));

  test('shorter than what is always there: kept, shown as cut, and only where it may be', () => {
    const whole = standardInquiry.encode({
      t10VendorIdentification: 'SANMOTN',
      productIdentification: 'DISK',
      productRevisionLevel: '0001',
    });
    const five = whole.subarray(0, 5);
    const codec = dataIn(asked(5))!;
    expect(codec.decode(five)).toMatchObject({
      peripheralDeviceType: 0,
      version: whole[2],
      additionalLengthBytes: 31,
      cut: new Uint8Array(0),
    });
    expect(codec.encode(codec.decode(five))).toEqual(five);
    expect(codec.spans(five).at(-1)).toMatchObject({ path: 'additionalLengthBytes', offset: 4 });
    expect(() => dataIn(asked(36))!.decode(five)).toThrow(/needs 36 bytes/);
    expect(dataIn(asked(36))!.decode(whole)).toMatchObject({ productRevisionLevel: '0001' });
  });

  test('the first 4 bytes of a VPD page, which Linux asks for alone, have their names', () => {
    const page = vpd.encode({ kind: 'unit serial number', productSerialNumber: 'SERIAL01' });
    const four = page.subarray(0, 4);
    expect(dataIn(asked(4, 1, 0x80))!.decode(four)).toMatchObject({
      kind: 'unit serial number',
      pageLengthBytes: 8,
      productSerialNumber: '',
    });
    const limits = vpd.encode({ kind: 'block limits', wsnz: 1 }).subarray(0, 4);
    expect(dataIn(asked(4, 1, 0xb0))!.decode(limits)).toMatchObject({
      kind: 'VPD page',
      pageCode: 0xb0,
      pageLengthBytes: 60,
    });
  });

  test('a list of LUNs keeps the length of the whole list', () => {
    const whole = reportLunsData.encode({ luns: [0n, 1n << 48n, 2n << 48n] });
    const cut = reportLunsData.decode(whole.subarray(0, 20));
    expect(cut.luns).toEqual([0n]);
    expect(cut.lunListLengthBytes).toBe(24);
    expect(reportLunsData.encode(cut)).toEqual(whole.subarray(0, 20));
  });
});

describe('which data a command has', () => {
  const of = (value: Parameters<typeof cdb.encode>[0]) => cdb.decode(cdb.encode(value));

  test('blocks of the medium have no codec', () => {
    const read = of({ kind: 'READ(10)', lba: 0, transferLengthBlocks: 1 });
    expect(dataIn(read)).toBeUndefined();
    expect(dataOut(of({ kind: 'WRITE(10)', lba: 0, transferLengthBlocks: 1 }))).toBeUndefined();
    expect(dataIn(of({ kind: 'TEST UNIT READY' }))).toBeUndefined();
    expect(dataIn({ kind: 'unknown', raw: new Uint8Array(1) })).toBeUndefined();
  });

  test('the service action of PERSISTENT RESERVE chooses', () => {
    const reserveIn = (serviceAction: number) =>
      dataIn(of({ kind: 'PERSISTENT RESERVE IN', serviceAction, allocationLengthBytes: 255 }))
        ?.name;
    expect([0, 1, 2, 3, 4].map(reserveIn)).toEqual([
      'READ KEYS data',
      'READ RESERVATION data',
      'REPORT CAPABILITIES data',
      'READ FULL STATUS data',
      undefined,
    ]);
    const reserveOut = (serviceAction: number) =>
      dataOut(of({ kind: 'PERSISTENT RESERVE OUT', serviceAction, parameterListLengthBytes: 24 }))
        ?.name;
    expect(reserveOut(7)).toBe('REGISTER AND MOVE parameter list');
    expect(reserveOut(0)).toBe('PERSISTENT RESERVE OUT parameter list');
  });

  test.each([
    ['REQUEST SENSE', '030000001200', 'Sense data'],
    ['INQUIRY', '120000002400', 'Standard INQUIRY data'],
    ['INQUIRY with EVPD', '120183002400', 'VPD page'],
    ['REPORT LUNS', 'a00000000000000010000000', 'REPORT LUNS data'],
    ['READ CAPACITY(10)', '25000000000000000000', 'READ CAPACITY(10) data'],
    ['READ CAPACITY(16)', '9e100000000000000000000000200000', 'READ CAPACITY(16) data'],
    ['MODE SENSE(6)', '1a003f00ff00', 'Mode parameter list (6)'],
    ['MODE SENSE(10)', '5a003f0000000000ff00', 'Mode parameter list (10)'],
    ['LOG SENSE', '4d004d00000000020000', 'Log page'],
    ['REPORT TARGET PORT GROUPS', 'a30a00000000000001000000', 'REPORT TARGET PORT GROUPS data'],
    [
      'all operation codes',
      'a30c00000000000001000000',
      'REPORT SUPPORTED OPERATION CODES data, all commands',
    ],
    [
      'one operation code',
      'a30c01280000000001000000',
      'REPORT SUPPORTED OPERATION CODES data, one command',
    ],
    [
      'task management',
      'a30d00000000000000040000',
      'REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS data',
    ],
    ['GET LBA STATUS', '9e120000000000000000000002000000', 'GET LBA STATUS data'],
    ['REPORT REFERRALS', '9e130000000000000000000002000000', 'REPORT REFERRALS data'],
    ['copy status', '84000700000000000000000001000000', 'RECEIVE COPY STATUS(LID1) data'],
    ['held data', '84010700000000000000000001000000', 'RECEIVE COPY DATA(LID1) data'],
    [
      'copy parameters',
      '84030000000000000000000001000000',
      'RECEIVE COPY OPERATING PARAMETERS data',
    ],
    [
      'failure details',
      '84040700000000000000000001000000',
      'RECEIVE COPY FAILURE DETAILS(LID1) data',
    ],
    ['copy status, LID4', '84050000000700000000000001000000', 'RECEIVE COPY STATUS(LID4) data'],
    ['ROD token', '84070000000700000000000001000000', 'RECEIVE ROD TOKEN INFORMATION data'],
  ])('%s returns its data', (_name, hex, data) => {
    expect(dataIn(cdb.decode(parseHex(hex)))?.name).toBe(data);
    expect(dataOut(cdb.decode(parseHex(hex)))).toBeUndefined();
  });

  test.each([
    ['MODE SELECT(6)', '151000001800', 'Mode parameter list (6)'],
    ['MODE SELECT(10)', '55100000000000001800', 'Mode parameter list (10)'],
    ['SET TARGET PORT GROUPS', 'a40a00000000000000080000', 'SET TARGET PORT GROUPS parameter list'],
    ['UNMAP', '42000000000000001800', 'UNMAP parameter list'],
    [
      'EXTENDED COPY(LID1)',
      '83000000000000000000000000100000',
      'EXTENDED COPY(LID1) parameter list',
    ],
    [
      'EXTENDED COPY(LID4)',
      '83010000000000000000000000300000',
      'EXTENDED COPY(LID4) parameter list',
    ],
    ['POPULATE TOKEN', '83100000000000000007000000280000', 'POPULATE TOKEN parameter list'],
    ['WRITE USING TOKEN', '83110000000000000007000002280000', 'WRITE USING TOKEN parameter list'],
  ])('%s sends its list', (_name, hex, list) => {
    expect(dataOut(cdb.decode(parseHex(hex)))?.name).toBe(list);
    expect(dataIn(cdb.decode(parseHex(hex)))).toBeUndefined();
  });
});
