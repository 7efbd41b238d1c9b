import { describe, expect, test } from 'vitest';
import { CodecError, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  type CdbInput,
  cdb,
  cdbLengthBytes,
  commandName,
  decodeCdb,
  MaintenanceIn,
  MaintenanceOut,
  Opcode,
  PersistentReserveOut,
  ReservationType,
  ServiceActionIn16,
  ServiceActionOut16,
  ThirdPartyCopyIn,
  ThirdPartyCopyOut,
  VariableLength,
} from '../../../../src/codecs/scsi/index.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';

const codec = cdb.members;

describe('CDBs of the standard, byte by byte', () => {
  // Left: bytes as the tables of SPC and SBC lay them out, or as Linux 6.1 sent them.
  const vectors: readonly (readonly [string, CdbInput])[] = [
    ['120000002400', { kind: 'INQUIRY', allocationLengthBytes: 36 }],
    ['120183000400', { kind: 'INQUIRY', evpd: 1, pageCode: 0x83, allocationLengthBytes: 4 }],
    ['000000000000', { kind: 'TEST UNIT READY' }],
    ['030100001200', { kind: 'REQUEST SENSE', desc: 1, allocationLengthBytes: 18 }],
    ['08012345f000', { kind: 'READ(6)', lba: 0x1_2345, transferLengthBlocks: 0xf0 }],
    ['0a1fffff0000', { kind: 'WRITE(6)', lba: 0x1f_ffff, transferLengthBlocks: 0 }],
    ['2a000000006400000100', { kind: 'WRITE(10)', lba: 100, transferLengthBlocks: 1 }],
    [
      '28580000006400000100',
      { kind: 'READ(10)', rdprotect: 2, dpo: 1, fua: 1, lba: 100, transferLengthBlocks: 1 },
    ],
    [
      '1a083f00c000',
      { kind: 'MODE SENSE(6)', dbd: 1, pageCode: 0x3f, allocationLengthBytes: 0xc0 },
    ],
    ['25000000000000000000', { kind: 'READ CAPACITY(10)' }],
    ['9e100000000000000000000000200000', { kind: 'READ CAPACITY(16)', allocationLengthBytes: 32 }],
    ['a00000000000000010000000', { kind: 'REPORT LUNS', allocationLengthBytes: 0x1000 }],
    [
      'a32a00000000000001000000',
      { kind: 'REPORT TARGET PORT GROUPS', parameterDataFormat: 1, allocationLengthBytes: 256 },
    ],
    ['a40a00000000000000080000', { kind: 'SET TARGET PORT GROUPS', parameterListLengthBytes: 8 }],
    [
      'a30c828a00000000020000 00'.replace(' ', ''),
      {
        kind: 'REPORT SUPPORTED OPERATION CODES',
        rctd: 1,
        reportingOptions: 2,
        requestedOperationCode: 0x8a,
        allocationLengthBytes: 512,
      },
    ],
    [
      'a30d80000000000000100000',
      { kind: 'REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS', repd: 1, allocationLengthBytes: 16 },
    ],
    [
      '5e000000000000200000',
      { kind: 'PERSISTENT RESERVE IN', serviceAction: 0, allocationLengthBytes: 0x2000 },
    ],
    [
      '5f050500000000001800',
      {
        kind: 'PERSISTENT RESERVE OUT',
        serviceAction: PersistentReserveOut.PREEMPT_AND_ABORT,
        type: ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
        parameterListLengthBytes: 24,
      },
    ],
    ['160000000000', { kind: 'RESERVE(6)' }],
    [
      '890800000000000000200000000100'.concat('00'),
      { kind: 'COMPARE AND WRITE', fua: 1, lba: 32n, numberOfBlocks: 1 },
    ],
    [
      '93080000000000000020000010000000',
      { kind: 'WRITE SAME(16)', unmap: 1, lba: 32n, numberOfBlocks: 0x1000 },
    ],
    ['42000000000000001800', { kind: 'UNMAP', parameterListLengthBytes: 24 }],
    [
      '8f020000000000000020000000080000',
      { kind: 'VERIFY(16)', bytchk: 1, lba: 32n, verificationLengthBlocks: 8 },
    ],
    ['35000000000000000000', { kind: 'SYNCHRONIZE CACHE(10)' }],
    [
      '9c000000000000000020000800100000',
      { kind: 'WRITE ATOMIC(16)', lba: 32n, atomicBoundaryBlocks: 8, transferLengthBlocks: 16 },
    ],
    [
      '831100000000000000070000022800'.concat('00'),
      { kind: 'WRITE USING TOKEN', listIdentifier: 7, parameterListLengthBytes: 0x228 },
    ],
    [
      '8500000000000000000000000000ec00',
      { kind: 'ATA PASS-THROUGH(16)', protocol: 0, ataCommand: 0xec },
    ],
    // READ(32): 24 more bytes, service action 9, expected tags of the protection information.
    [
      '7f000000000000180009 20 00 0000000000000020 11223344 5566 7788 00000008'.replaceAll(' ', ''),
      {
        kind: 'READ(32)',
        rdprotect: 1,
        lba: 32n,
        expectedReferenceTag: 0x1122_3344,
        expectedApplicationTag: 0x5566,
        applicationTagMask: 0x7788,
        transferLengthBlocks: 8,
      },
    ],
  ];

  test.each(vectors)('%s', (hex, value) => {
    const bytes = parseHex(hex);
    expect(formatHex(cdb.encode(value))).toBe(hex);
    expect(decodeCdb(bytes)).toMatchObject(value);
    expect(cdb.decode(bytes)).not.toHaveProperty('trailing');
    checkTiled(cdb, bytes);
    checkEveryLength(cdb, bytes);
  });
});

describe('the family', () => {
  // tshark -G values: scsi.spc.opcode and scsi_sbc.opcode of Wireshark 4.0.17.
  const named = [
    0x00, 0x03, 0x04, 0x07, 0x08, 0x0a, 0x12, 0x15, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e,
    0x25, 0x28, 0x2a, 0x2b, 0x2e, 0x2f, 0x33, 0x34, 0x35, 0x36, 0x37, 0x39, 0x3a, 0x3b, 0x3c, 0x3e,
    0x3f, 0x40, 0x41, 0x42, 0x48, 0x4c, 0x4d, 0x50, 0x51, 0x52, 0x53, 0x55, 0x56, 0x57, 0x5a, 0x5e,
    0x5f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8e, 0x8f, 0x90, 0x91,
    0x92, 0x93, 0x9c, 0xa0, 0xa8, 0xaa, 0xae, 0xaf, 0xb3, 0xb7,
  ];

  test.each(named)('operation code %i has a layout', (code) => {
    const bytes = new Uint8Array(16);
    bytes[0] = code;
    const one = decodeCdb(bytes);
    expect(one.kind).not.toBe('unknown');
    expect(one).not.toHaveProperty('trailing');
    expect(commandName(bytes)).toBe(one.kind);
  });

  test('every CDB has the length of its operation code', () => {
    for (const member of Object.values(codec)) {
      const bytes = new Uint8Array(member.minBytes);
      member.write(
        bytes,
        0,
        Object.fromEntries(
          Object.entries(member.table).map(([key, field]) => [
            key,
            field.place === 'fixed' && !field.optional
              ? field.shape.kind === 'u64'
                ? 0n
                : 0
              : undefined,
          ]),
        ) as never,
      );
      expect(cdbLengthBytes(bytes), member.kind).toBe(member.minBytes);
      expect(cdb.decode(bytes).kind).toBe(member.kind);
    }
  });

  test('padding of an FCP_CMND is cut off, and kept where the family reads it', () => {
    const field = parseHex('12000000240000000000000000000000');
    expect(decodeCdb(field)).not.toHaveProperty('trailing');
    expect(formatHex(cdb.encode(cdb.decode(field)))).toBe(formatHex(field));
  });

  test('what is not in the table is a value', () => {
    for (const hex of ['ff0102030405', '9e1f', '7f000000000000180fff', 'a3', 'c1']) {
      const bytes = parseHex(hex);
      expect(cdb.decode(bytes)).toEqual({ kind: 'unknown', raw: bytes });
      expect(formatHex(cdb.encode(cdb.decode(bytes)))).toBe(hex);
    }
    expect(() => cdb.decode(new Uint8Array(0))).toThrow(CodecError);
  });

  test('names go further than layouts', () => {
    expect(commandName(parseHex('9e16'))).toBe('GET STREAM STATUS');
    expect(commandName(parseHex('9e1f'))).toBe('SERVICE ACTION IN(16)');
    expect(commandName(parseHex('a3'))).toBe('MAINTENANCE IN');
    expect(commandName(parseHex('a40c'))).toBe('REMOVE I_T NEXUS');
    expect(commandName(parseHex('7f00000000000018000b'))).toBe('WRITE(32)');
    expect(commandName(parseHex('95'))).toBe('ZBC IN');
    expect(commandName(parseHex('c0'))).toBeUndefined();
    expect(commandName(new Uint8Array(0))).toBeUndefined();
  });

  test('every service action named for mobility and copying is one of the family', () => {
    const names: string[] = [
      ...Object.keys(MaintenanceIn).filter(
        (one) =>
          !['MANAGEMENT PROTOCOL IN', 'REPORT PROVISIONING INITIALIZATION PATTERN'].includes(one),
      ),
      ...Object.keys(MaintenanceOut).filter((one) => one !== 'MANAGEMENT PROTOCOL OUT'),
      ...Object.keys(ThirdPartyCopyOut),
      ...Object.keys(ThirdPartyCopyIn),
      ...Object.keys(VariableLength),
      ...Object.keys(ServiceActionIn16).slice(1, 5),
      ...Object.keys(ServiceActionOut16).filter((one) => one === 'WRITE LONG(16)'),
    ];
    for (const name of names) expect(Object.keys(codec)).toContain(name);
  });

  test('lengths by group', () => {
    expect(Object.values(Opcode).map((code) => cdbLengthBytes(Uint8Array.of(code)))).not.toContain(
      0,
    );
    expect(cdbLengthBytes(Uint8Array.of(0x1f))).toBe(6);
    expect(cdbLengthBytes(Uint8Array.of(0x20))).toBe(10);
    expect(cdbLengthBytes(Uint8Array.of(0x5f))).toBe(10);
    expect(cdbLengthBytes(Uint8Array.of(0x80))).toBe(16);
    expect(cdbLengthBytes(Uint8Array.of(0xa0))).toBe(12);
    expect(cdbLengthBytes(Uint8Array.of(0xc0))).toBeUndefined();
    expect(cdbLengthBytes(Uint8Array.of(0x7f))).toBeUndefined();
    expect(cdbLengthBytes(new Uint8Array(0))).toBeUndefined();
  });
});
