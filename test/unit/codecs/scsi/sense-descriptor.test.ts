/** Sense data descriptors; layout: SPC-5, 4.4.2, as sg_decode_sense reads them; types: scsi.sns.desc.type. */
import { describe, expect, test } from 'vitest';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  ForwardedSource,
  referral,
  SenseDescriptorType,
  senseDescriptor,
  UsageReason,
} from '../../../../src/codecs/scsi/sense-descriptor.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('sense data descriptors', () => {
  test.each([
    [
      '00 0a 80 00 0102030405060708',
      { kind: 'information', valid: 1, information: 0x0102_0304_0506_0708n },
    ],
    [
      '01 0a 0000 0102030405060708',
      { kind: 'command specific information', commandSpecificInformation: 0x0102_0304_0506_0708n },
    ],
    ['02 06 0000 cf0002 00', { kind: 'sense key specific', sksv: 1, senseKeySpecific: 0x4f_0002 }],
    ['03 02 00 09', { kind: 'field replaceable unit', fieldReplaceableUnitCode: 9 }],
    ['04 02 00 a0', { kind: 'stream commands', filemark: 1, eom: 0, ili: 1 }],
    ['05 02 00 20', { kind: 'block commands', ili: 1 }],
    [
      '06 1e 000000000000 00000001 00000002 0000000000000003 0000000000000004',
      {
        kind: 'OSD object identification',
        notInitiatedCommandFunctions: 1,
        completedCommandFunctions: 2,
        partitionId: 3n,
        objectId: 4n,
      },
    ],
    [
      `07 1e ${'11'.repeat(30)}`,
      {
        kind: 'OSD response integrity check value',
        responseIntegrityCheckValue: new Uint8Array(30).fill(0x11),
      },
    ],
    [
      '08 0a 0000 00000001 00000002',
      {
        kind: 'OSD attribute identification',
        attributes: [{ attributesPage: 1, attributeNumber: 2 }],
      },
    ],
    [
      '09 0c 01 04 0102 0304 0506 0708 40 51',
      {
        kind: 'ATA status return',
        extend: 1,
        error: 4,
        count: 0x0102,
        lbaLow: 0x0304,
        lbaMid: 0x0506,
        lbaHigh: 0x0708,
        device: 0x40,
        status: 0x51,
      },
    ],
    [
      '0a 06 02 04 04 00 8000',
      {
        kind: 'another progress indication',
        anotherSenseKey: 2,
        anotherAsc: 4,
        anotherAscq: 4,
        progressIndication: 0x8000,
      },
    ],
    [
      '0b 1a 01 00 000000 01 0000000000000000 00000000000003e7 02 00 0007',
      {
        kind: 'user data segment referral',
        notAllR: 1,
        referrals: [
          {
            firstLba: 0n,
            lastLba: 999n,
            targetPortGroups: [{ asymmetricAccessState: 2, targetPortGroup: 7 }],
          },
        ],
      },
    ],
    [
      '0c 04 81 02 7006',
      {
        kind: 'forwarded sense data',
        fsdt: 1,
        senseDataSource: ForwardedSource.COPY_DESTINATION_0,
        forwardedStatus: 2,
        forwardedSense: parseHex('7006'),
      },
    ],
    [
      '0d 1c a0 00 cf0002 09 0000000000000005 0000000000000006 000000000000',
      {
        kind: 'direct-access block device',
        valid: 1,
        ili: 1,
        sksv: 1,
        senseKeySpecific: 0x4f_0002,
        fieldReplaceableUnitCode: 9,
        information: 5n,
        commandSpecificInformation: 6n,
      },
    ],
    [
      '0e 0a 00 02 01 15 00 04 0000 0003',
      {
        kind: 'device designation',
        descriptorUsageReason: UsageReason.RESEND_THIS_COMMAND,
        designation: { kind: 'target port group', association: 1, targetPortGroup: 3 },
      },
    ],
    ['0f 06 00000000 003c', { kind: 'microcode activation', activationTimeSeconds: 60 }],
  ])('%s', (hex, value) => checkVector(senseDescriptor, hex, value));

  test('one of a vendor is unknown, one that runs past the end refused', () => {
    const vendor = parseHex('80020102');
    expect(senseDescriptor.decode(vendor)).toEqual({ kind: 'unknown', raw: vendor });
    expect(() => senseDescriptor.decode(parseHex('000a8000'))).toThrow(CodecError);
  });

  test('a referral: 20 bytes and 4 for each group', () => {
    checkVector(referral, '000000 02 0000000000000001 0000000000000002 00 00 0001 0f 00 0102', {
      targetPortGroupCount: 2,
      firstLba: 1n,
      lastLba: 2n,
      targetPortGroups: [
        { asymmetricAccessState: 0, targetPortGroup: 1 },
        { asymmetricAccessState: 15, targetPortGroup: 0x0102 },
      ],
    });
  });

  test('types', () => {
    expect(Object.values(SenseDescriptorType)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    ]);
    expect(Object.values(UsageReason)).toEqual([0, 1, 2, 3, 4]);
    expect(ForwardedSource).toEqual({
      COPY_SOURCE: 0,
      COPY_DESTINATION_0: 1,
      COPY_DESTINATION_1: 2,
    });
  });
});
