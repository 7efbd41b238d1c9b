/** Zoning between switches. Layout: packet-fcswils.h; read alike by tshark 4.0.17. */
import { describe, expect, test } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import * as zoning from '../../../../src/codecs/swils/zoning.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const { mr, sfc } = zoning;
const zone = {
  type: 2,
  name: 'zone',
  members: [{ kind: 'N_PORT_NAME', portName: 0x2000_0000_0000_0001n }],
} as const;

describe('MR', () => {
  test('MR: lengths count a name of five characters with its fill', () => {
    const bytes = mr.encode({ active: { name: 'seta5', objects: [zone] } });
    const expected = [
      '2200002c', // 12 + 4 + 12 + 4 + 12 bytes
      '05000000' + '7365746135000000', // name 'seta5' and three bytes of fill
      '00000001', // one object
      '02000000' + '04000000' + '7a6f6e65', // zone 'zone'
      '00000001' + '01000008' + '2000000000000001', // one member
      '00000000', // no full zone set
    ].join('');
    expect(formatHex(bytes)).toBe(expected);
    expect(mr.decode(bytes).active?.objects[0]?.members).toMatchObject([
      { kind: 'N_PORT_NAME', portName: 0x2000_0000_0000_0001n },
    ]);
    checkEveryLength(mr, bytes);
    checkTiled(mr, bytes);
  });

  test('MR of enhanced zoning keeps its bytes', () => {
    const bytes = parseHex('22010004aabbccdd00112233');
    const value = mr.decode(bytes);
    expect(value.protocolVersion).toBe(1);
    expect(formatHex(value.enhanced)).toBe('aabbccdd00112233');
    expect(formatHex(mr.encode(value))).toBe(formatHex(bytes));
  });
});

describe('change authorization', () => {
  test('SFC: a zone set holds zones, a zone holds members', () => {
    const bytes = sfc.encode({
      operation: 3,
      zoneSet: { name: 'set1', objects: [{ type: 1, name: 'set1', zones: [zone] }] },
    });
    const [set] = sfc.decode(bytes).zoneSet!.objects;
    expect(set?.zones?.[0]?.members).toHaveLength(1);
    expect(set?.members).toBeUndefined();
    checkEveryLength(sfc, bytes);
    checkTiled(sfc, bytes);
  });

  test('SFC: nothing staged is two lengths of zero', () => {
    checkVector(sfc, '25 04 0000 00000000', {
      kind: 'SFC',
      operation: zoning.SfcOperation.DEACTIVATE_ZONE_SET,
      zoneSetLengthBytes: 0,
      fullLengthBytes: 0,
    });
    expect(zoning.SfcOperation).toEqual({ ACTIVATE_ZONE_SET: 3, DEACTIVATE_ZONE_SET: 4 });
  });

  test('ACA: a lock over the domains named', () => {
    checkVector(zoning.aca, '23 00 0008 00000001 00000061', {
      kind: 'ACA',
      domainsLengthBytes: 8,
      domains: [{ domainId: 1 }, { domainId: 0x61 }],
    });
    checkFixedVector(zoning.rca, '24000000', { kind: 'RCA' });
    checkFixedVector(zoning.ufc, '26000000', { kind: 'UFC' });
  });

  test('accepts tell status and reason behind a reserved byte', () => {
    for (const [codec, kind] of [
      [zoning.mrAccept, 'SW_ACC MR'],
      [zoning.acaAccept, 'SW_ACC ACA'],
      [zoning.rcaAccept, 'SW_ACC RCA'],
      [zoning.sfcAccept, 'SW_ACC SFC'],
      [zoning.ufcAccept, 'SW_ACC UFC'],
    ] as const) {
      checkFixedVector(codec, '02000000 00 02 0a 07', {
        kind,
        status: zoning.ZoningStatus.FAILED,
        reason: zoning.ZoningReason.CANNOT_MERGE,
        vendorUnique: 7,
      });
    }
  });

  test('codes are those of tshark: swils.zone.status, swils.zone.reason', () => {
    expect(zoning.ZoningStatus).toEqual({ SUCCESSFUL: 0, FABRIC_BUSY: 1, FAILED: 2 });
    expect(Object.values(zoning.ZoningReason)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9, 0xa]);
    expect(zoning.MergeProtocol).toEqual({ BASIC: 0, ENHANCED: 1 });
  });
});

describe('MRRA', () => {
  const vendor = '42524f4341444520';

  test('a merge of so many words: is there room?', () => {
    checkFixedVector(zoning.mrra, `34000000 00000001 00000100 ${vendor} 0000000000000000`, {
      kind: 'MRRA',
      revision: 1,
      sizeWords: 256,
      vendorId: 'BROCADE ',
    });
    checkFixedVector(zoning.mrraAccept, `02000000 ${vendor} 00000002 00000200 0000000a`, {
      kind: 'SW_ACC MRRA',
      vendorId: 'BROCADE ',
      response: zoning.MrraResponse.UNAVAILABLE,
      maximumSizeWords: 512,
      waitSeconds: 10,
    });
    expect(zoning.MrraResponse).toEqual({ AVAILABLE: 1, UNAVAILABLE: 2 });
  });
});

test('the enhanced commit service: one code, a second byte each', () => {
  const services = [
    [zoning.eaca, zoning.eacaAccept, 'EACA', '01'],
    [zoning.esfc, zoning.esfcAccept, 'ESFC', '02'],
    [zoning.eufc, zoning.eufcAccept, 'EUFC', '03'],
    [zoning.erca, zoning.ercaAccept, 'ERCA', '04'],
    [zoning.tco, zoning.tcoAccept, 'TCO', '05'],
  ] as const;
  for (const [request, accept, kind, sub] of services) {
    checkVector(request, `2a ${sub} 0000 0b`, { kind, payload: parseHex('0b') });
    checkVector(accept, '02000000 0c', { kind: `SW_ACC ${kind}`, payload: parseHex('0c') });
  }
});
