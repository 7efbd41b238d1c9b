/** Codes of NVMe over Fibre Channel, beside include/linux/nvme-fc.h and nvme.h of Linux 6.1. */
import { expect, test } from 'vitest';
import {
  NvmeLsCommand,
  NvmeLsDescriptor,
  NvmeLsRejectExplanation,
  NvmeLsRejectReason,
  NvmeOpcode,
  NvmeRCtl,
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
