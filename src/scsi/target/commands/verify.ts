/** Commands that compare: VERIFY, WRITE AND VERIFY, COMPARE AND WRITE; and PRE-FETCH. */
import { Bytchk, ScsiStatus, SenseCode, SenseKey } from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
import { type BlockRange, type Command, cdbs, command, type Invocation } from '../command.ts';
import { COMPARE_AND_WRITE_BLOCKS_MAX, TRANSFER_BLOCKS_MAX } from '../limits.ts';
import { checkCondition, GOOD, invalidFieldInCdb, type Reply } from '../reply.ts';
import { writeBlocks } from './apply.ts';

/** BYTCHK in byte 1. */
const BYTCHK_BIT = 2;

/** Where two arrays differ first; `undefined` where they do not. */
function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i;
  return undefined;
}

/** INFORMATION is the offset in the data-out buffer of the first byte that differs. */
function miscompare(offset: number): Reply {
  return checkCondition(SenseKey.MISCOMPARE, SenseCode.MISCOMPARE_DURING_VERIFY_OPERATION, {
    information: offset,
  });
}

type Verify = { lba: number | bigint; verificationLengthBlocks: number; bytchk: number };

function verifyDataBytes(cdb: Verify): number {
  if (cdb.verificationLengthBlocks === 0) return 0;
  if (cdb.bytchk === Bytchk.ALL_DATA) return cdb.verificationLengthBlocks * BLOCK_BYTES;
  return cdb.bytchk === Bytchk.ONE_BLOCK ? BLOCK_BYTES : 0;
}

function checkBytchk({ bytchk }: { bytchk: number }): Reply | undefined {
  const known = Object.values<number>(Bytchk).includes(bytchk);
  return known ? undefined : invalidFieldInCdb(1, BYTCHK_BIT);
}

function runVerify({ lu, dataOut }: Invocation, cdb: Verify): Reply {
  if (dataOut.length === 0) return GOOD;
  const stored = lu.medium.read(Number(cdb.lba), cdb.verificationLengthBlocks);
  for (let at = 0; at < stored.length; at += dataOut.length) {
    const difference = firstDifference(dataOut, stored.subarray(at, at + dataOut.length));
    if (difference !== undefined) return miscompare(difference);
  }
  return GOOD;
}

const verifies = {
  reservation: 'read',
  range: (cdb: Verify): BlockRange => ({
    lba: Number(cdb.lba),
    blocks: cdb.verificationLengthBlocks,
    blocksMax:
      cdb.bytchk === Bytchk.PROTECTION_ONLY ? Number.POSITIVE_INFINITY : TRANSFER_BLOCKS_MAX,
  }),
  dataOutBytes: verifyDataBytes,
  check: checkBytchk,
  run: runVerify,
} as const;

type WriteAndVerify = { lba: number | bigint; transferLengthBlocks: number; bytchk: number };

/** What is written is what is read back: the medium keeps it or throws. */
const writesAndVerifies = {
  reservation: 'write',
  changesMedium: true,
  range: (cdb: WriteAndVerify): BlockRange => ({
    lba: Number(cdb.lba),
    blocks: cdb.transferLengthBlocks,
  }),
  dataOutBytes: (cdb: WriteAndVerify) => cdb.transferLengthBlocks * BLOCK_BYTES,
  check: checkBytchk,
  run: (invocation: Invocation, cdb: WriteAndVerify) => {
    if (cdb.transferLengthBlocks > 0) {
      writeBlocks(invocation, 'write', Number(cdb.lba), invocation.dataOut, 1);
    }
    return GOOD;
  },
} as const;

/** The first half of the data is compared, the second half written, and nothing comes between. */
function runCompareAndWrite(
  invocation: Invocation,
  cdb: { lba: bigint; numberOfBlocks: number; fua: number },
): Reply {
  const { lu, dataOut } = invocation;
  if (cdb.numberOfBlocks === 0) return GOOD;
  const lba = Number(cdb.lba);
  const half = dataOut.length / 2;
  const difference = firstDifference(
    dataOut.subarray(0, half),
    lu.medium.read(lba, cdb.numberOfBlocks),
  );
  if (difference !== undefined) return miscompare(difference);
  writeBlocks(invocation, 'compare-and-write', lba, dataOut.subarray(half), cdb.fua);
  return GOOD;
}

type Prefetch = { lba: number | bigint; prefetchLengthBlocks: number };

/** All blocks fit the cache: CONDITION MET. */
const prefetches = {
  reservation: 'read',
  range: (cdb: Prefetch): BlockRange => ({
    lba: Number(cdb.lba),
    blocks: cdb.prefetchLengthBlocks,
    blocksMax: Number.POSITIVE_INFINITY,
  }),
  run: (): Reply => ({ status: ScsiStatus.CONDITION_MET }),
} as const;

/** VERIFY, WRITE AND VERIFY, COMPARE AND WRITE and PRE-FETCH. Source: SBC-4. */
export const verifyCommands: readonly Command[] = [
  command(cdbs['VERIFY(10)'], verifies),
  command(cdbs['VERIFY(12)'], verifies),
  command(cdbs['VERIFY(16)'], verifies),
  command(cdbs['WRITE AND VERIFY(10)'], writesAndVerifies),
  command(cdbs['WRITE AND VERIFY(12)'], writesAndVerifies),
  command(cdbs['WRITE AND VERIFY(16)'], writesAndVerifies),
  command(cdbs['COMPARE AND WRITE'], {
    reservation: 'write',
    takesNoOther: true,
    changesMedium: true,
    range: (cdb) => ({
      lba: Number(cdb.lba),
      blocks: cdb.numberOfBlocks,
      blocksMax: COMPARE_AND_WRITE_BLOCKS_MAX,
    }),
    dataOutBytes: (cdb) => 2 * cdb.numberOfBlocks * BLOCK_BYTES,
    run: runCompareAndWrite,
  }),
  command(cdbs['PRE-FETCH(10)'], prefetches),
  command(cdbs['PRE-FETCH(16)'], prefetches),
];
