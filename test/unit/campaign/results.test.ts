/** Result files: what is read of them, and what is said of the rest. */
import { describe, expect, test } from 'vitest';
import { digestOf, headerOf, parseResults } from '../../../src/campaign/results.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

describe('result files', () => {
  const header = {
    sanmotion: '0.1.0',
    format: 1,
    scenario: { file: null, overrides: {} },
    scenarioDigest: '0',
    plan: { mode: { mode: 'exhaustive' }, seeds: [1, 1] },
    iosPerStep: 4,
  };
  const record = {
    run: 1,
    seed: 1,
    faults: [],
    outcome: 'moved',
    digest: '0',
    virtualTimeNs: 1,
    frames: 1,
    hits: 0,
    io: { submitted: 0, completed: 0, failed: 0, requeued: 0, dropped: 0 },
    violated: [],
  };
  const text = [header, record, { ...record, run: 2 }].map((one) => JSON.stringify(one));

  test('a last line that was cut is left out, and where the whole ones end is told', () => {
    const whole = `${text.slice(0, 2).join('\n')}\n`;
    const results = parseResults(`${whole}${text[2]!.slice(0, 20)}`, 'r.jsonl');
    expect(results.records).toEqual([record]);
    expect(results.wholeLength).toBe(whole.length);
  });

  test.each([
    ['', 'r.jsonl:1: not a JSON object'],
    ['{"a":1}\n', 'r.jsonl: no result file'],
    [`${text[0]}\n{"run":\n`, 'r.jsonl:2: not a JSON object'],
    [`${text[0]}\n{"run":1}\n`, 'r.jsonl:2: no line of a run'],
    [`${text[0]}\n{"run":1,"seed":1,"faults":[3],"error":"x"}\n`, 'r.jsonl:2: faults[0]'],
    [`${JSON.stringify({ ...header, shard: { index: 1, of: 1e13 } })}\n`, 'shard.of'],
    [`${JSON.stringify({ ...header, shard: { index: 3, of: 2 } })}\n`, 'shard'],
    [`${JSON.stringify({ ...header, plan: 'x' })}\n`, 'plan'],
    [`${JSON.stringify({ ...header, iosPerStep: 1e9 })}\n`, 'iosPerStep'],
    [`${text[0]}\n${JSON.stringify({ ...record, violated: 7 })}\n`, 'r.jsonl:2: no line'],
    [`${text[0]}\n${JSON.stringify({ ...record, io: null })}\n`, 'r.jsonl:2: no line'],
  ])('%j is refused', (content, words) => {
    expect(() => parseResults(content, 'r.jsonl')).toThrow(words);
  });
});

describe('the header of a campaign', () => {
  const scenario = loadScenario(TEXT, 'x.yaml');
  const plan = { mode: { mode: 'exhaustive' }, seeds: [1, 1] } as const;
  const source = { file: 'x.yaml', overrides: {} };

  test('is read back as it was written', () => {
    const written = headerOf('1.2.3', source, { scenario, iosPerStep: 2, lifetimeNs: 5 }, plan);
    expect(parseResults(`${JSON.stringify(written)}\n`, 'r.jsonl').header).toEqual(written);
    expect(headerOf('1.2.3', source, { scenario, iosPerStep: 2 }, plan)).not.toHaveProperty(
      'lifetimeNs',
    );
  });

  test('changes with anything in the scenario', () => {
    const other = { ...scenario, seed: scenario.seed + 1 };
    expect(digestOf(scenario)).toMatch(/^[0-9a-f]{16}$/);
    expect(digestOf(other)).not.toBe(digestOf(scenario));
    expect(digestOf({ ...scenario })).toBe(digestOf(scenario));
  });
});
