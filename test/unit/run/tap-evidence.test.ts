/** The small captures of late writes: `replay` of each names what broke, and no frame of it can be left out. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { CaptureJudge } from '../../../src/audit/capture-judge.ts';
import { fileSink, openCapture } from '../../../src/capture/index.ts';
import { scenarioFrom } from '../../../src/cli/scenario-file.ts';
import { type Evidence, evidenceOf, writeEvidence } from '../../../src/run/evidence.ts';
import { lateFrames } from '../../../src/run/late-frames.ts';
import { runMove } from '../../../src/run/run.ts';
import type { ScenarioOverrides } from '../../../src/scenario/overrides.ts';
import { testFolder } from '../../helpers/folder.ts';
import { inFull } from '../../helpers/in-full.ts';
import { tsharkVersion } from '../../oracle/support/tshark.ts';

const folder = testFolder('tap-evidence');
const hasTshark = tsharkVersion() !== undefined;
if (!hasTshark) console.warn('skipped: tshark is not installed');

function evidenceIn(overrides: ScenarioOverrides, invariant: string): Evidence {
  const all = { profile: 'powervm', defences: [], seed: 1, ...overrides } as const;
  const scenario = scenarioFrom('zoo', all);
  const rules = lateFrames('data', scenario, runMove({ scenario }));
  return evidenceOf({ scenario, rules }, invariant);
}

/** What `replay` names in a file, without some of its frames. */
async function violatedIn(path: string, without = -1): Promise<string[]> {
  const capture = await openCapture(path);
  const judge = new CaptureJudge(capture.info);
  for await (const frames of capture.frames)
    for (const frame of frames) if (frame.index !== without) judge.add(frame);
  const { codec, verdict } = judge.finish();
  expect(codec.malformed).toEqual([]);
  return verdict.filter(({ result }) => result === 'violated').map(({ invariant }) => invariant);
}

const WAYS: readonly [string, ScenarioOverrides, string, number][] = [
  ['nfs', { protocol: 'nfs' }, 'I7', 5],
  ['fcoe', { protocol: 'fcoe' }, 'I7', 7],
  ['fc', { protocol: 'fc' }, 'I7', 7],
  ['nfs-4.1', { protocol: 'nfs', nfsVersion: 4.1 }, 'I7', 5],
  ['iscsi', { protocol: 'iscsi', strategy: 'other-isid' }, 'I7', 8],
  ['iscsi', { protocol: 'iscsi', strategy: 'other-isid' }, 'I8', 20],
];

test.each(inFull ? WAYS : WAYS.slice(0, 2))(
  '%s',
  async (name, overrides, invariant, framesMax) => {
    const evidence = evidenceIn(overrides, invariant);
    expect(evidence.isShown).toBe(true);
    expect(evidence.frames.length).toBeLessThanOrEqual(framesMax);
    expect(new Set(evidence.frames.map(({ tap }) => tap)).has('array')).toBe(true);
    const path = folder.path(`${name}-${invariant}.pcapng`);
    await writeEvidence(fileSink(path), evidence, 'about');
    expect(await violatedIn(path)).toContain(invariant);
    for (const { number } of evidence.frames)
      expect(await violatedIn(path, number), `without frame ${number}`).not.toContain(invariant);
    // Where it was sent, where it arrived, and what the fault did.
    const comments = evidence.frames.map(({ comment }) => comment).join('\n');
    expect(comments).toMatch(/frame \d+ arrives at \+\d+\.\d+ ms/);
    expect(comments).toContain('was held by the fault (delay');
    expect(comments).toContain('resume');
    if (!hasTshark) return;
    const columns = ['frame.interface_name', 'frame.interface_queue', '_ws.malformed'];
    const fields = ['-T', 'fields', ...columns.flatMap((one) => ['-e', one])];
    const said = execFileSync('tshark', ['-n', '-r', path, ...fields], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const rows = said
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(rows.map(([tap, queue, malformed]) => [tap, queue, malformed ?? ''])).toEqual(
      evidence.frames.map(({ tap }) => [tap, '0', '']),
    );
  },
  240_000,
);

test('a run that is safe has nothing that shows it: what the faults met is there, and says so', () => {
  const { isShown, frames } = evidenceIn(
    { protocol: 'nfs', nfsVersion: 4.1, strategy: 'same-wwpn' },
    'I7',
  );
  expect(isShown).toBe(false);
  expect(frames.length).toBeLessThanOrEqual(40);
}, 120_000);
