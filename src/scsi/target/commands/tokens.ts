/**
 * POPULATE TOKEN, RECEIVE ROD TOKEN INFORMATION and WRITE USING TOKEN (offloaded data transfer): blocks are kept as
 * they are at one moment, and written elsewhere without passing the initiator. Source: SBC-4; SPC-5, RECEIVE ROD TOKEN
 * INFORMATION.
 */
import { CodecError } from '../../../codecs/layout/index.ts';
import {
  CopyOperationStatus,
  populateTokenList,
  receiveRodTokenInformationData,
  SenseCode,
  ThirdPartyCopyOut,
  writeUsingTokenList,
} from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
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
import { isToken, POINT_IN_TIME, TOKEN_BLOCKS_MAX } from '../rod-tokens.ts';
import { writeBlocks } from './apply.ts';

/** Ranges that one list may name. */
const RANGES_MAX = 64;
/** INVALID TOKEN OPERATION: TOKEN UNKNOWN, TOKEN CORRUPT. */
const TOKEN_UNKNOWN = 0x2304;
const TOKEN_CORRUPT = 0x2305;
/** Results that a login keeps, the oldest is forgotten first. */
const RESULTS_MAX = 16;
const TOKEN_ID_BYTES = 2;
const ROD_TYPE_BYTE = 8;
const RANGES_BYTE = 16;
const OFFSET_BYTE = 8;
const TOKEN_RANGES_BYTE = 536;

interface Range {
  readonly lba: number;
  readonly blocks: number;
}

type Given = { readonly lba: bigint; readonly numberOfBlocks: number };

/** The ranges of a list, or why they are refused: `at` is the first byte of the first. */
function rangesOf({ medium }: LogicalUnit, given: readonly Given[], at: number): Range[] | Reply {
  if (given.length === 0 || given.length > RANGES_MAX) return invalidFieldInParameterList(at - 2);
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
    transferCount: BigInt(blocks * BLOCK_BYTES),
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
  if (list.rtv === 1 && list.rodType !== POINT_IN_TIME) {
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
    target.tokens.add(whole),
  );
  remember(invocation, listIdentifier, result);
  return GOOD;
}

function writeUsing(invocation: Invocation, listIdentifier: number): Reply {
  const { dataOut, lu, target } = invocation;
  if (dataOut.length === 0) return GOOD;
  const list = decoded(() => writeUsingTokenList.decode(dataOut));
  if (list === undefined) return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  if (!isToken(list.rodToken)) return illegalRequest(TOKEN_CORRUPT);
  const rod = target.tokens.get(list.rodToken);
  if (rod === undefined) return illegalRequest(TOKEN_UNKNOWN);
  const ranges = rangesOf(lu, list.ranges, TOKEN_RANGES_BYTE);
  if ('status' in ranges) return ranges;
  let at = Number(list.offsetIntoRodBlocks) * BLOCK_BYTES;
  const bytes = ranges.reduce((sum, { blocks }) => sum + blocks * BLOCK_BYTES, 0);
  if (at + bytes > rod.length) return invalidFieldInParameterList(OFFSET_BYTE);
  for (const { blocks, lba } of ranges) {
    if (blocks === 0) continue;
    writeBlocks(invocation, 'write', lba, rod.slice(at, at + blocks * BLOCK_BYTES), 0);
    at += blocks * BLOCK_BYTES;
  }
  if (list.delTkn === 1) target.tokens.delete(list.rodToken);
  const action = ThirdPartyCopyOut['WRITE USING TOKEN'];
  remember(invocation, listIdentifier, resultOf(action, bytes / BLOCK_BYTES));
  return GOOD;
}

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
    run: ({ task }, cdb) => {
      const result = task.nexus.tokens.get(cdb.listIdentifier);
      return result === undefined ? invalidFieldInCdb(2) : data(result, cdb.allocationLengthBytes);
    },
  }),
];
