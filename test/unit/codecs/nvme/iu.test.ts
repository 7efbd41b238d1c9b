import { describe, expect, test } from 'vitest';
import { type AnyCodec, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  type NvmeCmndInput,
  NvmeLsCommand,
  NvmeLsRejectReason,
  NvmeOpcode,
  nvmeCmnd,
  nvmeErsp,
  nvmeLinkService,
  nvmeRsp,
  nvmeSr,
  nvmeSrRsp,
  nvmeXferRdy,
} from '../../../../src/codecs/nvme/index.ts';
import { checkEveryLength, checkTiled } from '../every-length.ts';
import { fcPayloads, haveCaptures } from '../fc-payloads.ts';

const hex = (text: string) => text.replaceAll(/\s/g, '');

function check(codec: AnyCodec, text: string, value: object): void {
  const bytes = parseHex(hex(text));
  expect(codec.decode(bytes)).toMatchObject(value);
  expect(formatHex(codec.encode(value))).toBe(hex(text));
  checkEveryLength(codec, bytes);
  checkTiled(codec, bytes);
}

describe('information units', () => {
  // include/linux/nvme-fc.h of Linux 6.1: FDh, 28h, 24 words; the entry itself is little-endian.
  test('NVMe_CMND: a read of 8 blocks', () => {
    const value: NvmeCmndInput = {
      connectionId: 0x1122_3344_5566_7788n,
      commandSequenceNumber: 9,
      flags: 2,
      dataLengthBytes: 4096,
      sqe: {
        opcode: NvmeOpcode.READ,
        commandId: 0x1234,
        namespaceId: 1,
        dataPointer: parseHex('0000000000000000 00100000 00000050'.replaceAll(' ', '')),
        cdw10: 0x20,
        cdw12: 7,
      },
    };
    check(
      nvmeCmnd,
      `fd 28 0018 0000 00 02 1122334455667788 00000009 00001000
       02 40 3412 01000000 00000000 00000000 0000000000000000
       0000000000000000 00100000 00000050
       20000000 00000000 07000000 00000000 00000000 00000000
       00 00 0000 00000000`,
      value,
    );
  });

  test('NVMe_ERSP: 8 words and the completion', () => {
    check(nvmeErsp, '00 00 0008 00000005 00001000 00000000 0000000000000000 0700 0100 3412 0040', {
      responseSequenceNumber: 5,
      transferredDataLengthBytes: 4096,
      cqe: {
        result: 0n,
        submissionQueueHead: 7,
        submissionQueueId: 1,
        commandId: 0x1234,
        status: 0x4000,
      },
    });
  });

  test('NVMe_XFER_RDY, NVMe_RSP, NVMe_SR and its response', () => {
    check(nvmeXferRdy, '00001000 00002000 00000000', {
      relativeOffset: 0x1000,
      burstLengthBytes: 0x2000,
    });
    check(nvmeRsp, '00'.repeat(12), {});
    check(nvmeSr, '28 01 00 07 00000000', { retryRCtl: 7 });
    check(nvmeSrRsp, '28 02 00 03 00000000', { status: 3 });
  });
});

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
    check(
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
    check(
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
    check(
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
    check(
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

describe.skipIf(!haveCaptures)('of the captures (skipped without ../shared/captures)', () => {
  test('the hand-made command', () => {
    const found = fcPayloads('handmade/wireshark-gaps.pcap').filter(({ type }) => type === 0x28);
    expect(found).toHaveLength(1);
    const { payload } = found[0]!;
    const one = nvmeCmnd.decode(payload);
    expect(one).toMatchObject({ formatId: 0xfd, fcId: 0x28, cmndIuLengthWords: 24 });
    expect(formatHex(nvmeCmnd.encode(one))).toBe(formatHex(payload));
  });
});
