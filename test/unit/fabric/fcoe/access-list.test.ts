/** Late frames of a port that is logged in elsewhere. */
import { describe, expect, it } from 'vitest';
import type { FabricCommand } from '../../../../src/fabric/fc/commands.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const T = '52:54:00:aa:00:03';
const VM = 0x2100_5254_00cc_0001n;
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
