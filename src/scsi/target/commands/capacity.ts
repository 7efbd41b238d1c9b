/** How large a logical unit is, whether it is ready, and when its writes are safe. */
import { readCapacity10Data, readCapacity16Data } from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
import { type Command, cdbs, command, type Invocation } from '../command.ts';
import { data, GOOD, type Reply } from '../reply.ts';
import { flush } from './apply.ts';

const LAST_LBA_10_MAX = 0xffff_ffff;

function synchronize({ target, lu }: Invocation): Reply {
  flush(target, lu);
  return GOOD;
}

/** The whole medium is flushed, so that the count matters only for the check. */
const cacheRange = (cdb: { lba: number | bigint; numberOfBlocks: number }) => ({
  lba: Number(cdb.lba),
  blocks: cdb.numberOfBlocks,
  blocksMax: Number.POSITIVE_INFINITY,
});

/** TEST UNIT READY, READ CAPACITY and SYNCHRONIZE CACHE. Source: SPC-5; SBC-4. */
export const capacityCommands: readonly Command[] = [
  command(cdbs['TEST UNIT READY'], { reservation: 'allowed', run: () => GOOD }),

  command(cdbs['READ CAPACITY(10)'], {
    reservation: 'allowed',
    allowedBySpc2: true,
    dataInBytes: () => readCapacity10Data.headBytes,
    run: ({ lu }) =>
      data(
        readCapacity10Data.encode({
          lastLba: Math.min(lu.medium.blocks - 1, LAST_LBA_10_MAX),
          blockLengthBytes: BLOCK_BYTES,
        }),
      ),
  }),

  command(cdbs['READ CAPACITY(16)'], {
    reservation: 'allowed',
    allowedBySpc2: true,
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    run: ({ lu }, cdb) => {
      const thin = lu.medium.unmap === undefined ? 0 : 1;
      return data(
        readCapacity16Data.encode({
          lastLba: BigInt(lu.medium.blocks - 1),
          blockLengthBytes: BLOCK_BYTES,
          lbpme: thin,
          lbprz: thin,
        }),
        cdb.allocationLengthBytes,
      );
    },
  }),

  command(cdbs['SYNCHRONIZE CACHE(10)'], {
    reservation: 'write',
    range: cacheRange,
    run: synchronize,
  }),
  command(cdbs['SYNCHRONIZE CACHE(16)'], {
    reservation: 'write',
    range: cacheRange,
    run: synchronize,
  }),
];
