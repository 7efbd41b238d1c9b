/** A fabric of a scenario: its switches, what they hand out and who may see whom. */
import { z } from 'zod';
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import { zoneSchema } from './event-schema.ts';
import { name, whole } from './schema-words.ts';

const vlans = z.array(whole(0, 4094)).max(64);

/** A further FCF in the Ethernet segment of a fabric. */
const furtherFcf = z.strictObject({
  domain: whole(1, 239),
  fipPriority: whole(0, 255).default(FCF_DEFAULTS.fipPriority),
  /** A name of no fabric here: the FCF is another fabric's. Left out: of this one, without ISL to its other FCFs. */
  fabric: name.optional(),
  /** Left out: the VLAN of the fabric. */
  vlan: whole(0, 4094).optional(),
  /** Left out: its own VLAN. */
  vlans: vlans.optional(),
  /** False: its cable is out until an event plugs it in. */
  plugged: z.boolean().default(true),
});

/** A fabric of the storage: its FCF or switch, the names and addresses that it gives out, and its zones. */
export const fabricSchema = z.strictObject({
  name,
  /** FCoE VLAN; 0 for untagged. */
  vlan: whole(0, 4094).default(1002),
  domain: whole(1, 239).default(1),
  /** VLANs that its FCF names to ENodes that ask; left out: its own. */
  vlans: vlans.optional(),
  /** What its FCF advertises; of several FCFs of a fabric the lowest is chosen. */
  fipPriority: whole(0, 255).default(FCF_DEFAULTS.fipPriority),
  /** FCFs in one Ethernet segment with its own: all ports of hosts and array are behind one bridge then. */
  furtherFcfs: z.array(furtherFcf).min(1).max(7).optional(),
  /** That bridge reads logins in FIP: where a port logs in is where its frames go from then on. */
  fipSnooping: z.boolean().default(false),
  /** The hosts' ports are behind a switch in N_Port virtualizer mode, with so many uplinks to the fabric. */
  npv: z.strictObject({ uplinks: whole(1, 16).default(2) }).optional(),
  duplicateWwpn: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .default(FCF_DEFAULTS.duplicateWwpn),
  persistentFcIds: z.boolean().default(FCF_DEFAULTS.persistentFcIds),
  /** Which free N_Port_ID goes out next: the one that rested longest, or the one given up last. */
  fcIdReuse: z.enum(['last', 'immediately']).default(FCF_DEFAULTS.fcIdReuse),
  /** A WWPN gets a new N_Port_ID rather than one that is not clean, persistent or not. */
  cleanAddress: z.boolean().default(FCF_DEFAULTS.cleanAddress),
  /** FIP snooping: entries follow the logins, or stay until they are cleared. */
  accessLists: z.enum(['strict', 'lazy']).default(FCF_DEFAULTS.accessLists),
  /** Who hears of a change by RSCN. */
  rscn: z.enum(['zone', 'all', 'none']).default(FCF_DEFAULTS.rscn),
  /** Whom the logout of a base N_Port takes along: all of its adapter, or none. */
  baseLogout: z.enum(['legacy', 'new']).default(FCF_DEFAULTS.baseLogout),
  npivLoginsMax: whole(0, 65_535).default(FCF_DEFAULTS.npivLoginsMax),
  fkaAdvPeriodMs: whole(500, 90_000).default(FCF_DEFAULTS.fkaAdvPeriodMs),
  eDTovMs: whole(1, 60_000).default(FCF_DEFAULTS.eDTovMs),
  rATovMs: whole(1, 120_000).default(FCF_DEFAULTS.rATovMs),
  zoning: z.enum(['none', 'soft', 'hard']).default('hard'),
  /** Left out: one zone per virtual machine, with all its WWPNs and the array. */
  zones: z.array(zoneSchema).optional(),
  /** Where `serve` lets guests plug into this fabric, as behind its `--listen`. */
  listen: z.array(z.string()).optional(),
  /** Where its switches stand. */
  site: name.optional(),
});
