/**
 * Announcements by which a LAN hears that a virtual machine's MAC address is elsewhere: RARP as QEMU sends it, or what
 * its guest says itself, gratuitous ARP and neighbor advertisements.
 * Source: QEMU 7.2, net/announce.c: qemu_announce_timer_step; fixtures/lan/qemu-announce-self.pcap.
 */
import type { Mac } from '../codecs/layout/index.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import {
  gratuitousArpFrame,
  type LanAddress,
  type LanTag,
  neighborAdvertisementFrame,
  rarpFrame,
} from './lan-frame.ts';

/** What may announce a virtual machine. */
export const ANNOUNCEMENTS = ['RARP', 'ARP', 'NA'] as const;
/** One of `ANNOUNCEMENTS`. */
export type Announcement = (typeof ANNOUNCEMENTS)[number];

/** When it is said, after the first time at once. Source: fixtures/lan/qemu-announce-self.pcap. */
export const ANNOUNCE_DELAYS_NS: readonly number[] = [0, 52, 202, 459, 809].map(
  (ms) => ms * MILLISECOND,
);

/** What it asks of the machine that it is a part of. */
export interface AnnouncerOwner {
  after(delayNs: number, run: () => void): Timer;
  send(frame: Uint8Array): void;
  /** Something was said, for the so many-th time from 1. */
  announced(by: Announcement, round: number): void;
}

/** Says where a virtual machine is, a few times. */
export class Announcer {
  readonly #owner: AnnouncerOwner;
  #timers: Timer[] = [];

  constructor(owner: AnnouncerOwner) {
    this.#owner = owner;
  }

  /** Begins to announce; what was going on ends. */
  start(who: LanAddress, tag: LanTag, by: Announcement): void {
    this.stop();
    this.#timers = ANNOUNCE_DELAYS_NS.map((delayNs, i) =>
      this.#owner.after(delayNs, () => {
        this.#owner.send(frameBy[by](who, tag));
        this.#owner.announced(by, i + 1);
      }),
    );
  }

  /** Says no more. */
  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
  }
}

const frameBy: Readonly<Record<Announcement, (who: LanAddress, tag: LanTag) => Uint8Array>> = {
  RARP: ({ mac }: { mac: Mac }, tag) => rarpFrame(mac, tag),
  ARP: gratuitousArpFrame,
  NA: ({ mac }: { mac: Mac }, tag) => neighborAdvertisementFrame(mac, tag),
};
