/** The tests that mutants of the codec kernel must not survive. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/unit/codecs/layout/{fields,tails,family,generated}.test.ts',
      'test/property/codecs/layout/tables.test.ts',
    ],
    testTimeout: 60_000,
    env: { PROPERTY_RUNS: '60' },
  },
});
