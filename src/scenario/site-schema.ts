/** Places of a scenario that are far from each other. */
import { z } from 'zod';
import { name } from './schema-words.ts';

/** A place, and how far it is from those before it in the list. */
export const siteSchema = z.strictObject({
  name,
  /** For each site before it: one way, and how fast a cable is that leads there. */
  to: z
    .record(
      name,
      z.strictObject({
        delayUs: z.number().min(0).max(1e6),
        /** Left out: as `links` say. */
        gbps: z.number().min(0.001).max(1000).optional(),
      }),
    )
    .optional(),
});
