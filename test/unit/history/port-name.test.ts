/** Names of ports, whatever carries their SCSI. */
import { describe, expect, it } from 'vitest';
import {
  deviceOf,
  fcInitiatorDevice,
  fcInitiatorPort,
  fcTargetPort,
  type InitiatorPort,
  iscsiInitiatorPort,
  iscsiTargetPort,
  wwpnOf,
} from '../../../src/history/port-name.ts';

/** As open-iscsi's first session calls itself. */
const ISCSI = 'iqn.1993-08.org.debian:01:a,i,0x00023d000001' as InitiatorPort;

describe('names of ports', () => {
  it('are a WWPN as people write it, and equal where it is', () => {
    expect(fcInitiatorPort(0x2000_0025_b500_0001n)).toBe('20:00:00:25:b5:00:00:01');
    expect(new Map([[fcInitiatorPort(7n), 1]]).get(fcInitiatorPort(7n))).toBe(1);
    expect(fcTargetPort(0x5006_0160_0000_0001n)).toBe('50:06:01:60:00:00:00:01');
  });

  it('of iSCSI are a name with its session or its portal group (RFC 7143, 4.4.2)', () => {
    const isid = Uint8Array.of(0, 2, 0x3d, 0, 0, 1);
    expect(iscsiInitiatorPort('iqn.1993-08.org.debian:01:a', isid)).toBe(ISCSI);
    expect(iscsiTargetPort('iqn.2026-01.com.example:t', 1)).toBe(
      'iqn.2026-01.com.example:t,t,0x0001',
    );
  });

  it('give their WWPN back, and none where they are no WWPN', () => {
    expect(wwpnOf(fcInitiatorPort(0x2000_0025_b500_0001n))).toBe(0x2000_0025_b500_0001n);
    expect(wwpnOf(ISCSI)).toBeUndefined();
    expect(wwpnOf('20:00:00:25:b5:00:00:0g' as InitiatorPort)).toBeUndefined();
  });

  it('belong to a device: an iSCSI name without its session, a WWPN as it is', () => {
    expect(deviceOf(ISCSI)).toBe('iqn.1993-08.org.debian:01:a');
    expect(deviceOf(fcInitiatorPort(9n))).toBe(fcInitiatorDevice(9n));
  });
});
