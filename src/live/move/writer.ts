/**
 * The guest whose move is watched: a program that writes numbered, checksummed blocks one at a time
 * (`lab/guest/stamp.c`) and notes each that the disk acknowledged. It stops on one host and goes on
 * on the other with the first block that was not acknowledged.
 */
import { type GuestChannel, GuestError } from './guest-channel.ts';

const STOP_LIMIT_MS = 600_000;
/** A writer that waits for its disk may take long. */
const STOP_POLLS_MAX = 20_000;
const CHECK_LIMIT_MS = 300_000;
/** Blocks that fit into a disk are written at most once. */
const BLOCK_BYTES = 4096;

/** What one run of the writer on one host came to. */
export interface WriterLeg {
  readonly host: string;
  readonly first: number;
  readonly generation: number;
  acknowledged: number;
  /** Guest's time of the first and the last acknowledgement, in seconds. */
  firstAckS: number | undefined;
  lastAckS: number | undefined;
  longestGapMs: number;
  error: string | undefined;
}

/** What reading everything back came to. */
export interface CheckResult {
  readonly blocks: number;
  readonly lost: number;
  readonly old: number;
  readonly torn: number;
  readonly unread: number;
}

/** A disk as a guest has it, such as `sda`. */
export interface GuestDisk {
  readonly name: string;
  readonly sectors: number;
}

export class StampedWriter {
  readonly legs: WriterLeg[] = [];
  readonly #seed: number;
  readonly #pauseMs: number;
  readonly #log: string;
  #running: WriterLeg | undefined;

  constructor(seed: number, pauseMs: number) {
    this.#seed = seed;
    this.#pauseMs = pauseMs;
    this.#log = `/tmp/move-${seed}`;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Starts on a disk of so many sectors, with the first block that is not acknowledged yet. */
  async start(guest: GuestChannel, { name: disk, sectors }: GuestDisk): Promise<void> {
    const last = this.legs.at(-1);
    const first = last === undefined ? 0 : last.first + last.acknowledged;
    // A block that the old host wrote last must not pass for one of the new host's.
    const generation = this.legs.length + 1;
    const leg: WriterLeg = {
      host: guest.name,
      first,
      generation,
      acknowledged: 0,
      firstAckS: undefined,
      lastAckS: undefined,
      longestGapMs: 0,
      error: undefined,
    };
    const room = Math.floor((sectors * 512) / BLOCK_BYTES) - first;
    if (room <= 0) throw new GuestError(`${guest.name}: /dev/${disk} is full; give a larger LUN`);
    const log = this.#logOf(leg);
    await guest.ok(
      `stamp write /dev/${disk} ${first} ${room} -g ${generation} -s ${this.#seed} -i ${this.#pauseMs} > ${log} 2>&1 & true`,
    );
    this.legs.push(leg);
    this.#running = leg;
  }

  /** Waits for so many acknowledgements of the run under way. Errors: `GuestError`. */
  async reached(guest: GuestChannel, blocks: number, limitS: number): Promise<void> {
    const log = this.#logOf(this.#running!);
    await guest.ok(
      `wait_for ${limitS} '[ $(grep -c ^ack ${log}) -ge ${blocks} ]'`,
      (limitS * 4 + 20) * 1000,
    );
  }

  /** Stops behind the block under way, or `died`: waits for the error that ended it. */
  async stop(guest: GuestChannel, died = false): Promise<WriterLeg> {
    const leg = this.#running!;
    const log = this.#logOf(leg);
    // One command, for every other one adds to the time in which the virtual machine stands still.
    const end = died ? '' : 'killall stamp 2>/dev/null; ';
    const text = await guest.ok(
      `${end}n=0; until grep -q ^stop ${log}; do usleep 2000; n=$((n+1)); [ $n -gt ${STOP_POLLS_MAX} ] && break; done; grep ^ack ${log} | sed -n '1p;$p'; grep ^stop ${log}`,
      STOP_LIMIT_MS,
    );
    const acks = [...text.matchAll(/^ack \d+ ([\d.]+)/gm)].map(([, seconds]) => Number(seconds));
    const stop = /^stop \d+ acked=(\d+) longest-gap=([\d.]+)ms(?: error: (.*))?$/m.exec(text);
    if (stop === null) throw new GuestError(`${guest.name}: the writer's log has no end`);
    leg.acknowledged = Number(stop[1]);
    leg.longestGapMs = Number(stop[2]);
    leg.error = stop[3];
    leg.firstAckS = acks[0];
    leg.lastAckS = acks.at(-1);
    this.#running = undefined;
    return leg;
  }

  /** Reads every acknowledged block back. */
  async check(guest: GuestChannel, disk: GuestDisk): Promise<CheckResult> {
    const sum = { blocks: 0, lost: 0, old: 0, torn: 0, unread: 0 };
    for (const { first, acknowledged, generation } of this.legs) {
      if (acknowledged === 0) continue;
      const { output } = await guest.run(
        `stamp check /dev/${disk.name} ${first} ${acknowledged} -g ${generation} -s ${this.#seed} | tail -1`,
        CHECK_LIMIT_MS,
      );
      const found = / ok=\d+ lost=(\d+) old=(\d+) torn=(\d+) unread=(\d+)/.exec(output);
      if (found === null) throw new GuestError(`${guest.name}: stamp check says: ${output}`);
      const [lost, old, torn, unread] = found.slice(1).map(Number);
      sum.blocks += acknowledged;
      sum.lost += lost!;
      sum.old += old!;
      sum.torn += torn!;
      sum.unread += unread!;
    }
    return sum;
  }

  #logOf(leg: WriterLeg): string {
    return `${this.#log}-${leg.generation}`;
  }
}
