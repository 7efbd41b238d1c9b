import { defineConfig } from 'vitest/config';

/** One project per kind of test; `npx vitest run --project unit` runs one of them. */
const projects = ['unit', 'property', 'replay', 'oracle', 'sim', 'live', 'types'];

/** They put other modules in the place of ours: each has a process of its own. */
const MOCKING = [
  'test/unit/campaign/shrink.test.ts',
  'test/unit/codecs/layout/compile.test.ts',
  'test/unit/codecs/layout/parser.test.ts',
];

// What the tests print they compare: a machine of CI, which has colours without a terminal, prints the same.
process.env.NO_COLOR ??= '1';
// Who names a file wants all that is in it; the whole suite leaves what takes longest to CI (test/helpers/in-full.ts).
if (process.argv.slice(2).some((word) => /^(?:\.\/)?test\//.test(word)))
  process.env.SANMOTION_TESTS_NAMED = '1';

export default defineConfig({
  test: {
    reporters: ['default', './test/helpers/wants-reporter.ts'],
    // By itself vitest leaves one processor alone: on two it would work with one.
    maxWorkers: '100%',
    // Each project would transform the sources anew.
    experimental: { fsModuleCache: true },
    projects: [
      ...projects.map((name) => ({
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          // Those in guests boot virtual machines: npm run test:live, with vitest.guests.config.ts.
          exclude: ['test/live/guests/**', ...MOCKING],
          testTimeout: name === 'unit' ? 20_000 : 120_000,
          // Loading the sources for each file took longer than most files do.
          isolate: name === 'types',
          ...(name === 'types' ? { typecheck: { enabled: false } } : {}),
        },
      })),
      { test: { name: 'mocking', include: MOCKING, testTimeout: 20_000 } },
    ],
  },
});
