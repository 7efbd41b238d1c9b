/** The tests that mutants of the FIP codecs must not survive. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/unit/codecs/fip/*.test.ts'], testTimeout: 60_000 },
});
