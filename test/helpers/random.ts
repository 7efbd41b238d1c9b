/** Random streams that a test decides. */
import type { RandomStream } from '../../src/machine/random.ts';

/** A stream whose draws are all made by `below`. */
export const drawnBy = (below: (limit: number) => number): RandomStream => ({
  nextU32: () => below(2 ** 32),
  below,
  range: (min, max) => min + below(max - min + 1),
  chance: (p) => below(2 ** 32) < p * 2 ** 32,
});
