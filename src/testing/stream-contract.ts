/**
 * The contract of machines that speak byte streams as checks that anybody can run on a machine of their
 * own: `StreamMachine`, whole.
 *
 * The checks know nothing of the protocol. They feed the machine what peers say, in pieces of any
 * size, cut in the middle, changed, and broken off in either way, and watch what it does.
 */
import { MILLISECOND } from '../machine/machine.ts';
import { type RandomStream, streams } from '../machine/random.ts';
import type { Conn, StreamMachine } from '../machine/stream-machine.ts';
import { Broken, type ContractCheck, check, describeChecks, type TestRunner } from './check.ts';
import { StreamRun } from './stream-run.ts';

/** What the checks feed, and what they hold the machine to. */
export interface StreamContractOptions {
  /** What peers say in a whole conversation, each on a connection of its own; one at least. */
  readonly conversations: readonly Uint8Array[];
  /** Seed of how they are cut and changed; 1 unless told. */
  readonly seed?: number;
  /** Ways in which each conversation is cut, and changed; 24 unless told. */
  readonly rounds?: number;
  /** Bytes that the machine may send for one byte that came, beside a first `bytesOutFree`; 64 unless told. */
  readonly bytesOutPerByte?: number;
  /** Bytes that it may send whatever came: greetings, refusals; 4,096 unless told. */
  readonly bytesOutFree?: number;
}

type Made = StreamMachine<unknown>;
type Settings = Required<StreamContractOptions>;

const ROUNDS = 24;
const BYTES_OUT_PER_BYTE = 64;
const BYTES_OUT_FREE = 4_096;
const NOISE_BYTES = 400;
const LATE_NS = 30_000 * MILLISECOND;

/** Places to cut at, ascending. */
function cutsOf(random: RandomStream, length: number): number[] {
  if (random.chance(0.2)) return Array.from({ length }, (_, at) => at);
  const cuts = Array.from({ length: 1 + random.below(6) }, () => random.below(length + 1));
  return cuts.sort((a, b) => a - b);
}

function feedInPieces(
  run: StreamRun,
  conn: Conn,
  bytes: Uint8Array,
  cuts: readonly number[],
): void {
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    run.bytes(conn, bytes.subarray(from, cut));
    from = cut;
  }
}

/** Conversations one after the other, each on its own connection and with its end. */
function whole(make: () => Made, { conversations }: Settings): string {
  const run = new StreamRun(make());
  for (const bytes of conversations) {
    const conn = run.open();
    run.bytes(conn, bytes);
    run.close(conn, 'end');
  }
  run.wait(MILLISECOND);
  return run.said.text();
}

function anySplit(make: () => Made, settings: Settings): void {
  const expected = whole(make, settings);
  const random = streams(settings.seed).stream('cuts');
  for (let round = 0; round < settings.rounds; round++) {
    const run = new StreamRun(make());
    for (const bytes of settings.conversations) {
      const conn = run.open();
      feedInPieces(run, conn, bytes, cutsOf(random, bytes.length));
      run.close(conn, 'end');
    }
    run.wait(MILLISECOND);
    const said = run.said.text();
    if (said !== expected)
      throw new Broken(`cut in other places, gives "${said}" and not "${expected}"`);
  }
}

function anyInterleaving(make: () => Made, settings: Settings): void {
  const alone = settings.conversations.map((bytes) =>
    whole(make, { ...settings, conversations: [bytes] }),
  );
  const random = streams(settings.seed).stream('turns');
  const run = new StreamRun(make());
  const conns = settings.conversations.map((bytes) => ({ conn: run.open(), bytes, at: 0 }));
  for (let left = conns; left.length > 0; ) {
    const one = left[random.below(left.length)]!;
    const end = Math.min(one.bytes.length, one.at + 1 + random.below(16));
    run.bytes(one.conn, one.bytes.subarray(one.at, end));
    one.at = end;
    if (end === one.bytes.length) run.close(one.conn, 'end');
    left = left.filter(({ at, bytes }) => at < bytes.length);
  }
  run.wait(MILLISECOND);
  for (const [i, { conn }] of conns.entries()) {
    const line = run.said
      .text()
      .split('\n')
      .find((text) => text.startsWith(`${conn}: `));
    const expected = alone[i]!.split('\n').find((text) => text.startsWith('1: '));
    if (line?.replace(/^\d+/, '') !== expected?.replace(/^\d+/, ''))
      throw new Broken(`conversation ${i} goes otherwise beside others: "${line}"`);
  }
}

function brokenOff(make: () => Made, { conversations, seed }: Settings): void {
  const random = streams(seed).stream('ends');
  for (const bytes of conversations) {
    for (let at = 0; at <= bytes.length; at++) {
      for (const how of ['end', 'reset'] as const) {
        const run = new StreamRun(make());
        const conn = run.open();
        run.bytes(conn, bytes.subarray(0, at));
        run.close(conn, how);
        // The end may be followed by the break, and bytes may be late: neither may hurt.
        if (how === 'end' && random.chance(0.5)) run.close(conn, 'reset');
        run.wakeEarly();
        run.wait();
      }
    }
  }
}

function halfOpen(make: () => Made, { conversations }: Settings): void {
  for (const bytes of conversations) {
    const run = new StreamRun(make());
    const conn = run.open();
    run.bytes(conn, bytes);
    run.wait();
    const others = run.open();
    run.close(conn, 'end');
    run.wait();
    if (!run.said.closed.has(conn))
      throw new Broken('does not close a connection whose peer has said all');
    run.bytes(others, bytes);
    run.wait();
  }
}

function deadConnections(make: () => Made, { conversations }: Settings): void {
  const run = new StreamRun(make());
  for (const bytes of conversations) {
    const conn = run.open();
    run.close(conn, 'reset');
    run.bytes(conn, bytes);
    run.bytes(conn + 1_000_000, bytes);
    run.wait();
  }
}

/** Connections that the machine asked for come late, or never. */
function askedConnections(make: () => Made, { conversations }: Settings): void {
  const refused = new StreamRun(make());
  refused.wait();
  const late = new StreamRun(make());
  for (const bytes of conversations) {
    const { asked } = late.said;
    for (let i = 0; i < asked.size; i++) late.close(late.open(), 'reset');
    late.wait(late.now + LATE_NS);
    const conn = late.open();
    late.bytes(conn, bytes);
    late.close(conn, 'end');
  }
  late.wait();
}

/** Some bytes of a conversation with other values, cut, doubled, or noise. */
function hostile(random: RandomStream, bytes: Uint8Array): Uint8Array {
  if (random.chance(0.2))
    return Uint8Array.from({ length: random.below(NOISE_BYTES) }, () => random.below(256));
  const made = bytes.slice();
  for (let i = 1 + random.below(4); i > 0 && made.length > 0; i--) {
    const at = random.below(made.length);
    made[at] = [0, 1, 0x7f, 0x80, 0xff, random.below(256)][random.below(6)]!;
  }
  if (random.chance(0.2)) return made.subarray(0, random.below(made.length + 1));
  if (!random.chance(0.2)) return made;
  const twice = new Uint8Array(made.length * 2);
  twice.set(made);
  twice.set(made, made.length);
  return twice;
}

function anyBytes(make: () => Made, settings: Settings): void {
  const { conversations, seed, rounds, bytesOutPerByte, bytesOutFree } = settings;
  const random = streams(seed).stream('bytes');
  for (let round = 0; round < rounds * conversations.length; round++) {
    const bytes = hostile(random, conversations[round % conversations.length]!);
    const run = new StreamRun(make());
    const conn = run.open();
    feedInPieces(run, conn, bytes, cutsOf(random, bytes.length));
    run.wakeEarly();
    run.close(conn, random.chance(0.5) ? 'end' : 'reset');
    run.wait();
    const most = bytesOutFree + bytesOutPerByte * run.bytesIn;
    if (run.said.bytesOut > most)
      throw new Broken(`sends ${run.said.bytesOut} bytes for ${run.bytesIn}, ${most} at most`);
  }
}

function sameOutputs(make: () => Made, settings: Settings): void {
  const first = whole(make, settings);
  const again = whole(make, settings);
  if (first !== again) throw new Broken(`gives "${first}" once and "${again}" again`);
}

/**
 * The rules of the stream contract as checks on machines that `make` gives, each freshly made and in
 * the same state every time.
 */
export function streamContract<Event>(
  name: string,
  make: () => StreamMachine<Event>,
  options: StreamContractOptions,
): ContractCheck[] {
  const settings: Settings = {
    seed: 1,
    rounds: ROUNDS,
    bytesOutPerByte: BYTES_OUT_PER_BYTE,
    bytesOutFree: BYTES_OUT_FREE,
    ...options,
  };
  const rules: [string, (make: () => Made, settings: Settings) => void][] = [
    ['says the same however the bytes are cut', anySplit],
    ['keeps connections apart', anyInterleaving],
    ['stands conversations that break off', brokenOff],
    ['closes when its peer has said all', halfOpen],
    ['says nothing on connections that are over', deadConnections],
    ['stands connections that it asked for and does not get', askedConnections],
    ['stands any bytes, and answers in proportion', anyBytes],
    ['gives the same outputs for the same inputs', sameOutputs],
  ];
  return rules.map(([title, rule]) =>
    check(`${name} ${title}`, () => rule(make as () => Made, settings)),
  );
}

/** Declares the checks of `streamContract` as tests of a runner such as vitest or node:test. */
export function describeStreamMachine<Event>(
  runner: TestRunner,
  name: string,
  make: () => StreamMachine<Event>,
  options: StreamContractOptions,
): void {
  describeChecks(runner, `${name}: stream contract`, streamContract(name, make, options));
}
