/** CBIND and UNBIND: what tshark 4.0.17 reads (fcels.cbind.*), RFC 4172. */
import { describe, expect, test } from 'vitest';
import {
  AddressMode,
  CbindStatus,
  cbind,
  UnbindStatus,
  unbind,
} from '../../../../src/codecs/els/session-control.ts';
import { expectVector } from '../../../helpers/vector.ts';

describe('CBIND', () => {
  const REQUEST = 'e0000000 003c 01 01 00000007 2000525400aa0001 1000525400aa0001';
  const request = {
    livenessIntervalSeconds: 60,
    addressMode: AddressMode.TRANSPARENT,
    version: 1,
    userInfo: 7,
    sourcePortName: 0x2000_5254_00aa_0001n,
    destinationPortName: 0x1000_5254_00aa_0001n,
  };

  test('Liveness Test Interval 60, Address Transparent Mode, UserInfo 7, names (tshark)', () => {
    expectVector(cbind, REQUEST, { ...request, response: undefined });
  });

  test('its response repeats it, then status and connection handle', () => {
    expectVector(
      cbind,
      `${REQUEST} 0000 0012 0000 0102`,
      { ...request, response: { status: CbindStatus.SESSION_EXISTS, connectionHandle: 0x102 } },
      9,
    );
  });

  test('statuses of RFC 4172: tshark has those of CBIND under the name of UNBIND', () => {
    expect(Object.values(CbindStatus)).toEqual([0, 16, 17, 18, 19, 20, 21, 22]);
    expect(UnbindStatus).toEqual({ SUCCESS: 0, UNSPECIFIED: 16, INVALID_CONNECTION: 18 });
    expect(AddressMode).toEqual({ TRANSLATION: 0, TRANSPARENT: 1 });
  });
});

describe('UNBIND', () => {
  test('UserInfo 7, Connection Handle 0x12 (tshark); its response has a status', () => {
    const REQUEST = 'e4000000 00000007 0000 0012 0000000000000000';
    expectVector(unbind, REQUEST, { userInfo: 7, connectionHandle: 0x12, response: undefined });
    expectVector(
      unbind,
      `${REQUEST} 0000 0010`,
      { response: { status: UnbindStatus.UNSPECIFIED } },
      5,
    );
  });
});
