/** What a switch does for movers, and the settings that late frames depend on. */
import { describe, expect, it } from 'vitest';
import { fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import type { FabricCommand } from '../../../../src/fabric/fc/commands.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
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

describe('virtual WWPNs', () => {
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
