/** What stamped blocks say that reached the medium, or were read from it. */
import { parseHex } from '../../codecs/layout/index.ts';
import { readStamp, STAMP_BYTES, type StampReading } from '../../codecs/stamp/index.ts';
import type { BlocksApplied, ImageRead, MediumRead } from '../../history/index.ts';

type WithBlocks = BlocksApplied | MediumRead | ImageRead;

/** Reads the blocks of a happening when it is first asked for, once for all who ask. */
export class BlockReadings {
  readonly #isCopy: (luName: string) => boolean;
  readonly #luIds = new Map<string, Uint8Array>();
  #event: WithBlocks | undefined;
  #readings: readonly StampReading[] = [];

  /** `isCopy`: units whose blocks were written elsewhere and say nothing of who writes here. */
  constructor(isCopy: (luName: string) => boolean = () => false) {
    this.#isCopy = isCopy;
  }

  /** Block by block. Unmapped blocks have no data, and give no readings. */
  of(event: WithBlocks): readonly StampReading[] {
    if (event !== this.#event) {
      this.#event = event;
      this.#readings = this.#read(event);
    }
    return this.#readings;
  }

  #read({ luName, lba, blocks, data, type }: WithBlocks): StampReading[] {
    if (type !== 'image' && this.#isCopy(luName)) return [];
    let luId = this.#luIds.get(luName);
    if (luId === undefined) {
      luId = parseHex(luName);
      this.#luIds.set(luName, luId);
    }
    const readings: StampReading[] = [];
    for (let i = 0; i < blocks && (i + 1) * STAMP_BYTES <= data.length; i++) {
      readings.push(readStamp(data, i * STAMP_BYTES, { lba: lba + i, luId }));
    }
    return readings;
  }
}
