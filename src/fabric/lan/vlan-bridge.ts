/**
 * A switch of a LAN: learns by VLAN, forgets what grows old, and what is behind a port that goes down, and tells each
 * change of its table. Port profiles follow a MAC address by learning, or come by VSI discovery.
 *
 * Ownership: it owns its table and the ends of VDP at its ports. There is no spanning tree: a loop is a mistake of the
 * topology, which shows. What it floods is bounded.
 * Source: IEEE 802.1Q, forwarding and learning processes.
 */
import { EtherType } from '../../codecs/ethernet/index.ts';
import { type Mac, macAt } from '../../codecs/layout/index.ts';
import { VdpError } from '../../codecs/lldp/index.ts';
import type { LanEvent, LanRefusal } from '../../history/lan.ts';
import type { Instant, Machine, Output } from '../../machine/machine.ts';
import { MachineCore } from '../../machine/machine-core.ts';
import type { Timer } from '../../machine/timers.ts';
import { EcpEnd } from '../../net/ecp.ts';
import { lanFrame } from '../../net/lan-frame.ts';
import type { Vsi, VsiStep } from '../../net/vdp-station.ts';
import { AGEING_NS, type LearnedMac, MacTable } from './mac-table.ts';
import { StormGuard } from './storm-guard.ts';
import { VdpBridge } from './vdp-bridge.ts';

/** What a MAC address may do, wherever it is: VLAN, priority; of other VLANs nothing passes. */
export interface PortProfile {
  readonly mac: Mac;
  readonly vid: number;
  readonly priority: number;
}

/** How port profiles come to a port. */
export const PROFILE_WAYS = ['none', 'learning', 'vdp'] as const;
/** One of `PROFILE_WAYS`. */
export type ProfileWay = (typeof PROFILE_WAYS)[number];

/** A port of the switch. */
export interface LanBridgePort {
  /** VLANs that pass; all when left out. */
  readonly vlans?: readonly number[];
  /** A virtual machine's profile is not there, or not granted: what a station asks is refused. */
  readonly refuses?: VsiStep | 'profiles';
}

/** What a switch is told when it is made. */
export interface VlanBridgeOptions {
  /** Name for people. */
  readonly name: string;
  readonly mac: Mac;
  readonly ports: readonly LanBridgePort[];
  readonly ageingNs?: number;
  readonly profiles?: readonly PortProfile[];
  readonly profileWay?: ProfileWay;
}

const GROUP_BIT = 0x01;
/** Groups that no bridge passes on. Source: IEEE 802.1Q, table 8-1. */
const RESERVED_GROUP = '01:80:c2:00:00:0';

/** A VLAN bridge as a machine; its ports are up at first. */
export class VlanBridge implements Machine<LanEvent> {
  readonly options: VlanBridgeOptions;
  readonly #core = new MachineCore<LanEvent>();
  readonly #table: MacTable;
  readonly #up: boolean[];
  readonly #storm = new StormGuard();
  readonly #profiles: ReadonlyMap<Mac, PortProfile>;
  readonly #ecp: EcpEnd[];
  readonly #vdp: VdpBridge[];
  /** Where profiles are in force, by MAC address. */
  readonly #inForce = new Map<Mac, number>();
  #ageing: Timer | undefined;

  constructor(options: VlanBridgeOptions) {
    this.options = options;
    this.#table = new MacTable(options.ageingNs ?? AGEING_NS);
    this.#up = options.ports.map(() => true);
    this.#profiles = new Map((options.profiles ?? []).map((one) => [one.mac, one]));
    this.#ecp = options.ports.map((_, port) => this.#ecpAt(port));
    this.#vdp = options.ports.map((_, port) => this.#vdpAt(port));
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void {
    this.#core.now = now;
    if (this.#up[port] !== true) return;
    const place = lanFrame(frame);
    if (place === undefined) {
      this.#core.emit({
        type: 'lan-dropped',
        port,
        reason: 'malformed',
        mac: '00:00:00:00:00:00' as Mac,
      });
      return;
    }
    const destination = macAt(frame, 0);
    if (destination.startsWith(RESERVED_GROUP)) {
      const isVdp = this.options.profileWay === 'vdp' && place.etherType === EtherType.ECP;
      if (isVdp) this.#ecp[port]!.handleFrame(frame);
      return;
    }
    const source = macAt(frame, 6);
    const { vid } = place;
    const refusal = this.#refusalOf(port, vid, source);
    if (refusal !== undefined) {
      this.#core.emit({ type: 'lan-dropped', port, reason: refusal, mac: source });
      return;
    }
    if ((frame[6]! & GROUP_BIT) === 0) this.#learn(vid, source, port);
    this.#forward(port, vid, destination, frame, given);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#core.now = now;
    if (this.#up[port] === undefined || this.#up[port] === up) return;
    this.#up[port] = up;
    if (up) return;
    this.#ecp[port]!.reset();
    for (const vsi of this.#vdp[port]!.clear()) this.#profileGone(vsi, port);
    for (const one of this.#table.forgetAll((entry) => entry.port === port)) {
      this.#tell(one, undefined, 'flushed');
    }
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): Output<LanEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** A power cycle: what it has learned is gone. */
  restart(now: Instant): void {
    this.#core.now = now;
    for (const one of this.#table.forgetAll(() => true)) this.#tell(one, undefined, 'flushed');
    for (const end of this.#ecp) end.reset();
    for (const [port, vdp] of this.#vdp.entries())
      for (const vsi of vdp.clear()) this.#profileGone(vsi, port);
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    return {
      'learned addresses': this.#table.size,
      'interfaces associated': this.#vdp.reduce((sum, one) => sum + one.size, 0),
      timers: this.#core.timers.pending,
    };
  }

  #refusalOf(port: number, vid: number, source: Mac): LanRefusal | undefined {
    const { ports, profileWay = 'none' } = this.options;
    const { vlans, refuses } = ports[port]!;
    if (vlans !== undefined && !vlans.includes(vid)) return 'vlan';
    const profile = profileWay === 'none' ? undefined : this.#profiles.get(source);
    if (profile === undefined) return undefined;
    if (profile.vid !== vid) return 'profile';
    if (profileWay === 'vdp')
      return this.#vdp[port]!.vsiOf(source) === undefined ? 'profile' : undefined;
    return refuses === 'profiles' ? 'profile' : undefined;
  }

  #learn(vid: number, mac: Mac, port: number): void {
    const one = { vid, mac, port, vtep: undefined, isRoute: false, heardAt: this.#core.now };
    const { before, lost } = this.#table.learn(one);
    if (lost !== undefined) this.#tell(lost, undefined, 'aged');
    if (before?.port !== port) this.#tell(one, port, before === undefined ? 'learned' : 'moved');
    if (this.options.profileWay === 'learning') this.#followProfile(mac, port);
    this.#ageing ??= this.#ageLater(one.heardAt + (this.options.ageingNs ?? AGEING_NS));
  }

  #ageLater(at: Instant): Timer {
    return this.#core.after(at - this.#core.now, () => {
      const { gone, next } = this.#table.age(this.#core.now);
      for (const one of gone) this.#tell(one, undefined, 'aged');
      this.#ageing = next === undefined ? undefined : this.#ageLater(next);
    });
  }

  #forward(from: number, vid: number, destination: Mac, frame: Uint8Array, given: boolean): void {
    const isGroup = (frame[0]! & GROUP_BIT) !== 0;
    const known = isGroup ? undefined : this.#table.find(vid, destination);
    if (known !== undefined) {
      if (known.port !== from && this.#takes(known.port, vid))
        this.#core.send(known.port, frame, given);
      return;
    }
    const storm = this.#storm.take(this.#core.now);
    if (storm === 'begins')
      this.#core.emit({ type: 'lan-dropped', port: from, reason: 'storm', mac: macAt(frame, 6) });
    if (storm !== 'pass') return;
    for (const port of this.#up.keys())
      if (port !== from && this.#takes(port, vid)) this.#core.send(port, frame, false);
  }

  #takes(port: number, vid: number): boolean {
    const { vlans } = this.options.ports[port]!;
    return this.#up[port] === true && (vlans === undefined || vlans.includes(vid));
  }

  #tell(
    { vid, mac }: LearnedMac,
    port: number | undefined,
    cause: 'learned' | 'moved' | 'aged' | 'flushed',
  ) {
    this.#core.emit({ type: 'mac-table', vid, mac, port, cause });
  }

  // Profiles.

  #followProfile(mac: Mac, port: number): void {
    const profile = this.#profiles.get(mac);
    const at = this.#inForce.get(mac);
    if (profile === undefined || at === port) return;
    this.#core.emit({ type: 'port-profile', ...profile, port, state: 'in-force' });
    if (at !== undefined)
      this.#core.emit({ type: 'port-profile', ...profile, port: at, state: 'gone' });
    this.#inForce.set(mac, port);
  }

  #profileGone(vsi: Vsi, port: number): void {
    this.#core.emit({ type: 'port-profile', ...vsi, port, state: 'gone' });
  }

  #ecpAt(port: number): EcpEnd {
    return new EcpEnd({
      mac: this.options.mac,
      after: (delayNs, run) => this.#core.after(delayNs, run),
      send: (frame) => this.#core.send(port, frame, true),
      heard: (pdu) => this.#vdp[port]!.heard(pdu),
    });
  }

  #vdpAt(port: number): VdpBridge {
    return new VdpBridge({
      send: (pdu) => this.#ecp[port]!.send(pdu),
      judge: (step, { mac, vid }) => {
        const { refuses, vlans } = this.options.ports[port]!;
        if (refuses === step || refuses === 'profiles') return VdpError['Insufficient resources'];
        const allowed = vlans === undefined || vlans.includes(vid);
        const profile = this.#profiles.get(mac);
        const fits = profile === undefined || profile.vid === vid;
        return allowed && fits ? VdpError.Success : VdpError['Invalid VID, GroupID or MAC address'];
      },
      answered: (step, vsi, error) => this.#answered(step, vsi, port, error),
    });
  }

  #answered(step: VsiStep, vsi: Vsi, port: number, error: number): void {
    const { mac } = vsi;
    const refusal =
      error === 0 ? '' : Object.entries(VdpError).find(([, code]) => code === error)![0];
    this.#core.emit({ type: 'vsi', mac, port, step, refusal: refusal.toLowerCase() });
    if (error !== 0) return;
    if (step === 'associate')
      this.#core.emit({ type: 'port-profile', ...vsi, port, state: 'in-force' });
    if (step === 'de-associate') this.#profileGone(vsi, port);
  }
}
