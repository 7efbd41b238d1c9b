/** READ and WRITE in all sizes. */

import { BLOCK_BYTES } from '../../medium/medium.ts';
import { type BlockRange, type Command, cdbs, command, type Invocation } from '../command.ts';
import { data, GOOD, type Reply } from '../reply.ts';
import { writeBlocks } from './apply.ts';

type Transfer = { lba: number | bigint; transferLengthBlocks: number };
type MaybeFua = { fua?: number };

const range = (cdb: Transfer): BlockRange => ({
  lba: Number(cdb.lba),
  blocks: cdb.transferLengthBlocks,
});
/** The 6-byte commands cannot say 0: it stands for 256 blocks. */
const range6 = (cdb: { lba: number; transferLengthBlocks: number }): BlockRange => ({
  lba: cdb.lba,
  blocks: cdb.transferLengthBlocks || 256,
});

function runRead({ target, lu, task }: Invocation, { lba, blocks }: BlockRange): Reply {
  if (blocks === 0) return GOOD;
  const bytes = lu.medium.read(lba, blocks);
  target.observer.onRead?.({ luId: lu.luId, lba, blocks, data: bytes, task });
  return data(bytes);
}

function runWrite(invocation: Invocation, { lba, blocks }: BlockRange, fua: number): Reply {
  if (blocks > 0) writeBlocks(invocation, 'write', lba, invocation.dataOut, fua);
  return GOOD;
}

const reads = {
  reservation: 'read',
  range,
  dataInBytes: (cdb: Transfer) => cdb.transferLengthBlocks * BLOCK_BYTES,
  run: (invocation: Invocation, cdb: Transfer) => runRead(invocation, range(cdb)),
} as const;

const writes = {
  reservation: 'write',
  changesMedium: true,
  range,
  dataOutBytes: (cdb: Transfer) => cdb.transferLengthBlocks * BLOCK_BYTES,
  run: (invocation: Invocation, cdb: Transfer & MaybeFua) =>
    runWrite(invocation, range(cdb), cdb.fua ?? 0),
} as const;

/** READ and WRITE in all their lengths. Source: SBC-4. */
export const readWriteCommands: readonly Command[] = [
  command(cdbs['READ(6)'], {
    reservation: 'read',
    range: range6,
    dataInBytes: (cdb) => range6(cdb).blocks * BLOCK_BYTES,
    run: (invocation, cdb) => runRead(invocation, range6(cdb)),
  }),
  command(cdbs['READ(10)'], reads),
  command(cdbs['READ(12)'], reads),
  command(cdbs['READ(16)'], reads),
  command(cdbs['WRITE(6)'], {
    reservation: 'write',
    changesMedium: true,
    range: range6,
    dataOutBytes: (cdb) => range6(cdb).blocks * BLOCK_BYTES,
    run: (invocation, cdb) => runWrite(invocation, range6(cdb), 0),
  }),
  command(cdbs['WRITE(10)'], writes),
  command(cdbs['WRITE(12)'], writes),
  command(cdbs['WRITE(16)'], writes),
];
