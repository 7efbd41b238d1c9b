/**
 * Codes of Fibre Channel beside those that Linux 6.1 sends and reads: include/uapi/scsi/fc/fc_fs.h
 * and fc_els.h, include/scsi/fc/fc_fcp.h.
 */
import { expect, test } from 'vitest';
import {
  CongestionEvent,
  DeliveryReason,
  LinkIntegrityEvent,
} from '../../../../src/codecs/els/index.ts';
import { RejectReason, WellKnownAddress } from '../../../../src/codecs/fc/index.ts';
import { RspFlags, TaskManagement } from '../../../../src/codecs/fcp/index.ts';

test('reasons of P_RJT and F_RJT: FC_RJT_…', () => {
  const linux = [
    ...Array.from({ length: 0x18 }, (_, i) => i + 1),
    ...[0x1a, 0x1b, 0x1c, 0x1d, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0xff],
  ];
  expect(Object.values(RejectReason)).toEqual(expect.arrayContaining(linux));
  expect(RejectReason).toMatchObject({
    'Invalid D_ID': 0x01, // FC_RJT_INVL_DID
    'Invalid OX_ID': 0x0b, // FC_RJT_OX_ID
    'Exchange error': 0x11, // FC_RJT_EXCH_ERR
    'Login required': 0x16, // FC_RJT_LOGI_REQ
  });
});

test('addresses of services: FC_FID_…', () => {
  expect(WellKnownAddress).toMatchObject({
    Broadcast: 0xffffff,
    'F_Port Controller': 0xfffffe,
    'Fabric Controller': 0xfffffd,
    'Directory Server': 0xfffffc,
    'Time Server': 0xfffffb,
    'Management Server': 0xfffffa,
    'Quality of Service Facilitator': 0xfffff9,
    'Alias Server': 0xfffff8,
    'Security Key Distribution Server': 0xfffff7,
    'Clock Synchronization Server': 0xfffff6,
    'Multicast Server': 0xfffff5,
  });
});

test('events of FPIN: FPIN_LI_…, FPIN_DELI_…, FPIN_CONGN_…', () => {
  expect(Object.values(LinkIntegrityEvent)).toEqual([0, 1, 2, 3, 4, 5, 6, 0xf]);
  expect(LinkIntegrityEvent).toMatchObject({ LOSS_OF_SIGNAL: 3, INVALID_CRC: 6 });
  expect(DeliveryReason).toEqual({
    UNKNOWN: 0,
    TIMEOUT: 1,
    UNABLE_TO_ROUTE: 2,
    DEVICE_SPECIFIC: 0xf,
  });
  expect(CongestionEvent).toEqual({
    CLEAR: 0,
    LOST_CREDIT: 1,
    CREDIT_STALL: 2,
    OVERSUBSCRIPTION: 3,
    DEVICE_SPECIFIC: 0xf,
  });
});

test('task management and flags of responses: FCP_TMF_…, FCP_RESID_…', () => {
  expect(TaskManagement).toMatchObject({
    CLEAR_ACA: 0x40,
    TARGET_RESET: 0x20,
    LOGICAL_UNIT_RESET: 0x10,
    CLEAR_TASK_SET: 0x04,
    ABORT_TASK_SET: 0x02,
  });
  expect(RspFlags).toEqual({
    BIDI_RSP: 0x80,
    BIDI_READ_RESID_UNDER: 0x40,
    BIDI_READ_RESID_OVER: 0x20,
    CONF_REQ: 0x10,
    RESID_UNDER: 0x08,
    RESID_OVER: 0x04,
    SNS_LEN_VALID: 0x02,
    RSP_LEN_VALID: 0x01,
  });
});
