/** The LAN's half of a run in figures: where the guest that moves was on both halves, and which datagrams were lost when. */
import { DatagramTalks } from '../audit/ledger/datagram-talks.ts';
import { FabricLogins } from '../audit/ledger/fabric-logins.ts';
import { GuestNames } from '../audit/ledger/guest-names.ts';
import { Halves } from '../audit/ledger/halves.ts';
import type { DatagramPassed, HistoryEntry } from '../history/index.ts';
import { PlaceIndex, type Places } from '../history/places.ts';

/** Changes of place that are remembered: a loop makes them without end. */
const CHANGES_MAX = 4096;
/** Flags that are told. */
const DUPLICATES_MAX = 16;

/** Datagrams one way. */
export interface LanTalk {
  readonly sent: number;
  readonly lost: number;
  /** The longest time in which none came. */
  readonly pauseNs: number;
}

/** What became of the datagrams of the guest that moves, and of its halves. */
export interface LanReport {
  readonly vm: string;
  readonly toGuest: LanTalk;
  readonly fromGuest: LanTalk;
  /** The longest time that LAN, storage network and guest were not at one host; `null`: to the end. */
  readonly apartNs: number | null;
  /** What tunnel endpoints flagged: MAC addresses that moved so often that two stations must have them. */
  readonly duplicates: readonly LanDuplicate[];
}

/** One endpoint's word that a MAC address is there twice. */
export interface LanDuplicate {
  readonly vtep: string;
  readonly mac: string;
  readonly moves: number;
  readonly atNs: number;
}

/** Where the halves are when a step ends, and what was lost during it. */
export interface LanStep {
  /** Hosts at which the guest's names are logged in; empty: none. */
  readonly san: readonly string[];
  /** Hosts to which the LAN sends its frames. */
  readonly lan: readonly string[];
  /** Datagrams to and from the guest that were sent in this step and never came. */
  readonly lost: number;
}

const ABOUT_LOGINS: ReadonlySet<string> = new Set(['login', 'logout', 'handed-over', 'identities']);
const NO_TALK: LanTalk = { sent: 0, lost: 0, pauseNs: 0 };

/** Keeps that account of one guest. */
export class LanAccount {
  readonly #vm: string;
  readonly #names = new GuestNames();
  readonly #logins: FabricLogins;
  readonly #halves: Halves;
  readonly #talks = new DatagramTalks();
  /** Datagrams that have not come: when they were sent. */
  readonly #open = new Map<string, number>();
  readonly #lan = new HostsOverTime();
  readonly #storage = new HostsOverTime();
  readonly #duplicates: LanDuplicate[] = [];
  #toTheEnd = false;

  constructor(places: Places, vm: string) {
    const index = new PlaceIndex(places);
    this.#vm = vm;
    this.#logins = new FabricLogins(index);
    this.#halves = new Halves(
      { places: index, names: this.#names, logins: this.#logins },
      ({ forNs, vm: whose }) => {
        this.#toTheEnd ||= whose === vm && forNs === undefined;
      },
      ({ at, hosts }) => this.#lan.are(at, hosts),
    );
  }

  observe(entry: HistoryEntry): void {
    this.#logins.observe(entry);
    this.#names.observe(entry);
    const { at, event, node } = entry;
    if ('vm' in event && event.vm !== this.#vm) return;
    this.#halves.observe(entry);
    if (event.type === 'datagram') this.#datagram(at, event);
    else if (event.type === 'mac-duplicate') {
      const { mac, moves } = event;
      if (this.#duplicates.length < DUPLICATES_MAX)
        this.#duplicates.push({ vtep: node, mac, moves, atNs: at });
    } else if (ABOUT_LOGINS.has(event.type))
      this.#storage.are(at, this.#halves.storageOf(this.#vm));
  }

  #datagram(at: number, event: DatagramPassed): void {
    this.#talks.observe(at, event);
    const key = `${event.way} ${event.number}`;
    if (event.step === 'sent') this.#open.set(key, at);
    else this.#open.delete(key);
  }

  /** How a step ended. Call it when nothing more is to come. */
  stepOf({ atNs, durationNs }: { readonly atNs: number; readonly durationNs: number }): LanStep {
    const untilNs = atNs + durationNs;
    let lost = 0;
    for (const at of this.#open.values()) if (at >= atNs && at < untilNs) lost++;
    return { san: this.#storage.at(untilNs), lan: this.#lan.at(untilNs), lost };
  }

  /** The whole of it. Call it once, at the end. */
  conclude(): LanReport {
    this.#halves.conclude();
    const talks = this.#talks.conclude();
    const talkOf = (way: string): LanTalk => {
      const talk = talks.find((one) => one.way === way);
      if (talk === undefined) return NO_TALK;
      return { sent: talk.sent, lost: talk.lost, pauseNs: talk.longestNs };
    };
    return {
      vm: this.#vm,
      toGuest: talkOf('to-guest'),
      fromGuest: talkOf('from-guest'),
      apartNs: this.#toTheEnd ? null : this.#halves.longestNs,
      duplicates: this.#duplicates,
    };
  }
}

/** At which hosts something was from when on. */
class HostsOverTime {
  readonly #changes: { readonly at: number; readonly hosts: ReadonlySet<string> }[] = [];

  are(at: number, hosts: ReadonlySet<string>): void {
    const last = this.#changes.at(-1);
    if (last !== undefined && isEqual(last.hosts, hosts)) return;
    if (this.#changes.length < CHANGES_MAX) this.#changes.push({ at, hosts });
  }

  at(ns: number): string[] {
    return [...(this.#changes.findLast(({ at }) => at <= ns)?.hosts ?? [])];
  }
}

function isEqual(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
