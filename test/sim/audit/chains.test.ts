/** Every level at which a block may become another one is caught by I51, and the same run sound is not. */
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../../src/run/run.ts';
import { run } from '../../helpers/audited-run.ts';
import { mutantsOfChains } from './mutants-of-chains.ts';

const found = (report: RunReport): string[] =>
  report.verdict.flatMap(({ detail, invariant, result }) =>
    result === 'violated' ? [`${invariant}: ${detail}`] : [],
  );

describe.each(Object.entries(mutantsOfChains))('%s', (invariant, mutants) => {
  it.each(mutants.map((one) => [one.what, one] as const))('%s', (_what, mutant) => {
    const sound = run({ ...mutant, make: () => {} });
    expect(found(sound)).toEqual([]);
    expect(sound.verdict.find((one) => one.invariant === invariant)!.result).toBe('holds');
    const broken = run(mutant);
    const expected = [invariant, ...(mutant.also ?? [])];
    expect(new Set(found(broken).map((text) => text.split(':')[0]))).toEqual(new Set(expected));
  });
});
