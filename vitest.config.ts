import { defineConfig } from 'vitest/config';

/** One project per kind of test; `npx vitest run --project unit` runs one of them. */
const projects = ['unit', 'property', 'replay', 'oracle', 'sim', 'live', 'types'];

export default defineConfig({
  test: {
    reporters: ['default', './test/helpers/wants-reporter.ts'],
    projects: projects.map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        // They boot virtual machines: npm run test:live, with vitest.guests.config.ts.
        exclude: ['test/live/guests/**'],
        testTimeout: name === 'unit' ? 20_000 : 120_000,
        ...(name === 'types' ? { typecheck: { enabled: false } } : {}),
      },
    })),
  },
});
