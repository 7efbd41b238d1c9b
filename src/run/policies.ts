/** The names of policies for a guest's data, for whoever lists them and loads nothing else. */

/** Where the guest's data are, or how they follow it. */
export const POLICIES = [
  'leave',
  'mirror-move',
  'iterative-copy',
  'cache-through-carried',
  'cache-through-dropped',
  'cache-back-carried',
  'cache-coherent',
  'cache-shared',
  'stretched',
  'stretched-array',
  'distributed',
] as const;
/** One of `POLICIES`. */
export type Policy = (typeof POLICIES)[number];

/** Those whose disk is at several sites: a file server is at one. */
export const POLICIES_OF_SITES: readonly Policy[] = [
  'cache-shared',
  'stretched',
  'stretched-array',
  'distributed',
];
