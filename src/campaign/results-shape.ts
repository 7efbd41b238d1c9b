/** What lines of result files must have before anything is made of them: they come from outside. */
import { z } from 'zod';

/** The most shares that a campaign is cut into. */
export const SHARES_MAX = 10_000;
/** The most pairs of faults. */
export const PAIRS_MAX = 10_000_000;
/** The most faults of a random run. */
export const RANDOM_FAULTS_MAX = 16;
/** The most I/Os that a guest submits in each step of the move. */
export const IOS_PER_STEP_MAX = 1_000_000;

const count = z.int().min(0);
const text = z.string();
const upTo = (most: number) => z.int().min(1).max(most);

const world = {
  sanmotion: text,
  scenario: z.strictObject({ file: text.nullable(), overrides: z.record(text, z.unknown()) }),
  scenarioDigest: text,
  iosPerStep: upTo(IOS_PER_STEP_MAX),
  lifetimeNs: count.optional(),
};

const MODE = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('random'), faultsMax: upTo(RANDOM_FAULTS_MAX) }),
  z.object({ mode: z.literal('exhaustive') }),
  z.object({ mode: z.literal('pairs'), pairs: upTo(PAIRS_MAX) }),
]);

const HEADER = z.object({
  ...world,
  format: z.int(),
  plan: z.object({
    mode: MODE,
    seeds: z.tuple([count, count]).refine(([first, last]) => first <= last),
  }),
  shard: z
    .object({ index: upTo(SHARES_MAX), of: upTo(SHARES_MAX) })
    .refine(({ index, of }) => index <= of)
    .optional(),
});

const RUN = z.object({ run: upTo(Number.MAX_SAFE_INTEGER), seed: count, faults: z.unknown() });
const BREACH = z.object({ invariant: text, detail: text });

const FAILURE = RUN.extend({ error: text });
const IO = { submitted: count, completed: count, failed: count, requeued: count, dropped: count };
const END = RUN.extend({
  outcome: z.enum(['moved', 'refused', 'rolled-back', 'stranded']),
  digest: text,
  virtualTimeNs: z.number(),
  frames: count,
  hits: count,
  io: z.object(IO),
  violated: z.array(BREACH),
});

const SEED = z.object({
  ...world,
  commit: text,
  seed: count,
  faults: z.unknown(),
  ...BREACH.shape,
  frames: count,
});

/** What is wrong with a value in a few words, the place first; `undefined` where nothing is. */
function wrongWith(shape: z.ZodType, value: unknown): string | undefined {
  const issue = shape.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  const place = issue.path.join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

/** What is wrong with the first line of a result file. */
export const wrongWithHeader = (value: unknown): string | undefined => wrongWith(HEADER, value);
/** What is wrong with a line of a run. */
export const wrongWithLine = (value: object): string | undefined =>
  wrongWith('error' in value ? FAILURE : END, value);
/** What is wrong with a kept seed. */
export const wrongWithSeed = (value: unknown): string | undefined => wrongWith(SEED, value);
