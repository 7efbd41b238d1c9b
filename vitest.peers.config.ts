import { defineConfig } from 'vitest/config';

/** Tests against programs that nobody here wrote, by name: `npm run test:peers -- redis`. */
export default defineConfig({
  test: {
    name: 'peers',
    include: ['test/peers/*.test.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
