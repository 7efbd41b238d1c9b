/** The LAN of a scenario, over which guests reach a station. */
import { z } from 'zod';
import { DUPLICATE_LIMIT } from '../fabric/lan/mac-routes.ts';
import { AGEING_NS } from '../fabric/lan/mac-table.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { LAN_ORDERS } from '../mobility/plan.ts';
import { LAN_ANNOUNCEMENTS, LAN_KINDS } from './lan-words.ts';
import { ms, name, whole } from './schema-words.ts';

/** The LAN beside the fabrics: what a guest's frames go over, and how they follow it when it moves. */
export const lanSchema = z.strictObject({
  /** Who tells it where a guest is: an announcement to bridges, or to tunnel endpoints, a routing protocol among those, or VSI discovery. */
  kind: z.enum(LAN_KINDS).default('learning'),
  /** When it takes the guest's frames to the new host. */
  order: z.enum(LAN_ORDERS).default('san-first'),
  vid: whole(1, 4094).default(100),
  /** What the new host says for its guest; `none`: nothing, or it is lost. */
  announcement: z.enum(LAN_ANNOUNCEMENTS).default('RARP'),
  /** Bridges in a row; hosts are plugged in by turns, the station into the first. */
  bridges: whole(1, 8).default(1),
  /** Two bridges are joined twice. */
  loop: z.boolean().default(false),
  /** Guests send datagrams too; false: they hear only. */
  guestsSend: z.boolean().default(true),
  /** Between two datagrams. */
  intervalMs: z.number().min(0.05).max(1000).default(1),
  /** Bytes of their IP packets. */
  packetBytes: whole(64, 9000).default(100),
  /** IP packets that the network between tunnel endpoints takes. */
  underlayMtu: whole(576, 9216).default(1600),
  /** Port profiles that follow a guest's MAC address where it is learned; with `vdp` it asks for one. */
  profiles: z.boolean().default(false),
  /** Priority in a guest's tags, and in its profile. */
  priority: whole(0, 7).default(3),
  /** What the port of a host refuses. */
  refuses: z.record(name, z.enum(['pre-associate', 'associate', 'profiles'])).optional(),
  /** Hosts at whose ports the VLAN is missing. */
  withoutVlan: z.array(name).max(64).default([]),
  /** Guests whose MAC addresses are said to stay where they start. */
  sticky: z.array(name).max(64).default([]),
  /** Tunnel endpoints answer ARP requests for addresses that they know. */
  suppressesArp: z.boolean().default(true),
  /** Route reflectors. */
  reflectors: whole(1, 2).default(1),
  /** The second one is so far away: what it passes on is old. */
  reflectorDelayMs: ms(10_000).default(0),
  /** Endpoints tell changes after so long, together. */
  advertiseDelayMs: ms(10_000).default(50),
  /** A MAC address that moves so often within this time is a duplicate. */
  duplicateMoves: whole(2, 100).default(DUPLICATE_LIMIT.moves),
  duplicateWindowMs: ms().default(DUPLICATE_LIMIT.windowNs / MILLISECOND),
  /** What follows from that. */
  duplicateAction: z.enum(['warn', 'freeze']).default('warn'),
  ageingMs: ms()
    .min(1)
    .default(AGEING_NS / MILLISECOND),
  /** Every switch forwards to the new host so long after it was announced there. */
  convergeMs: ms().default(200),
  /** The longest time in which no datagram comes to a guest. */
  blackoutMs: ms().default(1000),
  /** LAN, storage network and guest may be at different hosts for so long. */
  agreeMs: ms().default(200),
});
