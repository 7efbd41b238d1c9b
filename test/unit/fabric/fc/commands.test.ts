/** What a switch does for movers, and the settings that late frames depend on. */
import { describe, expect, it } from 'vitest';
import { plogi, plogiServiceParameters } from '../../../../src/codecs/els/index.ts';
import { FcType, RCtl } from '../../../../src/codecs/fc/index.ts';
import { fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import type { FabricCommand } from '../../../../src/fabric/fc/commands.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { MILLISECOND } from '../../../../src/machine/machine.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const T = '52:54:00:aa:00:03';
const VM = 0x2100_5254_00cc_0001n;
const EDGE_1 = 0x2101_5254_00cc_0001n;
const EDGE_2 = 0x2102_5254_00cc_0001n;
const PAYLOAD = new Uint8Array(32);

/** Two hosts and a target on three ports; their base ports are 1, 2 and 3. */
function make(options: Partial<FcfOptions> = {}) {
  const rig = new Rig(options);
  const [one, two, target] = [new Host(rig, 0, H1), new Host(rig, 1, H2), new Host(rig, 2, T)];
  one.flogi(1n);
  two.flogi(2n);
  const t = target.flogi(3n).nPortId;
  rig.take();
  rig.events = [];
  const command = (what: FabricCommand) => {
    const answer = rig.fcf.handleCommand(what, rig.now);
    rig.drain();
    return answer;
  };
  return { rig, one, two, target, t, command };
}

const portNamePlogi = (portName: bigint) =>
  plogi.encode({
    common: plogiServiceParameters.decode(
      plogiServiceParameters.encode({
        bbCredit: 10,
        features: 0x8000,
        bbReceiveDataFieldSizeBytes: 2112,
        totalConcurrentSequences: 255,
      }),
    ),
    portName,
    nodeName: 9n,
  });

describe('clear', () => {
  it('ends the login and tells its ENode; what is not there is clear already', () => {
    const { rig, one, command } = make();
    const { nPortId } = one.fdisc(VM);
    rig.take();
    expect(command({ command: 'clear', wwpn: VM })).toEqual({ ok: true, command: 'clear' });
    const [sent] = rig.takeFip();
    expect(sent).toMatchObject({ port: 0, destination: H1 });
    expect(fipDescriptorsOf(sent!.message, 'vxPort')).toMatchObject([{ nPortId, portName: VM }]);
    expect(rig.eventsOf('logout')).toMatchObject([{ wwpn: VM, reason: 'CVL' }]);
    expect(command({ command: 'clear', wwpn: VM })).toEqual({ ok: true, command: 'clear' });
    expect(rig.takeFip()).toEqual([]);
  });
});

describe('access lists', () => {
  /** A frame of the old port, when its N_Port_ID is logged in again on another one. */
  const lateFrame = (options: Partial<FcfOptions>, clear: boolean) => {
    const { rig, one, two, t, command } = make({ persistentFcIds: true, ...options });
    const { nPortId } = one.fdisc(VM);
    const late = one.frame(nPortId, t, PAYLOAD);
    one.logo(nPortId, VM);
    if (clear) command({ command: 'clear', wwpn: VM });
    expect(two.fdisc(VM).nPortId).toBe(nPortId);
    rig.take();
    rig.feed(0, late);
    return { passed: rig.takeFc().length, dropped: rig.dropped() };
  };

  it('strict: the old port sends no more', () => {
    expect(lateFrame({}, false)).toEqual({ passed: 0, dropped: ['no-login'] });
  });

  it('lazy: it does, until the name is cleared', () => {
    expect(lateFrame({ accessLists: 'lazy' }, false)).toEqual({ passed: 1, dropped: [] });
    expect(lateFrame({ accessLists: 'lazy' }, true)).toEqual({ passed: 0, dropped: ['no-login'] });
  });

  it('lazy: not after the link of the old port was gone', () => {
    const { rig, one, two, t } = make({ persistentFcIds: true, accessLists: 'lazy' });
    const { nPortId } = one.fdisc(VM);
    const late = one.frame(nPortId, t, PAYLOAD);
    one.logo(nPortId, VM);
    rig.manage((fcf, now) => fcf.linkDown(0, now));
    rig.manage((fcf, now) => fcf.linkUp(0, now));
    two.fdisc(VM);
    rig.take();
    rig.feed(0, late);
    expect(rig.takeFc()).toEqual([]);
  });
});

describe('virtual WWPNs', () => {
  it('are what others see; the port itself is spoken to by its own name', () => {
    const { rig, one, target, t } = make({ virtualWwpns: [{ wwpn: VM, to: EDGE_1 }] });
    const { nPortId } = one.fdisc(EDGE_1);
    expect(rig.fcf.logins().map((login) => login.wwpn)).toContain(VM);
    rig.take();
    const els = { rCtl: RCtl['ELS Request'], type: FcType.ELS };
    rig.feed(0, one.frame(nPortId, t, portNamePlogi(EDGE_1), els));
    const [toTarget] = rig.takeFc();
    expect(toTarget!.crcGood).toBe(true);
    expect(plogi.decode(toTarget!.payload).portName).toBe(VM);
    rig.feed(2, target.frame(t, nPortId, portNamePlogi(VM), els));
    const [toHost] = rig.takeFc();
    expect(toHost!.crcGood).toBe(true);
    expect(plogi.decode(toHost!.payload).portName).toBe(EDGE_1);
  });

  it('leave data alone', () => {
    const { rig, one, t } = make({ virtualWwpns: [{ wwpn: VM, to: EDGE_1 }] });
    const { nPortId } = one.fdisc(EDGE_1);
    rig.take();
    const data = portNamePlogi(EDGE_1);
    rig.feed(0, one.frame(nPortId, t, data));
    expect(rig.takeFc()[0]!.payload).toEqual(data);
  });

  it('go to another port by command, which clears the old one', () => {
    const { rig, one, two, command } = make({
      persistentFcIds: true,
      virtualWwpns: [{ wwpn: VM, to: EDGE_1 }],
    });
    const { nPortId } = one.fdisc(EDGE_1);
    rig.take();
    command({ command: 'assign', wwpn: VM, to: EDGE_2 });
    const [clear] = rig.takeFip();
    // The old ENode knows its port by the name it said.
    expect(fipDescriptorsOf(clear!.message, 'vxPort')).toMatchObject([{ portName: EDGE_1 }]);
    expect(two.fdisc(EDGE_2).nPortId).toBe(nPortId);
    expect(one.fdisc(EDGE_1).nPortId).not.toBe(nPortId);
    expect(rig.fcf.logins().filter((login) => login.wwpn === VM)).toMatchObject([{ port: 1 }]);
  });
});

describe('a login that is carried over', () => {
  it('keeps its address; the old port is fenced at once, the new one is heard after the rebind', () => {
    const { rig, one, two, t, command } = make();
    const { nPortId } = one.fdisc(VM);
    rig.take();
    expect(command({ command: 'fence', wwpn: VM })).toEqual({ ok: true, command: 'fence' });
    rig.feed(0, one.frame(nPortId, t, PAYLOAD));
    expect(rig.takeFc()).toEqual([]);
    expect(command({ command: 'rebind', wwpn: VM, behind: 2n })).toEqual({
      ok: true,
      command: 'rebind',
    });
    expect(rig.eventsOf('handed-over')).toEqual([
      { type: 'handed-over', nPortId, wwpn: VM, port: 0, toPort: 1 },
    ]);
    expect(rig.eventsOf('logout')).toEqual([]);
    rig.take();
    rig.feed(1, two.frame(nPortId, t, PAYLOAD));
    expect(rig.takeFc()).toHaveLength(1);
    rig.feed(0, one.frame(nPortId, t, PAYLOAD));
    expect(rig.takeFc()).toEqual([]);
  });

  it.each([
    [{ command: 'fence', wwpn: VM } as const, /21:00:52:54:00:cc:00:01 is not logged in/],
    [{ command: 'rebind', wwpn: 1n, behind: 99n } as const, /00:63 is not logged in/],
  ])('needs both ends: %o', (what, reason) => {
    const answer = make().command(what);
    expect(answer.ok).toBe(false);
    expect('reason' in answer && answer.reason).toMatch(reason);
  });
});

describe('N_Port_IDs', () => {
  it('given up last go out first where they are reused immediately', () => {
    const { one } = make({ fcIdReuse: 'immediately' });
    const { nPortId } = one.fdisc(VM);
    one.logo(nPortId, VM);
    expect(one.fdisc(VM + 1n).nPortId).toBe(nPortId);
    const last = make();
    const first = last.one.fdisc(VM).nPortId;
    last.one.logo(first, VM);
    expect(last.one.fdisc(VM + 1n).nPortId).not.toBe(first);
  });

  it('that are not clean are avoided where the fabric is told to, for R_A_TOV', () => {
    const { rig, one, two } = make({
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

describe('RSCN', () => {
  it.each([
    ['zone', 1],
    ['all', 2],
    ['none', 0],
  ] as const)('scope %s: a port that goes is told to %i of two listeners', (rscn, heard) => {
    const { rig, one, two, target, t } = make({
      rscn,
      zoning: {
        enforced: 'soft',
        zones: [{ name: 'z', members: [VM, 3n] }],
        defaultZone: 'deny',
      },
    });
    two.scr(t - 1);
    target.scr(t);
    const { nPortId } = one.fdisc(VM);
    rig.events = [];
    one.logo(nPortId, VM);
    expect(rig.eventsOf('rscn')).toHaveLength(heard);
  });
});
