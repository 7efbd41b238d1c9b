/** The iSCSI targets of an array's scenario, which `serve` offers on sockets. */
import { z } from 'zod';

/** The form of an iSCSI name. Source: RFC 7143, 4.2.7.3; RFC 3721. */
export const ISCSI_NAME =
  /^(iqn\.\d{4}-\d{2}\.[a-z0-9.-]+(:[^\s,]+)?|eui\.[0-9A-Fa-f]{16}|naa\.[0-9A-Fa-f]{16}([0-9A-Fa-f]{16})?)$/;
const NAME_CHARACTERS_MAX = 223;

/** An iSCSI name. */
export const iscsiName = z
  .string()
  .max(NAME_CHARACTERS_MAX)
  .regex(ISCSI_NAME, 'an iSCSI name, such as iqn.2026-01.com.example:disks');

const portal = z.strictObject({
  /** HOST:PORT of the loopback interface; port 0 is one that the system chooses. */
  listen: z.string(),
  /** Target portal group tag; left out: the next that is free, from 1. */
  group: z.int().min(1).max(65_535).optional(),
  /** HOST:PORT where initiators are told to come, instead. */
  advertise: z.string().optional(),
});

const chap = z.strictObject({
  /** Who proves himself. */
  user: z.string().min(1).max(255),
  /** Its first line is his secret; a second one is the target's own, for initiators that ask for it. */
  file: z.string().min(1),
});

/** One target. */
export const iscsiTargetSchema = z.strictObject({
  name: iscsiName,
  portals: z.array(portal).min(1).max(64),
  /** Left out: whoever comes is let in. */
  chap: chap.optional(),
});
