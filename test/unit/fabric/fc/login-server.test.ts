import { describe, expect, it } from 'vitest';
import { flogiAccept } from '../../../../src/codecs/els/index.ts';
import { fipDescriptorsOf, fipElsOf } from '../../../../src/codecs/fip/index.ts';
import { formatHex } from '../../../../src/codecs/layout/index.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { MILLISECOND, SECOND } from '../../../../src/machine/machine.ts';
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
const held = (rig: Rig) => rig.fcf.logins().map(({ wwpn, port }) => [wwpn, port]);
const logouts = (rig: Rig) => rig.eventsOf('logout').map(({ wwpn, reason }) => [wwpn, reason]);
describe('FLOGI', () => {
  it('tells the owner', () => {
    const rig = new Rig();
    new Host(rig, 0, H1).flogi(W1, { wwnn: 7n });
    expect(rig.eventsOf('login')).toEqual([
      {
        type: 'login',
        nPortId: 0x010001,
        wwpn: W1,
        wwnn: 7n,
        port: 0,
        mac: '0e:fc:00:01:00:01',
        by: 'FLOGI',
        enodeMac: H1,
        clean: true,
      },
    ]);
  });

  it('repeated logs all of the ENode out first, whoever it names', () => {
    const { rig, one } = twoHosts();
    one.fdisc(VM);
    expect(one.flogi(W1).accepted).toBe(true);
    expect(logouts(rig)).toEqual([
      [VM, 'relogin'],
      [W1, 'relogin'],
    ]);
    expect(held(rig)).toEqual([
      [W2, 1],
      [W1, 0],
    ]);
  });

  it.each([
    ['no port name', { flags: 0x8000 }, 0n, '03/0d'],
    ['no node name', { wwnn: 0n }, W1, '03/0e'],
    ['a receive size below 256', { receiveBytes: 128 }, W1, '03/07'],
    ['a receive size of no whole words', { receiveBytes: 2110 }, W1, '03/07'],
    // Taken for a size, it would cut an answer into 65,536 frames.
    ['a class 3 receive size of 2', { class3Bytes: 2 }, W1, '03/07'],
    ['a class 3 receive size above 2112', { class3Bytes: 2116 }, W1, '03/07'],
  ])('is refused with %s', (_, options, wwpn, refusal) => {
    const rig = new Rig();
    const answer = new Host(rig, 0, H1).flogi(wwpn, options);
    expect(answer.refusal).toBe(refusal);
    // LS_RJT: a descriptor of 9 words, and no address.
    expect(answer.seen.message.descriptors.map((one) => one.kind)).toEqual(['flogi']);
    expect(formatHex(answer.seen.bytes.subarray(24, 26))).toBe('0709');
    expect(rig.eventsOf('login-rejected')).toHaveLength(1);
    expect(rig.fcf.logins()).toEqual([]);
  });

  it('of several ENodes behind one port are logins of their own', () => {
    const rig = new Rig();
    const [one, two] = [new Host(rig, 0, H1), new Host(rig, 0, H2)];
    one.flogi(W1);
    two.flogi(W2);
    one.flogi(W1);
    expect(held(rig)).toEqual([
      [W2, 0],
      [W1, 0],
    ]);
  });
});

describe('FDISC', () => {
  it('gets an N_Port_ID and an address of its own', () => {
    const { rig, one } = twoHosts();
    const answer = one.fdisc(VM);
    expect(answer.nPortId).toBe(0x010003);
    expect(answer.mac).toBe('0e:fc:00:01:00:03');
    expect(answer.seen.message.descriptors.map((d) => d.kind)).toEqual(['fdisc', 'mac']);
    expect(fipElsOf(answer.seen.message)!.payload.length).toBe(116);
    expect(rig.eventsOf('login')).toMatchObject([{ by: 'FDISC', wwpn: VM, enodeMac: H1 }]);
  });

  it('before FLOGI is refused', () => {
    expect(new Host(new Rig(), 0, H1).fdisc(VM).refusal).toBe('09/1e');
  });

  it('is refused beyond the limit of the port, and again welcome after a logout', () => {
    const { one, two } = twoHosts({ npivLoginsMax: 2 });
    const { nPortId } = one.fdisc(VM);
    one.fdisc(VM + 1n);
    expect(one.fdisc(VM + 2n).refusal).toBe('09/29');
    expect(two.fdisc(VM + 2n).accepted).toBe(true);
    one.logo(nPortId, VM);
    expect(one.fdisc(VM).accepted).toBe(true);
  });

  it('is refused where there is no NPIV, and FLOGI says so', () => {
    const { rig, one } = twoHosts({ npivLoginsMax: 0 });
    expect(one.fdisc(VM).refusal).toBe('0b/2c');
    const accept = flogiAccept.decode(new Host(rig, 2, '52:54:00:aa:00:03').flogi(9n).payload);
    expect(accept.common.features & 0x2000).toBe(0);
  });

  it('repeated for one WWPN replaces the login silently', () => {
    const { rig, one } = twoHosts();
    const first = one.fdisc(VM).nPortId;
    const second = one.fdisc(VM).nPortId;
    expect(second).not.toBe(first);
    expect(logouts(rig)).toEqual([[VM, 'relogin']]);
  });

  it('with the name of the base port is refused', () => {
    expect(twoHosts().one.fdisc(W1).refusal).toBe('03/0d');
  });
});

describe('LOGO', () => {
  it('of the base port ends and clears the others, where logout is legacy', () => {
    const { rig, one } = twoHosts();
    one.fdisc(VM);
    const { frames } = one.logo(0x010001, W1);
    expect(logouts(rig)).toEqual([
      [W1, 'LOGO'],
      [VM, 'base-logout'],
    ]);
    expect(frames.map((frame) => frame.kind === 'fip' && frame.message.operation)).toEqual([2, 3]);
    expect(one.fdisc(VM).refusal).toBe('09/1e');
  });

  it('of the base port leaves the others, where logout is new', () => {
    const { rig, one } = twoHosts({ baseLogout: 'new' });
    one.fdisc(VM);
    one.logo(0x010001, W1);
    expect(logouts(rig)).toEqual([[W1, 'LOGO']]);
    expect(one.fdisc(VM + 1n).accepted).toBe(true);
  });

  it('again, or for a login of another host, changes nothing', () => {
    const { rig, one, two } = twoHosts();
    const { nPortId } = one.fdisc(VM);
    expect(two.logo(nPortId, VM).refusal).toBe('03/15');
    expect(one.logo(nPortId, VM + 1n).refusal).toBe('03/0d');
    expect(one.logo(nPortId, VM).accepted).toBe(true);
    expect(one.logo(nPortId, VM).accepted).toBe(true);
    expect(logouts(rig)).toEqual([[VM, 'LOGO']]);
    expect(rig.eventsOf('protocol')).toHaveLength(3);
  });
});

describe('a WWPN that logs in twice', () => {
  it('0: the first FDISC wins', () => {
    const { rig, one, two } = twoHosts({ duplicateWwpn: 0 });
    one.fdisc(VM);
    expect(two.fdisc(VM).refusal).toBe('03/0d');
    expect(held(rig).at(-1)).toEqual([VM, 0]);
    expect(rig.eventsOf('port-disabled')).toEqual([]);
  });

  it('0: the port of a second FLOGI is disabled until it is enabled', () => {
    const { rig } = twoHosts({ duplicateWwpn: 0 });
    const third = new Host(rig, 2, '52:54:00:aa:00:03');
    expect(third.flogi(W1).refusal).toBe('03/0d');
    expect(rig.eventsOf('port-disabled')).toEqual([{ type: 'port-disabled', port: 2, wwpn: W1 }]);
    third.solicit();
    expect(rig.take()).toEqual([]);
    expect(rig.dropped()).toEqual(['port-down']);
    rig.manage((fcf, now) => fcf.enablePort(2, now));
    expect(third.flogi(W1 + 8n).accepted).toBe(true);
  });

  it('0: leaves ports alone where that is asked for', () => {
    const { rig } = twoHosts({ duplicateDisablesPort: false });
    const third = new Host(rig, 2, '52:54:00:aa:00:03');
    expect(third.flogi(W1).refusal).toBe('03/0d');
    expect(third.flogi(5n).accepted).toBe(true);
  });

  it('1: the second FDISC wins, after the first is told', () => {
    const { rig, one, two } = twoHosts({ duplicateWwpn: 1 });
    const { nPortId } = one.fdisc(VM);
    const answer = two.fdisc(VM);
    expect(answer.accepted).toBe(true);
    const [cvl, accept] = answer.frames;
    expect([cvl!.port, accept!.port]).toEqual([0, 1]);
    expect(cvl!.kind === 'fip' && fipDescriptorsOf(cvl!.message, 'vxPort')).toMatchObject([
      { nPortId, portName: VM },
    ]);
    expect(logouts(rig)).toEqual([[VM, 'replaced']]);
    expect(held(rig).at(-1)).toEqual([VM, 1]);
  });

  it('1: takes the port of a first FLOGI out of service with all behind it', () => {
    const { rig, one } = twoHosts({ duplicateWwpn: 1 });
    one.fdisc(VM);
    const third = new Host(rig, 2, '52:54:00:aa:00:03');
    expect(third.flogi(W1).accepted).toBe(true);
    expect(logouts(rig)).toEqual([
      [W1, 'replaced'],
      [VM, 'base-logout'],
    ]);
    expect(rig.eventsOf('port-disabled').map(({ port }) => port)).toEqual([0]);
  });

  it('1: leaves a port in service that the winner is behind too', () => {
    const rig = new Rig({ duplicateWwpn: 1 });
    const [one, two] = [new Host(rig, 0, H1), new Host(rig, 0, H2)];
    one.flogi(W1);
    expect(two.flogi(W1).accepted).toBe(true);
    expect(rig.eventsOf('port-disabled')).toEqual([]);
  });

  it('1: takes the base port alone where logout is new', () => {
    const { rig, one } = twoHosts({ duplicateWwpn: 1, baseLogout: 'new' });
    one.fdisc(VM);
    const third = new Host(rig, 2, '52:54:00:aa:00:03');
    expect(third.flogi(W1).accepted).toBe(true);
    expect(logouts(rig)).toEqual([[W1, 'replaced']]);
    expect(rig.eventsOf('port-disabled')).toEqual([]);
  });

  it('2: a first FLOGI is protected, a first FDISC replaced', () => {
    const { rig, one, two } = twoHosts({ duplicateWwpn: 2 });
    one.fdisc(VM);
    expect(two.fdisc(W1).refusal).toBe('03/0d');
    expect(two.fdisc(VM).accepted).toBe(true);
    expect(logouts(rig)).toEqual([[VM, 'replaced']]);
  });
});

describe('N_Port_IDs', () => {
  const cleanBit = (payload: Uint8Array) =>
    (flogiAccept.decode(payload).common.features & 0x8000) !== 0;

  it('rest for R_A_TOV before they go out again', () => {
    const { rig, one } = twoHosts({ rATovMs: 10_000 });
    const { nPortId } = one.fdisc(VM);
    one.logo(nPortId, VM);
    expect(one.fdisc(VM).nPortId).toBe(nPortId + 1);
    rig.advance(10 * SECOND);
    one.keepAlive();
    const again = one.fdisc(VM + 1n);
    expect(again.nPortId).toBe(nPortId);
    expect(cleanBit(again.payload)).toBe(true);
  });

  it('stay with their WWPN where they are persistent, clean only for the same HBA', () => {
    const { rig, one, two } = twoHosts({ persistentFcIds: true });
    const { nPortId } = one.fdisc(VM);
    one.logo(nPortId, VM);
    const same = one.fdisc(VM);
    expect([same.nPortId, cleanBit(same.payload)]).toEqual([nPortId, true]);
    one.logo(nPortId, VM);
    expect(one.fdisc(VM + 1n).nPortId).toBe(nPortId + 1);
    const moved = two.fdisc(VM);
    expect([moved.nPortId, cleanBit(moved.payload)]).toEqual([nPortId, false]);
    expect(rig.eventsOf('login').at(-1)!.clean).toBe(false);
    two.logo(nPortId, VM);
    rig.advance(10 * SECOND);
    expect(cleanBit(one.fdisc(VM).payload)).toBe(true);
  });

  it('are not clean for R_A_TOV after a power cycle', () => {
    const { rig, one } = twoHosts();
    rig.advance(5 * SECOND);
    rig.manage((fcf, now) => fcf.restart(now));
    expect(cleanBit(one.flogi(W1).payload)).toBe(false);
    rig.advance(10 * SECOND);
    expect(cleanBit(one.flogi(W1).payload)).toBe(true);
  });

  it('given up last go out first where they are reused immediately', () => {
    const { one } = twoHosts({ fcIdReuse: 'immediately' });
    const { nPortId } = one.fdisc(VM);
    one.logo(nPortId, VM);
    expect(one.fdisc(VM + 1n).nPortId).toBe(nPortId);
    const last = twoHosts();
    const first = last.one.fdisc(VM).nPortId;
    last.one.logo(first, VM);
    expect(last.one.fdisc(VM + 1n).nPortId).not.toBe(first);
  });

  it('that are not clean are avoided where the fabric is told to, for R_A_TOV', () => {
    const { rig, one, two } = twoHosts({
      persistentFcIds: true,
      cleanAddress: true,
      rATovMs: 100,
    });
    const { nPortId } = one.fdisc(VM);
    one.logo(nPortId, VM);
    const other = two.fdisc(VM).nPortId;
    expect(other).not.toBe(nPortId);
    two.logo(other, VM);
    rig.advance(100 * MILLISECOND);
    expect(one.fdisc(VM).nPortId).toBe(other);
  });
});
