/** The handshake as QEMU 7.2 and libnbd 1.14 speak it: bytes of fixtures/nbd/qemu.pcapng. */
import { describe, expect, it } from 'vitest';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  NbdOption,
  NbdOptionReply,
  nbdClientFlags,
  nbdExportReply,
  nbdGreeting,
  nbdOption,
  nbdOptionHead,
  nbdOptionReply,
} from '../../../../src/codecs/nbd/index.ts';
import { bareHex, checkVector } from '../../../helpers/vector.ts';

describe('first words', () => {
  it('of a server and of a client', () => {
    checkVector(nbdGreeting, '4e42444d41474943 49484156454f5054 0003', { flags: 3 });
    checkVector(nbdClientFlags, '00000003', { flags: 3 });
  });
});

describe('options', () => {
  it.each([
    ['STRUCTURED_REPLY', '49484156454f5054 00000008 00000000'],
    ['LIST', '49484156454f5054 00000003 00000000'],
    ['ABORT', '49484156454f5054 00000002 00000000'],
  ] as const)('%s', (kind, hex) => {
    checkVector(nbdOption, hex, { kind, lengthBytes: 0 }, { kind, data: new Uint8Array(0) });
  });

  it('INFO and GO name an export and what is wanted of it', () => {
    checkVector(
      nbdOption,
      '49484156454f5054 00000006 00000010 00000004 6469736b 0003 0003 0001 0002',
      { kind: 'INFO', option: NbdOption.INFO, lengthBytes: 16 },
      { kind: 'INFO', data: { exportName: 'disk', informations: [3, 1, 2] } },
    );
    checkVector(
      nbdOption,
      '49484156454f5054 00000007 0000000c 00000004 6469736b 0001 0003',
      { kind: 'GO', data: { exportName: 'disk', informationCount: 1, informations: [3] } },
      { kind: 'GO', data: { exportName: 'disk', informations: [3] } },
    );
  });

  it('meta contexts are asked for by queries', () => {
    checkVector(
      nbdOption,
      `49484156454f5054 0000000a 00000024 00000004 6469736b 00000001
       00000014 71656d753a64697274792d6269746d61703a6230`,
      { kind: 'SET_META_CONTEXT', data: { queryCount: 1 } },
      {
        kind: 'SET_META_CONTEXT',
        data: { exportName: 'disk', queries: [{ query: 'qemu:dirty-bitmap:b0' }] },
      },
    );
    checkVector(
      nbdOption,
      '49484156454f5054 00000009 0000000c 00000004 6469736b 00000000',
      { kind: 'LIST_META_CONTEXT', data: { queries: [] } },
      { kind: 'LIST_META_CONTEXT', data: { exportName: 'disk', queries: [] } },
    );
  });

  it('EXPORT_NAME is a name alone; what is not known is kept with its head', () => {
    checkVector(
      nbdOption,
      '49484156454f5054 00000001 00000004 6469736b',
      { kind: 'EXPORT_NAME', data: 'disk' },
      { kind: 'EXPORT_NAME', data: 'disk' },
    );
    const other = parseHex(bareHex('49484156454f5054 0000000b 00000001 07'));
    expect(nbdOption.decode(other)).toEqual({ kind: 'unknown', raw: other });
    expect(nbdOptionHead.decode(other)).toMatchObject({ option: 11, lengthBytes: 1 });
  });

  it.each([
    ['a name that is longer than its option', '00000007 0000000c 00000064 6469736b 0001 0003'],
    ['more kinds of information than there are', '00000007 0000000c 00000004 6469736b ffff 0003'],
    ['more queries than there are', '0000000a 0000000c 00000004 6469736b ffffffff'],
    ['an option that is longer than what is there', '00000003 7fffffff'],
  ])('%s is refused', (_, hex) => {
    const bytes = parseHex(bareHex(`49484156454f5054 ${hex}`));
    expect(() => nbdOption.decode(bytes)).toThrow(CodecError);
  });
});

describe('replies to options', () => {
  it.each([
    ['0003e889045565a9 00000008 00000001 00000000', { kind: 'ACK', option: 8 }],
    [
      '0003e889045565a9 00000003 00000002 0000000e 00000004 6469736b 61206469736b',
      { kind: 'SERVER', data: { exportName: 'disk', details: 'a disk' } },
    ],
    [
      '0003e889045565a9 00000006 00000003 00000006 0001 6469736b',
      { kind: 'INFO', data: { kind: 'NAME', name: 'disk' } },
    ],
    [
      '0003e889045565a9 00000006 00000003 00000008 0002 61206469736b',
      { kind: 'INFO', data: { kind: 'DESCRIPTION', description: 'a disk' } },
    ],
    [
      '0003e889045565a9 00000006 00000003 0000000e 0003 00000001 00001000 02000000',
      { kind: 'INFO', data: { kind: 'BLOCK_SIZE', minimumBytes: 1, preferredBytes: 4096 } },
    ],
    [
      '0003e889045565a9 00000006 00000003 0000000c 0000 0000000000100000 0ced',
      { kind: 'INFO', data: { kind: 'EXPORT', sizeBytes: 1_048_576n, flags: 0x0ced } },
    ],
    [
      '0003e889045565a9 00000009 00000004 00000013 00000000 626173653a616c6c6f636174696f6e',
      { kind: 'META_CONTEXT', data: { contextId: 0, context: 'base:allocation' } },
    ],
    [
      `0003e889045565a9 00000006 80000006 0000001b
       6578706f727420276e6f7375636827206e6f742070726573656e74`,
      {
        kind: 'ERROR',
        reply: NbdOptionReply.ERR_UNKNOWN,
        data: "export 'nosuch' not present",
      },
    ],
  ])('%s', (hex, value) => {
    const bytes = parseHex(bareHex(hex));
    checkVector(nbdOptionReply, hex, value, nbdOptionReply.decode(bytes));
  });

  it('to EXPORT_NAME: size and flags, zeros behind them for clients that want them', () => {
    checkVector(nbdExportReply, '0000000000100000 0ced', { sizeBytes: 1_048_576n, flags: 0x0ced });
    const zeros = new Uint8Array(124);
    expect(nbdExportReply.encode({ sizeBytes: 1n, flags: 1, zeros })).toHaveLength(134);
  });
});
