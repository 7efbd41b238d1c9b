/** The words of a scenario's LAN: what a guest's frames follow it over, and what is said there for it. */
import type { Announcement } from '../net/announcer.ts';

/** Bridges that learn; tunnel endpoints that do; those that speak BGP; bridges that are asked by VSI discovery. */
export const LAN_KINDS = ['learning', 'vxlan', 'evpn', 'vdp'] as const;
/** One of `LAN_KINDS`. */
export type LanKind = (typeof LAN_KINDS)[number];

/** What the new host says for its guest: reverse ARP, gratuitous ARP, a neighbor advertisement, or nothing. */
export const LAN_ANNOUNCEMENTS = ['RARP', 'ARP', 'NA', 'none'] as const satisfies readonly (
  | Announcement
  | 'none'
)[];
/** One of `LAN_ANNOUNCEMENTS`. */
export type LanAnnouncement = (typeof LAN_ANNOUNCEMENTS)[number];
