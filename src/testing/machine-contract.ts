/**
 * The contract of protocol machines as checks that anybody can run on a machine of their own.
 *
 * The checks know nothing of the machine: they feed it the frames they are given, whole, cut and
 * changed, let its links go and come, move its time forward, and watch that it keeps to `Machine`.
 */
import type { Instant, Machine, Output } from '../machine/machine.ts';
import { SECOND } from '../machine/machine.ts';
import { type AtWorkOptions, fuzzAtWork } from './at-work.ts';
import {
  Broken,
  type ContractCheck,
  check,
  describeChecks,
  show,
  type TestRunner,
} from './check.ts';

/** What the checks are given beside the machine. */
export interface MachineContractOptions {
  /** Frames that the machine understands: the more of them, the more the checks reach. */
  readonly frames?: readonly Uint8Array[];
  /** Ports that frames arrive at, their links up in a machine freshly made; 0 alone unless told. */
  readonly ports?: readonly number[];
  /** Seed of the script that the machine is fed; the same seed, the same script. */
  readonly seed?: number;
  /** Steps of the script; 400 unless told. */
  readonly steps?: number;
  /**
   * The machine among its peers, logged in and at work: what it is sent then is changed in every field.
   * Left out, that part of the contract is not checked.
   */
  readonly atWork?: AtWorkOptions;
}

/** More outputs than this from one change are an endless loop. */
const OUTPUTS_MAX = 100_000;
/** More deadlines than this that lead nowhere are an endless loop. */
const DEADLINES_MAX = 1_000;
const STEPS = 400;
/** A link goes about once in so many steps, and comes back soon. */
const STEPS_OF_A_LINK = 64;
const STEPS_WITHOUT_LINK = 4;
const MINIMUM_FRAME_BYTES = 60;

type Made = Machine<unknown>;
type Settings = Required<Omit<MachineContractOptions, 'atWork'>>;

/** Numbers from 0 to 2^32 - 1, the same ones for the same seed (a multiply-and-mix generator). */
function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function randomBytes(next: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => next() & 0xff);
}

/** A frame that is known, cut, changed in one bit, or garbage. */
function someFrame(next: () => number, frames: readonly Uint8Array[]): Uint8Array {
  const known = frames[next() % Math.max(1, frames.length)];
  if (known === undefined || next() % 8 === 0)
    return randomBytes(next, next() % (2 * MINIMUM_FRAME_BYTES));
  const frame = known.slice();
  const way = next() % 4;
  if (way === 0) return frame.subarray(0, next() % (frame.length + 1));
  if (way === 1 && frame.length > 0) frame[next() % frame.length]! ^= 1 << (next() & 7);
  return frame;
}

/** Drains a machine. Errors: `Error` when it never ends. */
function drain(machine: Made): Output<unknown>[] {
  const outputs: Output<unknown>[] = [];
  for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
    outputs.push(output);
    if (outputs.length > OUTPUTS_MAX)
      throw new Error(`poll gives more than ${OUTPUTS_MAX} outputs for one change`);
  }
  return outputs;
}

/** Which frames of a script are given to the machine; the others are lent. */
type Giving = 'some' | 'all' | 'none';

/**
 * Feeds a machine a script of frames, links and times and calls `after` when each step is drained.
 * The script is the same whichever frames are given.
 */
function follow(
  machine: Made,
  { seed, steps, frames, ports }: Settings,
  after: (now: Instant, outputs: Output<unknown>[], downs: ReadonlySet<number>) => void,
  giving: Giving = 'some',
): void {
  const next = numbersOf(seed);
  const downs = new Set<number>();
  let now = 0;
  after(now, drain(machine), downs);
  for (let step = 0; step < steps; step++) {
    const { deadline } = machine;
    if (deadline !== undefined && next() % 3 === 0) {
      now = Math.max(now, deadline);
      machine.handleTimeout(now);
      after(now, drain(machine), downs);
      continue;
    }
    const later = now + (next() % (SECOND / 10));
    now = deadline === undefined ? later : Math.max(now, Math.min(later, deadline));
    const port = ports[next() % ports.length]!;
    const down = downs.has(port);
    const frame = someFrame(next, frames);
    const given = next() % 2 === 0;
    if (next() % (down ? STEPS_WITHOUT_LINK : STEPS_OF_A_LINK) === 0) {
      if (down) downs.delete(port);
      else downs.add(port);
      machine.handleLink(port, down, now);
    } else if (!down) {
      machine.handleFrame(port, frame, giving === 'some' ? given : giving === 'all', now);
    }
    after(now, drain(machine), downs);
  }
}

function spuriousTimeouts(make: () => Made, settings: Settings): void {
  const machine = make();
  follow(machine, settings, (now) => {
    const { deadline } = machine;
    if (deadline !== undefined && deadline <= now) return;
    for (const early of deadline === undefined ? [now] : [now, Math.max(now, deadline - 1)]) {
      machine.handleTimeout(early);
      const [output] = drain(machine);
      if (output !== undefined)
        throw new Broken(`a timeout at ${early}, due at ${deadline}, gives ${show(output)}`);
      if (machine.deadline !== deadline)
        throw new Broken(
          `a timeout at ${early} moves the deadline from ${deadline} to ${machine.deadline}`,
        );
    }
  });
}

function deadlinesAhead(make: () => Made, settings: Settings): void {
  const machine = make();
  let stuck = 0;
  follow(machine, settings, (now) => {
    for (let at = now; machine.deadline !== undefined && machine.deadline <= at; ) {
      if (!Number.isSafeInteger(machine.deadline) || machine.deadline < 0)
        throw new Broken(`a deadline of ${machine.deadline} is no whole nanosecond`);
      at = Math.max(at, machine.deadline);
      machine.handleTimeout(at);
      drain(machine);
      if (machine.deadline !== undefined && machine.deadline <= at)
        throw new Broken(`still due at ${machine.deadline} after the timeout at ${at}`);
      if (++stuck > DEADLINES_MAX) throw new Broken('deadlines that are always due');
    }
    const { deadline } = machine;
    if (deadline !== undefined && !Number.isSafeInteger(deadline))
      throw new Broken(`a deadline of ${deadline} is no whole nanosecond`);
  });
}

function damagedFrames(make: () => Made, { frames, ports, seed }: Settings): void {
  const machine = make();
  const next = numbersOf(seed);
  const feed = (frame: Uint8Array, what: string): void => {
    try {
      for (const port of ports) machine.handleFrame(port, frame, false, 0);
      drain(machine);
    } catch (error) {
      throw new Broken(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  };
  for (let length = 0; length <= 2 * MINIMUM_FRAME_BYTES; length++)
    feed(randomBytes(next, length), `${length} random bytes`);
  frames.forEach((frame, i) => {
    for (let length = 0; length <= frame.length; length++)
      feed(frame.slice(0, length), `frame ${i} cut to ${length} bytes`);
    for (let bit = 0; bit < 8 * frame.length; bit++) {
      const changed = frame.slice();
      changed[bit >> 3]! ^= 0x80 >> (bit & 7);
      feed(changed, `frame ${i} with bit ${bit} changed`);
    }
  });
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i]);

function spuriousLinks(make: () => Made, settings: Settings): void {
  const machine = make();
  follow(machine, settings, (now, _outputs, downs) => {
    const { deadline } = machine;
    for (const port of settings.ports) {
      const up = !downs.has(port);
      machine.handleLink(port, up, now);
      const [output] = drain(machine);
      if (output !== undefined)
        throw new Broken(
          `told again that port ${port} is ${up ? 'up' : 'down'}, gives ${show(output)}`,
        );
      if (machine.deadline !== deadline)
        throw new Broken(`told again of port ${port}, moves the deadline to ${machine.deadline}`);
    }
  });
}

/** A machine whose frames somebody sees before they go in. */
const watching = (machine: Made, see: (frame: Uint8Array, given: boolean) => void): Made => ({
  handleFrame(port, frame, given, now) {
    see(frame, given);
    machine.handleFrame(port, frame, given, now);
  },
  handleLink: (port, up, now) => machine.handleLink(port, up, now),
  handleTimeout: (now) => machine.handleTimeout(now),
  poll: () => machine.poll(),
  get deadline() {
    return machine.deadline;
  },
});

function lentFramesUntouched(make: () => Made, settings: Settings): void {
  const kept: { frame: Uint8Array; copy: Uint8Array; what: string }[] = [];
  const keep = (frame: Uint8Array, what: string): void => {
    kept.push({ frame, copy: frame.slice(), what });
  };
  const machine = watching(make(), (frame, given) => {
    if (!given) keep(frame, 'received');
  });
  follow(machine, settings, (_now, outputs) => {
    for (const output of outputs) {
      if ('send' in output && !output.given) keep(output.send, 'sent');
    }
  });
  for (const { frame, copy, what } of kept) {
    if (!sameBytes(frame, copy)) throw new Broken(`a frame that was lent and ${what} is changed`);
  }
}

/** What a machine gives for each step of the script, as text; `see` sees the outputs behind that. */
function record(
  make: () => Made,
  settings: Settings,
  giving?: Giving,
  see?: (outputs: Output<unknown>[]) => void,
): string[] {
  const machine = make();
  const lines: string[] = [];
  const after = (now: Instant, outputs: Output<unknown>[]): void => {
    lines.push(`${now} due ${machine.deadline} ${outputs.map(show).join(' ')}`);
    see?.(outputs);
  };
  follow(machine, settings, after, giving);
  return lines;
}

function sameLines(first: readonly string[], again: readonly string[], what: string): void {
  again.forEach((line, i) => {
    if (line !== first[i]) throw new Broken(`step ${i} gives "${first[i]}" and ${what} "${line}"`);
  });
}

/** Whoever is given a frame may write on it at once. */
function givenFramesForgotten(make: () => Made, settings: Settings): void {
  const gone = new Set<Uint8Array>();
  const scribbled = record(make, settings, 'some', (outputs) => {
    for (const output of outputs) {
      if (!('send' in output)) continue;
      if (gone.has(output.send)) throw new Broken('a frame that was given away is put out again');
      if (!output.given) continue;
      gone.add(output.send);
      output.send.fill(0xa5);
    }
  });
  sameLines(record(make, settings), scribbled, 'when what it gave is written on');
}

/** An output without what it says of the frame's owner. */
const ownerless = (line: string): string => line.replace(/,"given":(true|false)/g, '');

function sameGivenOrLent(make: () => Made, settings: Settings): void {
  const [lent, given] = (['none', 'all'] as const).map((giving) =>
    record(make, settings, giving).map(ownerless),
  );
  sameLines(lent!, given!, 'when frames are given to it');
}

function sameOutputs(make: () => Made, settings: Settings): void {
  sameLines(record(make, settings), record(make, settings), 'again');
}

function hostileFrames(options: AtWorkOptions): void {
  const [find] = fuzzAtWork(options).finds;
  if (find === undefined) return;
  const { making, index, what, to, frame } = find;
  throw new Broken(
    `${what}; hostile frame ${index} of making ${making}, to port ${to.port} of ${to.node}: ${show(frame)}`,
  );
}

/**
 * The rules of the machine contract as checks on machines that `make` gives, each freshly made and
 * in the same state every time.
 */
export function machineContract<Event>(
  name: string,
  make: () => Machine<Event>,
  options: MachineContractOptions = {},
): ContractCheck[] {
  const { atWork, ...rest } = options;
  const settings = { frames: [], ports: [0], seed: 1, steps: STEPS, ...rest };
  const rules: [string, (make: () => Made, settings: Settings) => void][] = [
    ['does nothing at early and spurious timeouts', spuriousTimeouts],
    ['is due later than now once a deadline is handled', deadlinesAhead],
    ['takes garbage, cut and changed frames without an exception', damagedFrames],
    ['does nothing when told again what a link is', spuriousLinks],
    ['leaves frames alone that it has lent or was lent', lentFramesUntouched],
    ['keeps nothing of frames that it gives away', givenFramesForgotten],
    ['does the same with frames that are given to it', sameGivenOrLent],
    ['gives the same outputs for the same inputs', sameOutputs],
  ];
  const checks = rules.map(([title, rule]) =>
    check(`${name} ${title}`, () => rule(make as () => Made, settings)),
  );
  if (atWork === undefined) return checks;
  const title = `${name} stands hostile frames while its peers are logged in and work goes on`;
  return [...checks, check(title, () => hostileFrames(atWork))];
}

/** Declares the checks of `machineContract` as tests of a runner such as vitest or node:test. */
export function describeMachine<Event>(
  runner: TestRunner,
  name: string,
  make: () => Machine<Event>,
  options: MachineContractOptions = {},
): void {
  describeChecks(runner, `${name}: machine contract`, machineContract(name, make, options));
}
