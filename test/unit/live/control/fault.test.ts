/** `fault`: rules from requests. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlRig, controlRig } from '../../../helpers/live-control.ts';

/** An untagged FCoE frame as far as its FC header: R_CTL and type. */
function fcFrame(rCtl: number, type: number): Uint8Array {
  const frame = new Uint8Array(60);
  frame.set([0x89, 0x06], 12);
  frame[28] = rCtl;
  frame[36] = type;
  return frame;
}

const FIP = new Uint8Array(60);
FIP.set([0x89, 0x14], 12);
const FLOGI = fcFrame(0x22, 0x01);
const COMMAND = fcFrame(0x06, 0x08);
/** Behind a VLAN tag. */
const DATA = new Uint8Array([
  ...new Uint8Array(12),
  0x81,
  0,
  0x03,
  0xea,
  ...fcFrame(0x01, 0x08).slice(12),
]);

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

test('faults that make no sense are refused', async () => {
  const add = (rest: object) => rig.ask({ command: 'fault', action: 'add', ...rest });
  expect((await add({ kind: 'delay' })).error).toBe('fault: delay needs delayMs');
  expect((await add({})).error).toMatch(/kind is missing/);
  expect((await add({ kind: 'drop', link: 'Z.9' })).error).toMatch(/no link Z\.9; there is A\.0/);
});

test('a request becomes a rule of its link and direction, and is listed as such', async () => {
  const add = { command: 'fault', action: 'add' };
  const { fault } = await rig.ask({
    ...add,
    name: 'slow',
    link: 'A.0',
    direction: 'to-switch',
    kind: 'delay',
    delayMs: 3,
    nth: 2,
    frames: 'els',
  });
  expect(fault).toEqual({
    name: 'slow',
    link: 'A.0',
    direction: 'a-to-b',
    nth: 2,
    action: { kind: 'delay', delayNs: 3e6 },
    applied: 0,
  });
  const { fault: cut } = await rig.ask({ ...add, kind: 'cut', forMs: 5, direction: 'from-switch' });
  // One cut is what is meant, and its time is that of the cut, not of the rule.
  expect(cut).toMatchObject({ times: 1, direction: 'b-to-a', action: { kind: 'cut', forNs: 5e6 } });
  expect([cut.link, cut.untilNs]).toEqual([undefined, undefined]);
  const { fault: drop } = await rig.ask({ ...add, kind: 'drop', forMs: 5 });
  expect(drop.untilNs).toBeGreaterThan(0);
  expect(drop.times).toBeUndefined();
  const { faults } = await rig.ask({ command: 'fault' });
  expect(faults.map((one: { name: string }) => one.name)).toContain('slow');
  expect(await rig.ask({ command: 'fault', action: 'clear', name: 'slow' })).toMatchObject({
    cleared: 1,
  });
  expect(await rig.ask({ command: 'fault', action: 'clear' })).toMatchObject({ cleared: 2 });
  expect((await rig.ask({ command: 'fault' })).faults).toEqual([]);
});

test.each([
  ['fip', [true, false, false, false]],
  ['fc', [false, true, true, true]],
  ['els', [false, true, false, false]],
  ['fcp-cmnd', [false, false, true, false]],
  ['fcp-data', [false, false, false, true]],
])('frames: %s', async (frames, expected) => {
  await rig.ask({ command: 'fault', action: 'add', kind: 'drop', frames });
  const { matches } = rig.server.faults.rules[0]!.rule;
  expect([FIP, FLOGI, COMMAND, DATA].map((frame) => matches!(frame))).toEqual(expected);
});
