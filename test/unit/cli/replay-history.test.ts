/** `replay --history`: the tap of a server, judged with what was told beside it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HistoryError } from '../../../src/audit/told-history.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { judgeWithHistory } from '../../../src/cli/replay-history.ts';
import { serve } from '../../../src/live/program.ts';
import { Bench } from '../../helpers/live-bench.ts';
import { said } from '../../helpers/said.ts';

let bench: Bench;
let tap: string;
let history: string;
beforeEach(async () => {
  bench = new Bench();
  [tap, history] = [join(bench.dir, 'tap.pcapng'), join(bench.dir, 'run.jsonl')];
  const san = await serve({ tap, history, luns: ['1M'], listen: [`unix:${bench.socket}`] });
  expect(await (await bench.host()).work(0xc050_7600_0000_0100n, 10)).toEqual([]);
  await san.close();
});
afterEach(() => bench.end());

const linesOf = (): string[] => readFileSync(history, 'utf8').split('\n');

test('the command says more than of the tap alone', async () => {
  const alone = await said(() => replayCommand([tap], { json: true }));
  const both = await said(() => replayCommand([tap], { json: true, history }));
  expect(both.status).toBe(0);
  const resultOf = (text: string, name: string): string =>
    JSON.parse(text).verdict.find((one: { invariant: string }) => one.invariant === name).result;
  expect([alone, both].map(({ stdout }) => resultOf(stdout, 'I21'))).toEqual([
    'not-observable',
    'holds',
  ]);
  expect(JSON.parse(both.stdout).logins).toEqual(JSON.parse(alone.stdout).logins);
});

test('it is of one capture', async () => {
  const two = replayCommand([tap, tap], { history });
  await expect(two).rejects.toThrow(UsageError);
});

describe('a history that does not fit', () => {
  test.each<[string, (lines: string[]) => string[], string]>([
    ['is empty', () => [''], 'run.jsonl:1: no JSON'],
    ['has no first line', (lines) => lines.slice(1), 'run.jsonl:1: no history'],
    ['begins twice', (lines) => [lines[0]!, ...lines], 'run.jsonl:2: a second beginning'],
    [
      'tells of frames that are not there',
      (lines) => [...lines.slice(0, -1), `{"ways":"${'i'.repeat(9999)}","end":true}`, ''],
      'are they of one run?',
    ],
    [
      'has a line that no server writes',
      (lines) => [
        lines[0]!,
        '{"ways":"","entry":{"at":1,"node":"A","event":{"type":"nexus","state":"began"}}}',
        '',
      ],
      'is not what a server writes',
    ],
  ])('%s: one line says so', async (_what, change, message) => {
    writeFileSync(history, change(linesOf()).join('\n'));
    await expect(judgeWithHistory(tap, history)).rejects.toThrow(HistoryError);
    await expect(judgeWithHistory(tap, history)).rejects.toThrow(message);
  });

  test('is not there', async () => {
    await expect(judgeWithHistory(tap, '/nowhere/x')).rejects.toThrow(/^history \/nowhere\/x: .*$/);
  });
});
