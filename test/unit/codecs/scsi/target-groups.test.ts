/** Target port groups, as Linux target_core_alua.c lays them out; SPC-5. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  AccessState,
  AccessStatus,
  SupportedStates,
  Tpgs,
} from '../../../../src/codecs/scsi/access-state.ts';
import {
  setTargetPortGroupsList,
  targetPortGroup,
  targetPortGroupsData,
} from '../../../../src/codecs/scsi/target-groups.ts';
import { bareHex, checkVector } from '../../../helpers/vector.ts';

describe('target port groups', () => {
  // As Linux's target_core_alua lays them out: one optimized group of two ports that is preferred,
  // one group in standby, changed by SET TARGET PORT GROUPS.
  const groups = `
    80 cf 0001 00 00 00 02  0000 0001 0000 0002
    02 0f 0100 00 01 00 01  0000 0081`;
  const list = [
    {
      pref: 1,
      asymmetricAccessState: AccessState.ACTIVE_OPTIMIZED,
      supportedStates:
        SupportedStates.T_SUP |
        SupportedStates.O_SUP |
        SupportedStates.U_SUP |
        SupportedStates.S_SUP |
        SupportedStates.AN_SUP |
        SupportedStates.AO_SUP,
      targetPortGroup: 1,
      targetPorts: [{ relativeTargetPort: 1 }, { relativeTargetPort: 2 }],
    },
    {
      asymmetricAccessState: AccessState.STANDBY,
      supportedStates: 0x0f,
      targetPortGroup: 0x100,
      statusCode: AccessStatus.BY_SET_TARGET_PORT_GROUPS,
      targetPorts: [{ relativeTargetPort: 0x81 }],
    },
  ];

  test('length only header', () => {
    checkVector(targetPortGroupsData, `0000001c ${groups}`, { kind: 'length only', groups: list });
  });

  test('the extended header shifts the list by 4 bytes and tells itself apart', () => {
    checkVector(targetPortGroupsData, `00000020 10 3c 0000 ${groups}`, {
      kind: 'extended',
      implicitTransitionTimeSeconds: 60,
      groups: list,
    });
  });

  test('a group is dropped where the data is cut inside it', () => {
    const whole = parseHex(bareHex(`0000001c ${groups}`));
    const cut = targetPortGroupsData.decode(whole.subarray(0, 24));
    if (cut.kind !== 'length only') throw new TypeError(cut.kind);
    expect(cut.groups).toHaveLength(1);
    expect(cut.returnDataLengthBytes).toBe(0x1c);
  });

  test('SET TARGET PORT GROUPS', () => {
    checkVector(setTargetPortGroupsList, '00000000 00 00 0001 02 00 0100', {
      groups: [
        { asymmetricAccessState: 0, targetPortGroup: 1 },
        { asymmetricAccessState: 2, targetPortGroup: 0x100 },
      ],
    });
  });

  test('a group by itself: 8 bytes and 4 for each port', () => {
    checkVector(targetPortGroup, '8f df 0102 00 02 07 01 0000 0003', {
      pref: 1,
      asymmetricAccessState: AccessState.TRANSITIONING,
      supportedStates: 0xdf,
      targetPortGroup: 0x0102,
      statusCode: AccessStatus.IMPLICIT,
      vendorSpecific: 7,
      targetPortCount: 1,
      targetPorts: [{ relativeTargetPort: 3 }],
    });
  });

  // ALUA_ACCESS_STATE_…, ALUA_…_SUP and ALUA_STATUS_… of Linux target_core_alua.h.
  test('has the codes of the standard', () => {
    expect(AccessState).toEqual({
      ACTIVE_OPTIMIZED: 0,
      ACTIVE_NON_OPTIMIZED: 1,
      STANDBY: 2,
      UNAVAILABLE: 3,
      LOGICAL_BLOCK_DEPENDENT: 4,
      OFFLINE: 0xe,
      TRANSITIONING: 0xf,
    });
    expect(SupportedStates).toEqual({
      T_SUP: 0x80,
      O_SUP: 0x40,
      LBD_SUP: 0x10,
      U_SUP: 0x08,
      S_SUP: 0x04,
      AN_SUP: 0x02,
      AO_SUP: 0x01,
    });
    expect(Object.values(AccessStatus)).toEqual([0, 1, 2]);
    expect(Object.values(Tpgs)).toEqual([0, 1, 2, 3]);
  });
});
