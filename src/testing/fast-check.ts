/** The package that makes values: nobody but a test has it, so its absence is said in one sentence. */

/** What the package exports. Errors: `Error` that says how to get it, where it is not there. */
export const fc = await import('fast-check').then(
  (found) => found.default,
  (cause: unknown) => {
    throw new Error('sanmotion/testing needs fast-check: npm install --save-dev fast-check', {
      cause,
    });
  },
);
