import { describe, expect, it } from 'vitest';
import { FipDiscovery, FipOperation } from '../../../../src/codecs/fip/index.ts';
import {
  AuditRig,
  FABRIC,
  H1,
  H1_LINK,
  login,
  PLACES,
  SWITCH,
} from '../../../helpers/audit-rig.ts';
import { command, fc, fip, SWITCH_MAC } from '../../../helpers/fc-frames.ts';

const advertisement = (vid: number) =>
  fip(
    {
      operation: FipOperation.Discovery,
      subcode: FipDiscovery.Advertisement,
      descriptors: [{ kind: 'mac', mac: SWITCH_MAC }],
    },
    { vid },
  );

describe('I25, the VLAN is that of the fabric', () => {
  it('finds a frame in another VLAN than its switch announces', () => {
    const rig = new AuditRig().see(H1_LINK, 'out', advertisement(100));
    rig.see(H1_LINK, 'in', fc({ header: {}, vid: 200 }));
    expect(rig.verdict('I25')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('is in VLAN 200, its switch announces 100'),
      frames: [2],
    });
  });

  it('passes frames in the VLAN announced, and knows nothing before one is', () => {
    const rig = new AuditRig().see(H1_LINK, 'out', advertisement(100));
    rig.see(H1_LINK, 'in', fc({ header: {}, vid: 100 }));
    expect(rig.verdict('I25').result).toBe('holds');
    const silent = new AuditRig().see(H1_LINK, 'in', command(1));
    expect(silent.verdict('I25').result).toBe('not-observable');
  });

  it('finds a port at a switch of another fabric than its cable leads to, where that is known', () => {
    const enodeMac = '00:25:b5:00:00:01';
    const loggedIn = (fabric: string) => {
      const ports = PLACES.ports.map((one) =>
        one.node === H1 ? { ...one, fabric, mac: enodeMac } : one,
      );
      const rig = new AuditRig({ places: { ...PLACES, ports } });
      rig.see(H1_LINK, 'out', advertisement(100)).see(H1_LINK, 'in', fc({ header: {}, vid: 100 }));
      rig.tell(SWITCH, login({ enodeMac }));
      return rig.verdict('I25');
    };
    expect(loggedIn(FABRIC).result).toBe('holds');
    expect(loggedIn('lab')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('logged in to fabric A at switch, port 0 of h1 is cabled'),
    });
  });

  it('does not take a frame of another protocol for an announcement', () => {
    const arp = new Uint8Array(60);
    arp.set([0x08, 0x06], 12);
    const rig = new AuditRig().see(H1_LINK, 'out', arp).see(H1_LINK, 'in', command(1));
    expect(rig.verdict('I25').result).toBe('not-observable');
  });
});
