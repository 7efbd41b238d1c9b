/** The kernel with a binary-parser whose generated code is not known: the same tests, through `parse`. */
import { vi } from 'vitest';

vi.mock('../../../../src/codecs/layout/generated.ts', async (original) => ({
  ...(await original<object>()),
  headCode: () => undefined,
}));

await import('./fields.test.ts');
await import('./tails.test.ts');
