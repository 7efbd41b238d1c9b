/** Commands of ddpt 0.97, as recorded in fixtures/odx, and the codes of its source (ddpt.h, ddpt_xcopy.c, sg_lib_data.c). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  CopyOperationStatus,
  type CscdDescriptor,
  cdb,
  cscdDescriptor,
  dataIn,
  dataOut,
  decodeCdb,
  populateTokenList,
  RodType,
  receiveRodTokenInformationData,
  rodToken,
  sense,
  senseText,
  ThirdPartyCopyOut,
  TransferCountUnits,
  vpd,
  writeUsingTokenList,
} from '../../../../src/codecs/scsi/index.ts';

interface Recorded {
  readonly lun: number;
  readonly cdb: string;
  readonly out: string;
  readonly in: string;
  readonly status: number;
  readonly sense?: string;
}
const recorded = JSON.parse(readFileSync('fixtures/odx/ddpt-0.97.json', 'utf8')) as Recorded[];
/** The entry with this number, as the page of the fixture counts them. */
const entry = (number: number): Recorded => recorded[number - 1]!;
const listOf = (number: number) => populateTokenList.decode(parseHex(entry(number).out));
const useOf = (number: number) => writeUsingTokenList.decode(parseHex(entry(number).out));
const toldIn = (number: number) =>
  receiveRodTokenInformationData.decode(parseHex(entry(number).in));

test.each(recorded.map((one, index) => [index + 1, one] as const))(
  'entry %i: CDB and data encode to their own bytes',
  (_number, one) => {
    const command = decodeCdb(parseHex(one.cdb));
    expect(formatHex(cdb.encode(command)).padEnd(32, '0')).toBe(one.cdb);
    for (const [codec, bytes] of [
      [dataOut(command), one.out],
      [dataIn(command), one.in],
    ] as const) {
      if (bytes === '') continue;
      expect(codec).toBeDefined();
      expect(formatHex(codec!.encode(codec!.decode(parseHex(bytes)) as never))).toBe(bytes);
    }
  },
);

describe('POPULATE TOKEN', () => {
  test('its list: ranges, ROD type, inactivity timeout, IMMED', () => {
    expect(decodeCdb(parseHex(entry(7).cdb))).toMatchObject({
      kind: 'POPULATE TOKEN',
      listIdentifier: 9,
      parameterListLengthBytes: 48,
    });
    expect(listOf(5)).toMatchObject({ dataLengthBytes: 30, rtv: 0, immed: 0, rodType: 0 });
    expect(listOf(5).ranges).toMatchObject([{ lba: 8n, numberOfBlocks: 64 }]);
    expect(listOf(7)).toMatchObject({
      rtv: 1,
      rodType: RodType.POINT_IN_TIME_ANY,
      inactivityTimeoutSeconds: 30,
      rangeDescriptorLengthBytes: 32,
    });
    expect(listOf(7).ranges).toMatchObject([
      { lba: 200n, numberOfBlocks: 8 },
      { lba: 400n, numberOfBlocks: 16 },
    ]);
    expect(listOf(10)).toMatchObject({ immed: 1, rtv: 0 });
  });

  test('without the mend its ranges are a byte too early', () => {
    expect(listOf(3).ranges).toMatchObject([{ lba: 8n << 8n, numberOfBlocks: 64 << 8 }]);
  });
});

test('RECEIVE ROD TOKEN INFORMATION: blocks, and a token that tells of its unit', () => {
  expect(toldIn(6)).toMatchObject({
    responseToServiceAction: ThirdPartyCopyOut['POPULATE TOKEN'],
    copyOperationStatus: CopyOperationStatus.COMPLETED,
    transferCountUnits: TransferCountUnits.BLOCKS,
    transferCount: 64n,
  });
  const token = rodToken.decode(toldIn(6).rodTokenDescriptors.subarray(2));
  expect(token).toMatchObject({
    rodType: RodType.POINT_IN_TIME_DEFAULT,
    numberOfBytesRepresented: 32_768n,
    blockLengthBytes: 512,
  });
  expect(
    cscdDescriptor.decode(token.creatorLogicalUnitDescriptor) satisfies CscdDescriptor,
  ).toMatchObject({ kind: 'identification descriptor', diskBlockLengthBytes: 512 });
  expect(toldIn(12)).toMatchObject({
    responseToServiceAction: ThirdPartyCopyOut['WRITE USING TOKEN'],
    transferCount: 2n,
    rodTokenDescriptorsLengthBytes: 0,
  });
});

test('WRITE USING TOKEN: offset, DEL_TKN, the token in its place, that of zeros', () => {
  const given = formatHex(toldIn(8).rodTokenDescriptors.subarray(2));
  expect(useOf(11)).toMatchObject({ delTkn: 0, offsetIntoRodBlocks: 4n });
  expect(useOf(11).ranges).toMatchObject([{ lba: 0n, numberOfBlocks: 2 }]);
  for (const number of [11, 13, 15]) expect(formatHex(useOf(number).rodToken)).toBe(given);
  expect(useOf(13).delTkn).toBe(1);
  expect(useOf(13).ranges).toMatchObject([
    { lba: 20n, numberOfBlocks: 12 },
    { lba: 60n, numberOfBlocks: 12 },
  ]);
  expect(formatHex(useOf(16).rodToken)).toBe(
    formatHex(rodToken.encode({ rodType: RodType.BLOCK_DEVICE_ZERO })),
  );
});

test('what is refused, and why', () => {
  const said = (number: number): string | undefined => {
    const { asc, ascq } = sense.decode(parseHex(entry(number).sense!)) as {
      asc: number;
      ascq: number;
    };
    return senseText(asc, ascq);
  };
  expect(said(15)).toMatch(/token unknown/i);
  expect(said(18)).toMatch(/invalid field in cdb/i);
  expect(said(19)).toMatch(/invalid field in cdb/i);
});

test('page 8Fh, as ddptctl asks for it', () => {
  const page = vpd.decode(parseHex(entry(2).in)) as { descriptors: { kind: string }[] };
  expect(page.descriptors.map(({ kind }) => kind)).toEqual([
    'block device ROD token limits',
    'supported commands',
    'parameter data',
    'supported descriptors',
    'supported ROD token and ROD types',
    'general copy operations',
  ]);
  expect(page.descriptors[0]).toMatchObject({
    maximumRangeDescriptors: 64,
    maximumTokenTransferSizeBlocks: 16_384n,
  });
});

test('codes of its source', () => {
  // ddpt.h: RODT_CM_INTERNAL, RODT_ACCESS_ON_REF, RODT_PIT_DEF, _VULN, _PERS, _ANY, RODT_BLK_ZERO.
  expect(Object.values(RodType)).toEqual([
    0, 0x10000, 0x800000, 0x800001, 0x800002, 0x80ffff, 0xffff0001,
  ]);
  // ddpt_xcopy.c: xcopy4_cpy_op_status.
  expect(Object.values(CopyOperationStatus)).toEqual([1, 2, 3, 4, 0x10, 0x11, 0x12, 0x60]);
  // sg_lib_data.c: sg_lib_xcopy_sa_arr, of which that of tapes is not here.
  expect(Object.values(ThirdPartyCopyOut)).toEqual([0, 1, 0x10, 0x11, 0x1c]);
});
