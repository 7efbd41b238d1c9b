import { describe, expect, it } from 'vitest';
import { fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const W1 = 0x2000_5254_00aa_0001n;
const W2 = 0x2000_5254_00aa_0002n;
const VM = 0x2100_5254_00cc_0001n;

function twoHosts(options: Partial<FcfOptions> = {}) {
  const rig = new Rig(options);
  const [one, two] = [new Host(rig, 0, H1), new Host(rig, 1, H2)];
  one.flogi(W1);
  two.flogi(W2);
  rig.events = [];
  return { rig, one, two };
}
const logouts = (rig: Rig) => rig.eventsOf('logout').map(({ wwpn, reason }) => [wwpn, reason]);
const WWPN = W1;

describe('a link that goes down', () => {
  it('logs out everybody behind it, and a power cycle everybody without a word', () => {
    const { rig, one } = twoHosts();
    one.fdisc(VM);
    rig.take();
    rig.manage((fcf, now) => fcf.handleLink(0, false, now));
    expect(logouts(rig)).toEqual([
      [VM, 'link'],
      [W1, 'link'],
    ]);
    expect(rig.take()).toEqual([]);
    one.keepAlive();
    expect(rig.dropped()).toEqual(['port-down']);
    rig.manage((fcf, now) => fcf.handleLink(0, true, now));
    expect(one.flogi(W1).accepted).toBe(true);
    rig.take();
    rig.manage((fcf, now) => fcf.restart(now));
    expect(rig.take()).toEqual([]);
    expect(rig.fcf.logins()).toEqual([]);
    rig.advance(120 * SECOND);
    expect(rig.eventsOf('logout')).toHaveLength(2);
  });
});

describe('Clear Virtual Links by the owner', () => {
  const make = (options = {}) => {
    const rig = new Rig(options);
    const host = new Host(rig, 0, H1);
    const base = host.flogi(WWPN).nPortId;
    const vports = [1n, 2n].map((i) => host.fdisc(WWPN + i).nPortId);
    rig.take();
    rig.events = [];
    return { rig, host, base, vports };
  };
  const listed = (rig: Rig) =>
    rig
      .takeFip()
      .map(({ message }) => fipDescriptorsOf(message, 'vxPort').map((one) => one.nPortId));

  it('takes one login', () => {
    const { rig, vports } = make();
    rig.manage((fcf, now) => fcf.clearVirtualLinks({ wwpn: WWPN + 1n }, now));
    expect(listed(rig)).toEqual([[vports[0]]]);
    expect(rig.eventsOf('logout')).toMatchObject([{ nPortId: vports[0], reason: 'CVL' }]);
  });

  it('lets a port in again at once that begins with the OX_IDs it had', () => {
    const { rig, host } = make();
    const oxId = host.oxId;
    host.fdisc(WWPN + 9n);
    rig.manage((fcf, now) => fcf.clearVirtualLinks({ wwpn: WWPN + 9n }, now));
    rig.take();
    host.oxId = oxId;
    expect(host.fdisc(WWPN + 9n).accepted).toBe(true);
  });

  it('takes those along that rest on the base port, where logout is legacy', () => {
    const { rig, base, vports } = make();
    rig.manage((fcf, now) => fcf.clearVirtualLinks({ nPortId: base }, now));
    expect(listed(rig)).toEqual([[base, ...vports]]);
    expect(rig.fcf.logins()).toEqual([]);
  });

  it('takes the base port alone, where logout is new', () => {
    const { rig, host, base, vports } = make({ baseLogout: 'new' });
    rig.manage((fcf, now) => fcf.clearVirtualLinks({ nPortId: base }, now));
    expect(listed(rig)).toEqual([[base]]);
    expect(rig.fcf.logins().map((one) => one.nPortId)).toEqual(vports);
    expect(host.fdisc(WWPN + 9n).accepted).toBe(true);
  });

  it('takes everything behind a port, with or without a list', () => {
    const { rig, base, vports } = make();
    rig.manage((fcf, now) => fcf.clearVirtualLinks({ port: 0, bare: true }, now));
    expect(listed(rig)).toEqual([[]]);
    expect(rig.eventsOf('logout').map((one) => one.nPortId)).toEqual([...vports, base]);
    rig.manage((fcf, now) => fcf.clearVirtualLinks({ port: 0 }, now));
    expect(rig.take()).toEqual([]);
  });
});
