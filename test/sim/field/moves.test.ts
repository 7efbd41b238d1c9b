/**
 * Situations that people reported, as scenarios: what each must be called. The head of every file
 * says what happened. A guilty move has a twin that differs in one thing and must be acquitted.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const FOLDER = new URL('scenarios/', import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8');

const violationsOf = (text: string, name: string) => {
  const report = runMove({ scenario: loadScenario(text, name) });
  const violated = report.verdict.filter(({ result }) => result === 'violated');
  return {
    outcome: report.result.outcome,
    reason: 'reason' in report.result ? report.result.reason : '',
    io: report.io,
    found: Object.fromEntries(violated.map(({ invariant, detail }) => [invariant, detail])),
  };
};

/** What a situation must be called: the invariants that break, each with words of its finding. */
interface Case {
  readonly file: string;
  readonly outcome: string;
  readonly guilty: Readonly<Record<string, RegExp>>;
  /** The same with something changed, and acquitted. */
  readonly sound?: readonly [from: string | RegExp, to: string];
}

const cases: readonly Case[] = [
  {
    file: 'c15-no-handover-write-exclusive',
    outcome: 'moved',
    guilty: {
      I1: /I\/O \d+ of vm1 and 38 more after it failed: RESERVATION CONFLICT/,
      I20: /vm1 is kept out of data \(LUN 0, \w{32}\) by its own reservation, which c0:50:76:00:00:00:01:00 holds: 39 I\/Os failed/,
    },
    sound: ['handover: none', 'handover: preempt'],
  },
  {
    file: 'c32-i29-open-pause',
    outcome: 'moved',
    guilty: {
      I1: /7932 more after it failed/,
      I20: /7933 I\/Os failed/,
      I29: /vm1: 800\d\.\d+ ms without an I\/O that ended well; budget 1000 ms/,
    },
    sound: [/handover: none(.*)$/m, 'handover: preempt$1'],
  },
  {
    file: 'c02b-destination-nonoptimized-only',
    outcome: 'moved',
    guilty: { I23: /is reached active\/non-optimized at best, before active\/optimized/ },
    sound: ['active-non-optimized', 'active-optimized'],
  },
  {
    file: 'c05-target-port-lost',
    outcome: 'moved',
    guilty: { I23: /is reached through 1 of the array's port groups, before 2/ },
    sound: [
      /members: \["50:06:01:60:00:00:00:0([13])", "c0/g,
      'members: [array, "50:06:01:60:00:00:00:0$1", "c0',
    ],
  },
  {
    file: 'c08-extra-unit-after-move',
    outcome: 'moved',
    guilty: { I23: /foreign \(LUN 0 or 1, \w{32}\) is there as LUN 1, and was not on h1/ },
    sound: [', "1": foreign', ''],
  },
  {
    file: 'c07d-second-name-in-use-policy-1',
    outcome: 'refused',
    guilty: {
      I14: /c0:50:76:00:00:00:01:01 is the name of vm1 and vm2: on fabric A one put the other's login out 3 times/,
      I31: /vm2 lost its login as c0:50:76:00:00:00:01:01 on fabric A \(replaced\) \w+( times)? in the move of vm1/,
    },
  },
  {
    file: 'c07e-duplicate-flapping',
    outcome: 'refused',
    guilty: {
      // A write that was sent again on the way to and fro was done twice.
      I6: /of data .* holds version \d+ of writer 2, which was not to be found there any more/,
      I14: /01:00 is the name of vm1 and vm2: on fabric A one put the other's login out \d{3} times/,
      I23: /is gone/,
      I29: /vm2: .* without an I\/O that ended well/,
      I31: /no longer vm2 logged in: c0:50:76:00:00:00:01:00/,
      I30: /the login of c0:50:76:00:00:00:01:00 on fabric A went to and fro \d{3} times between h1.0-A and h2.0-A/,
    },
  },
  {
    file: 'c26-masked-to-half-the-ports',
    outcome: 'moved',
    guilty: { I23: /is reached at 1 target ports, before 2/ },
    sound: [', ports: [0] }', ' }'],
  },
  {
    file: 'd01-lun-reuse',
    outcome: 'moved',
    guilty: {
      I6: /of data .* holds blank/,
      I11: /of foreign .* belongs to another logical unit/,
      I23: /vm1 on h2: /,
      I21: /vm1 meant data .* and changed blocks of foreign .*, which is LUN 0 now/,
    },
    sound: ['luns: { "0": foreign } }', 'luns: { "0": data } }'],
  },
];

describe('situations from the field', () => {
  for (const { file, guilty, outcome, sound } of cases) {
    it(`${file}: ${Object.keys(guilty).join(', ')}`, () => {
      const report = violationsOf(textOf(file), file);
      expect(report.outcome, report.reason).toBe(outcome);
      expect(Object.keys(report.found).sort()).toEqual(Object.keys(guilty).sort());
      for (const [invariant, words] of Object.entries(guilty)) {
        expect(report.found[invariant]).toMatch(words);
      }
    });
    if (sound === undefined) continue;
    it(`${file}: its sound twin`, () => {
      const changed = textOf(file).replace(...(sound as [string, string]));
      expect(changed).not.toBe(textOf(file));
      expect(violationsOf(changed, file)).toMatchObject({ outcome: 'moved', found: {} });
    });
  }
});

describe('two guests with one WWPN', () => {
  it('are refused when the file is read, with both places', () => {
    const text = textOf('c07-cloned-vm-same-wwpn').replace('allowSharedWwpns: true\n', '');
    expect(() => loadScenario(text, 'x.yaml')).toThrow(
      /^x\.yaml:24:20: c0:50:76:00:00:00:01:00 on fabric A is the name of vm1 and vm2: one would put the other's login out \(allowSharedWwpns: true runs it all the same\) \(vms\.0\.wwpns\.A: x\.yaml:18:19\)$/,
    );
  });
});
