/**
 * Files of an NFS server as logical units: what a hypervisor makes of a guest's disk on a file server. Commands
 * that read and write blocks become READ, WRITE and COMMIT of the file under the LUN; others are refused, as a
 * disk refuses what it does not know.
 *
 * Ownership: it owns the commands under way; the client is lent. Writes are FILE_SYNC: what was answered is
 * safe. There are no time-outs, as a hard mount has none, and no aborts, as NFS has none: a command that is
 * given up may still be carried out.
 */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  type Cdb,
  cdb,
  lunField,
  ScsiStatus,
  SenseCode,
  SenseKey,
} from '../../codecs/scsi/index.ts';
import type { InitiatorPort, TargetPort } from '../../history/port-name.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { BLOCK_BYTES } from '../../scsi/medium/medium.ts';
import { checkCondition } from '../../scsi/target/reply.ts';
import type {
  CommandOutcome,
  InitiatorNexus,
  OpenCommand,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import type { RemoteFile, RemoteFiles } from './remote-files.ts';
import type { OpenCall } from './rpc-client.ts';

/** A file as a logical unit. */
export interface NexusFile {
  readonly lunNumber: number;
  readonly file: RemoteFile;
  readonly blocks: number;
}

/** What a nexus asks of its owner. */
export interface FileNexusOwner {
  readonly now: Instant;
  readonly files: RemoteFiles;
  after(delayNs: number, run: () => void): Timer;
  /** The client has something to say. */
  drain(): void;
  contradiction(what: string): void;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const answered = (status: number, sense = NOTHING, data = NOTHING): CommandOutcome => ({
  end: 'answered',
  status,
  sense,
  data,
  residual: 0,
});
const refused = (key: number, code: number): CommandOutcome =>
  answered(ScsiStatus.CHECK_CONDITION, checkCondition(key, code).sense);
const GOOD = answered(ScsiStatus.GOOD);
const FAILED = refused(SenseKey.HARDWARE_ERROR, SenseCode.INTERNAL_TARGET_FAILURE);
const OUT_OF_RANGE = refused(
  SenseKey.ILLEGAL_REQUEST,
  SenseCode.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE,
);

/** A CDB that can be read; `undefined` for others. */
function decodedCdb(bytes: Uint8Array): Cdb | undefined {
  try {
    return cdb.decode(bytes);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return undefined;
  }
}

/** Where in the file the blocks are; `undefined` where it does not reach so far. */
function placeOf(
  { lba, transferLengthBlocks }: { lba: number | bigint; transferLengthBlocks: number },
  { blocks }: NexusFile,
): { offset: bigint; count: number } | undefined {
  if (Number(lba) + transferLengthBlocks > blocks) return undefined;
  return {
    offset: BigInt(lba) * BigInt(BLOCK_BYTES),
    count: transferLengthBlocks * BLOCK_BYTES,
  };
}

/** A command under way, and the call that it is waiting for. */
class FileCommand implements OpenCommand {
  tag: number;
  readonly #nexus: NfsFileNexus;
  readonly #command: ScsiCommand;
  #call: OpenCall | undefined;
  #isOver = false;

  constructor(nexus: NfsFileNexus, command: ScsiCommand, tag: number) {
    this.#nexus = nexus;
    this.#command = command;
    this.tag = tag;
  }

  /** A call is made for it, whose xid is the tag by which the server tells of it. */
  began(call: OpenCall): void {
    this.#call = call;
    this.tag = call.xid;
  }

  end(outcome: CommandOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#call?.forget();
    this.#nexus.forget(this);
    this.#command.onDone(outcome);
  }

  abort(): void {
    this.forget();
  }

  forget(): void {
    this.end({ end: 'forgotten' });
  }
}

/** The files that one client has of one server. */
export class NfsFileNexus implements InitiatorNexus {
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;
  readonly targetAddress = 0;
  readonly #owner: FileNexusOwner;
  readonly #files: ReadonlyMap<bigint, NexusFile>;
  readonly #open = new Set<FileCommand>();
  #isLost = false;
  #tags = 0;

  constructor(
    initiatorPort: InitiatorPort,
    targetPort: TargetPort,
    files: readonly NexusFile[],
    owner: FileNexusOwner,
  ) {
    this.initiatorPort = initiatorPort;
    this.targetPort = targetPort;
    this.#owner = owner;
    this.#files = new Map(files.map((file) => [lunField(file.lunNumber), file]));
  }

  get address(): number {
    return 0;
  }

  get ready(): boolean {
    return !this.#isLost;
  }

  /** Commands whose end nobody knows. */
  get outstanding(): number {
    return this.#open.size;
  }

  execute(command: ScsiCommand): OpenCommand | undefined {
    if (this.#isLost) {
      command.onDone({ end: 'not-sent' });
      return undefined;
    }
    const file = this.#files.get(command.lun);
    const wanted = decodedCdb(command.cdb);
    const open = this.#start(file, wanted, command);
    this.#owner.drain();
    return open;
  }

  #start(file: NexusFile | undefined, wanted: Cdb | undefined, command: ScsiCommand): FileCommand {
    const { files, now } = this.#owner;
    const later = (outcome: CommandOutcome): FileCommand => {
      const open = this.#opened(command);
      this.#owner.after(0, () => open.end(outcome));
      return open;
    };
    if (file === undefined)
      return later(refused(SenseKey.ILLEGAL_REQUEST, SenseCode.LOGICAL_UNIT_NOT_SUPPORTED));
    switch (wanted?.kind) {
      case 'TEST UNIT READY':
        return later(GOOD);
      case 'SYNCHRONIZE CACHE(10)':
      case 'SYNCHRONIZE CACHE(16)':
        return this.#opened(command, (open) =>
          files.commit(file.file, now, ({ state }) => open.end(state === 'done' ? GOOD : FAILED)),
        );
      case 'READ(10)':
      case 'READ(16)': {
        const place = placeOf(wanted, file);
        if (place === undefined) return later(OUT_OF_RANGE);
        return this.#opened(command, (open) =>
          files.read(file.file, place, now, (result) => {
            const data = result.state === 'done' ? result.value : NOTHING;
            const isWhole = result.state === 'done' && data.length === place.count;
            open.end(isWhole ? answered(ScsiStatus.GOOD, NOTHING, data) : FAILED);
          }),
        );
      }
      case 'WRITE(10)':
      case 'WRITE(16)': {
        const place = placeOf(wanted, file);
        if (place === undefined) return later(OUT_OF_RANGE);
        const data = (command.dataOut ?? NOTHING).subarray(0, place.count);
        return this.#opened(command, (open) =>
          files.write(file.file, place.offset, data, now, (result) => {
            const isWhole = result.state === 'done' && result.value === place.count;
            open.end(isWhole ? GOOD : FAILED);
          }),
        );
      }
      default:
        return later(refused(SenseKey.ILLEGAL_REQUEST, SenseCode.INVALID_COMMAND_OPERATION_CODE));
    }
  }

  #opened(command: ScsiCommand, call?: (open: FileCommand) => OpenCall): FileCommand {
    const open = new FileCommand(this, command, this.#nextTag());
    this.#open.add(open);
    if (call !== undefined) open.began(call(open));
    return open;
  }

  #nextTag(): number {
    this.#tags += 1;
    return 0xffff_ffff - this.#tags;
  }

  /** A command has ended. */
  forget(command: FileCommand): void {
    this.#open.delete(command);
  }

  /** There is no such function. */
  manage(_request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    done('rejected');
  }

  contradiction(what: string): void {
    this.#owner.contradiction(what);
  }

  /** The files are gone: what is under way may still be carried out. */
  lost(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    for (const open of [...this.#open]) open.end({ end: 'nexus-lost', confirmed: false });
  }
}
