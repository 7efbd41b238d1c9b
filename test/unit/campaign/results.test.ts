/** Result files: what is read of them, and what is said of the rest. */
import { describe, expect, test } from 'vitest';
import { digestOf, headerOf, parseResults } from '../../../src/campaign/results.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

describe('result files', () => {
  const header = { format: 1, plan: { mode: { mode: 'exhaustive' }, seeds: [1, 1] } };
  const record = { run: 1, seed: 1, faults: [], outcome: 'moved', violated: [] };
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
    [`${text[0]}\n{"run":1}\n`, 'r.jsonl:2: no seed'],
    [`${text[0]}\n{"run":1,"seed":1,"faults":[3]}\n`, 'r.jsonl:2: faults[0]'],
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
