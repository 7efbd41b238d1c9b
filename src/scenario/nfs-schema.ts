/** How hosts of a scenario reach files. */
import { z } from 'zod';
import { NFS_VERSION_DEFAULT, NFS_VERSIONS } from './protocols.ts';

/** How files are reached. */
export const nfsSchema = z.strictObject({
  /** 4.1 has sessions: under `same-wwpn` and `cold` both hosts are one client, whose new session ends the old one; under `wwpn-pair` two. */
  version: z.literal(NFS_VERSIONS).default(NFS_VERSION_DEFAULT),
  /** With version 4.1: the server gives out layouts, and hosts that hold one read and write the disk over iSCSI. */
  layouts: z.boolean().default(false),
});
