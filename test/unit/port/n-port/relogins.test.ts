/** Logging in anew after the fabric has ended a login unasked. */
import { expect, it } from 'vitest';
import type { Lport } from '../../../../src/port/n-port/lport.ts';
import { Relogins } from '../../../../src/port/n-port/relogins.ts';
import { Clock } from '../../../helpers/loop-back.ts';

const E_D_TOV_NS = 2e9;

function make(state = 'ready') {
  const clock = new Clock();
  const log: string[] = [];
  const lport = {
    state,
    epoch: 0,
    eDTovNs: E_D_TOV_NS,
    enterReset(reason: string) {
      log.push(reason);
      this.state = 'disabled';
      this.epoch++;
    },
    start() {
      log.push('start');
      this.state = 'flogi';
    },
  };
  const adapter = { may: true };
  const relogins = new Relogins({
    get now() {
      return clock.now;
    },
    after: clock.after,
    mayLogIn: () => adapter.may,
  });
  const cleared = () => relogins.cleared(lport as unknown as Lport, 'cleared');
  return { adapter, clock, cleared, log, lport };
}

it('is at once, and after E_D_TOV where the last time was just now', () => {
  const { clock, cleared, log } = make();
  cleared();
  expect(log).toEqual(['cleared', 'start']);
  clock.run(E_D_TOV_NS / 2);
  cleared();
  expect(log).toEqual(['cleared', 'start', 'cleared']);
  clock.run(E_D_TOV_NS);
  expect(log.at(-1)).toBe('start');
});

it('is not of a port that was on its way out', () => {
  const { cleared, log } = make('logo');
  cleared();
  expect(log).toEqual(['cleared']);
});

it('is not of one that has begun by itself, or may not by then', () => {
  const { adapter, clock, cleared, log, lport } = make();
  cleared();
  cleared();
  lport.epoch++;
  clock.run(E_D_TOV_NS);
  expect(log.filter((one) => one === 'start')).toHaveLength(1);
  cleared();
  adapter.may = false;
  clock.run(E_D_TOV_NS);
  expect(log.filter((one) => one === 'start')).toHaveLength(1);
});
