/** Small machines for the simulator's tests. */

import type { ChannelStats, LinkOptions } from '../../src/link/channel.ts';
import type { Instant, Machine, Output } from '../../src/machine/machine.ts';
import { Simulator } from '../../src/sim/simulator.ts';

/** Keeps what it is given, sends what it is told to. */
export class Recorder implements Machine<unknown> {
  readonly received: { port: number; frame: Uint8Array; now: Instant }[] = [];
  readonly timeouts: Instant[] = [];
  readonly links: { port: number; up: boolean; now: Instant }[] = [];
  readonly outputs: Output<unknown>[] = [];
  deadline: Instant | undefined;

  /** When each frame came. */
  get times(): Instant[] {
    return this.received.map(({ now }) => now);
  }

  /** The first byte of each frame that came. */
  get tags(): number[] {
    return this.received.map(({ frame }) => frame[0]!);
  }

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.received.push({ port, frame, now });
  }

  handleTimeout(now: Instant): void {
    if (this.deadline === undefined || now < this.deadline) return;
    this.timeouts.push(now);
    this.deadline = undefined;
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.links.push({ port, up, now });
  }

  poll(): Output<unknown> | undefined {
    return this.outputs.shift();
  }
}

/** Sends every frame back where it came from, for ever. */
export class Echo extends Recorder {
  override handleFrame(port: number, frame: Uint8Array): void {
    this.outputs.push({ port, send: frame, given: false });
  }
}

/**
 * A frame that begins with a tag. 101 bytes and the 24 of Ethernet are 1,000 bits: on a link of
 * 1 Gbit/s it takes 1,000 ns.
 */
export function tagged(tag: number, lengthBytes = 101): Uint8Array {
  return new Uint8Array(lengthBytes).fill(tag, 0, 1);
}

/** Two recorders, `left` port 0 and `right` port 0, on a link of 1 Gbit/s and 1,000 ns. */
export function pair(options: LinkOptions & { seed?: number } = {}) {
  const simulator = new Simulator<unknown>({ seed: options.seed ?? 1 });
  const left = new Recorder();
  const right = new Recorder();
  simulator.addNode('left', left);
  simulator.addNode('right', right);
  const link = simulator.connect(
    { node: 'left', port: 0 },
    { node: 'right', port: 0 },
    { rateBitsPerSecond: 1e9, propagationNs: 1_000, name: 'wire', ...options },
  );
  /** `left` sends frames with these tags, all at one time. */
  const sendAt = (atNs: number, tags: number[], lengthBytes?: number) => {
    simulator.call(atNs, () => {
      for (const tag of tags)
        left.outputs.push({ port: 0, send: tagged(tag, lengthBytes), given: false });
      simulator.act('left', () => {});
    });
  };
  return { simulator, left, right, link, sendAt };
}

/** The frames that are accounted for: equal to `sent + duplicated` at any time. */
export function accounted(stats: ChannelStats): number {
  return (
    stats.delivered +
    stats.tailDropped +
    stats.faultDropped +
    stats.linkDropped +
    stats.nodeDropped +
    stats.inFlight
  );
}
