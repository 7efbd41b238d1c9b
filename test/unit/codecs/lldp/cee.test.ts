/**
 * DCBX before the standard. Codes and the layout of the TLVs: Wireshark 4.0.17, packet-lldp.c; our
 * bytes were read alike by `lldptool -n` of open-lldp 1.1.
 */
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  CeeSelector,
  CeeSubtype,
  CeeType,
  ceeApplication,
  ceeApplicationProtocol,
  ceeControl,
  ceeLogicalLinkDown,
  ceePfc,
  ceePriorityGroups,
  ceeTlv,
  lldpCee,
} from '../../../../src/codecs/lldp/cee.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const CONTROL = '020a 00 00 00000001 00000002';
const GROUPS = '0411 01 02 c0 00 00010000 3232000000000000 02';
const PFC = '0606 00 00 c0 00 08 08';
const FCOE = '080a 00 00 80 00 8906 00 1b21 08';

describe('TLVs inside the CEE TLV', () => {
  it('control counts changes of both sides', () => {
    checkFixedVector(ceeControl, CONTROL, {
      kind: 'control',
      lengthBytes: 10,
      sequence: 1,
      acknowledgement: 2,
    });
  });

  it('priority groups: a group a priority, percent a group', () => {
    checkFixedVector(ceePriorityGroups, GROUPS, {
      kind: 'priorityGroups',
      operatingVersion: 1,
      maximumVersion: 2,
      enabled: 1,
      willing: 1,
      error: 0,
      priority0: 0,
      priority1: 0,
      priority2: 0,
      priority3: 1,
      priority4: 0,
      priority5: 0,
      priority6: 0,
      priority7: 0,
      bandwidthPercent: Uint8Array.of(50, 50, 0, 0, 0, 0, 0, 0),
      trafficClasses: 2,
    });
  });

  it('PFC: a bit a priority', () => {
    checkFixedVector(ceePfc, PFC, {
      kind: 'pfc',
      enabled: 1,
      willing: 1,
      enabledPriorities: 8,
      trafficClasses: 8,
    });
  });

  it('an application: the OUI lies around the selector', () => {
    checkFixedVector(ceeApplication, '8906 00 1b21 08', {
      protocolId: 0x8906,
      ouiUpper: 0,
      selector: CeeSelector.EtherType,
      ouiLower: 0x1b21,
      priorityMap: 8,
    });
    checkFixedVector(ceeApplication, '0cbc fd 1b21 10', {
      protocolId: 3260,
      ouiUpper: 0x3f,
      selector: CeeSelector['TCP or UDP port'],
      ouiLower: 0x1b21,
      priorityMap: 0x10,
    });
    checkVector(ceeApplicationProtocol, FCOE, {
      kind: 'applicationProtocol',
      enabled: 1,
      willing: 0,
      applications: [
        { protocolId: 0x8906, ouiUpper: 0, selector: 0, ouiLower: 0x1b21, priorityMap: 8 },
      ],
    });
  });

  it('logical link down: the error bit, and its bytes', () => {
    checkVector(ceeLogicalLinkDown, '0c05 00 00 20 01 80', {
      kind: 'logicalLinkDown',
      enabled: 0,
      willing: 0,
      error: 1,
      subtype: 1,
      status: parseHex('80'),
    });
  });

  it('are told apart by their type; a type without a layout stays bytes', () => {
    const kindOf = (hex: string) => ceeTlv.decode(parseHex(hex.replaceAll(' ', ''))).kind;
    expect(
      [CONTROL, GROUPS, PFC, FCOE, '0c05 00 00 20 01 80', '0a01 ff', '0000'].map(kindOf),
    ).toEqual([
      'control',
      'priorityGroups',
      'pfc',
      'applicationProtocol',
      'logicalLinkDown',
      'unknown',
      'unknown',
    ]);
  });
});

describe('the CEE TLV', () => {
  it('holds them one behind the other', () => {
    checkVector(lldpCee, `fe28 001b21 02 ${CONTROL} ${PFC} ${FCOE}`, {
      kind: 'cee',
      lengthBytes: 40,
      oui: 0x00_1b21,
      subtype: CeeSubtype.CEE,
      tlvs: [
        { kind: 'control', sequence: 1, acknowledgement: 2 },
        { kind: 'pfc', enabled: 1, willing: 1, enabledPriorities: 8, trafficClasses: 8 },
        {
          kind: 'applicationProtocol',
          enabled: 1,
          applications: [
            { protocolId: 0x8906, ouiUpper: 0, selector: 0, ouiLower: 0x1b21, priorityMap: 8 },
          ],
        },
      ],
    });
  });

  it('codes are those of tshark -G values', () => {
    // lldp.dcbx.type, lldp.dcbx.proto, lldp.dcbx.feature.app.sf.
    expect(Object.values(CeeType)).toEqual([1, 2, 3, 4, 6]);
    expect(CeeType['Logical Link Down']).toBe(6);
    expect(CeeSubtype).toEqual({ 'Cisco, Intel, Nuova': 1, CEE: 2 });
    expect(CeeSelector).toEqual({ EtherType: 0, 'TCP or UDP port': 1 });
  });
});
