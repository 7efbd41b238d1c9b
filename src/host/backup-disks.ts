/** The logical units of a backup agent: blocks read and written by its own login, over whatever path there is. */
import { type CdbInput, cdb, ScsiStatus } from '../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../scsi/medium/medium.ts';
import type { CommandOutcome } from '../scsi/transport.ts';
import type { Storage } from './storage.ts';

/** A command that found no path, or was not answered well, is sent again after this long. */
const AGAIN_NS = 20_000_000;
/** It fails after so many tries: ten seconds without a path. */
const TRIES_MAX = 500;

/** What the disks need of their machine. */
export interface DisksOwner {
  readonly storage: Storage;
  readonly commandTimeoutNs: number;
  after(delayNs: number, run: () => void): unknown;
}

/** Hears of the end of a command: its data, or `undefined` where it failed. */
type Done = (data: Uint8Array | undefined) => void;

/** Reads and writes blocks. */
export class BackupDisks {
  readonly #owner: DisksOwner;

  constructor(owner: DisksOwner) {
    this.#owner = owner;
  }

  /** Reads blocks; `done` is called once. */
  read(luName: string, lba: number, blocks: number, done: Done): void {
    const command: CdbInput = { kind: 'READ(10)', fua: 0, lba, transferLengthBlocks: blocks };
    this.#send(luName, command, undefined, blocks * BLOCK_BYTES, done, 1);
  }

  /** Writes whole blocks; `done` is called once. */
  write(luName: string, lba: number, data: Uint8Array, done: Done): void {
    const transferLengthBlocks = data.length / BLOCK_BYTES;
    const command: CdbInput = { kind: 'WRITE(10)', fua: 0, lba, transferLengthBlocks };
    this.#send(luName, command, data, 0, done, 1);
  }

  #send(
    luName: string,
    command: CdbInput,
    dataOut: Uint8Array | undefined,
    dataInBytes: number,
    done: Done,
    turn: number,
  ): void {
    const again = (): void => {
      if (turn >= TRIES_MAX) done(undefined);
      else {
        this.#owner.after(AGAIN_NS, () =>
          this.#send(luName, command, dataOut, dataInBytes, done, turn + 1),
        );
      }
    };
    const { commandTimeoutNs: timeoutNs, storage } = this.#owner;
    const path = storage.multipath.pick(luName);
    if (path === undefined) {
      again();
      return;
    }
    const { lun, nexus } = path;
    const onDone = (outcome: CommandOutcome): void => {
      const isGood = outcome.end === 'answered' && outcome.status === ScsiStatus.GOOD;
      if (isGood && outcome.data.length >= dataInBytes) done(outcome.data);
      else again();
    };
    const bytes = cdb.encode(command);
    nexus.execute({ lun, cdb: bytes, dataOut, dataInBytes, timeoutNs, onDone });
  }
}
