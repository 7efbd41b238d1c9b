/** Ranges of blocks at once: WRITE SAME, UNMAP, GET LBA STATUS. */
import { CodecError } from '../../../codecs/layout/index.ts';
import {
  type BlockRangeDescriptor,
  getLbaStatusData,
  ProvisioningStatus,
  SenseCode,
  unmapList,
} from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
import {
  type BlockRange,
  type Command,
  cdbs,
  command,
  type Invocation,
  placeOf,
} from '../command.ts';
import { UNMAP_BLOCKS_MAX, UNMAP_DESCRIPTORS_MAX, WRITE_SAME_BLOCKS_MAX } from '../limits.ts';
import type { LogicalUnit } from '../logical-unit.ts';
import {
  data,
  GOOD,
  illegalRequest,
  invalidFieldInCdb,
  invalidFieldInParameterList,
  type Reply,
} from '../reply.ts';
import { settle, tellApplied } from './apply.ts';

const ZEROS = new Uint8Array(BLOCK_BYTES);
const NO_BYTES = new Uint8Array(0);

type WriteSame = {
  lba: number | bigint;
  numberOfBlocks: number;
  anchor: number;
  unmap: number;
  obsolete1: number;
  ndob?: number;
};

const sameRange = (cdb: WriteSame): BlockRange => ({
  lba: Number(cdb.lba),
  blocks: cdb.numberOfBlocks,
  blocksMax: WRITE_SAME_BLOCKS_MAX,
});

/** WSNZ is set: a count of 0 blocks does not stand for the rest of the medium. */
function checkSame(table: Command['codec']['table'], cdb: WriteSame): Reply | undefined {
  if (cdb.anchor === 1) return invalidFieldInCdb(1, 4);
  if (cdb.obsolete1 !== 0) return invalidFieldInCdb(1, 2);
  return cdb.numberOfBlocks === 0
    ? invalidFieldInCdb(placeOf(table, 'numberOfBlocks').byte)
    : undefined;
}

/** Forgets blocks; where the medium cannot, it holds zeros, which read the same. */
function unmapBlocks(invocation: Invocation, lba: number, blocks: number): void {
  const { medium } = invocation.lu;
  medium.unmap?.(lba, blocks);
  const change = { kind: 'unmap', lba, blocks, data: NO_BYTES } as const;
  tellApplied(invocation, change, settle(invocation, 0));
}

function runSame(invocation: Invocation, cdb: WriteSame): Reply {
  const { lu, dataOut } = invocation;
  const { lba, blocks } = sameRange(cdb);
  const block = cdb.ndob === 1 ? ZEROS : dataOut;
  const zero = block.every((byte) => byte === 0);
  if (cdb.unmap === 1 && zero && lu.medium.unmap !== undefined) {
    unmapBlocks(invocation, lba, blocks);
    return GOOD;
  }
  const whole = new Uint8Array(blocks * BLOCK_BYTES);
  if (!zero) for (let at = 0; at < whole.length; at += BLOCK_BYTES) whole.set(block, at);
  lu.medium.write(lba, whole);
  const change = { kind: 'write-same', lba, blocks, data: block } as const;
  tellApplied(invocation, change, settle(invocation, 0));
  return GOOD;
}

const sames = {
  reservation: 'write',
  changesMedium: true,
  range: sameRange,
  run: runSame,
} as const;

/** Why the ranges of an UNMAP are refused, all or none of them. */
function checkRanges(lu: LogicalUnit, ranges: readonly BlockRangeDescriptor[]): Reply | undefined {
  if (ranges.length > UNMAP_DESCRIPTORS_MAX) return invalidFieldInParameterList(2);
  let blocks = 0;
  for (const [i, range] of ranges.entries()) {
    blocks += range.numberOfBlocks;
    if (blocks > UNMAP_BLOCKS_MAX) return invalidFieldInParameterList(8 + 16 * i + 8);
    const lba = Number(range.lba);
    // No blocks at the very end are none behind it.
    if (lba + range.numberOfBlocks > lu.medium.blocks) {
      return illegalRequest(SenseCode.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE, { information: lba });
    }
  }
  return undefined;
}

/** Ranges of a list that says it is longer than what was sent are no list. */
function parseRanges(list: Uint8Array): readonly BlockRangeDescriptor[] | undefined {
  try {
    return unmapList.decode(list).ranges;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function runUnmap(invocation: Invocation): Reply {
  const { lu, dataOut } = invocation;
  if (dataOut.length === 0) return GOOD;
  const ranges = parseRanges(dataOut);
  if (ranges === undefined) return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  const refusal = checkRanges(lu, ranges);
  if (refusal !== undefined) return refusal;
  for (const { lba, numberOfBlocks } of ranges) {
    if (numberOfBlocks > 0) unmapBlocks(invocation, Number(lba), numberOfBlocks);
  }
  return GOOD;
}

/** LBA status descriptors that one answer may have. */
const LBA_STATUS_MAX = 256;
const LBA_STATUS_HEAD_BYTES = 8;
const LBA_STATUS_BYTES = 16;
const BLOCKS_32_MAX = 0xffff_ffff;

/** As many descriptors as there is room for, at least one. */
function lbaStatus(lu: LogicalUnit, startingLba: number, roomBytes: number): Uint8Array {
  const room = Math.floor((roomBytes - LBA_STATUS_HEAD_BYTES) / LBA_STATUS_BYTES);
  const most = Math.min(Math.max(room, 1), LBA_STATUS_MAX);
  const descriptors = [];
  for (let lba = startingLba; lba < lu.medium.blocks && descriptors.length < most; ) {
    const run = lu.medium.mappedRun?.(lba) ?? { mapped: true, blocks: lu.medium.blocks - lba };
    const blocks = Math.min(run.blocks, BLOCKS_32_MAX);
    descriptors.push({
      lba: BigInt(lba),
      numberOfBlocks: blocks,
      reserved1: 0,
      provisioningStatus: run.mapped
        ? ProvisioningStatus.MAPPED_OR_UNKNOWN
        : ProvisioningStatus.DEALLOCATED,
      additionalStatus: 0,
      reserved2: 0,
    });
    lba += blocks;
  }
  return getLbaStatusData.encode({ descriptors });
}

/** UNMAP, WRITE SAME and GET LBA STATUS. Source: SBC-4. */
export const provisioningCommands: readonly Command[] = [
  command(cdbs['WRITE SAME(10)'], {
    ...sames,
    dataOutBytes: () => BLOCK_BYTES,
    check: (cdb) => checkSame(cdbs['WRITE SAME(10)'].table, cdb),
  }),
  command(cdbs['WRITE SAME(16)'], {
    ...sames,
    dataOutBytes: (cdb) => (cdb.ndob === 1 ? 0 : BLOCK_BYTES),
    check: (cdb) => checkSame(cdbs['WRITE SAME(16)'].table, cdb),
  }),
  command(cdbs.UNMAP, {
    reservation: 'write',
    changesMedium: true,
    dataOutBytes: (cdb) => cdb.parameterListLengthBytes,
    check: (cdb, lu) => {
      if (lu.medium.unmap === undefined) {
        return illegalRequest(SenseCode.INVALID_COMMAND_OPERATION_CODE);
      }
      return cdb.anchor === 1 ? invalidFieldInCdb(1, 0) : undefined;
    },
    run: runUnmap,
  }),
  command(cdbs['GET LBA STATUS(16)'], {
    reservation: 'allowed',
    range: (cdb) => ({ lba: Number(cdb.startingLba), blocks: 0 }),
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    check: (cdb) => (cdb.reportType === 0 ? undefined : invalidFieldInCdb(14)),
    run: ({ lu }, cdb) =>
      data(
        lbaStatus(lu, Number(cdb.startingLba), cdb.allocationLengthBytes),
        cdb.allocationLengthBytes,
      ),
  }),
];
