/** What the fuzzer once found, tried again. */
import { describe, expect, it } from 'vitest';
import { readFinds } from '../../scripts/fuzz/find.ts';
import { checkFind } from '../../scripts/fuzz/fuzzer.ts';
import { readMachineFinds } from '../../scripts/fuzz/machine-find.ts';
import { worldFuzz } from '../../scripts/fuzz/machines.ts';
import { fuzzAtWork } from '../../src/testing/index.ts';
import { everyCodec } from '../helpers/every-codec.ts';

const finds = readFinds();
const codecs = await everyCodec();

describe('what the fuzzer found', () => {
  it('is there', () => {
    expect(finds.length).toBeGreaterThan(0);
  });

  it.each(finds)('%s is found no more', (_, find) => {
    expect(checkFind(find, codecs)).toBeUndefined();
  });

  // The worlds are made again, up to where something broke.
  for (const [name, { seed, making, index }] of readMachineFinds()) {
    it(`${name} of the machines is found no more`, () => {
      const run = { ...worldFuzz(seed, 2 * index + 1_000), firstMaking: making };
      expect(fuzzAtWork(run).finds).toEqual([]);
    }, 120_000);
  }
});
