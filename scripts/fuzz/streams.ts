/**
 * Fuzzes machines that speak byte streams while they are at work: what passes between a client and its server is
 * changed, doubled and lost, a unit (a PDU, a record, a message) at a time, and others come in between that
 * nobody sent.
 *
 * Whatever a peer says: no machine throws, answers one unit with more than it may, is due at an instant that is
 * none, or keeps more than it may.
 */
import type { Instant } from '../../src/machine/machine.ts';
import { type RandomStream, streams } from '../../src/machine/random.ts';
import type { Conn, StreamMachine, StreamOutput } from '../../src/machine/stream-machine.ts';
import { type FrameKind, HostileFrames } from '../../src/testing/hostile-frames.ts';
import type { Kept } from '../../src/testing/index.ts';

/** The two ends of a connection. */
export type StreamSide = 'client' | 'server';

/** A client and its servers, freshly made. */
export interface StreamsAtWork {
  readonly client: StreamMachine<unknown>;
  /** By address and TCP port. */
  readonly servers: ReadonlyMap<string, StreamMachine<unknown>>;
  readonly units: FrameKind;
  /** Where the unit that begins at a byte ends, by what it says itself; the end of the bytes where it says nothing. */
  unitEnd(bytes: Uint8Array, at: number): number;
  /** Gives the client something to do, where it has nothing. */
  work(now: Instant): void;
  handleEvent?(side: StreamSide, event: unknown, now: Instant): void;
  done(): number;
  kept(): Iterable<Kept>;
}

/** A kind of world: its name, and worlds of it by number. */
export interface StreamWorldKind {
  readonly name: string;
  make(number: number): StreamsAtWork;
  /** Outputs that one unit may bring about. */
  readonly outputsMax: number;
}

/** What went wrong, and the unit that it went wrong at: with the seed it can be made again. */
export interface StreamFind {
  readonly making: number;
  readonly index: number;
  readonly what: string;
  readonly to: string;
  readonly unit: Uint8Array;
}

/** What was done. */
export interface StreamFuzzResult {
  /** Units that were changed, doubled or made. */
  readonly units: number;
  readonly makings: number;
  readonly done: number;
  readonly kinds: number;
  readonly connections: number;
  readonly outputsMost: number;
  readonly keptMost: readonly Kept[];
  readonly finds: readonly StreamFind[];
}

const UNITS_OF_ONE_MAKING = 1_000;
const FINDS_MAX = 10;
/** Turns without any work done, after which a world is made anew. */
const IDLE_TURNS_MAX = 3_000;
const TURNS_OF_A_LOOK = 64;
/** Units that wait to be delivered. */
const QUEUE_MAX = 20_000;
/** Timeouts at one instant: more mean that a machine keeps itself busy for ever. */
const TIMEOUTS_OF_AN_INSTANT_MAX = 1_000;
/** Shares of units that are changed, of rare kinds and of others, said twice, and lost. */
const ALTERED_OF_RARE = 0.15;
const ALTERED = 0.02;
const DOUBLED = 0.005;
const LOST = 0.002;
/** Connections that break in a turn, and units that nobody sent. */
const BROKEN = 0.002;
const MADE = 0.25;

class Unbounded extends Error {}

/** Sends so many hostile units to worlds of a kind. Errors: none; what machines throw is found. */
export function fuzzStreams(
  { make, outputsMax }: Pick<StreamWorldKind, 'make' | 'outputsMax'>,
  seed: number,
  unitsMax: number,
  progress: (units: number) => void = () => {},
): StreamFuzzResult {
  const finds: StreamFind[] = [];
  const known = new Set<string>();
  const keptMost = new Map<string, Kept>();
  const sum = { units: 0, makings: 0, done: 0, kinds: 0, connections: 0, outputsMost: 0 };
  while (sum.units < unitsMax && finds.length < FINDS_MAX) {
    const making = sum.makings++;
    const trial = new Trial(make(making), streams(seed).stream(`hostile units ${making}`));
    const most = Math.min(UNITS_OF_ONE_MAKING, unitsMax - sum.units);
    let [idleSince, done] = [0, 0];
    for (let index = 0; trial.units < most && index - idleSince < IDLE_TURNS_MAX; index++) {
      const what = trial.turn(outputsMax) ?? lookAt(trial, index, keptMost);
      if (what !== undefined) {
        const kind = what.replace(/\d+/g, 'n');
        if (!known.has(kind)) finds.push({ making, index, what, ...trial.last });
        known.add(kind);
        break;
      }
      if (trial.done !== done) [idleSince, done] = [index, trial.done];
    }
    sum.units += Math.max(1, trial.units);
    sum.done += trial.done;
    sum.kinds = Math.max(sum.kinds, trial.kinds);
    sum.connections += trial.connections;
    sum.outputsMost = Math.max(sum.outputsMost, trial.outputsMost);
    progress(sum.units);
  }
  return { ...sum, keptMost: [...keptMost.values()], finds };
}

function lookAt(trial: Trial, turn: number, most: Map<string, Kept>): string | undefined {
  if (turn % TURNS_OF_A_LOOK !== 0) return undefined;
  for (const kept of trial.kept()) {
    const key = `${kept.node} ${kept.what}`;
    if (kept.count > (most.get(key)?.count ?? -1)) most.set(key, kept);
    if (kept.count > kept.most)
      return `${kept.node} keeps ${kept.count} ${kept.what}, ${kept.most} at most`;
  }
  return undefined;
}

interface Pipe {
  readonly conn: Conn;
  readonly server: StreamMachine<unknown>;
  /** What each end may no more say. */
  readonly closed: Set<StreamSide>;
}

interface Waiting {
  readonly pipe: Pipe;
  readonly to: StreamSide;
  readonly bytes: Uint8Array | 'end' | 'reset';
}

/** One world, its connections, and the units under way. */
class Trial {
  units = 0;
  connections = 0;
  outputsMost = 0;
  last: { to: string; unit: Uint8Array } = { to: '', unit: new Uint8Array(0) };
  readonly #world: StreamsAtWork;
  readonly #random: RandomStream;
  readonly #hostile: HostileFrames;
  readonly #pipes = new Map<Conn, Pipe>();
  #queue: Waiting[] = [];
  #now: Instant = 0;
  #timeouts = 0;

  constructor(world: StreamsAtWork, random: RandomStream) {
    this.#world = world;
    this.#random = random;
    this.#hostile = new HostileFrames(random, world.units);
  }

  get done(): number {
    return this.#world.done();
  }

  get kinds(): number {
    return this.#hostile.kinds;
  }

  kept(): Iterable<Kept> {
    return this.#world.kept();
  }

  /** Something is done; what goes wrong in it, in words. */
  turn(outputsMax: number): string | undefined {
    try {
      this.#turn(outputsMax);
      return undefined;
    } catch (error) {
      if (error instanceof Unbounded) return error.message;
      if (!(error instanceof Error)) return `throws ${String(error)}`;
      const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
      const at = lines.find((line) => !line.includes('codecs')) ?? lines[0] ?? '';
      return `throws ${error.name}: ${error.message} (${at.trim()})`;
    }
  }

  #turn(outputsMax: number): void {
    const random = this.#random;
    this.#world.work(this.#now);
    this.#drain();
    if (this.#hostile.kinds > 0 && random.chance(MADE)) this.#make();
    if (random.chance(BROKEN)) this.#break();
    const next = this.#queue.shift();
    if (next === undefined) this.#wait();
    else this.#deliver(next, outputsMax);
  }

  /** Nothing is under way: time passes until somebody is due. */
  #wait(): void {
    const machines = [this.#world.client, ...this.#world.servers.values()];
    const due = Math.min(...machines.map(({ deadline }) => deadline ?? Number.POSITIVE_INFINITY));
    if (due === Number.POSITIVE_INFINITY) {
      this.#now += 1_000_000;
      return;
    }
    if (!Number.isFinite(due)) throw new Unbounded(`is due at ${due}`);
    this.#timeouts = due > this.#now ? 0 : this.#timeouts + 1;
    if (this.#timeouts > TIMEOUTS_OF_AN_INSTANT_MAX)
      throw new Unbounded(`${TIMEOUTS_OF_AN_INSTANT_MAX} timeouts at one instant`);
    this.#now = Math.max(this.#now, due);
    for (const one of machines)
      if ((one.deadline ?? Number.POSITIVE_INFINITY) <= this.#now) one.handleTimeout(this.#now);
  }

  /** Everything that machines have to say goes on its way. Returns how much it was. */
  #drain(): number {
    const { client, servers } = this.#world;
    let outputs = this.#poll(client, 'client');
    for (const server of servers.values()) outputs += this.#poll(server, 'server');
    return outputs;
  }

  #poll(machine: StreamMachine<unknown>, side: StreamSide): number {
    let outputs = 0;
    for (let out = machine.poll(); out !== undefined; out = machine.poll()) {
      outputs++;
      if (outputs > QUEUE_MAX) throw new Unbounded(`${QUEUE_MAX} outputs without an end`);
      this.#take(out, side);
    }
    return outputs;
  }

  #take(out: StreamOutput<unknown>, side: StreamSide): void {
    if ('event' in out) this.#world.handleEvent?.(side, out.event, this.#now);
    else if ('connect' in out) this.#connect(out.connect);
    else {
      const pipe = this.#pipes.get(out.conn);
      if (pipe === undefined || pipe.closed.has(side)) return;
      const to = side === 'client' ? 'server' : 'client';
      if ('close' in out) {
        pipe.closed.add(side);
        this.#queue.push({ pipe, to, bytes: out.close });
      } else this.#cut(pipe, to, out.send);
      if (this.#queue.length > QUEUE_MAX) throw new Unbounded('more is said than is ever heard');
    }
  }

  #connect({ id, address, port }: { id: number; address: string; port: number }): void {
    const { client, servers } = this.#world;
    const server = servers.get(`${address}:${port}`);
    if (server === undefined) {
      client.handleUnreachable?.(id, this.#now);
      return;
    }
    const conn = ++this.connections;
    this.#pipes.set(conn, { conn, server, closed: new Set() });
    server.handleOpened(conn, this.#now);
    client.handleOpened(conn, this.#now, id);
  }

  /** Bytes in units, each of which may come to harm. */
  #cut(pipe: Pipe, to: StreamSide, bytes: Uint8Array): void {
    const random = this.#random;
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, Math.max(at + 1, this.#world.unitEnd(bytes, at)));
      const unit = bytes.slice(at, end);
      at = end;
      const isRare = this.#hostile.see({ node: to, port: 0 }, unit);
      if (random.chance(LOST)) {
        this.units++;
        continue;
      }
      const isAltered = random.chance(isRare ? ALTERED_OF_RARE : ALTERED);
      if (isAltered) this.units++;
      const sent = isAltered ? this.#hostile.altered(unit) : unit;
      if (sent.length > 0) this.#queue.push({ pipe, to, bytes: sent });
      if (!random.chance(DOUBLED)) continue;
      this.units++;
      this.#queue.push({ pipe, to, bytes: unit });
    }
  }

  /** A unit that nobody sent comes on a connection that is there. */
  #make(): void {
    const pipe = this.#anyPipe();
    if (pipe === undefined) return;
    const { to, frame } = this.#hostile.next();
    if (frame.length === 0) return;
    this.units++;
    this.#queue.push({ pipe, to: to.node as StreamSide, bytes: frame });
  }

  #break(): void {
    const pipe = this.#anyPipe();
    if (pipe === undefined) return;
    this.#pipes.delete(pipe.conn);
    pipe.closed.add('client').add('server');
    this.#world.client.handleClosed(pipe.conn, 'reset', this.#now);
    pipe.server.handleClosed(pipe.conn, 'reset', this.#now);
  }

  #anyPipe(): Pipe | undefined {
    if (this.#pipes.size === 0) return undefined;
    let left = this.#random.below(this.#pipes.size);
    for (const pipe of this.#pipes.values()) if (left-- === 0) return pipe;
    return undefined;
  }

  #deliver({ pipe, to, bytes }: Waiting, outputsMax: number): void {
    const { conn, server } = pipe;
    const machine = to === 'client' ? this.#world.client : server;
    if (!this.#pipes.has(conn)) return;
    if (typeof bytes === 'string') {
      if (bytes === 'reset' || pipe.closed.size === 2) this.#pipes.delete(conn);
      machine.handleClosed(conn, bytes, this.#now);
      return;
    }
    this.last = { to, unit: bytes };
    const cut = this.#random.chance(0.2) ? this.#random.below(bytes.length) : 0;
    for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      if (part.length === 0) continue;
      // What is lent is gone after the call.
      const lent = part.slice();
      machine.handleBytes(conn, lent, this.#now);
      lent.fill(0xa5);
    }
    const outputs = this.#poll(machine, to);
    this.outputsMost = Math.max(this.outputsMost, outputs);
    if (outputs > outputsMax) throw new Unbounded(`one unit brings about ${outputs} outputs`);
  }
}
