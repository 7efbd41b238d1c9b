/** What a campaign found, for a person and as JSON. */
import { expect, test } from 'vitest';
import type { RunEnd } from '../../../src/campaign/job.ts';
import { headerOf } from '../../../src/campaign/results.ts';
import { Summary } from '../../../src/campaign/summary.ts';
import { planOf, worldOf } from '../../../src/cli/campaign-options.ts';
import { campaignJson, campaignText } from '../../../src/cli/campaign-text.ts';
import type { Counterexample } from '../../../src/cli/counterexample.ts';

const campaign = { file: 'a.yaml', overrides: {}, world: worldOf(undefined, {}, {}) };
const plan = planOf({ seeds: '1..2' });
const header = headerOf('1.2.3', { file: 'a.yaml', overrides: {} }, campaign.world, plan);
const RUN = {
  path: 'out/r.jsonl',
  kept: undefined,
  workers: 2,
  tookMs: 1500,
  left: 0,
  stopped: undefined,
};

const GOOD: RunEnd = {
  run: 1,
  seed: 1,
  faults: [],
  outcome: 'moved',
  digest: '0123456789abcdef',
  virtualTimeNs: 1,
  frames: 2,
  hits: 0,
  io: { submitted: 9, completed: 9, requeued: 0, failed: 0, dropped: 0 } as RunEnd['io'],
  violated: [],
};
const BAD: RunEnd = {
  ...GOOD,
  run: 2,
  seed: 2,
  faults: [{ frame: 40, fault: 'drop' }],
  violated: [{ invariant: 'I7', detail: 'a late write' }],
};
const SHOWN: Counterexample = {
  path: 'out/a-I7.pcapng',
  command: 'sanmotion campaign a.yaml --replay …',
  shrunk: {
    invariant: 'I7',
    seed: 2,
    faults: [{ frame: 40, fault: 'drop' }],
    reduction: {},
    record: BAD,
    tries: 1234,
  },
  evidence: {
    detail: 'a late write',
    faults: ['frame 40 was lost'],
    isShown: true,
    frames: [
      {
        number: 41,
        timeNs: 5,
        atNs: 1,
        tap: 'h1.0-A',
        line: 'FCP_CMND',
        comment: 'one; two',
        bytes: new Uint8Array(),
      },
    ],
  },
};

function found(...runs: RunEnd[]) {
  const summary = new Summary();
  for (const run of runs) summary.add(run);
  return summary.conclude();
}

const textOf = (...runs: RunEnd[]): string =>
  campaignText(header, campaign, found(...runs), runs.includes(BAD) ? [SHOWN] : [], RUN)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
    .replace(/\u001b\[[0-9;]*m/g, '');

test('for a person, where nothing broke', () => {
  const text = textOf(GOOD);
  expect(text).toMatch(
    /^two-host-move {2}wwpn-pair, drain wait, up to 2 random faults a run, seeds 1 to 2$/m,
  );
  expect(text).toMatch(/^1 runs on 2 workers in 1\.500 s: no violation$/m);
  expect(text).toMatch(/^moves {5}moved 1$/m);
  expect(text).toMatch(/^no fault +1 +0$/m);
  expect(text.trimEnd().endsWith('results   out/r.jsonl')).toBe(true);
});

test('for a person, with what broke, its command, and the frames that show it', () => {
  const text = textOf(GOOD, BAD);
  expect(text).toMatch(/: 1 with a violation$/m);
  expect(text).toMatch(/^I7 {4}1 runs: .+ 1\n {6}a ghost write$/m);
  expect(text).toContain(
    `sanmotion campaign a.yaml --replay '{"seed":2,"faults":[{"frame":40,"fault":"drop"}]}'`,
  );
  expect(text).toMatch(
    /^I7 made small by 1,234 runs: 1 fault, 9 I\/Os, 1 frames in out\/a-I7\.pcapng$/m,
  );
  expect(text).toContain(
    '      fault: frame 40 was lost\n     41 h1.0-A  FCP_CMND\n        one\n        two\n',
  );
});

test('as JSON, without the bytes of the frames', () => {
  expect(campaignJson(header, found(BAD), [SHOWN], RUN)).toMatchObject({
    campaign: header,
    workers: 2,
    tookMs: 1500,
    results: 'out/r.jsonl',
    runs: 1,
    bad: 1,
    counterexamples: [
      {
        invariant: 'I7',
        seed: 2,
        faults: [{ frame: 40, fault: 'drop' }],
        reduce: {},
        runs: 1234,
        capture: 'out/a-I7.pcapng',
        frames: [{ frame: 41, atNs: 1, tap: 'h1.0-A', line: 'FCP_CMND', comment: 'one; two' }],
      },
    ],
  });
});
