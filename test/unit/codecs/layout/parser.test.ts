/** What happens with a binary-parser whose generated code is not known: it is called as it is. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AnyCodec, TableCodec } from '../../../../src/codecs/layout/index.ts';
import { everyCodec } from '../../../helpers/every-codec.ts';

vi.mock('../../../../src/codecs/layout/generated.ts', async (original) => ({
  ...(await original<object>()),
  headCode: () => undefined,
}));

// The kernel's own tests, through `parse`.
await import('./annotate.test.ts');
await import('./codec.test.ts');
await import('./list.test.ts');
await import('./numbers.test.ts');
await import('./octets.test.ts');
await import('./read.test.ts');
await import('./struct.test.ts');
await import('./tail.test.ts');
await import('./trace.test.ts');
await import('./view.test.ts');

const isHead = (codec: AnyCodec): boolean =>
  codec.table !== undefined &&
  codec.minBytes > 0 &&
  Object.values(codec.table).every((field) => field.place === 'fixed');

const heads = (await everyCodec()).filter(isHead) as TableCodec<undefined, never>[];

describe('binary-parser, called as it is', () => {
  it('reads the heads of all messages as their views do, within other bytes', () => {
    expect(heads.length).toBeGreaterThan(100);
    for (const codec of heads) {
      const size = codec.minBytes;
      const bytes = fc.uint8Array({ minLength: size, maxLength: size });
      fc.assert(
        fc.property(bytes, fc.nat(9), (message, at) => {
          const whole = new Uint8Array(size + 20).fill(0xa5);
          whole.set(message, at);
          const value = codec.decode(whole, at, at + size) as Record<string, unknown>;
          const view = codec.view(whole, at) as unknown as Record<string, unknown>;
          for (const key of Object.keys(codec.table)) expect(value[key]).toEqual(view[key]);
          expect(codec.encode(value as never)).toEqual(message);
        }),
        { seed: 5, numRuns: 10 },
      );
    }
  });
});
