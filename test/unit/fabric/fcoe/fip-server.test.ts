import { describe, expect, it } from 'vitest';
import { fipDescriptorOf, fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import { formatHex } from '../../../../src/codecs/layout/index.ts';
import { MILLISECOND, SECOND } from '../../../../src/machine/machine.ts';
import { ALL_FCFS, FCF_MAC, Host, Rig } from '../../../helpers/fcf.ts';
import { drawnBy } from '../../../helpers/random.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const WWPN = 0x2000_5254_00aa_0001n;

/** Written by hand from FC-BB-5's tables: header, then descriptors 1, 2, 4, 5, 12. */
const advertisement = (flags: string, fka: string, vfId = '0000') =>
  [
    `1000 0001 0002 000c ${flags}`,
    '0101 0080',
    '0202 02fcf0000001',
    '0403 0000 100002fcf0000001',
    `0504 ${vfId} 00 0efc00 100002fcf0000001`,
    `0c02 00 00 ${fka}`,
  ]
    .join('')
    .replaceAll(' ', '');

describe('advertisements', () => {
  it('go to All-ENode-MACs by every port that is up, each period and jitter', () => {
    const rig = new Rig({ ports: 3, random: drawnBy((limit) => limit - 1) });
    rig.manage((fcf, now) => fcf.linkDown(2, now));
    rig.advance(100 * MILLISECOND);
    const first = rig.takeFip();
    expect(first.map(({ port, at }) => [port, at])).toEqual([
      [0, 100 * MILLISECOND],
      [1, 100 * MILLISECOND],
    ]);
    const { destination, source, bytes } = first[0]!;
    expect([destination, source]).toEqual(['01:10:18:01:00:01', FCF_MAC]);
    expect(formatHex(bytes.subarray(14))).toBe(advertisement('8005', '00001f40'));
    rig.advance(8100 * MILLISECOND);
    expect(rig.takeFip().map(({ at }) => at)).toEqual([8200 * MILLISECOND, 8200 * MILLISECOND]);
  });

  it('answer a solicitation by unicast, padded to the size that was asked for', () => {
    const rig = new Rig({ dBit: true, vfId: 0x39b });
    new Host(rig, 1, H1).solicit(2158);
    const [answer] = rig.takeFip();
    expect(answer).toMatchObject({ port: 1, destination: H1, source: FCF_MAC });
    expect(answer!.bytes.length).toBe(14 + 2158);
    const text = formatHex(answer!.bytes.subarray(14, 14 + 58));
    // D bit: the flags byte in front of the period.
    expect(text).toBe(advertisement('8007', '00001f40', '039b').replace('0c020000', '0c020001'));
    expect(answer!.bytes.subarray(14 + 58).every((byte) => byte === 0)).toBe(true);
  });

  it('are tagged in a VLAN, and a solicitation outside it is refused', () => {
    const rig = new Rig({ vlan: 1002 });
    const host = new Host(rig, 0, H1);
    host.solicit();
    expect(rig.take()).toEqual([]);
    expect(rig.dropped()).toEqual(['wrong-vlan']);
    host.solicit(1498, 1002);
    const [answer] = rig.take();
    expect(answer!.tci).toBe((3 << 13) | 1002);
    expect(answer!.bytes.length).toBe(18 + 1498);
  });
});

describe('VLAN discovery', () => {
  const request = { operation: 4, subcode: 1, descriptors: [{ kind: 'mac', mac: H1 } as const] };

  it('is answered outside the VLAN when asked there', () => {
    const rig = new Rig({ vlan: 1002 });
    new Host(rig, 0, H1).fip(request, { destination: ALL_FCFS });
    const [answer] = rig.takeFip();
    expect(answer!.destination).toBe(H1);
    expect(answer!.tci).toBeUndefined();
    // Header, MAC address, VLAN 1002 (3ea).
    expect(formatHex(answer!.bytes.subarray(14, 14 + 22))).toBe(
      '100000040002000300000202'.concat('02fcf0000001', '0e0103ea'),
    );
    expect(answer!.bytes.length).toBe(60);
  });

  it('names the VLANs that it was told to, from then on others, and without any is silent', () => {
    const rig = new Rig({ vlan: 1002, vlans: [1002, 7] });
    const named = () => {
      new Host(rig, 0, H1).fip(request, { destination: ALL_FCFS });
      return rig
        .takeFip()
        .map(({ message }) => fipDescriptorsOf(message, 'vlan').map(({ vid }) => vid));
    };
    expect(named()).toEqual([[1002, 7]]);
    rig.manage((fcf) => fcf.announceVlans([9]));
    expect(named()).toEqual([[9]]);
    rig.manage((fcf) => fcf.announceVlans([]));
    expect(named()).toEqual([]);
    expect(() => rig.fcf.announceVlans([-1])).toThrow(RangeError);
  });

  it('names VID 0 where frames carry no tag', () => {
    const rig = new Rig();
    new Host(rig, 0, H1).fip(request, { destination: ALL_FCFS });
    const [answer] = rig.takeFip();
    expect(fipDescriptorOf(answer!.message, 'vlan')!.vid).toBe(0);
  });
});

describe('keep-alives', () => {
  it('of an ENode missing for 2.5 periods clear all its logins', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const base = host.flogi(WWPN).nPortId;
    const vport = host.fdisc(WWPN + 1n).nPortId;
    rig.advance(19 * SECOND);
    host.keepAlive();
    rig.advance(19_999 * MILLISECOND);
    expect(rig.eventsOf('logout')).toEqual([]);
    rig.take();
    rig.advance(MILLISECOND);
    expect(rig.eventsOf('logout').map(({ nPortId, reason }) => [nPortId, reason])).toEqual([
      [vport, 'keep-alive'],
      [base, 'keep-alive'],
    ]);
    const [cvl] = rig.takeFip().filter((one) => one.message.operation === 3);
    expect(cvl).toMatchObject({ port: 0, destination: H1, source: FCF_MAC });
    expect(cvl!.message.subcode).toBe(2);
    expect(fipDescriptorOf(cvl!.message, 'mac')!.mac).toBe(FCF_MAC);
    expect(fipDescriptorOf(cvl!.message, 'nameIdentifier')!.name).toBe(rig.fcf.config.switchName);
    expect(
      fipDescriptorsOf(cvl!.message, 'vxPort').map(({ mac, nPortId, portName }) => [
        mac,
        nPortId,
        portName,
      ]),
    ).toEqual([
      ['0e:fc:00:01:00:01', base, WWPN],
      ['0e:fc:00:01:00:02', vport, WWPN + 1n],
    ]);
    expect(rig.fcf.logins()).toEqual([]);
  });

  it('of a VN_Port missing for 2.5 x 90 s clear that port', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const base = host.flogi(WWPN).nPortId;
    const vport = host.fdisc(WWPN + 1n).nPortId;
    for (let i = 0; i < 30; i++) {
      rig.advance(8 * SECOND);
      host.keepAlive();
      if (i % 11 === 0) host.vnPortKeepAlive(base, WWPN);
    }
    expect(rig.eventsOf('logout').map(({ nPortId, reason }) => [nPortId, reason])).toEqual([
      [vport, 'keep-alive'],
    ]);
  });

  it('are not supervised when the D bit says they need not come', () => {
    const rig = new Rig({ dBit: true });
    new Host(rig, 0, H1).flogi(WWPN);
    rig.advance(600 * SECOND);
    expect(rig.eventsOf('logout')).toEqual([]);
  });

  it('of a VN_Port that is not logged in are answered by clearing it', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const { nPortId } = host.flogi(WWPN);
    rig.manage((fcf, now) => fcf.restart(now));
    host.solicit();
    rig.take();
    host.keepAlive();
    expect(rig.take()).toEqual([]);
    host.vnPortKeepAlive(nPortId, WWPN);
    const [cvl] = rig.takeFip();
    expect(cvl!.message).toMatchObject({ operation: 3, subcode: 2 });
    expect(fipDescriptorsOf(cvl!.message, 'vxPort').map((one) => one.nPortId)).toEqual([nPortId]);
    expect(rig.eventsOf('protocol')).toHaveLength(1);
  });

  it('of an ENode that chose the switch before it lost power are answered by clearing all', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    host.solicit();
    host.flogi(WWPN);
    rig.manage((fcf, now) => fcf.restart(now));
    rig.take();
    host.keepAlive();
    const [cvl] = rig.takeFip();
    expect(cvl).toMatchObject({ destination: H1, message: { operation: 3, subcode: 2 } });
    expect(fipDescriptorsOf(cvl!.message, 'vxPort')).toEqual([]);
  });

  it('by another port, or under another name, are not those of the login', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const { nPortId } = host.flogi(WWPN);
    rig.take();
    new Host(rig, 1, H1).vnPortKeepAlive(nPortId, WWPN);
    host.vnPortKeepAlive(nPortId, WWPN + 1n);
    expect(rig.takeFip().map(({ port, message }) => [port, message.operation])).toEqual([
      [1, 3],
      [0, 3],
    ]);
  });

  it('from another host do not keep a login alive that moved', () => {
    const rig = new Rig({ duplicateWwpn: 1, persistentFcIds: true });
    const [one, two] = [new Host(rig, 0, H1), new Host(rig, 1, H2)];
    one.flogi(1n);
    two.flogi(2n);
    const { nPortId } = one.fdisc(WWPN);
    expect(two.fdisc(WWPN).nPortId).toBe(nPortId);
    rig.take();
    one.vnPortKeepAlive(nPortId, WWPN);
    const [cvl] = rig.takeFip();
    expect(cvl).toMatchObject({ port: 0, destination: H1 });
    expect(rig.fcf.logins().map(({ port }) => port)).toEqual([0, 1, 1]);
  });
});
