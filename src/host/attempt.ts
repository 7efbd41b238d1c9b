/** One sending of a guest's I/O over one path. */
import { ScsiStatus } from '../codecs/scsi/index.ts';
import type { AttemptEnd } from '../history/io.ts';
import type { Chained } from '../machine/chain.ts';
import type { Path } from '../scsi/initiator/multipath.ts';
import type { CommandOutcome, OpenCommand, ScsiCommand } from '../scsi/transport.ts';
import type { GuestCommand } from './guest-command.ts';
import type { GuestIo } from './workload.ts';

/** Who hears of an attempt's end. */
export interface AttemptOwner {
  handleEnd(attempt: Attempt, outcome: CommandOutcome): void;
}

/** A command as it is sent, and what became of it. */
export class Attempt implements ScsiCommand, Chained<Attempt> {
  readonly #owner: AttemptOwner;
  readonly io: GuestIo;
  readonly number: number;
  readonly path: Path;
  readonly lun: bigint;
  readonly cdb: Uint8Array;
  readonly dataOut: Uint8Array | undefined;
  readonly dataInBytes: number | undefined;
  readonly timeoutNs: number;
  command: OpenCommand | undefined = undefined;
  ended = false;
  /** Its place among those under way. */
  chain: object | undefined = undefined;
  older: Attempt | undefined = undefined;
  newer: Attempt | undefined = undefined;

  constructor(
    owner: AttemptOwner,
    io: GuestIo,
    path: Path,
    sent: GuestCommand,
    cdbBytes: Uint8Array,
    timeoutNs: number,
  ) {
    this.#owner = owner;
    this.io = io;
    this.number = io.attempts;
    this.path = path;
    this.lun = path.lun;
    this.cdb = cdbBytes;
    this.dataOut = sent.dataOut;
    this.dataInBytes = sent.dataInBytes;
    this.timeoutNs = timeoutNs;
  }

  onDone(outcome: CommandOutcome): void {
    this.ended = true;
    this.#owner.handleEnd(this, outcome);
  }
}

/** What an outcome is in the books; `undefined` where nothing was sent. */
export function attemptEndOf(outcome: CommandOutcome): AttemptEnd | undefined {
  switch (outcome.end) {
    case 'answered':
      return outcome.status === ScsiStatus.GOOD ? 'good' : 'check';
    case 'nexus-lost':
      return outcome.confirmed ? 'lost-cleared' : 'lost-uncleared';
    case 'forgotten':
      return 'purged';
    case 'not-sent':
      return undefined;
    default:
      return outcome.end;
  }
}
