/** F23: an uplink of an N_Port virtualizer fails, and everybody behind it logs in again. */
import { describe, expect, it } from 'vitest';
import { formatWwn } from '../../../src/codecs/layout/index.ts';
import type { HistoryEntry } from '../../../src/history/index.ts';
import { runMove } from '../../../src/run/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { broken, record, run, scenarioOf } from '../../helpers/moves.ts';

const CT = 0x20;

function played(scenario: Scenario) {
  const seen: HistoryEntry[] = [];
  const report = runMove({ scenario, observer: { observe: (entry) => seen.push(entry) } });
  const at = seen.find(({ event }) => event.type === 'operator')!.at;
  const logins = (when: (at: number) => boolean) =>
    seen.flatMap((one) =>
      one.node === 'fcf-A' && one.event.type === 'login' && when(one.at) ? [one.event] : [],
    );
  const lost = seen.flatMap(({ event, node }) =>
    node === 'fcf-A' && event.type === 'logout' && event.reason === 'link' ? [event] : [],
  );
  return { report, at, before: logins((t) => t < at), after: logins((t) => t >= at), lost };
}

const withFabric = (
  scenario: Scenario,
  change: Partial<Scenario['fabrics'][number]>,
): Scenario => ({
  ...scenario,
  fabrics: scenario.fabrics.map((one, i) => (i === 0 ? { ...one, ...change } : one)),
});

describe('an uplink that fails', () => {
  const scenario = scenarioOf({}, 'f23-npv-uplink');

  it('has every login behind it come again over the other, under another N_Port_ID', () => {
    const { after, before, lost, report } = played(scenario);
    const [uplink] = before;
    const again = lost.filter(({ wwpn }) => wwpn !== uplink!.wwpn);
    expect(again.length).toBeGreaterThan(2);
    // The others were behind the other uplink and notice nothing.
    expect(before.length - 2 - again.length).toBeGreaterThan(2);
    expect(after.map(({ wwpn }) => formatWwn(wwpn)).sort()).toEqual(
      again.map(({ wwpn }) => formatWwn(wwpn)).sort(),
    );
    for (const { nPortId, wwpn } of again) {
      expect(after.find((one) => one.wwpn === wwpn)!.nPortId).not.toBe(nPortId);
    }
    expect(new Set(after.map(({ enodeMac }) => enodeMac)).size).toBe(1);
    expect(broken(report)).toEqual([]);
  });

  it('loads the name server: each port registers and looks for the others anew', () => {
    const { at, after } = played(scenario);
    const { fc } = record(scenario);
    const asked = fc.filter(
      (one) => one.at >= at && one.at < at + 300e6 && one.type === CT && one.toFcf,
    );
    const askers = new Set(asked.filter(({ tap }) => tap.endsWith('-A')).map(({ sId }) => sId));
    for (const { nPortId } of after) expect(askers).toContain(nPortId);
    expect(asked.length).toBeGreaterThan(5 * after.length);
  });

  it('gives back the N_Port_IDs where the fabric keeps them, which I13 names: they have not rested', () => {
    const { after, lost, report } = played(withFabric(scenario, { persistentFcIds: true }));
    for (const { nPortId, wwpn } of after) {
      expect(lost.find((one) => one.wwpn === wwpn)!.nPortId).toBe(nPortId);
    }
    expect(broken(report)).toEqual(['I13']);
  });

  it('is the end of the fabric for its hosts where it is the only one, and I/O takes the other', () => {
    const { after, report } = played(withFabric(scenario, { npv: { uplinks: 1 } }));
    expect(after).toEqual([]);
    expect(broken(report)).toEqual([]);
    expect(report.io).toMatchObject({ failed: 0, dropped: 0 });
  });
});

it.each([
  ['proxy', 'wait'],
  ['same-wwpn', 'wait'],
  ['same-wwpn', 'logout-clears'],
  ['cold', 'wait'],
  ['wwpn-pair', 'purge'],
] as const)(
  'a move by %s with %s goes through a virtualizer as through a switch',
  (strategy, drain) => {
    const scenario = scenarioOf({ strategy, drain }, 'f23-npv-uplink');
    const report = run({ ...scenario, events: [] });
    expect(report.result.outcome).toBe('moved');
    expect(broken(report)).toEqual([]);
  },
);

it('a virtualizer that loses its power is found again by everybody', () => {
  const scenario = scenarioOf({}, 'f23-npv-uplink');
  const crash = { at: 5, afterMs: 0, ofMove: 1, do: 'crash', node: 'npv-A', forMs: 200 } as const;
  const report = run({
    ...scenario,
    events: [crash],
    timing: { ...scenario.timing, beforeMs: 3000, blackoutBudgetMs: 30_000 },
    vms: scenario.vms.map((vm) => ({ ...vm, workload: { ...vm.workload, thinkUs: 20_000 } })),
  });
  expect(report.result.outcome).toBe('moved');
  expect(broken(report)).toEqual([]);
});

it('a host that crashes when the uplink has failed comes up again, though one cable stays out', () => {
  const scenario = scenarioOf({ seed: 2 }, 'f23-npv-uplink');
  const report = runMove({ scenario, faults: [{ frame: 1333, fault: 'crash', node: 'h1' }] });
  expect(broken(report)).toEqual([]);
  expect(report.virtualTimeNs).toBeLessThan(200e9);
});
