/**
 * A station of the LAN that talks with virtual machines: a datagram to each, every so often, once it knows by ARP where
 * they are.
 */
import { ArpOperation } from '../codecs/ethernet/index.ts';
import { type Mac, macAt } from '../codecs/layout/index.ts';
import type { LanEvent } from '../history/lan.ts';
import { type Instant, type Machine, MILLISECOND, type Output } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type { Timer } from '../machine/timers.ts';
import {
  arpFrame,
  arpIn,
  BROADCAST,
  datagramFrame,
  datagramIn,
  type LanAddress,
  type LanTag,
} from './lan-frame.ts';

/** A virtual machine that is talked with. */
export interface TalkedWith {
  readonly vm: string;
  readonly address: string;
}

/** What a station is told when it is made. */
export interface LanStationOptions extends LanAddress {
  readonly tag: LanTag;
  readonly guests: readonly TalkedWith[];
  /** Between two datagrams to one. */
  readonly intervalNs: number;
  /** It asks by ARP again so often where they are; never when left out. */
  readonly refreshNs?: number;
  /** Bytes of their IP packets. */
  readonly packetBytes: number;
}

const ASK_AGAIN_NS = 100 * MILLISECOND;
/** Of so many datagrams to a guest's one, one goes to everybody. */
const TO_ALL_EVERY = 10;
const UNKNOWN: Mac = '00:00:00:00:00:00' as Mac;

/** A station as a machine; its one port is up at first. */
export class LanStation implements Machine<LanEvent> {
  readonly options: LanStationOptions;
  readonly #core = new MachineCore<LanEvent>();
  readonly #macs: (Mac | undefined)[];
  readonly #sent: number[];
  /** Guests that it has asked for, and when it asks again. */
  readonly #asking = new Map<number, Timer>();
  #toAll = 0;
  #isTalking = false;

  constructor(options: LanStationOptions) {
    this.options = options;
    this.#macs = options.guests.map(() => undefined);
    this.#sent = options.guests.map(() => 0);
  }

  /** Begins to talk. */
  start(now: Instant): void {
    this.#core.now = now;
    if (this.#isTalking) return;
    this.#isTalking = true;
    for (const guest of this.options.guests.keys()) this.#talk(guest);
    this.#talkToAll();
    this.#refresh();
  }

  /** Sends no more. */
  stop(now: Instant): void {
    this.#core.now = now;
    this.#isTalking = false;
  }

  handleFrame(_port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#core.now = now;
    const arp = arpIn(frame);
    if (arp !== undefined) {
      this.#learn(arp.sender);
      const asked =
        arp.operation === ArpOperation['ARP request'] &&
        arp.target.address === this.options.address;
      if (asked && arp.sender.address !== this.options.address) this.#answer(arp.sender);
      return;
    }
    const datagram = datagramIn(frame);
    if (datagram?.way !== 1 || macAt(frame, 0) !== this.options.mac) return;
    const { vm } = this.options.guests[datagram.guest] ?? {};
    if (vm === undefined) return;
    const { number } = datagram;
    this.#core.emit({ type: 'datagram', vm, way: 'from-guest', number, step: 'received' });
  }

  handleLink(): void {}

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): Output<LanEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    return { timers: this.#core.timers.pending };
  }

  #learn({ address, mac }: LanAddress): void {
    const guest = this.options.guests.findIndex((one) => one.address === address);
    if (guest < 0) return;
    this.#macs[guest] = mac;
    const asking = this.#asking.get(guest);
    if (asking === undefined) return;
    asking.cancel();
    this.#asking.delete(guest);
    this.#talk(guest);
  }

  #answer(who: LanAddress): void {
    const { tag } = this.options;
    this.#core.send(0, arpFrame(ArpOperation['ARP reply'], this.options, who, who.mac, tag), true);
  }

  /** Everybody is sent one now and then: what goes round in circles shows. */
  #talkToAll(): void {
    if (!this.#isTalking) return;
    const { intervalNs, packetBytes, tag } = this.options;
    const number = ++this.#toAll;
    const what = { way: 'to-all', number, sentNs: this.#core.now, packetBytes } as const;
    const everybody = { mac: BROADCAST, address: '255.255.255.255' };
    this.#core.send(0, datagramFrame(this.options, everybody, tag, what), true);
    this.#core.after(TO_ALL_EVERY * intervalNs, () => this.#talkToAll());
  }

  #refresh(): void {
    const { guests, refreshNs } = this.options;
    if (refreshNs === undefined) return;
    this.#core.after(refreshNs, () => {
      if (!this.#isTalking) return;
      for (const { address } of guests) this.#ask(address);
      this.#refresh();
    });
  }

  #ask(address: string): void {
    const { tag } = this.options;
    const whom = { mac: UNKNOWN, address };
    this.#core.send(
      0,
      arpFrame(ArpOperation['ARP request'], this.options, whom, BROADCAST, tag),
      true,
    );
  }

  #talk(guest: number): void {
    if (!this.#isTalking) return;
    const { guests, intervalNs, packetBytes, tag } = this.options;
    const { vm, address } = guests[guest]!;
    const mac = this.#macs[guest];
    if (mac === undefined) {
      this.#ask(address);
      this.#asking.set(
        guest,
        this.#core.after(ASK_AGAIN_NS, () => this.#talk(guest)),
      );
      return;
    }
    const number = ++this.#sent[guest]!;
    const what = { guest, way: 'to-guest', number, sentNs: this.#core.now, packetBytes } as const;
    this.#core.send(0, datagramFrame(this.options, { mac, address }, tag, what), true);
    this.#core.emit({ type: 'datagram', vm, way: 'to-guest', number, step: 'sent' });
    this.#core.after(intervalNs, () => this.#talk(guest));
  }
}
