import { describe, expect, it } from 'vitest';
import {
  fabricLinkOf,
  fipAt,
  type TappedFrame,
  vlanOf,
} from '../../../../src/audit/seen/tapped-frame.ts';
import { command, fc, fip } from '../../../helpers/fc-frames.ts';

const tapped = (fabric: string, tap = 'eth0'): TappedFrame => ({
  at: 0,
  number: 1,
  tap,
  fabric,
  direction: 'unknown',
  bytes: new Uint8Array(0),
});
const none = { vlan: undefined, vfId: undefined };

describe('the fabric of a frame', () => {
  it('is that of its tap, where the tap knows it', () => {
    const marks = { vlan: 100, vfId: 5 };
    expect(fabricLinkOf(tapped('A', 'cable'), marks)).toEqual({ link: 'cable', fabric: 'A' });
  });

  it('is told by VLAN and VF_ID elsewhere: a trunk carries several', () => {
    const on = (vlan: number | undefined, vfId?: number) =>
      fabricLinkOf(tapped(''), { vlan, vfId });
    expect(on(undefined)).toEqual({ link: 'eth0', fabric: '' });
    expect(on(100)).toEqual({ link: 'eth0, VLAN 100', fabric: 'VLAN 100' });
    expect(on(200).fabric).toBe('VLAN 200');
    expect(on(100, 7).fabric).toBe('VLAN 100, VF_ID 7');
    expect(on(undefined, 7).fabric).toBe('VF_ID 7');
    expect(on(100)).toBe(on(100));
    const network = fabricLinkOf(tapped(''), { vlan: 100, network: 'VNI 5' });
    expect(network).toEqual({ link: 'eth0, VNI 5, VLAN 100', fabric: 'VNI 5, VLAN 100' });
    expect(fabricLinkOf(tapped('', 'eth1'), none).link).toBe('eth1');
  });
});

describe('tags and FIP', () => {
  const message = { operation: 1, subcode: 1, descriptors: [] };

  it('finds the VLAN of a frame', () => {
    expect(vlanOf(fc({ header: {}, vid: 0x123 }))).toBe(0x123);
    expect(vlanOf(command(1))).toBeUndefined();
    expect(vlanOf(new Uint8Array(10))).toBeUndefined();
  });

  it('finds where a FIP message begins, tagged or not, and that other frames have none', () => {
    expect(fipAt(fip(message))).toBe(14);
    expect(fipAt(fip(message, { vid: 5 }))).toBe(18);
    expect(fipAt(command(1))).toBeUndefined();
    expect(fipAt(new Uint8Array(12))).toBeUndefined();
  });
});
