/** Who uses a physical port's login instead of one of his own. */
import { expect, it } from 'vitest';
import { PhysicalPort, tenantsOf } from '../../../src/host/physical-port.ts';
import type { Lport } from '../../../src/port/n-port/lport.ts';
import type { Rport } from '../../../src/port/n-port/rport.ts';

it('tells its tenants what becomes of it, and looks for targets while it has some', () => {
  const heard: string[] = [];
  const port = new PhysicalPort((state, reason) => heard.push(`owner ${state} ${reason}`));
  let looked = 0;
  const lport = {
    state: 'ready',
    listener: port,
    discovery: { start: () => looked++ },
  } as unknown as Lport;
  expect(tenantsOf(lport)).toBe(port);
  expect(tenantsOf({ listener: {} } as Lport)).toBeUndefined();
  port.stateChanged(lport, 'ready', '');
  expect(looked).toBe(0);
  const tenant = {
    stateChanged: (_l: Lport, state: string) => heard.push(state),
    discovered: () => heard.push('discovered'),
    rportReady: () => heard.push('ready rport'),
    rportGone: (_r: Rport, reason: string, cleared: boolean) =>
      heard.push(`gone ${reason} ${cleared}`),
    rportFailed: (_r: Rport, reason: string) => heard.push(`failed ${reason}`),
  };
  port.enter(lport, tenant);
  expect(looked).toBe(1);
  port.stateChanged(lport, 'ready', 'again');
  expect(looked).toBe(2);
  const rport = {} as Rport;
  port.discovered(lport);
  port.rportReady(rport);
  port.rportGone(rport, 'LOGO', true);
  port.rportFailed(rport, 'no answer');
  port.leave(tenant);
  port.rportReady(rport);
  expect(heard).toEqual([
    'owner ready ',
    'owner ready again',
    'ready',
    'discovered',
    'ready rport',
    'gone LOGO true',
    'failed no answer',
  ]);
});
