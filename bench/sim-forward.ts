/**
 * What the simulator itself costs: machines that do nothing but pass frames on, in rings of four,
 * and move their deadline with every frame. Counts processor time, not what others leave of it.
 *
 * Run: `npx tsx bench/sim-forward.ts [frame bytes] [nodes] [frames per ring]`
 */
import type { Machine, Output } from '../src/machine/machine.ts';
import { Simulator } from '../src/sim/simulator.ts';
import { stopwatch } from './stopwatch.mjs';

const frameBytes = Number(process.argv[2] ?? 68);
const nodes = Number(process.argv[3] ?? 1000);
const framesPerRing = Number(process.argv[4] ?? 8);
const ringNodes = 4;
const frames = 2_000_000;

/** Sends every frame on at port 1, and wants to be woken 2 s after the last. */
class Forwarder implements Machine {
  deadline: number | undefined;
  readonly #outputs: Output<never>[] = [];

  constructor(first: Uint8Array[]) {
    for (const frame of first) this.#outputs.push({ port: 1, send: frame, given: true });
  }

  handleFrame(_port: number, frame: Uint8Array, given: boolean, now: number): void {
    this.#outputs.push({ port: 1, send: frame, given });
    this.deadline = now + 2e9;
  }

  handleLink(): void {}

  handleTimeout(): void {
    this.deadline = undefined;
  }

  poll(): Output<never> | undefined {
    return this.#outputs.shift();
  }
}

for (let round = 0; round < 4; round++) {
  const simulator = new Simulator<never>();
  for (let i = 0; i < nodes; i++) {
    const count = i % ringNodes === 0 ? framesPerRing : 0;
    const first = Array.from({ length: count }, () => new Uint8Array(frameBytes).fill(i));
    simulator.addNode(`n${i}`, new Forwarder(first));
  }
  for (let i = 0; i < nodes; i++) {
    const next = i % ringNodes === ringNodes - 1 ? i - ringNodes + 1 : i + 1;
    simulator.connect({ node: `n${i}`, port: 1 }, { node: `n${next}`, port: 0 });
  }
  const took = stopwatch();
  let events = 0;
  simulator.run({ when: () => ++events > frames });
  const seconds = took().cpuNs / 1e9;
  const { framesDelivered } = simulator.stats();
  console.log(
    `${(framesDelivered / seconds / 1e6).toFixed(2)} M frames/s ` +
      `(${framesDelivered} of ${frameBytes} bytes, ${nodes} nodes, digest ${simulator.digest()})`,
  );
}
