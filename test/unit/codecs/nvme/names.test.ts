/** Codes of NVMe over Fibre Channel, beside include/linux/nvme-fc.h and nvme.h of Linux 6.1. */
import { expect, test } from 'vitest';
import {
  NvmeGenericStatus,
  NvmeLsCommand,
  NvmeLsDescriptor,
  NvmeLsRejectExplanation,
  NvmeLsRejectReason,
  NvmeOpcode,
  NvmePathStatus,
  NvmeRCtl,
  NvmeStatusType,
  nvmeOpcodeName,
  nvmeStatusName,
} from '../../../../src/codecs/nvme/names.ts';

test('R_CTL: enum of nvme-fc.h, and FC-NVMe-2 for the rest', () => {
  expect(NvmeRCtl).toMatchObject({ DATA: 1, XFER_RDY: 5, CMND: 6, RSP: 7, ERSP: 8 });
  expect([NvmeRCtl.CONF, NvmeRCtl.SR, NvmeRCtl.SR_RSP]).toEqual([3, 9, 10]);
});

test('opcodes: enum nvme_opcode', () => {
  expect(Object.entries(NvmeOpcode)).toEqual([
    ['FLUSH', 0x00],
    ['WRITE', 0x01],
    ['READ', 0x02],
    ['WRITE_UNCORRECTABLE', 0x04],
    ['COMPARE', 0x05],
    ['WRITE_ZEROES', 0x08],
    ['DATASET_MANAGEMENT', 0x09],
    ['VERIFY', 0x0c],
    ['RESERVATION_REGISTER', 0x0d],
    ['RESERVATION_REPORT', 0x0e],
    ['RESERVATION_ACQUIRE', 0x11],
    ['RESERVATION_RELEASE', 0x15],
    ['FABRICS', 0x7f],
  ]);
});

test('link services: FCNVME_LS_… and FCNVME_LSDESC_…', () => {
  expect(Object.values(NvmeLsCommand)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(NvmeLsCommand.CREATE_ASSOCIATION).toBe(3);
  expect(Object.values(NvmeLsDescriptor)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(NvmeLsDescriptor).toMatchObject({
    REJECT: 2,
    CREATE_CONNECTION_COMMAND: 4,
    CONNECTION_IDENTIFIER: 6,
    ASSOCIATION_IDENTIFIER: 7,
  });
});

test('refusals: fcnvme_ls_rjt_reason and fcnvme_ls_rjt_explan', () => {
  expect(NvmeLsRejectReason).toMatchObject({
    INVALID_COMMAND: 0x01,
    LOGICAL_ERROR: 0x03,
    UNABLE_TO_PERFORM: 0x09,
    NOT_SUPPORTED: 0x0b,
    INVALID_ASSOCIATION_ID: 0x40,
    INVALID_CONNECTION_ID: 0x41,
    INVALID_PARAMETERS: 0x42,
    INSUFFICIENT_RESOURCES: 0x43,
    VENDOR_SPECIFIC: 0xff,
  });
  expect(NvmeLsRejectExplanation).toMatchObject({
    NONE: 0,
    INVALID_OX_ID_RX_ID: 0x17,
    UNABLE_TO_SUPPLY_DATA: 0x2a,
    INVALID_PAYLOAD_LENGTH: 0x2d,
    INVALID_ERSP_RATIO: 0x40,
    INVALID_SUBNQN: 0x46,
  });
});

test('statuses: NVME_SC_…, the type in bits 8 and up', () => {
  expect(Object.entries(NvmeGenericStatus)).toEqual([
    ['SUCCESS', 0x0],
    ['INVALID_OPCODE', 0x1],
    ['INVALID_FIELD', 0x2],
    ['COMMAND_ID_CONFLICT', 0x3],
    ['DATA_TRANSFER_ERROR', 0x4],
    ['POWER_LOSS', 0x5],
    ['INTERNAL_ERROR', 0x6],
    ['ABORT_REQUESTED', 0x7],
    ['SUBMISSION_QUEUE_DELETED', 0x8],
    ['INVALID_NAMESPACE', 0xb],
    ['COMMAND_SEQUENCE_ERROR', 0xc],
    ['LBA_OUT_OF_RANGE', 0x80],
    ['CAPACITY_EXCEEDED', 0x81],
    ['NAMESPACE_NOT_READY', 0x82],
    ['RESERVATION_CONFLICT', 0x83],
  ]);
  const path = Object.entries(NvmePathStatus).map(
    ([name, code]) => [name, (NvmeStatusType.PATH << 8) | code] as const,
  );
  expect(path).toEqual([
    ['INTERNAL_PATH_ERROR', 0x300],
    ['ASYMMETRIC_ACCESS_PERSISTENT_LOSS', 0x301],
    ['ASYMMETRIC_ACCESS_INACCESSIBLE', 0x302],
    ['ASYMMETRIC_ACCESS_TRANSITION', 0x303],
    ['HOST_PATHING_ERROR', 0x370],
    ['HOST_ABORTED_COMMAND', 0x371],
  ]);
});

test('names of statuses and commands, the phase bit aside', () => {
  // Status field of the completion: phase in bit 0, NVME_SC_… above it (nvme.h, nvme_end_request).
  expect(nvmeStatusName(0x0001)).toBe('SUCCESS');
  expect(nvmeStatusName(0x83 << 1)).toBe('RESERVATION CONFLICT');
  expect(nvmeStatusName((0x302 << 1) | 1)).toBe('ASYMMETRIC ACCESS INACCESSIBLE');
  expect(nvmeStatusName(0x281 << 1)).toBe('status 2/81h');
  expect(nvmeOpcodeName(2)).toBe('NVMe READ');
  expect(nvmeOpcodeName(0xc1)).toBe('NVMe operation code c1h');
});
