/** Every way in which a pair of arrays breaks is caught, and the same run sound is not. */
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../../src/run/run.ts';
import { run } from '../../helpers/audited-run.ts';
import { mutantsOfPairs } from './mutants-of-pairs.ts';

const found = (report: RunReport): string[] =>
  report.verdict.flatMap(({ detail, invariant, result }) =>
    result === 'violated' ? [`${invariant}: ${detail}`] : [],
  );

describe.each(Object.entries(mutantsOfPairs))('%s', (invariant, mutants) => {
  it.each(mutants.map((one) => [one.what, one] as const))('%s', (_what, mutant) => {
    const sound = run({ ...mutant, make: () => {} });
    expect(found(sound)).toEqual([]);
    expect(sound.verdict.find((one) => one.invariant === invariant)!.result).toBe('holds');
    const broken = run(mutant);
    const expected = [invariant, ...(mutant.also ?? [])];
    const texts = found(broken);
    expect(texts.map((text) => text.split(':')[0]).sort(), texts.join('\n')).toEqual(
      expected.sort(),
    );
  });
});
