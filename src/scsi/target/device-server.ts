/**
 * The device server: checks a command, then runs it.
 *
 * `prepare` decides from the CDB and the state of the logical unit whether the command may run,
 * before any data is fetched; what it gives back runs it. Checks go from the nexus to the details: does
 * the LUN exist, is a unit attention owed, is the command known, do reservations, asymmetric
 * access and the start state allow it, is the CDB right, are the blocks there.
 * Source: SAM-5, 5.14 (unit attentions first); SPC-4, 5.13; SBC-3, clause 4.
 */
import { Control, SenseCode, SenseKey } from '../../codecs/scsi/index.ts';
import type { HoldState } from '../../history/storage.ts';
import { BLOCK_BYTES, MediumError } from '../medium/medium.ts';
import type { Reply } from '../transport.ts';
import type { Command, TargetContext } from './command.ts';
import { findCommand, hasServiceActions } from './commands/index.ts';
import { answerWithoutUnit } from './commands/without-unit.ts';
import { TRANSFER_BLOCKS_MAX } from './limits.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { CheckedCommand, Nexus, Task } from './nexus.ts';
import {
  checkCondition,
  illegalRequest,
  invalidFieldInCdb,
  RESERVATION_CONFLICT,
} from './reply.ts';

/** LOGICAL UNIT SOFTWARE WRITE PROTECTED. */
const SOFTWARE_WRITE_PROTECTED = 0x2702;
/** INVALID FIELD IN COMMAND INFORMATION UNIT. */
const INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT = 0x0e03;

const NO_BYTES = new Uint8Array(0);

/** Decodes a CDB's fixed fields; padding behind them is no part of it. Errors: `CodecError`. */
function decode(command: Command, cdb: Uint8Array): unknown {
  return command.codec.decode(cdb, 0, Math.min(command.codec.headBytes, cdb.length));
}

/** Data-out that a CDB asks for, as far as it is known; 0 for an unknown command. Errors: `CodecError`. */
export function dataOutLength(cdb: Uint8Array): number {
  const command = findCommand(cdb);
  return command?.dataOutBytes?.(decode(command, cdb)) ?? 0;
}

/** Most data-in that a CDB allows; 0 for an unknown command. Errors: `CodecError`. */
export function dataInLength(cdb: Uint8Array): number {
  const command = findCommand(cdb);
  return command?.dataInBytes?.(decode(command, cdb)) ?? 0;
}

/** A command that has been checked and may run. */
class Checked implements CheckedCommand {
  readonly target: TargetContext;
  readonly task: Task;
  readonly command: Command;
  readonly lu: LogicalUnit;
  /** The decoded CDB. */
  readonly cdb: unknown;
  readonly dataOutBytes: number;
  /**
   * Reservations at this moment, which decided that it may run: a reservation that is made or
   * taken over later does not refuse it any more (SPC-3, 5.6.1), only PREEMPT AND ABORT ends it.
   */
  readonly held: HoldState | undefined;

  constructor(
    target: TargetContext,
    task: Task,
    command: Command,
    lu: LogicalUnit,
    cdb: unknown,
    dataOutBytes: number,
  ) {
    this.target = target;
    this.task = task;
    this.command = command;
    this.lu = lu;
    this.cdb = cdb;
    this.dataOutBytes = dataOutBytes;
    this.held = lu.reservations.holdFor(task.nexus);
  }

  get name(): string {
    return this.command.name;
  }

  /** Its LUN must still lead to the same logical unit: a mask that changed while data was under way refuses it. */
  run(dataOut: Uint8Array = NO_BYTES): Reply {
    const { target, task, lu, dataOutBytes } = this;
    if (dataOut.length < dataOutBytes) {
      throw new RangeError(`${this.name} needs ${dataOutBytes} bytes, not ${dataOut.length}`);
    }
    if (target.masks.resolve(task.nexus.pair, task.request.lun) !== lu) {
      return illegalRequest(SenseCode.LOGICAL_UNIT_NOT_SUPPORTED);
    }
    const exact = dataOut.length === dataOutBytes ? dataOut : dataOut.subarray(0, dataOutBytes);
    try {
      return this.command.run(
        { target, lu, task, dataOut: exact, heldWhenEnabled: this.held },
        this.cdb,
      );
    } catch (error) {
      if (error instanceof MediumError) return mediumFailure(error);
      throw error;
    }
  }
}

/** Decides of each command whether it may run. */
export class DeviceServer {
  readonly #target: TargetContext;

  constructor(target: TargetContext) {
    this.#target = target;
  }

  /**
   * Checks a command without touching a block; answers what refuses it. A unit attention that it
   * reports is taken off the queue. Errors: `CodecError` for a CDB shorter than its command's.
   */
  prepare(task: Task): CheckedCommand | Reply {
    const target = this.#target;
    const { nexus, request } = task;
    const lu = target.masks.resolve(nexus.pair, request.lun);
    if (lu === undefined) return answerWithoutUnit(target, task);
    const command = findCommand(request.cdb);
    if (command?.passesAttention !== true) {
      const code = lu.attentions.take(nexus.pair, request.tag);
      if (code !== undefined) return checkCondition(SenseKey.UNIT_ATTENTION, code);
    }
    if (command === undefined) return refuseUnknown(request.cdb);
    const cdb = decode(command, request.cdb);
    const refusal =
      this.#checkAccess(nexus, lu, command, cdb) ??
      checkCdb(command, cdb, request.cdb, lu) ??
      command.check?.(cdb, lu);
    if (refusal !== undefined) return refusal;
    const dataOutBytes = command.dataOutBytes?.(cdb) ?? 0;
    const { dataOutBytes: there } = request;
    if (there !== undefined && there < dataOutBytes) {
      const shorter = request.writesShort === true ? shortened(cdb, there) : undefined;
      if (shorter === undefined) return illegalRequest(INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
      return new Checked(target, task, command, lu, shorter, there);
    }
    if (command.takesNoOther === true && dataOutBytes === 0 && (there ?? 0) > 0)
      return invalidFieldInCdb(COMPARE_COUNT_BYTE);
    return new Checked(target, task, command, lu, cdb, dataOutBytes);
  }

  #checkAccess(nexus: Nexus, lu: LogicalUnit, command: Command, cdb: unknown): Reply | undefined {
    const { reservation } = command;
    const klass = typeof reservation === 'function' ? reservation(cdb) : reservation;
    if (lu.reservations.conflicts(nexus, klass, command.allowedBySpc2)) {
      return RESERVATION_CONFLICT;
    }
    const port = this.#target.ports[nexus.targetPortIndex]!;
    const notAccessible = lu.access.refusal(port.relativeId, command.access);
    if (notAccessible !== undefined) return checkCondition(SenseKey.NOT_READY, notAccessible);
    if (command.needsReady && !lu.started) {
      return checkCondition(SenseKey.NOT_READY, SenseCode.INITIALIZING_COMMAND_REQUIRED);
    }
    if (command.changesMedium && lu.mode.softwareWriteProtect) {
      return checkCondition(SenseKey.DATA_PROTECT, SOFTWARE_WRITE_PROTECTED);
    }
    return undefined;
  }
}

function refuseUnknown(cdb: Uint8Array): Reply {
  return hasServiceActions(cdb[0]!)
    ? invalidFieldInCdb(1, 4)
    : illegalRequest(SenseCode.INVALID_COMMAND_OPERATION_CODE);
}

type BlockFields = { control: number };

/** Checks that all commands share: CONTROL byte, protection, the blocks a command names. */
function checkCdb(
  command: Command,
  cdb: unknown,
  raw: Uint8Array,
  lu: LogicalUnit,
): Reply | undefined {
  const { codec } = command;
  const { control } = cdb as BlockFields;
  if ((control & Control.NACA) !== 0) return invalidFieldInCdb(codec.headBytes - 1, 2);
  if (command.range === undefined) return undefined;
  for (const { key, byte, bit } of command.protection) {
    if ((cdb as Record<string, number>)[key] !== 0) return invalidFieldInCdb(byte, bit);
  }
  const { lba, blocks, blocksMax = TRANSFER_BLOCKS_MAX } = command.range(cdb);
  if (blocks > blocksMax) return invalidFieldInCdb(lengthByte(raw));
  if (lba >= lu.medium.blocks || lba + blocks > lu.medium.blocks) {
    return illegalRequest(SenseCode.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE, { information: lba });
  }
  return undefined;
}

/** NUMBER OF LOGICAL BLOCKS of COMPARE AND WRITE. Source: SBC-4. */
const COMPARE_COUNT_BYTE = 13;

/** A write of as many whole blocks as there are data for; `undefined` for other commands and parts of a block. */
function shortened(cdb: unknown, bytes: number): object | undefined {
  const { transferLengthBlocks } = cdb as { transferLengthBlocks?: number };
  const blocks = bytes / BLOCK_BYTES;
  // The 6-byte command cannot say 0: it stands for 256 blocks.
  const canSay = blocks > 0 || (transferLengthBlocks ?? 0) > 0;
  if (transferLengthBlocks === undefined || !Number.isInteger(blocks) || !canSay) return undefined;
  return { ...(cdb as object), transferLengthBlocks: blocks };
}

/** First byte of the transfer length, by the size of the CDB. */
function lengthByte(cdb: Uint8Array): number {
  const group = cdb[0]! >> 5;
  if (group === 0) return 4;
  if (group === 4) return 10;
  return group === 5 ? 6 : 7;
}

function mediumFailure(error: MediumError): Reply {
  switch (error.fault) {
    case 'no-space':
      return checkCondition(SenseKey.DATA_PROTECT, SenseCode.SPACE_ALLOCATION_FAILED_WRITE_PROTECT);
    case 'unreadable':
      return checkCondition(SenseKey.MEDIUM_ERROR, SenseCode.UNRECOVERED_READ_ERROR);
    case 'unwritable':
      return checkCondition(SenseKey.MEDIUM_ERROR, SenseCode.WRITE_ERROR);
  }
}
