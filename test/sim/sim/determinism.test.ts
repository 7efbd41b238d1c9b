import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FaultAction } from '../../../src/link/faults.ts';
import {
  type Machine,
  MICROSECOND,
  MILLISECOND,
  type Output,
} from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';
import { Simulator } from '../../../src/sim/simulator.ts';

/** Sends frames of random length at random times through random ports, and answers some. */
class Chatter implements Machine<unknown> {
  deadline: number | undefined = 0;
  readonly #random;
  readonly #ports: number;
  readonly #outputs: Output<unknown>[] = [];

  constructor(seed: number, name: string, ports: number) {
    this.#random = streams(seed).stream(`chatter ${name}`);
    this.#ports = ports;
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
    if (this.#random.chance(0.1)) this.#outputs.push({ event: { port, now, first: frame[0]! } });
    if (this.#random.chance(0.4)) this.#outputs.push({ port, send: frame, given });
  }

  handleTimeout(now: number): void {
    if (this.deadline === undefined || now < this.deadline) return;
    const frame = new Uint8Array(this.#random.range(60, 2148)).fill(this.#random.below(256));
    this.#outputs.push({ port: this.#random.below(this.#ports), send: frame, given: true });
    this.deadline = now + this.#random.below(20 * MICROSECOND);
  }

  handleLink(port: number, up: boolean): void {
    this.#outputs.push({ event: { port, up } });
  }

  poll(): Output<unknown> | undefined {
    return this.#outputs.shift();
  }
}

const faults: FaultAction[] = [
  { kind: 'drop' },
  { kind: 'delay', delayNs: 100 * MICROSECOND },
  { kind: 'duplicate', afterNs: 3 * MICROSECOND },
  { kind: 'reorder' },
  { kind: 'corrupt', bits: 2 },
  { kind: 'clog', forNs: 50 * MICROSECOND },
  { kind: 'cut', forNs: 20 * MICROSECOND },
];

/** Eight nodes, each linked to each, every fault now and then; a crash; then healed. */
function campaign(seed: number, observed = false) {
  const simulator = new Simulator({ seed });
  const names = Array.from({ length: 8 }, (_, i) => `n${i}`);
  for (const name of names) simulator.addNode(name, new Chatter(seed, name, 7));
  for (let x = 0; x < 8; x++) {
    for (let y = x + 1; y < 8; y++) {
      simulator.connect({ node: `n${x}`, port: y - 1 }, { node: `n${y}`, port: x });
    }
  }
  const records: unknown[] = [];
  if (observed) {
    const keep = (record: unknown) => records.push(record);
    simulator.observe({ frame: keep, event: keep, node: keep, link: keep });
  }
  for (const action of faults) simulator.addFault({ chance: 0.01, action });
  simulator.call(2 * MILLISECOND, () => simulator.crashNode('n3'));
  simulator.call(4 * MILLISECOND, () => {
    simulator.restartNode('n3', new Chatter(seed, 'n3 again', 7));
    simulator.heal();
  });
  simulator.run({ untilNs: 6 * MILLISECOND });
  return { digest: simulator.digest(), stats: simulator.stats(), records };
}

/** SHA-256 of all records, frame bytes included: nothing of the digest under test. */
function fingerprint(records: unknown[]): string {
  const hash = createHash('sha256');
  for (const record of records) {
    const { frame, ...rest } = record as { frame?: Uint8Array };
    hash.update(JSON.stringify(rest));
    if (frame !== undefined) hash.update(frame);
  }
  return hash.digest('hex');
}

describe('one seed', () => {
  it('gives the same run twice, watched or not', () => {
    const first = campaign(11);
    const second = campaign(11, true);
    expect(second.digest).toBe(first.digest);
    expect(second.stats).toEqual(first.stats);
    expect(fingerprint(campaign(11, true).records)).toBe(fingerprint(second.records));
    // The run must have been one worth comparing.
    expect(first.stats.framesSent).toBeGreaterThan(5_000);
    expect(first.stats.framesDropped).toBeGreaterThan(100);
    expect(first.stats.framesDuplicated).toBeGreaterThan(10);
    const kinds = new Set(
      second.records.flatMap(
        (record) => (record as { fault?: { kind: string } }).fault?.kind ?? [],
      ),
    );
    expect([...kinds].sort()).toEqual(faults.map(({ kind }) => kind).sort());
  });

  it('and another seed gives another run', () => {
    const digests = [1, 2, 3, 4, 5].map((seed) => campaign(seed).digest);
    expect(new Set(digests).size).toBe(5);
  });
});
