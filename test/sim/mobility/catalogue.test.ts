/** The scenarios of the failure catalogue, undisturbed: each ends as its head comment says. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { broken, run, scenarioOf, scenarioText } from '../../helpers/moves.ts';

const NAMES = readdirSync(new URL('../../../scenarios/', import.meta.url))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

/** Everything that does not simply move with every invariant holding. */
const ENDS: Readonly<
  Record<string, { outcome?: string; reason?: RegExp; violated?: readonly string[]; fails?: true }>
> = {
  'f01-not-zoned': { outcome: 'refused', reason: /not zoned or not masked/ },
  'f02-not-masked': { outcome: 'refused', reason: /not zoned or not masked/ },
  'f03-lun-numbers': { outcome: 'refused', reason: /is LUN 0 on h1 and LUN 1 on h2/ },
  'f05-duplicate-0': { outcome: 'refused', reason: /did not complete its logins on h2/ },
  'f05-duplicate-1': { violated: ['I23', 'I29', 'I30'] },
  'f05-duplicate-2': { violated: ['I23', 'I29', 'I30'] },
  'f06-no-resources': {
    outcome: 'rolled-back',
    reason: /LS_RJT reason 9h explanation 29h/,
    violated: ['I29'],
  },
  // The fence does what it is for.
  'f17-third-preempts': { fails: true },
  'f21-other-fabric': { outcome: 'refused', reason: /of fabric 20:.* answers, others do: none is/ },
  'f22-vlan-list': { outcome: 'refused', reason: /is on another fabric/, violated: ['I25'] },
  'f24-zone-set': { violated: ['I23'] },
  'f25-cancelled': { outcome: 'rolled-back', reason: /cancelled by its operator/ },
  'f13-paused-queue-pfc': { violated: ['I7'] },
  'f28-no-pfc-on-h2': { violated: ['I26'] },
  'f28-wrong-priority': { violated: ['I26', 'I27'] },
  'f14-late-data-frame': { violated: ['I13'] },
  'f26-source-crash-same': { outcome: 'rolled-back', reason: /LS_RJT reason 3h explanation dh/ },
  // Maps that are lost without a word.
  'f27-resume': { violated: ['I34', 'I35'] },
  'f27-after': { violated: ['I34', 'I35'] },
  'f29-slow-probe': { outcome: 'rolled-back', reason: /in 30 s/, violated: ['I29'] },
  'f30-physical-fallback': { violated: ['I24', 'I28'] },
  'f31-announcement-lost': { violated: ['I37', 'I38', 'I41'] },
  'f32-lan-first': { violated: ['I41'] },
  'f33-san-fails-after-lan': {
    outcome: 'rolled-back',
    reason: /LS_RJT reason 9h explanation 29h/,
    violated: ['I29', 'I38', 'I41'],
  },
  'f34-vdp-refused': {
    outcome: 'rolled-back',
    reason: /refuses to attach vm1: insufficient resources/,
  },
  'f36-sticky': { violated: ['I37', 'I38', 'I41'] },
  'f39-loop': { violated: ['I40'] },
  'f40-vlan-missing': { violated: ['I37', 'I38', 'I41', 'I43'] },
  'f41-mtu': { violated: ['I38'] },
  'f42-stale-fpma': {
    outcome: 'rolled-back',
    reason: /010003, which the fabric names, took no login: LS_RJT .*COMMAND IN PROGRESS/,
    violated: ['I13'],
  },
  'disk-iterative-marks': { violated: ['I8', 'I51'] },
  'qos-dcbx-refused': { violated: ['I26'] },
  'qos-headroom': { violated: ['I26'] },
  'qos-pause-storm': { violated: ['I26'] },
  's-id-reuse': { violated: ['I13'] },
  'iscsi-routed-silent': { violated: ['I1', 'I23', 'I29'], fails: true },
  'volumes-by-lun': { violated: ['I8', 'I23', 'I51'] },
  // As f17-third-preempts, at the other array.
  'stretched-fence': { fails: true },
  'stretched-same-generation': { violated: ['I36'] },
  'stretched-too-far': { outcome: 'refused', reason: /would take 4\.832 ms by the distances/ },
  'stretched-witness-lies': { violated: ['I6', 'I8', 'I36'] },
};

describe.each(NAMES)('%s', (name) => {
  test('says what is expected, and so it is', () => {
    expect(scenarioText(name)).toMatch(/^#/);
    const report = run(scenarioOf({}, name));
    const { outcome = 'moved', reason, violated = [], fails = false } = ENDS[name] ?? {};
    expect(report.result.outcome).toBe(outcome);
    if (reason !== undefined) {
      expect('reason' in report.result && report.result.reason).toMatch(reason);
    }
    expect(broken(report)).toEqual(violated);
    expect(report.io.dropped).toBe(0);
    expect(report.io.failed > 0).toBe(fails);
  });
});
