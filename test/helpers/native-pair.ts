/** An adapter on a native link beside a real switch: frames go over at once, or are lost. */
import { FcSwitch } from '../../src/fabric/fc/fc-switch.ts';
import type { FabricOptions } from '../../src/fabric/fc/options.ts';
import type { FabricEvent } from '../../src/history/fabric.ts';
import { FcLink } from '../../src/port/fc-link/fc-link.ts';
import type { Lport } from '../../src/port/n-port/lport.ts';
import { Clock } from './loop-back.ts';

/** Two adapters on ports 0 and 1 of one switch. */
export class NativePair {
  readonly clock = new Clock();
  readonly fabric: FcSwitch;
  readonly links: readonly FcLink[];
  readonly states: string[] = [];
  readonly contradictions: string[] = [];
  readonly events: FabricEvent[] = [];
  /** What passed, with the port of the switch: `> ` to it, `< ` from it. */
  readonly passed: { readonly port: number; readonly in: boolean; readonly frame: Uint8Array }[] =
    [];
  /** False: what the adapters send is lost. */
  passes = true;
  readonly #queue: { readonly port: number; readonly frame: Uint8Array }[] = [];
  #handling = false;

  constructor(options: Partial<FabricOptions> = {}, adapters: { readonly bbScN?: number } = {}) {
    this.fabric = new FcSwitch({
      name: 'switch',
      fabricName: 0x1000_0000_0000_00f1n,
      switchName: 0x1000_0000_0000_00f2n,
      domain: 1,
      ports: 2,
      ...options,
    });
    this.links = [0, 1].map((port) => {
      const { clock, contradictions } = this;
      return new FcLink(
        { port, bbCredit: 7, bbScN: adapters.bbScN ?? 0 },
        {
          get now() {
            return clock.now;
          },
          after: clock.after,
          send: (at, frame) => {
            if (this.passes) this.#queue.push({ port: at, frame: frame.slice() });
            this.settle();
          },
          dcbAgreed: () => {},
          contradiction: (_port, what) => contradictions.push(what),
        },
      );
    });
  }

  /** Hands frames over until there is none. */
  settle(): void {
    if (this.#handling) return;
    this.#handling = true;
    for (let busy = true; busy; ) {
      busy = false;
      for (let one = this.#queue.shift(); one !== undefined; one = this.#queue.shift()) {
        this.passed.push({ port: one.port, in: true, frame: one.frame });
        this.fabric.handleFrame(one.port, one.frame, false, this.clock.now);
        busy = true;
      }
      for (let out = this.fabric.poll(); out !== undefined; out = this.fabric.poll()) {
        busy = true;
        if (!('send' in out)) {
          this.events.push(out.event);
          continue;
        }
        this.passed.push({ port: out.port, in: false, frame: out.send });
        this.links[out.port]!.handleFrame(out.send);
      }
    }
    this.#handling = false;
  }

  /** An N_Port on an adapter, started. */
  port(link: number, name: bigint, physical: boolean, discovers = false): Lport {
    const adapter = this.links[link]!;
    const lport = adapter.createLport(
      {
        portName: name,
        nodeName: 7n,
        role: 'initiator',
        receiveBytes: 2112,
        physical,
        symbolicName: 'p',
        loginTriesMax: 3,
        discovers,
      },
      {
        stateChanged: (_lport, next, why) =>
          this.states.push(`${name} ${next}${why && `: ${why}`}`),
      },
    );
    adapter.startLport(lport);
    this.settle();
    return lport;
  }

  up(link = 0): void {
    this.links[link]!.linkUp();
    this.settle();
  }
}
