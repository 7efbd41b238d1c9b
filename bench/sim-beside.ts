/**
 * What the fabric world of 1,000 N_Ports, headers only, is measured beside, in turns with it: the
 * same bytes without any world (`contenders/codec-floor.mjs`), and the same world in ns-3
 * (`contenders/ns3-fabric.cc`).
 */
import { median } from './median.ts';
import { type Checkout, runWorld, type World } from './sim-contender.ts';
import type { Ns3 } from './sim-ns3.ts';

/** The world that has contenders. */
export const COMPARED: World = { world: 'fabric', kind: 'headers', vms: 1000 };

/** One that the world is beside; rates are frames a processor second. */
export interface BesideReport {
  readonly name: 'codec floor' | 'ns-3 p2p' | 'ns-3 bare';
  readonly framesPerCpuSecond: number;
  /** The world's rate as a multiple of this one's: median, least and most of the rounds. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
}

/** Lets the contenders take their turns. `ns3` is left out where it could not be compiled. */
export class Beside {
  readonly #checkout: Checkout;
  readonly #frames: number;
  readonly #ns3: Ns3 | undefined;
  readonly #turns: { readonly name: BesideReport['name']; rate: number; ratio: number }[] = [];

  constructor(checkout: Checkout, frames: number, ns3: Ns3 | undefined) {
    this.#checkout = checkout;
    this.#frames = frames;
    this.#ns3 = ns3;
  }

  /** One turn of each, right after a turn of the world that made `worldRate`. */
  async takeTurn(worldRate: number): Promise<void> {
    const { kind, vms } = COMPARED;
    const add = (name: BesideReport['name'], rate: number): void => {
      this.#turns.push({ name, rate, ratio: worldRate / rate });
    };
    const floor = await runWorld(this.#checkout, { world: 'floor', kind, vms }, this.#frames);
    add('codec floor', floor.io!.framesPerCpuSecond);
    if (this.#ns3 === undefined) return;
    for (const device of ['p2p', 'bare'] as const)
      add(`ns-3 ${device}`, await this.#ns3.rate(device, vms, this.#frames));
  }

  reports(): BesideReport[] {
    const names = [...new Set(this.#turns.map(({ name }) => name))];
    return names.map((name) => {
      const own = this.#turns.filter((one) => one.name === name);
      const ratios = own.map(({ ratio }) => ratio);
      return {
        name,
        framesPerCpuSecond: median(own.map(({ rate }) => rate)),
        ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
      };
    });
  }
}

const SENTENCES: Readonly<Record<BesideReport['name'], (ratio: string) => string>> = {
  'codec floor': (ratio) => `the world makes ${ratio} of what the same bytes make without it`,
  'ns-3 p2p': (ratio) => `the world is ${ratio} times as fast as ns-3 with point-to-point devices`,
  'ns-3 bare': (ratio) => `the world is ${ratio} times as fast as ns-3's event queue alone`,
};

/** Prints a line for each. `missing` says why ns-3 is not among them. */
export function printBeside(reports: readonly BesideReport[], missing: string | undefined): void {
  console.log(`fabric, headers, ${COMPARED.vms.toLocaleString('en-US')} VMs, in turns:`);
  for (const { name, framesPerCpuSecond, ratio } of reports) {
    const rate = `${(framesPerCpuSecond / 1e6).toFixed(2)} M/s`;
    const said = SENTENCES[name](ratio.median.toFixed(2));
    const range = `${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}`;
    console.log(`  ${name.padEnd(12)} ${rate}, ${said} (${range})`);
  }
  if (missing !== undefined) console.log(`  ns-3         skipped: ${missing}`);
}
