/** Places of a scenario that are far from each other. */
import { z } from 'zod';
import { name, whole } from './schema-words.ts';

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
        /** Over IP: hosts there reach other sites by a router each. */
        routed: z
          .strictObject({
            /** From when a packet has come until it goes on. */
            hopUs: z.number().min(0).max(1e6).default(50),
            /** Bytes of the largest IP packet; what is larger is dropped. */
            mtu: whole(576, 9000).default(1500),
            /** Its sender is told how much there is room for (ICMP). */
            tells: z.boolean().default(true),
          })
          .optional(),
      }),
    )
    .optional(),
});
