/**
 * POPULATE TOKEN, RECEIVE ROD TOKEN INFORMATION and WRITE USING TOKEN (offloaded data transfer): blocks are kept as
 * they are at one moment, and written elsewhere without passing the initiator. Source: SBC-4; SPC-5, RECEIVE ROD TOKEN
 * INFORMATION.
 */
import { CodecError } from '../../../codecs/layout/index.ts';
import {
  CopyOperationStatus,
  cscdDescriptor,
  DesignatorType,
  designation,
  populateTokenList,
  RodType,
  receiveCopyStatusLid4Data,
  receiveRodTokenInformationData,
  SenseCode,
  ThirdPartyCopyOut,
  TransferCountUnits,
  writeUsingTokenList,
} from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
import { deviceDesignatorOf } from '../../port-identity.ts';
import { type Command, cdbs, command, type Invocation } from '../command.ts';
import { PARAMETER_LIST_BYTES_MAX } from '../limits.ts';
import type { LogicalUnit } from '../logical-unit.ts';
import {
  data,
  GOOD,
  illegalRequest,
  invalidFieldInCdb,
  invalidFieldInParameterList,
  type Reply,
} from '../reply.ts';
import { rodTypeOf, TOKEN_BLOCKS_MAX, type TokenCreator } from '../rod-tokens.ts';
import { writeBlocks } from './apply.ts';

/** Ranges that one list may name. */
export const TOKEN_RANGES_MAX = 64;
/** INVALID TOKEN OPERATION: TOKEN UNKNOWN, TOKEN CORRUPT. */
const TOKEN_UNKNOWN = 0x2304;
const TOKEN_CORRUPT = 0x2305;
/** Results that a login keeps, the oldest is forgotten first. */
const RESULTS_MAX = 16;
/** In front of the token of a descriptor: its ID. */
const TOKEN_ID_BYTES = 2;
const DESIGNATOR_BYTES = 20;
const ROD_TYPE_BYTE = 8;
const RANGES_BYTE = 16;
const OFFSET_BYTE = 8;
/** ROD types that POPULATE TOKEN makes a token of a point in time for. */
const MADE: ReadonlySet<number> = new Set([
  RodType.POINT_IN_TIME_DEFAULT,
  RodType.POINT_IN_TIME_ANY,
]);
const TOKEN_RANGES_BYTE = 536;

interface Range {
  readonly lba: number;
  readonly blocks: number;
}

type Given = { readonly lba: bigint; readonly numberOfBlocks: number };

/** The ranges of a list, or why they are refused: `at` is the first byte of the first. */
function rangesOf({ medium }: LogicalUnit, given: readonly Given[], at: number): Range[] | Reply {
  if (given.length === 0 || given.length > TOKEN_RANGES_MAX)
    return invalidFieldInParameterList(at - 2);
  const ranges = given.map(({ lba, numberOfBlocks }) => ({
    lba: Number(lba),
    blocks: numberOfBlocks,
  }));
  const beyond = ranges.find(({ blocks, lba }) => lba + blocks > medium.blocks);
  if (beyond !== undefined) {
    return illegalRequest(SenseCode.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE, {
      information: beyond.lba,
    });
  }
  const sum = ranges.reduce((total, { blocks }) => total + blocks, 0);
  return sum > TOKEN_BLOCKS_MAX ? invalidFieldInParameterList(at + 8) : ranges;
}

/** What tokens tell of a unit. */
function creatorOf({ lu, target, task }: Invocation): TokenCreator {
  const designator = new Uint8Array(DESIGNATOR_BYTES);
  designator.set(lu.luId);
  const device = deviceDesignatorOf(target.ports[task.nexus.targetPortIndex]!.name);
  return {
    unit: cscdDescriptor.encode({
      kind: 'identification descriptor',
      designatorType: DesignatorType.NAA,
      designatorLengthBytes: lu.luId.length,
      designator,
      diskBlockLengthBytes: BLOCK_BYTES,
    }),
    device: designation.encode(device),
    blockBytes: BLOCK_BYTES,
    thin: lu.medium.unmap !== undefined,
  };
}

/** A list as its codec reads it; `undefined` for one that is cut or does not fit. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return undefined;
  }
}

function remember({ task }: Invocation, listIdentifier: number, result: Uint8Array): void {
  const { tokens } = task.nexus;
  tokens.delete(listIdentifier);
  tokens.set(listIdentifier, result);
  if (tokens.size > RESULTS_MAX) tokens.delete(tokens.keys().next().value!);
}

/** What a copy came to, with its token where it made one. */
function resultOf(action: number, blocks: number, token?: Uint8Array): Uint8Array {
  const descriptors = new Uint8Array(token === undefined ? 0 : TOKEN_ID_BYTES + token.length);
  if (token !== undefined) descriptors.set(token, TOKEN_ID_BYTES);
  return receiveRodTokenInformationData.encode({
    responseToServiceAction: action,
    copyOperationStatus: CopyOperationStatus.COMPLETED,
    operationCounter: 1,
    transferCountUnits: TransferCountUnits.BLOCKS,
    transferCount: BigInt(blocks),
    segmentsProcessed: 1,
    senseData: new Uint8Array(0),
    rodTokenDescriptors: descriptors,
  });
}

function populate(invocation: Invocation, listIdentifier: number): Reply {
  const { dataOut, lu, target } = invocation;
  if (dataOut.length === 0) return GOOD;
  const list = decoded(() => populateTokenList.decode(dataOut));
  if (list === undefined) return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  if (list.rtv === 1 && !MADE.has(list.rodType)) {
    return invalidFieldInParameterList(ROD_TYPE_BYTE);
  }
  const ranges = rangesOf(lu, list.ranges, RANGES_BYTE);
  if ('status' in ranges) return ranges;
  const parts = ranges.map(({ blocks, lba }) => lu.medium.read(lba, blocks));
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const result = resultOf(
    ThirdPartyCopyOut['POPULATE TOKEN'],
    whole.length / BLOCK_BYTES,
    target.tokens.add(whole, creatorOf(invocation)),
  );
  remember(invocation, listIdentifier, result);
  return GOOD;
}

function writeUsing(invocation: Invocation, listIdentifier: number): Reply {
  const { dataOut, lu, target } = invocation;
  if (dataOut.length === 0) return GOOD;
  const list = decoded(() => writeUsingTokenList.decode(dataOut));
  if (list === undefined) return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  const rodType = rodTypeOf(list.rodToken);
  const isZero = rodType === RodType.BLOCK_DEVICE_ZERO;
  if (!isZero && rodType !== RodType.POINT_IN_TIME_DEFAULT) return illegalRequest(TOKEN_CORRUPT);
  const rod = isZero ? undefined : target.tokens.get(list.rodToken);
  if (rod === 'corrupt') return illegalRequest(TOKEN_CORRUPT);
  if (rod === 'unknown') return illegalRequest(TOKEN_UNKNOWN);
  const ranges = rangesOf(lu, list.ranges, TOKEN_RANGES_BYTE);
  if ('status' in ranges) return ranges;
  let at = Number(list.offsetIntoRodBlocks) * BLOCK_BYTES;
  const bytes = ranges.reduce((sum, { blocks }) => sum + blocks * BLOCK_BYTES, 0);
  if (rod !== undefined && at + bytes > rod.length) return invalidFieldInParameterList(OFFSET_BYTE);
  for (const { blocks, lba } of ranges) {
    if (blocks === 0) continue;
    const length = blocks * BLOCK_BYTES;
    const part = rod === undefined ? new Uint8Array(length) : rod.slice(at, at + length);
    writeBlocks(invocation, 'write', lba, part, 0);
    at += length;
  }
  if (list.delTkn === 1) target.tokens.delete(list.rodToken);
  const action = ThirdPartyCopyOut['WRITE USING TOKEN'];
  remember(invocation, listIdentifier, resultOf(action, bytes / BLOCK_BYTES));
  return GOOD;
}

/** The status of a copy alone: what RECEIVE ROD TOKEN INFORMATION tells before its descriptors. */
function statusOf(result: Uint8Array): Uint8Array {
  const { availableDataBytes: _more, ...told } = receiveRodTokenInformationData.decode(result);
  return receiveCopyStatusLid4Data.encode(told);
}

type ReceiveCdb = { listIdentifier: number; allocationLengthBytes: number };

const receive =
  (show: (result: Uint8Array) => Uint8Array) =>
  ({ task }: Invocation, cdb: ReceiveCdb): Reply => {
    const result = task.nexus.tokens.get(cdb.listIdentifier);
    return result === undefined
      ? invalidFieldInCdb(2)
      : data(show(result), cdb.allocationLengthBytes);
  };

type ListCdb = { parameterListLengthBytes: number };

const takesList = {
  dataOutBytes: (cdb: ListCdb) => cdb.parameterListLengthBytes,
  check: (cdb: ListCdb) =>
    cdb.parameterListLengthBytes > PARAMETER_LIST_BYTES_MAX ? invalidFieldInCdb(10) : undefined,
} as const;

/** Tokens. */
export const tokenCommands: readonly Command[] = [
  command(cdbs['POPULATE TOKEN'], {
    reservation: 'read',
    ...takesList,
    run: (invocation, cdb) => populate(invocation, cdb.listIdentifier),
  }),
  command(cdbs['WRITE USING TOKEN'], {
    reservation: 'write',
    changesMedium: true,
    ...takesList,
    run: (invocation, cdb) => writeUsing(invocation, cdb.listIdentifier),
  }),
  command(cdbs['RECEIVE ROD TOKEN INFORMATION'], {
    reservation: 'allowed',
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    run: receive((result) => result),
  }),
  command(cdbs['RECEIVE COPY STATUS(LID4)'], {
    reservation: 'allowed',
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    run: receive(statusOf),
  }),
];
