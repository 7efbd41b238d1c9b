/** Values that many keys of a scenario file take. */
import { z } from 'zod';

/** What something is called: a letter, then up to 31 letters, digits, `.`, `_` or `-`. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9._-]{0,31}$/,
    'a name: a letter, then up to 31 letters, digits, . _ or -',
  );
/** A World Wide Name: eight hex bytes with colons. */
export const wwn = z
  .string()
  .regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}$/, 'a World Wide Name: eight hex bytes with colons');
/** A whole number within bounds, both included. */
export const whole = (min: number, max: number) => z.int().min(min).max(max);
/** Microseconds, up to a second. */
export const us = () => z.number().min(0).max(1e6);
/** Milliseconds, up to an hour where nothing else is said. */
export const ms = (max = 3_600_000) => z.number().min(0).max(max);
