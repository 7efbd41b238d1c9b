/** Stretched units: a lead that follows the guest to the other site, reservations that outlast a loss. */
import { expect, test } from 'vitest';
import type { ReservationChanged } from '../../../src/history/index.ts';
import { runMove } from '../../../src/run/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { broken, scenarioOf } from '../../helpers/moves.ts';

test.each(['stretched-follows-io', 'stretched-follows-hosts'])('%s', (name) => {
  const leads = new Map<string, boolean>();
  let explicit = 0;
  const targets: string[] = [];
  const report = runMove({
    scenario: scenarioOf({}, name),
    observer: {
      observe({ event, node }) {
        if (event.type === 'pair') leads.set(node, event.leads);
        else if (event.type === 'access' && event.explicit) explicit++;
        else if (event.type === 'command-done' && event.command.startsWith('WRITE(10)'))
          targets.push(node);
      },
    },
  });
  expect(report.result).toEqual({ outcome: 'moved' });
  expect(broken(report)).toEqual([]);
  expect([leads.get('array'), leads.get('mirror')]).toEqual([false, true]);
  expect(explicit > 0).toBe(name === 'stretched-follows-hosts');
  // What the guest writes in the end goes to the array at its own site.
  expect([targets[0], targets.at(-1)]).toEqual(['array', 'mirror']);
});

/** Registrations of each unit, as an array told of them last. */
const textOf = ({ holder, registrations }: ReservationChanged): string =>
  [holder?.target, ...registrations.map(({ key, target }) => `${target} ${key}`).sort()].join(', ');

test.each([
  ['stretched-array-lost', 'the array that led loses its power'],
  ['partition-resume', 'the sites are cut'],
  ['stretched-iscsi', 'the LANs are cut'],
])('%s: reservations are one state of both in the end, although %s', (name) => {
  const scenario = scenarioOf({}, name);
  const reservation: Scenario['vms'][number]['reservation'] = {
    type: 'write-exclusive-registrants-only',
    key: '1000',
    aptpl: false,
    handover: 'preempt-and-abort',
  };
  const known = new Map<string, Map<string, string>>();
  let shared = 0;
  const report = runMove({
    scenario: { ...scenario, vms: scenario.vms.map((vm) => ({ ...vm, reservation })) },
    observer: {
      observe({ event, node }) {
        if (event.type !== 'reservation') return;
        if (event.cause === 'shared') shared++;
        const units = known.get(node) ?? new Map<string, string>();
        known.set(node, units.set(event.luName, textOf(event)));
      },
    },
  });
  expect([report.result.outcome, broken(report), report.io.failed]).toEqual(['moved', [], 0]);
  expect(shared).toBeGreaterThan(0);
  // Units that only the two arrays see are told of too, when power comes back.
  const stretched = known.get('mirror')!;
  expect(stretched.size).toBe(2);
  for (const [luName, text] of stretched) {
    expect(text).toContain('4097');
    expect(known.get('array')!.get(luName)).toBe(text);
  }
});
