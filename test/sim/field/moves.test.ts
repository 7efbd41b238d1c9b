/**
 * Situations that people reported, as scenarios: what each must be called. The head of every file
 * says what happened. A guilty move has a twin that differs in one thing and must be acquitted.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FcType, RCtl } from '../../../src/codecs/fc/index.ts';
import { locateFc } from '../../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../../src/codecs/layout/index.ts';
import type { HistoryEntry } from '../../../src/history/index.ts';
import type { FaultRule } from '../../../src/link/faults.ts';
import { headlineOf } from '../../../src/run/headline.ts';
import { type RunReport, runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const FOLDER = new URL('scenarios/', import.meta.url);
const PAGE = readFileSync(new URL('../../../docs/field.md', import.meta.url), 'utf8');
const textOf = (name: string): string => readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8');

const reports = new Map<string, RunReport>();

/** The report of a situation as it stands in its file; each is run once. */
function reportOf(file: string): RunReport {
  const known = reports.get(file);
  if (known !== undefined) return known;
  const report = runMove({ scenario: loadScenario(textOf(file), file) });
  reports.set(file, report);
  return report;
}

const violationsOf = (text: string, name: string) => {
  const own = text === textOf(name);
  const report = own ? reportOf(name) : runMove({ scenario: loadScenario(text, name) });
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
    file: 'c06-two-vhbas-one-fabric',
    outcome: 'moved',
    guilty: { I23: /is reached over 2 ports of one physical card, before of 2/ },
    sound: [
      'h2, ports: [{ fabric: A, card: 0 }, { fabric: A, card: 0 }]',
      'h2, ports: [{ fabric: A, card: 0 }, A]',
    ],
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
    file: 'c28-there-and-back',
    outcome: 'refused',
    guilty: {},
    sound: ['members: [array, "c0:50:76:00:00:00:01:01"]', 'members: [array, vm1]'],
  },
  {
    file: 'c27-spc2-reserve',
    outcome: 'moved',
    guilty: {
      I1: /I\/O \d+ of vm1 and \d+ more after it failed: RESERVATION CONFLICT/,
      I20: /vm1 is kept out of one \(LUN 0, \w{32}\) by its own reservation, which c0:50:76:00:00:00:01:00 holds/,
    },
    sound: ['defences: [], overlapMs: 200', 'defences: [logo-acknowledged]'],
  },
  {
    file: 'x01-mask-under-registration',
    outcome: 'moved',
    guilty: {
      I23: /data .* is reached at 3 target ports, before 4 .*log .* is reached over 1 ports/,
    },
    sound: [/luns: \{ "0": data \},\s+ports: \[0\],/, 'luns: { "0": data, "1": log },'],
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

describe('c20c: a path fails, and the write on it comes late', () => {
  const isData = (frame: Uint8Array): boolean => {
    const place = locateFc(frame);
    if (place instanceof CodecError) return false;
    return frame[place.fcAt] === RCtl['Solicited Data'] && frame[place.fcAt + 8] === FcType.FCP;
  };

  /** The host's link to fabric A goes while write data is held back behind the switch for 20 ms. */
  const played = (text: string) => {
    const events = 'events: [{ at: 3, do: link-down, node: h1, port: 0 }]\n';
    const scenario = loadScenario(text + events, 'c20c');
    let began: number | undefined;
    const observe = ({ at, event }: HistoryEntry): void => {
      if (event.type === 'io-submit') began ??= at;
    };
    runMove({ scenario, observer: { observe } });
    const held: FaultRule = {
      link: 'array.0-A',
      fromNs: began! + 2_800_000,
      untilNs: began! + 3_050_000,
      matches: isData,
      action: { kind: 'delay', delayNs: 20_000_000 },
    };
    const { verdict } = runMove({ scenario, rules: [held] });
    return verdict.flatMap(({ invariant, result }) => (result === 'violated' ? [invariant] : []));
  };

  it('is a ghost write where the host sends again at once, and none where it waits R_A_TOV', () => {
    const text = textOf('c20c-multipath-no-rscn');
    expect(played(text)).toEqual(['I7']);
    expect(played(text.replace('lateWriteWaitMs: 0, ', ''))).toEqual([]);
  });
});

describe('x02: both cables of the destination are out for ten seconds', () => {
  const excusesOf = ({ verdict }: RunReport) =>
    verdict.flatMap(({ excused, invariant }) => (excused === undefined ? [] : [invariant]));

  it('is no violation, and stands in the first line', () => {
    const report = reportOf('x02-cables-pulled');
    expect(excusesOf(report)).toEqual(['I29']);
    expect(headlineOf(report)).toEqual({
      kind: 'moved',
      text: expect.stringMatching(
        /^moved; 10\.008 s without I\/O, excused by the 2 links of h2 that were down; \d+ invariants hold, none is violated$/,
      ),
    });
  });

  it('says nothing of the kind where the cables stay', () => {
    const text = textOf('x02-cables-pulled').replace(/^events:[\s\S]*$/m, '');
    const report = runMove({ scenario: loadScenario(text, 'x02') });
    expect(excusesOf(report)).toEqual([]);
    expect(headlineOf(report).text).toMatch(/^moved: \d+ invariants hold, none is violated$/);
  });
});

describe('docs/field.md, moves', () => {
  const [, section = ''] = /\n## Moves\n([\s\S]*?)(?=\n## |$)/.exec(PAGE) ?? [];
  const rows = section
    .split('\n')
    .filter((line) => /^\| [cdlx]\d/.test(line))
    .map((line) => {
      const [file = '', , now = ''] = line.slice(2).split(' | ');
      const isClean = now.includes('nothing violated');
      return { file, isClean, words: [...now.matchAll(/`([^`]+)`/g)].map(([, words]) => words!) };
    });

  it('has a row for every situation', () => {
    const files = readdirSync(FOLDER).map((name) => name.slice(0, -'.yaml'.length));
    const told = rows.map((row) => row.file);
    expect(files.filter((name) => !told.includes(name))).toEqual([]);
  });

  const run = rows.filter(({ file }) => existsSync(new URL(`${file}.yaml`, FOLDER)));
  it.each(run)('$file: is told so', ({ file, isClean, words }) => {
    if (words.length === 0 || words.some((one) => one.startsWith('--'))) return;
    const { result, verdict, failures } = reportOf(file);
    const reason = 'reason' in result ? result.reason : '';
    const told = [
      headlineOf(reportOf(file)).text,
      result.outcome,
      reason,
      ...verdict.map(({ invariant, detail, result: is }) => `${invariant} ${is}: ${detail}`),
      ...failures.map((one) => one.reason),
    ].join('\n');
    for (const one of words) expect(told).toContain(one);
    if (isClean) expect(verdict.filter((one) => one.result === 'violated')).toEqual([]);
  });
});

describe('two guests with one WWPN', () => {
  it('are refused when the file is read, with both places', () => {
    const text = textOf('c07-cloned-vm-same-wwpn').replace('allowSharedWwpns: true\n', '');
    expect(() => loadScenario(text, 'x.yaml')).toThrow(
      /^x\.yaml:24:20: c0:50:76:00:00:00:01:00 on fabric A is the name of vm1 and vm2: one would put the other's login out \(allowSharedWwpns: true runs it all the same\) \(vms\.0\.wwpns\.A: x\.yaml:18:19\)$/,
    );
  });
});
