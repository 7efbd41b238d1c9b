/**
 * A program in a guest that writes numbered blocks one at a time and keeps a ledger of those that
 * were acknowledged (`lab/guest/stamp.c`).
 */
import { expect } from 'vitest';
import type { Guest } from './guest.ts';

const FINISH_LIMIT_S = 200;
const BLOCKS_OF_64M = 16_384;

export interface Written {
  /** Blocks 0 to this, less one, were acknowledged. */
  readonly acknowledged: number;
  /** Longest time between two acknowledgements, in seconds. */
  readonly longestGapS: number;
  /** Why it stopped early. */
  readonly error: string | undefined;
}

export class Writer {
  readonly #guest: Guest;
  readonly #disk: string;
  readonly #log: string;

  private constructor(guest: Guest, disk: string, log: string) {
    this.#guest = guest;
    this.#disk = disk;
    this.#log = log;
  }

  /** Starts to write blocks of 4 KiB with pauses, in the background, until `blocks` or `finish`. */
  static async start(
    guest: Guest,
    disk: string,
    { blocks = BLOCKS_OF_64M, pauseMs = 10 } = {},
  ): Promise<Writer> {
    const log = `/tmp/writer-${disk.replaceAll('/', '-')}.log`;
    await guest.ok(`stamp write ${disk} 0 ${blocks} -i ${pauseMs} > ${log} 2>&1 & true`);
    const writer = new Writer(guest, disk, log);
    await writer.reached(1);
    return writer;
  }

  /** Waits until so many blocks are acknowledged. */
  async reached(blocks: number, limitS = 60): Promise<void> {
    const counted = `[ $(grep -c ^ack ${this.#log}) -ge ${blocks} ]`;
    await this.#guest.ok(`wait_for ${limitS} '${counted}'`, (limitS * 2 + 10) * 1000);
  }

  async acknowledged(): Promise<number> {
    return Number(await this.#guest.ok(`grep -c ^ack ${this.#log}; true`));
  }

  /** Ends it behind the block under way, if it has not met an error before. */
  async finish(limitS = FINISH_LIMIT_S): Promise<Written> {
    await this.#guest.ok('killall stamp; true');
    await this.#guest.ok(`wait_for ${limitS} 'grep -q ^stop ${this.#log}'`, limitS * 2000);
    const stop = await this.#guest.ok(`grep ^stop ${this.#log}`);
    const [, acknowledged, gapMs, error] =
      /acked=(\d+) longest-gap=([\d.]+)ms(?: error: (.*))?$/.exec(stop)!;
    return {
      acknowledged: Number(acknowledged),
      longestGapS: Number(gapMs) / 1000,
      error,
    };
  }

  /** Ends it, then reads every acknowledged block back: none may be lost, old or torn. */
  async finishAndCheck(limitS = FINISH_LIMIT_S): Promise<Written> {
    const written = await this.finish(limitS);
    const { output } = await this.#guest.run(
      `stamp check ${this.#disk} 0 ${written.acknowledged}`,
      FINISH_LIMIT_S * 1000,
    );
    expect(output.split('\n').at(-1)).toBe(
      `checked 0..${written.acknowledged - 1} ok=${written.acknowledged} lost=0 old=0 torn=0 unread=0`,
    );
    return written;
  }
}
