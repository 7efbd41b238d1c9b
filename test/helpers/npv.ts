/** An N_Port virtualizer between a core switch and servers: the core is a real one, servers are played. */
import { Fcf } from '../../src/fabric/fcoe/fcf.ts';
import type { FcfOptions } from '../../src/fabric/fcoe/options.ts';
import { Npv } from '../../src/fabric/npv/npv.ts';
import type { NpvOptions } from '../../src/fabric/npv/options.ts';
import type { FabricEvent } from '../../src/history/fabric.ts';
import { type Instant, MILLISECOND, SECOND } from '../../src/machine/machine.ts';
import { FABRIC_NAME, FCF_MAC, look, type Seen, type SeenFip } from './fcf.ts';
import { drawnBy } from './random.ts';

export const NPV_MAC = '02:fc:f0:00:00:09';
export const NPV_NAME = 0x1000_02fc_f000_0009n;
/** Uplinks are the ports 0 and 1 of both switches; servers are behind the ports from 2 on. */
const UPLINKS = 2;
export const SERVER_1 = 2;
export const SERVER_2 = 3;

/** Options of an uplink. */
export const uplink = (index: number) => ({
  mac: `02:fc:f0:00:01:0${index}`,
  wwpn: 0x2000_02fc_f000_0100n + BigInt(index),
  vlanDiscovery: false,
  vlan: 0,
  vlanPriority: 3,
  fcfSelectionDelayNs: 10 * MILLISECOND,
});

export class NpvRig {
  readonly core: Fcf;
  readonly npv: Npv;
  now: Instant = 0;
  /** What the virtualizer told, and what the core did. */
  readonly told: FabricEvent[] = [];
  readonly coreTold: FabricEvent[] = [];
  /** Frames that go out of the core to others than the virtualizer. */
  fromCore: { readonly port: number; readonly bytes: Uint8Array }[] = [];
  /** False for a frame that is lost between the two switches. */
  passes: (from: 'core' | 'npv', uplink: number, frame: Uint8Array) => boolean = () => true;
  #sent: Seen[] = [];

  constructor(options: Partial<NpvOptions> = {}, core: Partial<FcfOptions> = {}) {
    this.core = new Fcf({
      name: 'core',
      fcfMac: FCF_MAC,
      fabricName: FABRIC_NAME,
      switchName: FABRIC_NAME,
      domain: 1,
      ports: 4,
      random: drawnBy(() => 0),
      ...core,
    });
    this.npv = new Npv({
      name: 'npv',
      fcfMac: NPV_MAC,
      switchName: NPV_NAME,
      uplinks: [uplink(0), uplink(1)],
      downlinks: 2,
      random: drawnBy(() => 0),
      ...options,
    });
  }

  /** Both uplinks come up and log in. */
  static ready(options: Partial<NpvOptions> = {}, core: Partial<FcfOptions> = {}): NpvRig {
    const rig = new NpvRig(options, core);
    for (let port = 0; port < UPLINKS; port++) rig.manage((npv) => npv.handleLink(port, true, 0));
    rig.advance(SECOND);
    rig.take();
    return rig;
  }

  /** A frame comes from a server. */
  feed(port: number, frame: Uint8Array): void {
    this.npv.handleFrame(port, frame, false, this.now);
    this.#settle();
  }

  /** A frame comes to the core from elsewhere. */
  feedCore(port: number, frame: Uint8Array): void {
    this.core.handleFrame(port, frame, false, this.now);
    this.#settle();
  }

  manage(call: (npv: Npv, core: Fcf, now: Instant) => void): void {
    call(this.npv, this.core, this.now);
    this.#settle();
  }

  /** The cable of an uplink is pulled, or plugged in. */
  link(port: number, up: boolean): void {
    this.manage((npv, core, now) => {
      core.handleLink(port, up, now);
      npv.handleLink(port, up, now);
    });
  }

  advance(ns: number): void {
    const end = this.now + ns;
    for (;;) {
      const dues = [this.npv, this.core].flatMap((one) => one.deadline ?? []);
      const due = Math.min(...dues, Number.POSITIVE_INFINITY);
      if (due > end) break;
      this.now = Math.max(this.now, due);
      this.npv.handleTimeout(this.now);
      this.core.handleTimeout(this.now);
      this.#settle();
    }
    this.now = end;
  }

  /** What servers were sent since the last call. */
  take(): Seen[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  takeFip(): (Seen & SeenFip)[] {
    return this.take().filter((one): one is Seen & SeenFip => one.kind === 'fip');
  }

  #settle(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (let one = this.npv.poll(); one !== undefined; one = this.npv.poll()) {
        busy = true;
        if ('event' in one) this.told.push(one.event);
        else if (one.port >= UPLINKS) this.#sent.push(look(one.port, this.now, one.send.slice()));
        else if (this.passes('npv', one.port, one.send))
          this.core.handleFrame(one.port, one.send, false, this.now);
      }
      for (let one = this.core.poll(); one !== undefined; one = this.core.poll()) {
        busy = true;
        if ('event' in one) this.coreTold.push(one.event);
        else if (one.port >= UPLINKS)
          this.fromCore.push({ port: one.port, bytes: one.send.slice() });
        else if (this.passes('core', one.port, one.send))
          this.npv.handleFrame(one.port, one.send, false, this.now);
      }
    }
  }
}
