/** Optional headers of the data field. */
import { describe, expect, it } from 'vitest';
import { DfCtl } from '../../../../src/codecs/fc/codes.ts';
import {
  AssociationValidity,
  associationHeader,
  deviceHeader16,
  deviceHeader32,
  deviceHeader64,
  espHeader,
  networkHeader,
  optionalHeaders,
} from '../../../../src/codecs/fc/optional.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('optional headers', () => {
  it('come in the order of DF_CTL, with their sizes', () => {
    const dfCtl = DfCtl.ESP_Header | DfCtl.Network_Header | DfCtl['Device_Header 32'];
    const present = optionalHeaders(dfCtl);
    expect(present).toEqual([espHeader, networkHeader, deviceHeader32]);
    expect(present.map((one) => one.headBytes)).toEqual([8, 16, 32]);
    expect(optionalHeaders(0)).toEqual([]);
    expect(optionalHeaders(3).map((one) => one.headBytes)).toEqual([64]);
    expect(optionalHeaders(DfCtl.Association_Header).map((one) => one.headBytes)).toEqual([32]);
  });

  it('reads a Network_Header as tshark does: fc.nethdr.da in front of fc.nethdr.sa', () => {
    expectVector(networkHeader, '1000005301020304 1000005305060708', {
      destination: 0x1000_0053_0102_0304n,
      source: 0x1000_0053_0506_0708n,
    });
  });

  it('reads ESP_Header, Association_Header and Device_Header as FC-FS-4 prints them', () => {
    expectVector(espHeader, '00000101 00000002', {
      securityParametersIndex: 0x101,
      sequenceNumber: 2,
    });
    expectVector(
      associationHeader,
      `c0 11111111111111 00 22222222222222 ${'33'.repeat(8)} ${'44'.repeat(8)}`,
      {
        validity:
          AssociationValidity['Originator Process_Associator'] |
          AssociationValidity['Responder Process_Associator'],
        originatorProcessAssociator: new Uint8Array(7).fill(0x11),
        responderProcessAssociator: new Uint8Array(7).fill(0x22),
        originatorOperationAssociator: new Uint8Array(8).fill(0x33),
        responderOperationAssociator: new Uint8Array(8).fill(0x44),
      },
    );
    expect(Object.values(AssociationValidity)).toEqual([0x80, 0x40, 0x20, 0x10, 0x01]);
    expectEncoded(deviceHeader16, {}, '00'.repeat(16));
    expectEncoded(deviceHeader64, { content: new Uint8Array(64).fill(5) }, '05'.repeat(64));
  });
});
