/**
 * A hypervisor's port on the LAN: the NICs of its virtual machines, their numbered datagrams, and what the hypervisor
 * says for them: announcements, VSI discovery.
 *
 * Ownership: whoever moves a machine says which NICs are here, by commands; its guest says when it runs. A NIC that is
 * plugged in hears; it answers and sends while its guest runs.
 */
import { ArpOperation, EtherType } from '../codecs/ethernet/index.ts';
import { type Mac, macAt } from '../codecs/layout/index.ts';
import type { LanEvent } from '../history/lan.ts';
import type { Instant, Machine, Output } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import { type Announcement, Announcer } from './announcer.ts';
import { EcpEnd } from './ecp.ts';
import {
  arpFrame,
  arpIn,
  datagramFrame,
  datagramIn,
  type LanAddress,
  type LanTag,
  lanFrame,
} from './lan-frame.ts';
import { VdpStation, type VsiStep } from './vdp-station.ts';

/** A virtual machine's NIC. */
export interface GuestNic extends LanAddress {
  readonly vm: string;
  readonly tag: LanTag;
}

/** What an uplink is told when it is made. */
export interface LanUplinkOptions {
  /** Of the hypervisor. */
  readonly mac: Mac;
  /** NICs of all virtual machines, wherever they are. */
  readonly guests: readonly GuestNic[];
  /** Whom they talk with. */
  readonly station: LanAddress;
  /** Between two datagrams of a guest; it sends none when left out. */
  readonly intervalNs?: number;
  readonly packetBytes: number;
  /** What announces a guest; nothing when left out. */
  readonly announcement?: Announcement;
  /** Its bridge wants to be asked by VSI discovery. */
  readonly vdp: boolean;
}

/** What a mover may ask of an uplink; each is answered once it is done. */
export type LanCommand =
  /** A virtual machine may come: is there room for it? */
  | { readonly command: 'prepare'; readonly vm: string }
  /** Its NIC is plugged in. */
  | { readonly command: 'attach'; readonly vm: string }
  /** Everybody hears that it is here. */
  | { readonly command: 'announce'; readonly vm: string }
  /** Its NIC is plugged in no more. */
  | { readonly command: 'detach'; readonly vm: string };

/** What became of a command: done, or not and why, in words for people. */
export type LanAnswer =
  | { readonly ok: true; readonly command: LanCommand['command'] }
  | { readonly ok: false; readonly reason: string };

/** An answer as an output of the machine: no happening. */
export interface LanReply {
  readonly type: 'lan-reply';
  readonly id: number;
  readonly answer: LanAnswer;
}

interface Nic {
  readonly options: GuestNic;
  /** Its place among all. */
  readonly guest: number;
  readonly announcer: Announcer;
  isAttached: boolean;
  runs: boolean;
  isSending: boolean;
}

/** Numbers of datagrams go on where a guest was before: they are the guest's. */
export type DatagramNumbers = Map<string, number>;

/** An uplink as a machine; its one port is up at first. `numbers` are shared by all uplinks. */
export class LanUplink implements Machine<LanEvent | LanReply> {
  readonly options: LanUplinkOptions;
  readonly #core = new MachineCore<LanEvent | LanReply>();
  readonly #nics = new Map<string, Nic>();
  readonly #numbers: DatagramNumbers;
  readonly #ecp: EcpEnd;
  readonly #vdp: VdpStation;
  #isQuiet = true;

  constructor(options: LanUplinkOptions, numbers: DatagramNumbers = new Map()) {
    this.options = options;
    this.#numbers = numbers;
    for (const [guest, one] of options.guests.entries())
      this.#nics.set(one.vm, this.#nicOf(one, guest));
    const after = (delayNs: number, run: () => void) => this.#core.after(delayNs, run);
    this.#ecp = new EcpEnd({
      mac: options.mac,
      after,
      send: (frame) => this.#core.send(0, frame, true),
      heard: (pdu) => this.#vdp.heard(pdu),
    });
    this.#vdp = new VdpStation({ after, send: (pdu) => this.#ecp.send(pdu) });
  }

  /** Carries a command out; the answer is put out under its number. */
  handleCommand(id: number, { command, vm }: LanCommand, now: Instant): void {
    this.#core.now = now;
    const nic = this.#nics.get(vm);
    const done = (refusal = ''): void => {
      const why = `the LAN at its new port refuses to ${command} ${vm}: ${refusal}`;
      const answer: LanAnswer = refusal === '' ? { ok: true, command } : { ok: false, reason: why };
      this.#core.emit({ type: 'lan-reply', id, answer });
    };
    if (nic === undefined) {
      done('nobody knows its NIC');
      return;
    }
    switch (command) {
      case 'prepare':
        this.#ask('pre-associate', nic, done);
        return;
      case 'attach':
        this.#ask('associate', nic, (refusal) => {
          if (refusal === '') this.#enterAttached(nic);
          done(refusal);
        });
        return;
      case 'announce':
        this.#announce(nic);
        done();
        return;
      case 'detach':
        // Whoever de-associates does not wait for the answer.
        if (nic.isAttached) this.#ask('de-associate', nic, () => {});
        this.#enterDetached(nic);
        done();
    }
  }

  /** A guest runs here, or does not. */
  guestRuns(vm: string, runs: boolean, now: Instant): void {
    this.#core.now = now;
    const nic = this.#nics.get(vm);
    if (nic === undefined) return;
    nic.runs = runs;
    this.#send(nic);
  }

  /** Guests may send from now on, or not any more. */
  talk(isOn: boolean, now: Instant): void {
    this.#core.now = now;
    this.#isQuiet = !isOn;
    for (const nic of this.#nics.values()) this.#send(nic);
  }

  handleFrame(_port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#core.now = now;
    const place = lanFrame(frame);
    if (place === undefined) return;
    if (place.etherType === EtherType.ECP) {
      if (this.options.vdp) this.#ecp.handleFrame(frame);
      return;
    }
    const arp = arpIn(frame);
    for (const nic of this.#nics.values()) {
      if (!nic.isAttached || !nic.runs || nic.options.tag.vid !== place.vid) continue;
      if (arp !== undefined) this.#answer(nic, arp);
      else if (macAt(frame, 0) === nic.options.mac) this.#receive(nic, frame);
    }
  }

  handleLink(): void {}

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): Output<LanEvent | LanReply> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    return { timers: this.#core.timers.pending };
  }

  #nicOf(options: GuestNic, guest: number): Nic {
    const { mac, vm } = options;
    const announcer = new Announcer({
      after: (delayNs, run) => this.#core.after(delayNs, run),
      send: (frame) => this.#core.send(0, frame, true),
      announced: (by, round) => this.#core.emit({ type: 'announced', vm, mac, by, round }),
    });
    return { options, guest, announcer, isAttached: false, runs: false, isSending: false };
  }

  #ask(step: VsiStep, { options }: Nic, done: (refusal: string) => void): void {
    if (!this.options.vdp) {
      done('');
      return;
    }
    const { mac, tag } = options;
    const vsi = { mac, vid: tag.vid, priority: tag.priority };
    this.#vdp.ask(step, vsi, step !== 'de-associate', done);
  }

  #announce({ announcer, options }: Nic): void {
    const { announcement } = this.options;
    if (announcement !== undefined) announcer.start(options, options.tag, announcement);
  }

  #enterAttached(nic: Nic): void {
    if (nic.isAttached) return;
    nic.isAttached = true;
    const { address, mac, vm } = nic.options;
    this.#core.emit({ type: 'nic', vm, mac, address, state: 'attached' });
    this.#send(nic);
  }

  #enterDetached(nic: Nic): void {
    nic.announcer.stop();
    if (!nic.isAttached) return;
    nic.isAttached = false;
    const { address, mac, vm } = nic.options;
    this.#core.emit({ type: 'nic', vm, mac, address, state: 'detached' });
  }

  #answer(
    { options }: Nic,
    { operation, sender, target }: NonNullable<ReturnType<typeof arpIn>>,
  ): void {
    if (operation !== ArpOperation['ARP request'] || target.address !== options.address) return;
    if (sender.address === options.address) return;
    this.#core.send(
      0,
      arpFrame(ArpOperation['ARP reply'], options, sender, sender.mac, options.tag),
      true,
    );
  }

  #receive({ guest, options }: Nic, frame: Uint8Array): void {
    const datagram = datagramIn(frame);
    if (datagram?.way !== 0 || datagram.guest !== guest) return;
    const { vm } = options;
    const { number } = datagram;
    this.#core.emit({ type: 'datagram', vm, way: 'to-guest', number, step: 'received' });
  }

  #send(nic: Nic): void {
    const { intervalNs } = this.options;
    if (intervalNs === undefined || nic.isSending || !this.#maySend(nic)) return;
    nic.isSending = true;
    const next = (): void => {
      nic.isSending = this.#maySend(nic);
      if (!nic.isSending) return;
      this.#sendOne(nic);
      this.#core.after(intervalNs, next);
    };
    next();
  }

  #maySend = ({ isAttached, runs }: Nic): boolean => isAttached && runs && !this.#isQuiet;

  #sendOne({ guest, options }: Nic): void {
    const { packetBytes, station } = this.options;
    const { tag, vm } = options;
    const number = (this.#numbers.get(vm) ?? 0) + 1;
    this.#numbers.set(vm, number);
    const what = { guest, way: 'from-guest', number, sentNs: this.#core.now, packetBytes } as const;
    this.#core.send(0, datagramFrame(options, station, tag, what), true);
    this.#core.emit({ type: 'datagram', vm, way: 'from-guest', number, step: 'sent' });
  }
}
