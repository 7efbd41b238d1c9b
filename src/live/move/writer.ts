/**
 * The guest whose move is watched: a program that writes numbered, checksummed blocks one at a time
 * (`lab/guest/stamp.c`) and notes each that the disk acknowledged. It stops on one host and goes on
 * on the other with the first block that was not acknowledged.
 */
import { type GuestChannel, GuestError, SECOND_MS_MAX } from './guest-channel.ts';

/** A writer that waits for its disk may take long. */
const STOP_LIMIT_S = 60;
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

/** A program that stands by in a guest, or runs there. */
interface Program {
  readonly guest: GuestChannel;
  readonly pid: number;
  readonly generation: number;
}

/**
 * The writer of one virtual machine, wherever it runs, and what was acknowledged to it.
 *
 * Errors: `GuestError` for a guest that does not answer, or a writer whose last line is another than expected.
 */
export class StampedWriter {
  readonly legs: WriterLeg[] = [];
  readonly #seed: number;
  readonly #pauseMs: number;
  readonly #files: string;
  #standing: Program | undefined;
  #running: (Program & { readonly leg: WriterLeg }) | undefined;

  constructor(seed: number, pauseMs: number) {
    this.#seed = seed;
    this.#pauseMs = pauseMs;
    this.#files = `/tmp/move-${seed}`;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Has a program stand by, as a virtual machine is made on its new host and waits there: what it
   * then takes to go on is a line of text, and not the start of a process.
   */
  async standBy(guest: GuestChannel): Promise<void> {
    // A block that the old host wrote last must not pass for one of the new host's.
    const generation = this.legs.length + 1;
    const { pipe, log, end } = this.#filesOf(generation);
    const options = `-g ${generation} -s ${this.#seed} -i ${this.#pauseMs} -l ${log}`;
    const pid = await guest.ok(
      `rm -f ${pipe} ${log}; mkfifo ${pipe}; stamp write - ${options} <> ${pipe} > ${end} 2>&1 & echo $!`,
    );
    this.#standing = { guest, pid: Number(pid), generation };
  }

  /** Ends what stands by. */
  async standDown(): Promise<void> {
    const standing = this.#standing;
    this.#standing = undefined;
    if (standing !== undefined) await standing.guest.run(`kill ${standing.pid}`);
  }

  /** Starts on a disk, with the first block that is not acknowledged yet. */
  async start(guest: GuestChannel, { name: disk, sectors }: GuestDisk): Promise<void> {
    const last = this.legs.at(-1);
    const first = last === undefined ? 0 : last.first + last.acknowledged;
    const room = Math.floor((sectors * 512) / BLOCK_BYTES) - first;
    if (room <= 0) throw new GuestError(`${guest.name}: /dev/${disk} is full; give a larger LUN`);
    if (this.#standing?.guest !== guest) {
      await this.standDown();
      await this.standBy(guest);
    }
    const program = this.#standing!;
    await guest.ok(
      `echo /dev/${disk} ${first} ${room} > ${this.#filesOf(program.generation).pipe}`,
    );
    const leg: WriterLeg = {
      host: guest.name,
      first,
      generation: program.generation,
      acknowledged: 0,
      firstAckS: undefined,
      lastAckS: undefined,
      longestGapMs: 0,
      error: undefined,
    };
    this.legs.push(leg);
    this.#standing = undefined;
    this.#running = { ...program, leg };
  }

  /** Waits for so many acknowledgements of the run under way, or its end. Errors: `GuestError`. */
  async reached(blocks: number, limitS: number): Promise<void> {
    const { guest, generation } = this.#running!;
    const { log, end } = this.#filesOf(generation);
    await guest.ok(
      `wait_for ${limitS} '[ $(grep -c ^ack ${log}) -ge ${blocks} ] || [ -s ${end} ]'`,
      limitS * SECOND_MS_MAX + 20_000,
    );
  }

  /** Stops behind the block under way, or `died`: waits for the error that ended it. */
  async stop(died = false): Promise<WriterLeg> {
    const { guest, pid, generation, leg } = this.#running!;
    const { end } = this.#filesOf(generation);
    // One command, for every other one adds to the time in which the virtual machine stands still.
    const text = await guest.ok(
      `${died ? '' : `kill ${pid}; `}await ${STOP_LIMIT_S} 1 'read -r l < ${end}' && echo "$l"`,
      STOP_LIMIT_S * SECOND_MS_MAX,
    );
    const stop =
      /^stop \d+ from=([\d.]+) to=([\d.]+) acked=(\d+) longest-gap=([\d.]+)ms(?: error: (.*))?$/m.exec(
        text,
      );
    if (stop === null) throw new GuestError(`${guest.name}: the writer says: ${text}`);
    const [from, to, acknowledged, longestGapMs] = stop.slice(1, 5).map(Number);
    leg.acknowledged = acknowledged!;
    leg.longestGapMs = longestGapMs!;
    leg.error = stop[5];
    if (leg.acknowledged > 0) [leg.firstAckS, leg.lastAckS] = [from, to];
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

  /** What starts a program, what it acknowledges, and its last line. */
  #filesOf(generation: number) {
    const base = `${this.#files}-${generation}`;
    return { pipe: `${base}.pipe`, log: `${base}.log`, end: `${base}.end` };
  }
}
