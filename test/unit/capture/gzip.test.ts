/** gzip by the decompressor that pages have, which Node has too. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflatedInPage } from '../../../src/capture/gzip.ts';
import { byteSource } from '../../../src/capture/source.ts';
import { CaptureError } from '../../../src/capture/types.ts';
import { concat, pattern } from '../../helpers/capture.ts';

const bytes = pattern(300_000);

async function inflate(compressed: Uint8Array) {
  const chunks: Uint8Array[] = [];
  try {
    for await (const one of inflatedInPage(byteSource(compressed, 'x.gz'))) chunks.push(one);
    return { found: concat(chunks), error: undefined };
  } catch (error) {
    return { found: concat(chunks), error };
  }
}

describe('a gzip file in a page', () => {
  it('is decompressed', async () => {
    const { found, error } = await inflate(gzipSync(bytes));
    expect(error).toBeUndefined();
    expect(Buffer.compare(found, bytes)).toBe(0);
  });

  it('that is cut gives what is in it', async () => {
    const whole = gzipSync(bytes, { level: 0 });
    const { found, error } = await inflate(whole.subarray(0, whole.length - 100_000));
    expect(error).toBeUndefined();
    expect(found.length).toBeGreaterThan(100_000);
    expect(Buffer.compare(found, bytes.subarray(0, found.length))).toBe(0);
  });

  it('that is damaged is a fault with a code', async () => {
    const bad = new Uint8Array(gzipSync(bytes));
    // Its check sum is wrong.
    bad[bad.length - 8]! ^= 1;
    expect((await inflate(bad)).error).toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  it('whose source fails is the fault of the source', async () => {
    async function* failing() {
      yield gzipSync(bytes).subarray(0, 50);
      throw Object.assign(new Error('gone'), { code: 'EIO' });
    }
    const reading = async () => {
      for await (const _ of inflatedInPage(byteSource(failing(), 'x.gz')));
    };
    const error = await reading().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CaptureError);
    expect(error).toMatchObject({ fault: 'unreadable', fileOffset: 50 });
  });
});
