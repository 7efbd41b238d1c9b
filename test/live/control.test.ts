/** What a guest makes of faults, restarts and cut links that the control socket orders while it works. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../helpers/live-bench.ts';
import { type ControlRig, controlRig } from '../helpers/live-control.ts';

const VM1 = 0xc050_7600_0000_0100n;
const VM1_TEXT = 'c0:50:76:00:00:00:01:00';

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

describe('what may fail, while a guest works', () => {
  const working = async (request: object, ios = 300) => {
    const host = await rig.bench.host();
    const done = host.work(VM1, ios);
    await until(() => host.events.some((one) => one.type === 'io-complete'), 'it works');
    const answer = await rig.ask(request);
    expect(answer).toMatchObject({ ok: true });
    return { failed: await done, answer };
  };

  test('lost frames cost time and nothing else', async () => {
    const { failed } = await working({
      command: 'fault',
      action: 'add',
      name: 'loss',
      wwpn: VM1_TEXT,
      kind: 'drop',
      frames: 'fcp-data',
      nth: 5,
      times: 2,
    });
    expect(failed).toEqual([]);
    const { faults } = await rig.ask({ command: 'fault' });
    expect(faults).toMatchObject([{ name: 'loss', link: 'A.1', applied: 2 }]);
    expect(await rig.ask({ command: 'fault', action: 'clear' })).toMatchObject({ cleared: 1 });
  });

  test('damaged, doubled and late frames are harmless', async () => {
    const add = { command: 'fault', action: 'add' };
    await rig.ask({ ...add, kind: 'duplicate', frames: 'fcp-rsp', chance: 0.2, times: 20 });
    await rig.ask({ ...add, kind: 'delay', frames: 'fcp-cmnd', delayMs: 3, chance: 0.2 });
    const { failed } = await working({
      command: 'fault',
      action: 'add',
      kind: 'corrupt',
      frames: 'fcp-data',
      times: 1,
    });
    expect(failed).toEqual([]);
  });

  test('an array that loses power comes back with what was acknowledged', async () => {
    const { failed } = await working({ command: 'restart', what: 'array', downMs: 50 });
    expect(failed).toEqual([]);
    expect(rig.bench.said).toMatch(/array restarted/);
  });

  test('so does a switch, which tells its ENodes', async () => {
    const { failed } = await working({ command: 'restart', what: 'fcf', downMs: 50 });
    expect(failed).toEqual([]);
    expect(rig.bench.said).toMatch(/FCF of A restarted/);
  });

  test('a target port goes down and comes up', async () => {
    const { failed } = await working({
      command: 'port',
      action: 'down',
      targetPort: 0,
      forMs: 50,
    });
    expect(failed).toEqual([]);
    expect(rig.bench.said).toMatch(/A\.0 down[\s\S]*A\.0 up/);
  });
});
