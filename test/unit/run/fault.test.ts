/** Faults, reductions and result files as JSON: what is taken, and what is said of the rest. */
import { describe, expect, test } from 'vitest';
import { parseReduction } from '../../../src/campaign/reduce.ts';
import { parseResults } from '../../../src/campaign/results.ts';
import { parseFaults } from '../../../src/run/fault.ts';

describe('faults', () => {
  test('every kind is taken as it is', () => {
    const faults = [
      { frame: 1, fault: 'drop' },
      { frame: 2, fault: 'duplicate' },
      { frame: 2, fault: 'duplicate', delayNs: 70_000 },
      { frame: 3, fault: 'delay', delayNs: 9e9 },
      { frame: 4, fault: 'hold', delayNs: 1 },
      { frame: 5, fault: 'corrupt' },
      { frame: 6, fault: 'cut', forNs: 5 },
      { frame: 7, fault: 'crash', node: 'h1' },
    ];
    expect(parseFaults(JSON.parse(JSON.stringify(faults)))).toEqual(faults);
  });

  test.each([
    [{}, 'faults: a list'],
    [[1], 'faults[0]: an object'],
    [[{ frame: 1, fault: 'melt' }], 'fault is "melt"; allowed: drop, duplicate, delay'],
    [[{ frame: 0, fault: 'drop' }], 'frame is 0; a whole number 1 to'],
    [[{ frame: 1.5, fault: 'drop' }], 'frame is 1.5'],
    [[{ frame: 1, fault: 'delay' }], 'delayNs is undefined'],
    [[{ frame: 1, fault: 'delay', delayNs: -1 }], 'delayNs is -1'],
    [[{ frame: 1, fault: 'drop', delayNs: 1 }], 'drop has no delayNs'],
    [[{ frame: 1, fault: 'crash' }], 'a crash names its node'],
    [[{ frame: 1, fault: 'cut', forNs: 0 }], 'forNs is 0'],
    [new Array(65).fill({ frame: 1, fault: 'drop' }), 'at most 64'],
  ])('%j is refused', (value, words) => {
    expect(() => parseFaults(value)).toThrow(words);
  });
});

describe('reductions', () => {
  test('what a smaller world leaves is taken as it is', () => {
    const reduction = { oneVm: true, fabric: 'A', iosPerStep: 2, readPercent: 0 };
    expect(parseReduction(reduction)).toEqual(reduction);
  });

  test.each([[[]], [{ oneVm: false }], [{ fabric: 1 }], [{ vms: 1 }], [{ queueDepth: -1 }]])(
    '%j: only what is known',
    (value) => {
      if (Array.isArray(value)) expect(parseReduction(value)).toEqual(value);
      else expect(() => parseReduction(value)).toThrow('reduce: ');
    },
  );
});

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
