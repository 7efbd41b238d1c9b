/** Whether everything is tried, also what takes longest: where CI is set. */
export const inFull = process.env.CI !== undefined;
