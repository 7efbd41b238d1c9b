/** What the fuzzer once found, tried again. */
import { describe, expect, it } from 'vitest';
import { readFinds } from '../../scripts/fuzz/find.ts';
import { checkFind } from '../../scripts/fuzz/fuzzer.ts';
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
});
