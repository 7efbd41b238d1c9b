/** TLV descriptors: bytes written from the structures of Linux' fc_els.h (fc_fn_*_desc) and lpfc_hw.h (fc_rdp_*). */
import { describe, expect, test } from 'vitest';
import * as d from '../../../../src/codecs/els/descriptor.ts';
import {
  LsDescriptorTag,
  OpticalElement,
  OpticalElementFlags,
  PortSpeed,
  SignalCapability,
  SignalUnit,
} from '../../../../src/codecs/els/descriptor-codes.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const PORT = '2000525400aa0001';
const OTHER = '2000525400bb0001';
const ports = {
  detectingPortName: 0x2000_5254_00aa_0001n,
  attachedPortName: 0x2000_5254_00bb_0001n,
};

describe('descriptors of requests', () => {
  test('what is answered, and who is asked', () => {
    expectVector(d.linkServiceRequestDescriptor, '00000001 00000004 17000000', { command: 0x17 });
    expectVector(d.nPortIdDescriptor, '00000003 00000004 00010203', { nPortId: 0x01_0203 });
    expectEncoded(d.nPortIdDescriptor, { nPortId: 0x01_0203 }, '00000003 00000004 00010203');
  });

  test('notifications that a port registers for: fc_df_desc_fpin_reg', () => {
    const hex = '00030001 0000000c 00000002 00020001 00020004';
    const { LINK_INTEGRITY_NOTIFICATION, CONGESTION_NOTIFICATION } = LsDescriptorTag;
    const tags = [LINK_INTEGRITY_NOTIFICATION, CONGESTION_NOTIFICATION];
    expectVector(d.fpinRegistrationDescriptor, hex, { valueLengthBytes: 12, tagCount: 2, tags });
    expectEncoded(d.fpinRegistrationDescriptor, { tags }, hex);
  });
});

describe('descriptors of RDP', () => {
  test('SFP, speed, names, errors, FEC, credit', () => {
    expectVector(d.sfpDescriptor, '00010000 0000000c 0102 0304 0506 0708 090a 0030', {
      temperature: 0x102,
      voltage: 0x304,
      txBias: 0x506,
      txPower: 0x708,
      rxPower: 0x90a,
      flags: 0x30,
    });
    expectVector(d.portSpeedDescriptor, '00010001 00000004 0c000400', {
      capabilities: PortSpeed['8 Gb/s'] | PortSpeed['16 Gb/s'],
      operatingSpeed: PortSpeed['16 Gb/s'],
    });
    const LESB = '00000001 00000002 00000003 00000004 00000005 00000006';
    expectVector(d.linkErrorStatusDescriptor, `00010002 0000001c ${LESB} 40000000`, {
      lesb: { linkFailures: 1, invalidCrcs: 6 },
      portType: 1,
    });
    expectVector(d.portNamesDescriptor, `00010003 00000010 ${PORT} ${OTHER}`, {
      nodeName: 0x2000_5254_00aa_0001n,
      portName: 0x2000_5254_00bb_0001n,
    });
    expectVector(d.fecStatusDescriptor, '00010005 00000008 00000007 00000008', {
      correctedBlocks: 7,
      uncorrectableBlocks: 8,
    });
    expectVector(d.bufferCreditDescriptor, '00010006 0000000c 00000010 00000020 00000005', {
      bbCredit: 16,
      attachedBbCredit: 32,
      roundTripTimeNs: 5,
    });
  });

  test('optical element and product', () => {
    expectVector(d.opticalElementDescriptor, '00010007 0000000c 0001 0002 0003 0004 4000000a', {
      highAlarm: 1,
      lowAlarm: 2,
      highWarning: 3,
      lowWarning: 4,
      element: OpticalElement.TX_POWER,
      flags: OpticalElementFlags.HIGH_ALARM | OpticalElementFlags.HIGH_WARNING,
    });
    const text = (value: string, bytes: number) =>
      Buffer.from(value.padEnd(bytes, ' '), 'latin1').toString('hex');
    const product = `${text('VENDOR', 16)} ${text('MODEL', 16)} ${text('SERIAL', 16)} ${text('A', 4)} ${text('190614', 8)}`;
    expectVector(d.opticalProductDescriptor, `00010008 0000003c ${product}`, {
      vendorName: 'VENDOR'.padEnd(16),
      modelNumber: 'MODEL'.padEnd(16),
      serialNumber: 'SERIAL'.padEnd(16),
      revision: 'A   ',
      date: '190614  ',
    });
  });
});

describe('descriptors of virtual entities, lpfc_hw.h', () => {
  const UUID = '000102030405060708090a0b0c0d0e0f';

  test('priority ranges, manager, entities that come and go', () => {
    expectVector(d.priorityRangeDescriptor, '00010009 00000004 10 20 03 01', {
      lowRange: 16,
      highRange: 32,
      qosPriority: 3,
      localVeIdUse: 1,
    });
    expectVector(d.vemIdDescriptor, `0001000a 00000010 ${UUID}`, { vemId: parseHex(UUID) });
    const entity = { globalVeId: parseHex(UUID), nPortId: 0x01_0203, localVeId: 7 };
    expectVector(d.instantiatedVeDescriptor, `0001000b 00000014 ${UUID} 010203 07`, entity);
    expectVector(d.deinstantiatedVeDescriptor, `0001000c 00000014 ${UUID} 010203 07`, entity);
  });
});

describe('descriptors of EDC', () => {
  test('fc_diag_lnkflt_desc and fc_diag_cg_sig_desc', () => {
    expectVector(d.linkFaultCapabilityDescriptor, '0001000d 0000000c 00000064 00000032 00000018', {
      degradeActivateThreshold: 100,
      degradeDeactivateThreshold: 50,
      fecDegradeInterval: 24,
    });
    expectVector(
      d.congestionSignalingDescriptor,
      '0001000f 00000010 00000001 0064 0002 00000002 000a 0001',
      {
        transmitCapability: SignalCapability.WARNING,
        transmitPeriod: 100,
        transmitUnit: SignalUnit.MILLISECONDS,
        receiveCapability: SignalCapability.WARNING_AND_ALARM,
        receivePeriod: 10,
        receiveUnit: SignalUnit.SECONDS,
      },
    );
  });
});

describe('descriptors of FPIN', () => {
  test('fc_fn_li_desc: link integrity, with the ports behind the attached one', () => {
    const value = `${PORT} ${OTHER} 0006 0001 000003e8 00000007 00000001 ${OTHER}`;
    expectVector(d.linkIntegrityDescriptor, `00020001 00000028 ${value}`, {
      ...ports,
      eventType: 6,
      eventModifier: 1,
      eventThresholdMs: 1000,
      eventCount: 7,
      portNameCount: 1,
      portNames: [0x2000_5254_00bb_0001n],
    });
  });

  test('fc_fn_deli_desc: delivery; the lost frame’s header may follow', () => {
    expectVector(d.deliveryDescriptor, `00020002 00000014 ${PORT} ${OTHER} 00000001`, {
      ...ports,
      reason: 1,
    });
  });

  test('fc_fn_peer_congn_desc and fc_fn_congn_desc: congestion', () => {
    expectVector(
      d.peerCongestionDescriptor,
      `00020003 0000001c ${PORT} ${OTHER} 0002 0000 000003e8 00000000`,
      { ...ports, eventType: 2, eventPeriodMs: 1000, portNames: [] },
    );
    const hex = '00020004 0000000c 0001 0000 0000000a f7000000';
    const fields = { eventType: 1, eventPeriodMs: 10, severity: 0xf7 };
    expectVector(d.congestionDescriptor, hex, fields);
    expectEncoded(d.congestionDescriptor, fields, hex);
  });
});

describe('any descriptor', () => {
  test('is read by its tag, and kept where the tag is not known', () => {
    expect(d.lsDescriptor.decode(parseHex('00000003 00000004 00010203'))).toMatchObject({
      kind: 'N_PORT_ID',
      nPortId: 0x01_0203,
    });
    const unknown = parseHex('0001ffff 00000002 abcd');
    const value = d.lsDescriptor.decode(unknown);
    expect(value).toEqual({ kind: 'unknown', raw: unknown });
    expect(d.lsDescriptor.encode(value)).toEqual(unknown);
  });
});
