/** What the events of the failure catalogue's scenarios bring about, as switches, hosts and arrays tell it. */
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/history/index.ts';
import { runMove } from '../../../src/run/run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

function played(name: string) {
  const seen: { readonly at: number; readonly node: string; readonly event: Happening }[] = [];
  const report = runMove({
    scenario: scenarioOf({}, name),
    observer: { observe: (entry) => seen.push(entry) },
  });
  const logouts = (node: string, reason: string): number =>
    seen.filter(
      (one) => one.node === node && one.event.type === 'logout' && one.event.reason === reason,
    ).length;
  const detail = (invariant: string): string =>
    report.verdict.find((one) => one.invariant === invariant)!.detail;
  return { report, seen, logouts, detail };
}

describe('the failure catalogue', () => {
  it('F8: without a list all ports of the adapter are meant, and all come back', () => {
    const { logouts, seen } = played('f08-bare-clear');
    expect(logouts('fcf-A', 'CVL')).toBe(2);
    const cleared = seen.findIndex(
      ({ event }) => event.type === 'logout' && event.reason === 'CVL',
    );
    const back = seen
      .slice(cleared)
      .flatMap(({ node, event }) => (node === 'fcf-A' && event.type === 'login' ? [event.by] : []));
    expect(back).toContain('FLOGI');
    expect(back).toContain('FDISC');
  });

  it('F9: the switch ends the logins of an adapter that it does not hear', () => {
    const { logouts } = played('f09-keep-alives-lost');
    // The adapter's own port and the guest's.
    expect(logouts('fcf-A', 'keep-alive')).toBeGreaterThanOrEqual(2);
    expect(logouts('fcf-B', 'keep-alive')).toBe(0);
  });

  it('F10: an adapter that hears no advertisement leaves, and comes back', () => {
    const { seen } = played('f10-advertisements-lost');
    const states = seen.flatMap(({ node, event }) =>
      node === 'h1' && event.type === 'port' && event.port === 0 ? [event.state] : [],
    );
    expect(states.filter((one) => one === 'ready')).toHaveLength(2);
  });

  it('F17: the fence holds the unit, and the guest learns of nothing else', () => {
    const { report, detail } = played('f17-third-preempts');
    expect(detail('I1')).toMatch(/failed for 21:00:00:00:c9:00:00:01, which holds the unit/);
    const reasons = new Set(report.failures.map(({ reason }) => reason));
    expect([...reasons].every((reason) => reason.includes('RESERVATION CONFLICT'))).toBe(true);
    expect(reasons.size).toBeGreaterThan(0);
  });

  it('F20: with the base port the ports behind it are gone', () => {
    const { logouts } = played('f20-base-logout');
    expect(logouts('fcf-A', 'base-logout')).toBeGreaterThanOrEqual(1);
  });

  it('F24: the zone set keeps whom it names not from the array', () => {
    const { seen } = played('f24-zone-set');
    const changes = seen.filter(({ event }) => event.type === 'zone-change' && event.affected > 0);
    expect(changes).toHaveLength(1);
    expect(changes[0]!.node).toBe('fcf-A');
  });

  it('F25: what the destination had is gone, what the source had is there', () => {
    const { detail } = played('f25-cancelled');
    expect(detail('I31')).toBe(
      'rolled-back: 2 logins and 0 reservations as before, vm1 runs on h1',
    );
  });
});
