/** When access states are asked for, and what becomes of the answers; carried by calls, over a real device. */
import { describe, expect, it } from 'vitest';
import type { InitiatorPort, TargetPort } from '../../../../src/history/port-name.ts';
import { Multipath } from '../../../../src/scsi/initiator/multipath.ts';
import {
  CHECK_PERIOD_NS,
  PathChecker,
  TRANSITION_CHECK_NS,
} from '../../../../src/scsi/initiator/path-checker.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../../../src/scsi/target/scsi-target.ts';
import { Clock, LoopBackNexus } from '../../../helpers/loop-back.ts';

const SECOND = 1e9;
const [OPTIMIZED, STANDBY, TRANSITIONING] = [0x0, 0x2, 0xf];
const REPORT_GROUPS = 0xa3;

function rig(second = STANDBY) {
  const device = new ScsiTarget({
    name: 'x',
    ports: [1, 2].map((relativeId) => ({ name: `a,t,${relativeId}` as TargetPort, relativeId })),
    powerOnAttention: false,
    groups: [
      { id: 1, relativePortIds: [1] },
      { id: 2, relativePortIds: [2], state: second },
    ],
  });
  const lu = device.addUnit({ medium: new MemoryMedium(64) });
  device.setDefaultMask([{ lun: 0, lu }]);
  const clock = new Clock();
  let asked = 0;
  const nexuses = [0, 1].map((port) => {
    const nexus = new LoopBackNexus(clock, device, 'h,i,1' as InitiatorPort, port);
    const execute = nexus.execute.bind(nexus);
    nexus.execute = (command) => {
      if (command.cdb[0] === REPORT_GROUPS) asked++;
      return execute(command);
    };
    return nexus;
  });
  const { luId, luName } = lu;
  const multipath = new Multipath(() =>
    nexuses.map((nexus, port) => ({
      nexus,
      ownPort: 0,
      luns: [
        {
          ...{ lun: 0n, lunNumber: 0, luId, luName, blocks: 64, vendor: '', product: '' },
          relativePort: port + 1,
          group: port + 1,
          access: undefined,
        },
      ],
    })),
  );
  multipath.update();
  let changes = 0;
  const checker = new PathChecker(multipath, {
    get now() {
      return clock.now;
    },
    after: clock.after as never,
    accessChanged: () => changes++,
  });
  const set = (groupId: number, state: number) => device.setAccessStates(lu, [{ groupId, state }]);
  const serving = () => multipath.servingPathsTo(luName).map(({ group }) => group);
  const look = () => {
    checker.ask(luName);
    clock.run(SECOND / 100);
  };
  return {
    ...{ device, lu, luName, clock, nexuses, multipath, checker, set, serving, look },
    asked: () => asked,
    changes: () => changes,
  };
}

describe('a checker', () => {
  it('learns all groups from one answer, and tells its owner', () => {
    const all = rig();
    expect(all.serving()).toEqual([1, 2]);
    all.look();
    expect(all.serving()).toEqual([1]);
    expect([all.asked(), all.changes()]).toEqual([1, 1]);
  });

  it('asks again once, however often it is told while a question is under way', () => {
    const all = rig(OPTIMIZED);
    for (let i = 0; i < 5; i++) all.checker.ask(all.luName);
    all.clock.run(SECOND);
    expect(all.asked()).toBe(2);
  });

  it('looks after a path that serves nothing, and rests when all serve', () => {
    const all = rig();
    all.look();
    all.clock.run(3 * CHECK_PERIOD_NS);
    expect(all.asked()).toBe(4);
    all.set(2, OPTIMIZED);
    all.clock.run(CHECK_PERIOD_NS);
    expect(all.serving()).toEqual([1, 2]);
    const asked = all.asked();
    all.clock.run(10 * CHECK_PERIOD_NS);
    expect(all.asked()).toBe(asked);
  });

  it('lives through the unit attention that says the states have changed', () => {
    const all = rig();
    all.set(1, STANDBY);
    all.set(2, OPTIMIZED);
    all.look();
    expect(all.serving()).toEqual([2]);
  });

  it('believes a refusal at once, and asks', () => {
    const all = rig(OPTIMIZED);
    const [path] = all.multipath.pathsTo(all.luName);
    all.set(1, STANDBY);
    all.checker.refused(all.luName, path!, STANDBY);
    expect(all.serving()).toEqual([2]);
    all.clock.run(SECOND);
    expect(all.asked()).toBeGreaterThan(0);
  });

  it('looks often at a group in transition, and hopes no longer than the target says', () => {
    const all = rig(TRANSITIONING);
    all.set(1, STANDBY);
    all.look();
    const asked = all.asked();
    expect(all.multipath.isServedSoon(all.luName)).toBe(true);
    all.clock.run(10 * SECOND);
    expect(all.asked() - asked).toBe((10 * SECOND) / TRANSITION_CHECK_NS);
    // The emulated device says 60 s.
    all.clock.run(49 * SECOND);
    expect(all.multipath.isServedSoon(all.luName)).toBe(true);
    all.clock.run(3 * SECOND);
    expect(all.multipath.isServedSoon(all.luName)).toBe(false);
    expect(all.multipath.view()[0]?.access).toEqual(['standby', 'standby']);
    all.set(2, OPTIMIZED);
    all.clock.run(CHECK_PERIOD_NS + SECOND);
    expect(all.serving()).toEqual([2]);
  });

  it('asks over another path when the first is gone, and nothing once it has ended', () => {
    const all = rig();
    all.look();
    all.nexuses[0]!.lose();
    all.set(2, OPTIMIZED);
    all.look();
    expect(all.serving()).toEqual([2]);
    all.set(2, STANDBY);
    all.look();
    all.checker.end();
    const asked = all.asked();
    all.clock.run(100 * SECOND);
    expect(all.asked()).toBe(asked);
  });
});
