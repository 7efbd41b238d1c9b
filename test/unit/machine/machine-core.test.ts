import { expect, it } from 'vitest';
import { MachineCore } from '../../../src/machine/machine-core.ts';

it('times are counted from the change that is being handled', () => {
  const core = new MachineCore<string>();
  core.now = 100;
  core.after(5, () => core.emit(`five at ${core.now}`));
  core.after(0, () => core.emit(`none at ${core.now}`));
  expect(core.deadline).toBe(100);
  core.handleTimeout(99);
  expect(core.poll()).toBeUndefined();
  core.handleTimeout(103);
  expect(core.poll()).toEqual({ event: 'none at 103' });
  expect([core.poll(), core.deadline]).toEqual([undefined, 105]);
  core.handleTimeout(200);
  expect(core.poll()).toEqual({ event: 'five at 200' });
  expect([core.now, core.deadline]).toEqual([200, undefined]);
});
