/** The account of a run's I/O and the steps of its move. */
import { describe, expect, it } from 'vitest';
import type { MovePlan } from '../../../src/mobility/plan.ts';
import { IoAccountant } from '../../../src/run/io-account.ts';
import { complete, H1, H2, moveEnd, step, submit } from '../../helpers/audit-rig.ts';

const accountant = () => new IoAccountant({ vm: 'vm1', from: H1, to: H2 } as MovePlan);

describe('the account of a run', () => {
  it('counts what guests asked for and got', () => {
    const account = accountant();
    for (const io of [1, 2, 3]) account.observe({ at: io, node: H1, event: submit(io) });
    account.observe({ at: 4, node: H1, event: complete(1) });
    account.observe({ at: 5, node: H1, event: complete(2, { result: 'failed' }) });
    account.observe({
      at: 6,
      node: H1,
      event: { type: 'io-requeue', vm: 'vm1', io: 3, reason: '' },
    });
    expect(account.io).toEqual({ submitted: 3, completed: 1, failed: 1, requeued: 1, dropped: 0 });
    account.lost('vm1');
    expect([account.io.failed, account.nextIo('vm1'), account.nextIo('vm2')]).toEqual([2, 4, 1]);
  });

  it('keeps the failures apart by guest, unit, kind and reason', () => {
    const account = accountant();
    const fail = (at: number, io: number, reason?: string, other: object = {}) => {
      account.observe({ at: at - 1, node: H1, event: submit(io, other) });
      const why = reason === undefined ? {} : { reason };
      account.observe({ at, node: H1, event: complete(io, { result: 'failed', ...why }) });
    };
    fail(10, 1, 'busy');
    fail(20, 2, 'busy');
    fail(30, 3, 'miscompare');
    fail(40, 4);
    const told = account.failures.map((one) => [
      one.reason,
      one.count,
      one.firstAtNs,
      one.lastAtNs,
    ]);
    expect(told).toEqual([
      ['busy', 2, 10, 20],
      ['miscompare', 1, 30, 30],
      ['no reason was given', 1, 40, 40],
    ]);
    for (let io = 100; io < 400; io++) fail(io, io, `reason ${io}`);
    expect(account.failures).toHaveLength(100);
    expect(account.io.failed).toBe(304);
  });

  it('finds the blackout between the last I/O here and the first one there', () => {
    const account = accountant();
    expect(account.blackoutNs).toBe(0);
    account.observe({ at: 10, node: H1, event: complete(1) });
    account.observe({ at: 20, node: H1, event: complete(2) });
    account.observe({ at: 25, node: H1, event: complete(7, { vm: 'vm2' }) });
    account.observe({ at: 90, node: H2, event: complete(3) });
    account.observe({ at: 99, node: H2, event: complete(4) });
    expect(account.blackoutNs).toBe(70);
  });

  it('has the steps of the move, with what happened in each', () => {
    const account = accountant();
    account.frame();
    expect(account.step(10, step('stun'))).toBe(true);
    account.frame();
    account.observe({ at: 12, node: H1, event: complete(1) });
    expect(account.step(15, step('stun'))).toBe(false);
    account.step(30, moveEnd('moved'));
    account.close(35);
    expect(account.timeline).toEqual([
      { vm: 'vm1', phase: 'stun', detail: '', atNs: 10, durationNs: 20, frames: 1, completed: 1 },
      { vm: 'vm1', phase: 'moved', detail: '', atNs: 30, durationNs: 5, frames: 0, completed: 0 },
    ]);
  });
});
