/**
 * The fuzz of machines that are logged in: they do their work with their peers, and between their
 * frames come others, which nobody of them sent.
 *
 * Whatever a peer sends: no machine throws, answers one frame with more than it may, is due at an
 * instant that is none, or keeps more than it may.
 */
import type { Instant, Machine } from '../machine/machine.ts';
import { SECOND } from '../machine/machine.ts';
import { type RandomStream, streams } from '../machine/random.ts';
import { type FrameKind, HostileFrames } from './hostile-frames.ts';
import { type Delivery, LittleNet, type PortOfNode } from './little-net.ts';

/** Something that a machine keeps, and the most that it may. */
export interface Kept {
  readonly node: string;
  readonly what: string;
  readonly count: number;
  readonly most: number;
}

/** Machines among their peers, freshly made. */
export interface MachinesAtWork {
  /** By name; the names are in what is found. */
  readonly machines: ReadonlyMap<string, Machine<unknown>>;
  readonly cables: readonly (readonly [PortOfNode, PortOfNode])[];
  /** The machines' owner hears what one of them told, and may change any of them at that instant. */
  handleEvent(node: string, event: unknown, now: Instant): void;
  /** How much work is done so far: I/Os, requests, whatever they are there for. */
  done(): number;
  /** What the machines keep, by their own counts. */
  kept(): Iterable<Kept>;
}

/** What to try, and how far. */
export interface AtWorkOptions {
  /** Makes the machines; the same number, the same machines. */
  make(number: number): MachinesAtWork;
  readonly frames: FrameKind;
  /** Seed of everything that is random. */
  readonly seed: number;
  /** Hostile frames to send. */
  readonly framesMax: number;
  /** Only to these machines; to all when left out. */
  readonly nodes?: readonly string[];
  /** Outputs that one frame may bring about at its receiver. */
  readonly outputsMax: number;
  /** Hostile frames before machines are made anew. */
  readonly framesOfOneMakingMax?: number;
  /** Number of the first making, to begin where something was found; 0 when left out. */
  readonly firstMaking?: number;
  /** Called now and then, with the frames sent so far. */
  readonly progress?: (frames: number) => void;
}

/** What went wrong, and the frame that it went wrong at. */
export interface AtWorkFind {
  /** Number of the making, and of the hostile frame in it: with the seed, they make it again. */
  readonly making: number;
  readonly index: number;
  readonly what: string;
  readonly to: PortOfNode;
  readonly frame: Uint8Array;
}

/** What was done. */
export interface AtWorkResult {
  /** Hostile frames: those that nobody sent, and those that were changed under way. */
  readonly frames: number;
  readonly makings: number;
  /** Work that the machines did meanwhile. */
  readonly done: number;
  /** Kinds of frame that were seen and changed, in the making that saw most. */
  readonly kinds: number;
  /** Most outputs that one frame brought about. */
  readonly outputsMost: number;
  /** The most that was kept of each thing, by machine. */
  readonly keptMost: readonly Kept[];
  readonly finds: readonly AtWorkFind[];
}

const FRAMES_OF_ONE_MAKING = 4_000;
/** The machines must be at work by then. */
const WORK_BEGINS_NS = 120 * SECOND;
const WORK_BEGINS = 10;
/** Steps of the machines' own between two hostile frames, at most. */
const STEPS_BETWEEN = 6;
/** A link flaps about once in so many turns. */
const FRAMES_OF_A_FLAP = 250;
/** Share of the frames under way that are changed, of rare kinds and of others. */
const ALTERED_OF_RARE = 0.3;
const ALTERED = 0.01;
/** Counts are looked at so often. */
const FRAMES_OF_A_LOOK = 64;
/** Machines that have done nothing for so many hostile frames are made anew. */
const IDLE_FRAMES_MAX = 1_500;
/** A run ends after so many finds, repeated ones counted: they are likely to have one cause. */
const FINDS_MAX = 20;
/** Steps at one instant: more means that machines keep each other, or themselves, busy for ever. */
const STEPS_OF_AN_INSTANT_MAX = 4_000;

/** Sends hostile frames to machines at work. Errors: `Error` when they never get to work. */
export function fuzzAtWork(options: AtWorkOptions): AtWorkResult {
  return new Fuzz(options).run();
}

class Fuzz {
  readonly #options: AtWorkOptions;
  readonly #finds: AtWorkFind[] = [];
  readonly #known = new Set<string>();
  #found = 0;
  readonly #keptMost = new Map<string, Kept>();
  #frames = 0;
  #makings = 0;
  #done = 0;
  #kinds = 0;
  #outputsMost = 0;

  constructor(options: AtWorkOptions) {
    this.#options = options;
  }

  run(): AtWorkResult {
    const { framesMax } = this.#options;
    while (this.#frames < framesMax && this.#found < FINDS_MAX) this.#tryOneMaking();
    return {
      frames: this.#frames,
      makings: this.#makings,
      done: this.#done,
      kinds: this.#kinds,
      outputsMost: this.#outputsMost,
      keptMost: [...this.#keptMost.values()],
      finds: this.#finds,
    };
  }

  /** Machines from their start until they are spent: dead, found out, or old. */
  #tryOneMaking(): void {
    const { make, seed, framesMax, frames, nodes, outputsMax, progress } = this.#options;
    const making = (this.#options.firstMaking ?? 0) + this.#makings++;
    const random = streams(seed).stream(`hostile frames ${making}`);
    const atWork = make(making);
    const trial = new Trial(atWork, random, new HostileFrames(random, frames), nodes);
    trial.begin();
    const limit = this.#options.framesOfOneMakingMax ?? FRAMES_OF_ONE_MAKING;
    let idleSince = 0;
    let done = atWork.done();
    for (let index = 0; index < limit && this.#frames + trial.frames < framesMax; index++) {
      const what =
        trial.fault(() => trial.turn(outputsMax)) ??
        (index % FRAMES_OF_A_LOOK === 0 ? this.#keptTooMuch(atWork) : undefined);
      if (what !== undefined) {
        this.#note({ making, index, what, ...trial.last });
        break;
      }
      if (atWork.done() !== done) {
        done = atWork.done();
        idleSince = index;
      } else if (index - idleSince > IDLE_FRAMES_MAX) break;
      if (index % 1_000 === 0) progress?.(this.#frames + trial.frames);
    }
    this.#frames += trial.frames;
    this.#done += atWork.done();
    this.#kinds = Math.max(this.#kinds, trial.kinds);
    this.#outputsMost = Math.max(this.#outputsMost, trial.outputsMost);
  }

  #keptTooMuch(atWork: MachinesAtWork): string | undefined {
    let wrong: string | undefined;
    for (const kept of atWork.kept()) {
      const key = `${kept.node} ${kept.what}`;
      if (kept.count > (this.#keptMost.get(key)?.count ?? -1)) this.#keptMost.set(key, kept);
      if (kept.count > kept.most)
        wrong ??= `${kept.node} keeps ${kept.count} ${kept.what}, ${kept.most} at most`;
    }
    return wrong;
  }

  /** One find of its kind is enough. */
  #note(find: AtWorkFind): void {
    this.#found++;
    const kind = find.what.replace(/\d+/g, 'n');
    if (this.#known.has(kind)) return;
    this.#known.add(kind);
    this.#finds.push(find);
  }
}

class Unbounded extends Error {}

/** Machines at work, and the frames that were seen among them. */
class Trial {
  /** Hostile frames so far. */
  frames = 0;
  readonly #atWork: MachinesAtWork;
  readonly #random: RandomStream;
  readonly #net: LittleNet;
  readonly #hostile: HostileFrames;
  readonly #nodes: ReadonlySet<string> | undefined;
  #alters = false;
  #stepsOfInstant = 0;

  constructor(
    atWork: MachinesAtWork,
    random: RandomStream,
    hostile: HostileFrames,
    nodes: readonly string[] | undefined,
  ) {
    this.#atWork = atWork;
    this.#random = random;
    this.#hostile = hostile;
    this.#nodes = nodes === undefined ? undefined : new Set(nodes);
    this.#net = new LittleNet(atWork.machines, atWork.cables, (node, event) =>
      atWork.handleEvent(node, event, this.#net.now),
    );
    this.#net.onFrame = (to, frame) => this.#passing(to, frame);
  }

  get kinds(): number {
    return this.#hostile.kinds;
  }

  get outputsMost(): number {
    return this.#net.outputsMost;
  }

  /** The last frame that any machine was given. */
  get last(): Delivery {
    return this.#net.last!;
  }

  /** Errors: `Error` when the machines are not at work in good time. */
  begin(): void {
    this.#net.plugIn();
    while (this.#atWork.done() < WORK_BEGINS) {
      if (!this.#net.step() || this.#net.now > WORK_BEGINS_NS)
        throw new Error(
          `the machines have done ${this.#atWork.done()} of ${WORK_BEGINS} in ${this.#net.now} ns`,
        );
    }
    this.#alters = true;
  }

  /**
   * The machines do some of their work, then a hostile frame comes, and now and then a link flaps, so
   * that everybody logs in anew. Errors: what a machine throws; `Unbounded`.
   */
  turn(outputsMax: number): void {
    const random = this.#random;
    this.#stepSome(random.below(STEPS_BETWEEN + 1));
    if (random.below(FRAMES_OF_A_FLAP) === 0) this.#net.flap(random.below(2 ** 16));
    const { to, frame } = this.#hostile.next();
    this.frames++;
    this.#net.deliver(to, frame);
    if (this.#net.outputsMost > outputsMax)
      throw new Unbounded(`one frame brings about ${this.#net.outputsMost} outputs`);
  }

  /** A frame comes by a cable: it is seen, and now and then changed; a rare one often. */
  #passing(to: PortOfNode, frame: Uint8Array): Uint8Array {
    if (this.#nodes !== undefined && !this.#nodes.has(to.node)) return frame;
    const isRare = this.#hostile.see(to, frame);
    if (!this.#alters || !this.#random.chance(isRare ? ALTERED_OF_RARE : ALTERED)) return frame;
    this.frames++;
    return this.#hostile.altered(frame);
  }

  #stepSome(steps: number): void {
    for (let i = 0; i < steps; i++) {
      const before = this.#net.now;
      if (!this.#net.step()) return;
      if (this.#net.now !== before) this.#stepsOfInstant = 0;
      else if (++this.#stepsOfInstant > STEPS_OF_AN_INSTANT_MAX)
        throw new Unbounded(`${STEPS_OF_AN_INSTANT_MAX} steps at one instant`);
    }
  }

  /** What goes wrong in `work`, in words. */
  fault(work: () => void): string | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      if (error instanceof Unbounded) return error.message;
      if (!(error instanceof Error)) return `throws ${String(error)}`;
      // Where a codec was called from says more than where in the codec it was thrown.
      const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
      const at = lines.find((line) => !line.includes('codecs')) ?? lines[0];
      return `throws ${error.name}: ${error.message}${at === undefined ? '' : ` (${at.trim()})`}`;
    }
  }
}
