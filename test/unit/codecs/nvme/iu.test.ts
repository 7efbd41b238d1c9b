/**
 * Information units of FC-NVMe. Layout: include/linux/nvme-fc.h and nvme.h of Linux 6.1. Bytes of
 * frames: field/44-fc-nvme.pcap, where a read of 1,000h bytes is answered.
 */
import { describe, expect, test } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  completionQueueEntry,
  ErspResult,
  NvmeCmndFlags,
  type NvmeCmndInput,
  NvmeSrStatus,
  nvmeCmnd,
  nvmeErsp,
  nvmeRsp,
  nvmeSr,
  nvmeSrRsp,
  nvmeXferRdy,
  submissionQueueEntry,
} from '../../../../src/codecs/nvme/iu.ts';
import { NvmeOpcode } from '../../../../src/codecs/nvme/names.ts';
import { fcPayloads, haveCaptures } from '../../../helpers/fc-payloads.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

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
    checkVector(
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
    checkVector(
      nvmeErsp,
      '00 00 0008 00000005 00001000 00000000 0000000000000000 0700 0100 3412 0040',
      {
        responseSequenceNumber: 5,
        transferredDataLengthBytes: 4096,
        cqe: {
          result: 0n,
          submissionQueueHead: 7,
          submissionQueueId: 1,
          commandId: 0x1234,
          status: 0x4000,
        },
      },
    );
  });

  test('NVMe_XFER_RDY, NVMe_RSP, NVMe_SR and its response', () => {
    checkVector(nvmeXferRdy, '00001000 00002000 00000000', {
      relativeOffset: 0x1000,
      burstLengthBytes: 0x2000,
    });
    checkVector(nvmeRsp, '00'.repeat(12), {});
    checkVector(nvmeSr, '28 01 00 07 00000000', { retryRCtl: 7 });
    checkVector(nvmeSrRsp, '28 02 00 03 00000000', { status: 3 });
  });

  test('frame 1: a read of 8 blocks, whose entry stands low byte first', () => {
    checkFixedVector(
      nvmeCmnd,
      `fd 28 0018 000000 02 1122334455667788 00000001 00001000
       02 40 1200 01000000 ${'00'.repeat(16)} 0000000000000000 00100000 00000000
       0700000000000000 ${'00'.repeat(16)} 0000000000000000`,
      {
        flags: NvmeCmndFlags.READ,
        connectionId: 0x1122_3344_5566_7788n,
        commandSequenceNumber: 1,
        dataLengthBytes: 4096,
        sqe: {
          opcode: NvmeOpcode.READ,
          psdt: 1,
          commandId: 0x12,
          namespaceId: 1,
          dataPointer: parseHex('00000000000000000010000000000000'),
          cdw10: 7,
        },
      },
    );
  });

  test('frame 4: how it ended', () => {
    checkFixedVector(
      nvmeErsp,
      '00 00 0008 00000001 00001000 00000000 0000000000000005 0001 0012 0002 40e1',
      {
        erspResult: ErspResult.SUCCESS,
        responseSequenceNumber: 1,
        transferredDataLengthBytes: 4096,
        cqe: {
          result: 0x0500_0000_0000_0000n,
          submissionQueueHead: 0x0100,
          submissionQueueId: 0x1200,
          commandId: 0x0200,
          status: 0xe140,
        },
      },
    );
  });

  test('the entries alone: 64 and 16 bytes', () => {
    checkFixedVector(
      submissionQueueEntry,
      `01 42 3412 04030201 05000000 06000000 0807060504030201 ${'11'.repeat(16)}
       0a000000 0b000000 0c000000 0d000000 0e000000 0f000000`,
      {
        opcode: NvmeOpcode.WRITE,
        psdt: 1,
        fuse: 2,
        commandId: 0x1234,
        namespaceId: 0x0102_0304,
        cdw2: 5,
        cdw3: 6,
        metadataPointer: 0x0102_0304_0506_0708n,
        dataPointer: new Uint8Array(16).fill(0x11),
        cdw10: 10,
        cdw11: 11,
        cdw12: 12,
        cdw13: 13,
        cdw14: 14,
        cdw15: 15,
      },
    );
    checkFixedVector(completionQueueEntry, '0100000000000000 0200 0300 0400 0180', {
      result: 1n,
      submissionQueueHead: 2,
      submissionQueueId: 3,
      commandId: 4,
      status: 0x8001,
    });
  });

  test('has the codes of nvme-fc.h', () => {
    expect(NvmeCmndFlags).toEqual({ WRITE: 1, READ: 2, PICWP: 4 });
    expect(ErspResult).toEqual({ SUCCESS: 0, INVALID_FIELD: 1, ILLEGAL_CONNECTION_PARAMETERS: 3 });
    expect(Object.values(NvmeSrStatus)).toEqual([0, 3, 4, 9]);
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
