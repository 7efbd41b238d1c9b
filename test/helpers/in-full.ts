/** Whether everything is tried, also what takes longest: where CI is set, and where files of tests are named. */
export const inFull = process.env.CI !== undefined || process.env.SANMOTION_TESTS_NAMED === '1';
