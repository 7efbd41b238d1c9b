/** Codes of TLV descriptors: Linux 6.1 include/uapi/scsi/fc/fc_els.h; speeds as tshark names them too. */
import { describe, expect, test } from 'vitest';
import {
  CongestionEvent,
  CongestionSeverity,
  DeliveryReason,
  LinkIntegrityEvent,
  LsDescriptorTag,
  OpticalElement,
  OpticalElementFlags,
  PortSpeed,
  SfpFlags,
  SignalCapability,
  SignalUnit,
} from '../../../../src/codecs/els/descriptor-codes.ts';

describe('codes of descriptors', () => {
  test('tags: enum fc_ls_tlv_dtag', () => {
    expect(LsDescriptorTag).toMatchObject({
      LINK_SERVICE_REQUEST_INFORMATION: 0x0000_0001,
      SFP_DIAGNOSTICS: 0x0001_0000,
      PORT_SPEED: 0x0001_0001,
      LINK_ERROR_STATUS: 0x0001_0002,
      PORT_NAMES: 0x0001_0003,
      LINK_FAULT_CAPABILITY: 0x0001_000d,
      CONGESTION_SIGNALING_CAPABILITY: 0x0001_000f,
      LINK_INTEGRITY_NOTIFICATION: 0x0002_0001,
      DELIVERY_NOTIFICATION: 0x0002_0002,
      PEER_CONGESTION_NOTIFICATION: 0x0002_0003,
      CONGESTION_NOTIFICATION: 0x0002_0004,
      FPIN_REGISTRATION: 0x0003_0001,
    });
  });

  test('events: fc_fpin_li_event_types, fc_fpin_deli_event_types, fc_fpin_congn_event_types', () => {
    expect(Object.values(LinkIntegrityEvent)).toEqual([0, 1, 2, 3, 4, 5, 6, 15]);
    expect(Object.values(DeliveryReason)).toEqual([0, 1, 2, 15]);
    expect(Object.values(CongestionEvent)).toEqual([0, 1, 2, 3, 15]);
    expect(CongestionSeverity).toEqual({ WARNING: 0xf1, ALARM: 0xf7 });
  });

  test('signals: fc_edc_cg_signal_cap_types and FC_LS_TLV units', () => {
    expect(SignalCapability).toEqual({ NONE: 0, WARNING: 1, WARNING_AND_ALARM: 2 });
    expect(SignalUnit).toEqual({ SECONDS: 1, MILLISECONDS: 2 });
  });

  test('speeds: fcels.rpsc.port_oper_speed up to 10 Gb; the others as lpfc_hw.h has them', () => {
    expect(PortSpeed).toEqual({
      '1 Gb/s': 0x8000,
      '2 Gb/s': 0x4000,
      '4 Gb/s': 0x2000,
      '10 Gb/s': 0x1000,
      '8 Gb/s': 0x0800,
      '16 Gb/s': 0x0400,
      '32 Gb/s': 0x0200,
      '64 Gb/s': 0x0100,
      '128 Gb/s': 0x0080,
      '256 Gb/s': 0x0040,
      UNKNOWN: 0x0002,
      NOT_ESTABLISHED: 0x0001,
    });
  });

  test('optics: struct RDP of lpfc_hw.h', () => {
    expect(SfpFlags).toEqual({ OPTICAL_PORT: 0x0010, DESCRIPTOR_VALID: 0x0020 });
    expect(Object.values(OpticalElement)).toEqual([1, 2, 3, 4, 5]);
    expect(Object.values(OpticalElementFlags)).toEqual([8, 4, 2, 1]);
  });
});
