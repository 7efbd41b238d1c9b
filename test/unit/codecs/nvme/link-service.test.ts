/** Link services of FC-NVMe. Layout: include/linux/nvme-fc.h of Linux 6.1. */
import { describe, expect, test } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  NQN_BYTES,
  nvmeLinkService,
  nvmeLsDescriptor,
} from '../../../../src/codecs/nvme/link-service.ts';
import { NvmeLsCommand, NvmeLsRejectReason } from '../../../../src/codecs/nvme/names.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import { bareHex, checkVector } from '../../../helpers/vector.ts';

describe('link services', () => {
  test('Create Association is 1,024 bytes long', () => {
    const bytes = nvmeLinkService.encode({
      lsCommand: NvmeLsCommand.CREATE_ASSOCIATION,
      descriptors: [
        {
          kind: 'create association command',
          erspRatio: 8,
          controllerId: 0xffff,
          sqsize: 31,
          hostId: new Uint8Array(16).fill(0x11),
          hostNqn: 'nqn.2014-08.org.nvmexpress:uuid:1',
          subsystemNqn: 'nqn.2024-01.sanmotion:disk',
        },
      ],
    });
    expect(bytes.length).toBe(1024);
    // Descriptor list length, tag, and the descriptor's own length, as Linux counts them.
    expect(formatHex(bytes.subarray(0, 18))).toBe('03000000000003f800000003000003f00008');
    expect(formatHex(bytes.subarray(56, 60))).toBe('ffff001f');
    expect(bytes[64]).toBe(0x11);
    expect(String.fromCharCode(...bytes.subarray(80, 84))).toBe('nqn.');
    expect(String.fromCharCode(...bytes.subarray(336, 340))).toBe('nqn.');
    checkEveryLength(nvmeLinkService, bytes);
    checkTiled(nvmeLinkService, bytes);
  });

  test('accept of it: request information, association and connection', () => {
    checkVector(
      nvmeLinkService,
      `02 000000 00000030
       00000001 00000008 03 000000 00000000
       00000007 00000008 0000000000000001
       00000006 00000008 0000000000000100`,
      {
        lsCommand: NvmeLsCommand.LS_ACC,
        descriptors: [
          { kind: 'request information', lsCommand: NvmeLsCommand.CREATE_ASSOCIATION },
          { kind: 'association identifier', associationId: 1n },
          { kind: 'connection identifier', connectionId: 0x100n },
        ],
      },
    );
  });

  test('Create I/O Connection and Disconnect Association', () => {
    checkVector(
      nvmeLinkService,
      `04 000000 00000048
       00000007 00000008 0000000000000001
       00000004 00000030 0008 ${'00'.repeat(38)} 0001 007f 00000000`,
      {
        lsCommand: NvmeLsCommand.CREATE_CONNECTION,
        descriptors: [
          { kind: 'association identifier', associationId: 1n },
          { kind: 'create connection command', erspRatio: 8, queueId: 1, sqsize: 127 },
        ],
      },
    );
    checkVector(
      nvmeLinkService,
      `05 000000 00000028
       00000007 00000008 0000000000000001
       00000005 00000010 ${'00'.repeat(16)}`,
      {
        lsCommand: NvmeLsCommand.DISCONNECT_ASSOCIATION,
        descriptors: [
          { kind: 'association identifier', associationId: 1n },
          { kind: 'disconnect command' },
        ],
      },
    );
  });

  test('reject, and a descriptor nobody knows', () => {
    checkVector(
      nvmeLinkService,
      `01 000000 0000002c
       00000001 00000008 05 000000 00000000
       00000002 00000008 00 40 00 00 00000000
       000000f0 00000004 01020304`,
      {
        lsCommand: NvmeLsCommand.LS_RJT,
        descriptors: [
          { kind: 'request information', lsCommand: NvmeLsCommand.DISCONNECT_ASSOCIATION },
          { kind: 'reject', reason: NvmeLsRejectReason.INVALID_ASSOCIATION_ID, explanation: 0 },
          { kind: 'descriptor', descriptorTag: 0xf0, parameters: parseHex('01020304') },
        ],
      },
    );
  });
});

describe('descriptors', () => {
  test('have a tag and the bytes behind their length', () => {
    checkVector(nvmeLsDescriptor, '00000006 00000008 0000000000000100', {
      kind: 'connection identifier',
      connectionId: 0x100n,
    });
    checkVector(nvmeLsDescriptor, '000000f0 00000002 0102', {
      kind: 'descriptor',
      descriptorTag: 0xf0,
      descriptorLengthBytes: 2,
      parameters: parseHex('0102'),
    });
  });

  test('shorter than their layout keep their bytes', () => {
    const bytes = parseHex(bareHex('00000006 00000004 00000001'));
    expect(nvmeLsDescriptor.decode(bytes)).toMatchObject({
      kind: 'descriptor',
      descriptorTag: 6,
      parameters: parseHex('00000001'),
    });
  });

  test('names take 256 bytes', () => expect(NQN_BYTES).toBe(256));
});
