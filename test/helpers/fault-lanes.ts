/** One table of fault rules and frames, run by everything that applies fault rules. */
import { vi } from 'vitest';
import {
  arrivalSteps,
  FaultLane,
  type LaneFrame,
  type SendStep,
} from '../../src/link/fault-lane.ts';
import { FaultPlan, type FaultRule } from '../../src/link/faults.ts';
import { LiveDriver } from '../../src/live/driver.ts';
import { type Machine, MILLISECOND, type Output } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { pair } from './sim-machines.ts';

/** Frames that begin with these tags are sent in a millisecond, in this order. */
export type Sending = readonly [atMs: number, ...tags: number[]];

/** What arrived: the millisecond, and the first byte of each frame, in order. */
export type Arrival = readonly [atMs: number, ...tags: number[]];

/** Runs frames through rules for so many milliseconds. The rules see the frames `a-to-b`. */
export type Lane = (rules: readonly FaultRule[], sent: readonly Sending[]) => Arrival[];

/** The second byte does not begin a frame, so that a rule can damage it unseen. */
const frameOf = (tag: number): Uint8Array => Uint8Array.of(tag, 0, 0, 0);
const RUN_MS = 250;

function log() {
  const arrivals: [number, ...number[]][] = [];
  const arrived = (frame: Uint8Array, now: number) => {
    const atMs = Math.floor(now / MILLISECOND);
    const last = arrivals.at(-1);
    if (last?.[0] === atMs) last.push(frame[0]!);
    else arrivals.push([atMs, frame[0]!]);
  };
  return { arrivals, arrived };
}

/** A lane alone: the steps it gives are taken here, in the plainest way. */
export const alone: Lane = (rules, sent) => {
  const plan = new FaultPlan(streams(1).stream);
  const lane = new FaultLane();
  lane.rules = rules.map((rule) => plan.add(rule));
  const { arrivals, arrived } = log();
  let pending: { readonly atNs: number; readonly run: (now: number) => void }[] = [];
  let queue: LaneFrame[] = [];
  let stillUntilNs = 0;
  let downUntilNs = 0;

  const arrive = (one: LaneFrame, now: number): void => {
    if (one.fate === undefined) {
      arrived(one.frame, now);
      return;
    }
    const copies: LaneFrame[] = [];
    for (const step of arrivalSteps(one.fate, now)) {
      if (step.kind === 'deliver') arrived(one.frame, now);
      else if (step.kind === 'drop') return;
      else {
        const later = { ...one, fate: step.kind === 'later' ? step.fate : undefined };
        if (step.atNs === now) copies.push(later);
        else pending.push({ atNs: step.atNs, run: (then) => arrive(later, then) });
      }
    }
    for (const copy of copies) arrive(copy, now);
  };
  const work = (now: number) => {
    while (now >= stillUntilNs && queue.length > 0) arrive(queue.shift()!, now);
  };
  const take = (step: SendStep, now: number) => {
    switch (step.kind) {
      case 'clog':
        stillUntilNs = Math.max(stillUntilNs, step.untilNs);
        break;
      case 'hold':
        pending.push({
          atNs: step.untilNs,
          run: (then) => {
            // Its time may have been that of a frame that is gone already.
            const held = lane.handleHeld(then);
            if (held !== undefined) queue.push(held);
          },
        });
        break;
      case 'queue':
      case 'release':
        queue.push(step.sent);
        break;
      case 'cut':
        [pending, queue] = [[], []];
        lane.takeHeld();
        downUntilNs = now + step.forNs;
    }
  };
  for (let atMs = 0; atMs < RUN_MS; atMs++) {
    const now = atMs * MILLISECOND;
    const due = pending.filter(({ atNs }) => atNs <= now);
    pending = pending.filter(({ atNs }) => atNs > now);
    for (const { run } of due) run(now);
    work(now);
    for (const [at, ...tags] of sent) {
      for (const [i, tag] of tags.entries()) {
        if (at !== atMs || now < downUntilNs) continue;
        const frame = frameOf(tag);
        const steps = lane.send(frame, false, i + 1, now);
        if (steps === undefined)
          queue.push({ frame, given: false, ordinal: i + 1, fate: undefined });
        else for (const step of steps) take(step, now);
        work(now);
      }
    }
  }
  return arrivals;
};

/** The simulator, on a link that takes a nanosecond for a frame. */
export const simulated: Lane = (rules, sent) => {
  const { simulator, left, right } = pair({ rateBitsPerSecond: 1e13, propagationNs: 0 });
  for (const rule of rules) simulator.addFault(rule);
  for (const [atMs, ...tags] of sent) {
    simulator.call(atMs * MILLISECOND, () => {
      for (const tag of tags) left.outputs.push({ port: 0, send: frameOf(tag), given: false });
      simulator.act('left', () => {});
    });
  }
  simulator.run({ untilNs: RUN_MS * MILLISECOND });
  const { arrivals, arrived } = log();
  for (const { frame, now } of right.received) arrived(frame, now);
  return arrivals;
};

/** Tells what came, and sends what it is given. */
class Port implements Machine<never> {
  readonly outputs: Output<never>[] = [];
  readonly deadline = undefined;
  readonly #arrived: (frame: Uint8Array, now: number) => void;

  constructor(arrived: (frame: Uint8Array, now: number) => void) {
    this.#arrived = arrived;
  }

  handleFrame(_port: number, frame: Uint8Array, _given: boolean, now: number): void {
    this.#arrived(frame, now);
  }

  handleLink(): void {}

  handleTimeout(): void {}

  poll(): Output<never> | undefined {
    return this.outputs.shift();
  }
}

/** The live driver on a clock of ours, with the machine at one end of the lane or the other. */
const live =
  (machineIs: 'receiver' | 'sender'): Lane =>
  (rules, sent) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let now = 0;
    const { arrivals, arrived } = log();
    const machine = new Port(arrived);
    const driver = new LiveDriver<never>({ onEvent: () => {}, clock: () => now });
    driver.addNode('switch', machine);
    driver.attach('switch', 0, { send: (frame) => arrived(frame, now), flush: () => {} });
    const plan = new FaultPlan(streams(1).stream);
    for (const rule of rules) plan.add(rule);
    const direction = machineIs === 'receiver' ? 'a-to-b' : 'b-to-a';
    driver.setFaults('switch', 0, direction, plan.rules);
    try {
      for (let atMs = 0; atMs < RUN_MS; atMs++) {
        now = atMs * MILLISECOND;
        if (atMs > 0) vi.advanceTimersByTime(1);
        const frames = sent
          .filter(([at]) => at === atMs)
          .flatMap(([, ...tags]) => tags.map(frameOf));
        if (machineIs === 'receiver') driver.receive('switch', 0, frames);
        else {
          driver.act('switch', () => {
            for (const frame of frames)
              machine.outputs.push({ port: 0, send: frame, given: false });
          });
        }
      }
    } finally {
      driver.stop();
      vi.useRealTimers();
    }
    return arrivals;
  };

export const liveInwards = live('receiver');
export const liveOutwards = live('sender');
