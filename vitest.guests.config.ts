import { defineConfig } from 'vitest/config';

/** Tests that boot Linux guests in QEMU: `npm run test:live`. One at a time: each fills two cores. */
export default defineConfig({
  test: {
    name: 'guests',
    include: ['test/live/guests/**/*.test.ts'],
    globalSetup: ['test/live/support/image.ts'],
    fileParallelism: false,
    maxWorkers: 1,
  },
});
