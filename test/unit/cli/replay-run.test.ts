/** `sanmotion campaign --replay`: one run, or the bad ones of a result file. */
import { describe, expect, test } from 'vitest';
import { headerOf } from '../../../src/campaign/results.ts';
import { planOf, worldOf } from '../../../src/cli/campaign-options.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { replayRuns } from '../../../src/cli/replay-run.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('replay-run');
const OPTIONS = { ios: '1', json: true };

const replay = (what: string, options = OPTIONS) =>
  said(() => replayRuns(undefined, {}, what, options));

test('one run is shown, with what was violated in it', async () => {
  const run = '{"seed":2,"faults":[{"frame":40,"fault":"drop"}],"reduce":{"fabric":"A"}}';
  const { status, stdout } = await replay(run);
  expect(status).toBe(0);
  const line = JSON.parse(stdout) as { faults: unknown; verdict: { result: string }[] };
  expect(line.faults).toEqual([{ frame: 40, fault: 'drop' }]);
  expect(line.verdict.length).toBeGreaterThan(20);
  expect(line.verdict.filter((one) => one.result === 'violated')).toEqual([]);
});

describe('a result file', () => {
  const world = worldOf(undefined, {}, OPTIONS);
  const header = headerOf('1', { file: null, overrides: {} }, world, planOf({}));
  const failed = { run: 1, seed: 3, faults: [], error: 'it fell' };
  const io = { submitted: 0, completed: 0, failed: 0, requeued: 0, dropped: 0 };
  const ended = { outcome: 'moved', digest: '0', virtualTimeNs: 1, frames: 1, hits: 0, io };
  const good = { run: 2, seed: 3, faults: [], ...ended, violated: [] };
  const file = (...lines: object[]): string =>
    folder.file('r.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

  test('has its bad runs run again, and only those', async () => {
    const { stdout } = await replay(file(header, failed, good));
    expect(JSON.parse(stdout)).toMatchObject({ seed: 3, faults: [] });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('may have none', async () => {
    const { status, stdout } = await replay(file(header, good), { ...OPTIONS, json: false });
    expect([status, stdout]).toEqual([0, 'no run to show\n']);
  });

  test('of a scenario that is another one now is refused', async () => {
    const changed = file({ ...header, scenarioDigest: '0000000000000000' }, failed);
    await expect(replay(changed)).rejects.toThrow('its scenario has changed since');
  });
});

test.each([
  ['{', '--replay: not JSON'],
  ['{"seed":-1}', 'seed is -1'],
  ['{"faults":[{"frame":1,"fault":"melt"}]}', 'fault is "melt"'],
  ['{"reduce":{"vms":1}}', 'reduce: vms'],
  ['/nowhere/r.jsonl', 'give a result file or a run as JSON'],
])('%s is refused', async (what, words) => {
  await expect(replay(what)).rejects.toThrow(words);
  await expect(replay(what)).rejects.toBeInstanceOf(UsageError);
});
