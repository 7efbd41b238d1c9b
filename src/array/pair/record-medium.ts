/** The unit by which the arrays of a pair tell each other of what is not in blocks of hosts. */
import { BLOCK_BYTES, type Medium } from '../../scsi/medium/medium.ts';
import { STATES_LBA } from './reservation-states.ts';

/** Who hears of what is written to it, and knows what is read of it. */
export interface RecordKeeper {
  handleRecord(block: Uint8Array): void;
  /** The maps of what differs, in whole blocks. */
  mapBlocks(): Uint8Array;
  /** What is reserved, in whole blocks. */
  stateBlocks(): Uint8Array;
}

/** Its first block is written, behind it are the maps of what differs, then what is reserved. */
export class RecordMedium implements Medium {
  readonly blockBytes = BLOCK_BYTES;
  /** More than any map and any state has. */
  readonly blocks = 2 ** 20;
  /** Whose it is. */
  pair: RecordKeeper | undefined;

  read(lba: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count * BLOCK_BYTES);
    if (lba === 0 || this.pair === undefined) return bytes;
    const isOfStates = lba >= STATES_LBA;
    const all = isOfStates ? this.pair.stateBlocks() : this.pair.mapBlocks();
    const from = (lba - (isOfStates ? STATES_LBA : 1)) * BLOCK_BYTES;
    bytes.set(all.subarray(from, from + bytes.length));
    return bytes;
  }

  write(lba: number, data: Uint8Array): void {
    if (lba === 0) this.pair?.handleRecord(data.slice(0, BLOCK_BYTES));
  }
}
