/** The Third-party Copy VPD page; layout: as sg_vpd and ddptctl read it (test/live/guests/odx.test.ts). */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import * as m from '../../../../src/codecs/scsi/vpd-copy.ts';
import { checkRead, checkVector } from '../../../helpers/vector.ts';

describe('third-party copy', () => {
  const PARAMETERS = `0004 001c 00000000 0004 0002 00000400 00000008 ${'00'.repeat(12)}`;

  test.each([
    [
      '0001 0008 04 83 02 00 01 000000',
      {
        kind: 'supported commands',
        commands: [{ supportedOperationCode: 0x83, serviceActions: [0, 1] }],
        padding: new Uint8Array(3),
      },
    ],
    [
      PARAMETERS,
      {
        kind: 'parameter data',
        maximumCscdDescriptorCount: 4,
        maximumSegmentDescriptorCount: 2,
        maximumDescriptorListLengthBytes: 1024,
        maximumInlineDataLengthBytes: 8,
        reserved2: new Uint8Array(12),
      },
    ],
    [
      '0008 0004 02 02 e4 00',
      { kind: 'supported descriptors', descriptorCodes: [2, 0xe4], padding: new Uint8Array(1) },
    ],
    [
      '9101 0002 0102',
      { kind: 'third-party copy descriptor', descriptorType: 0x9101, parameters: parseHex('0102') },
    ],
  ])('%s', (hex, value) => checkVector(m.thirdPartyCopyDescriptor, hex, value));

  test('the page holds them; one that is cut keeps its bytes', () => {
    checkVector(m.thirdPartyCopy, '00 8f 0008 0008 0004 02 02 e4 00', {
      kind: 'third-party copy',
      descriptors: [
        { kind: 'supported descriptors', descriptorCodes: [2, 0xe4], padding: new Uint8Array(1) },
      ],
    });
    checkRead(m.thirdPartyCopyDescriptor, '0004 001c 0000', {
      kind: 'third-party copy descriptor',
      descriptorType: 4,
    });
  });

  test('descriptor types of SPC-5', () => {
    expect(m.ThirdPartyCopyDescriptor).toMatchObject({
      BLOCK_DEVICE_ROD_LIMITS: 0,
      SUPPORTED_COMMANDS: 1,
      PARAMETER_DATA: 4,
      SUPPORTED_DESCRIPTORS: 8,
      SUPPORTED_CSCD_DESCRIPTOR_IDS: 0xc,
      COPY_GROUP_IDENTIFIER: 0xd,
      ROD_TOKEN_FEATURES: 0x106,
      SUPPORTED_ROD_TOKEN_AND_ROD_TYPES: 0x108,
      GENERAL_COPY_OPERATIONS: 0x8001,
      STREAM_COPY_OPERATIONS: 0x9101,
      HELD_DATA: 0xc001,
    });
  });
});
