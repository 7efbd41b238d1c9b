/** A guest's I/O as a SCSI command: its CDB and its data. */
import { type CdbInput, unmapList } from '../codecs/scsi/index.ts';
import { STAMP_BYTES } from '../codecs/stamp/index.ts';
import type { GuestIo, GuestWork } from './workload.ts';

/** READ(10) and WRITE(10) reach this far. */
const LBA_10_MAX = 2 ** 32 - 1;

/** A command with the data it carries or brings. */
export interface GuestCommand {
  readonly cdb: CdbInput;
  readonly dataOut?: Uint8Array;
  readonly dataInBytes?: number;
}

/**
 * The command for an I/O. While it is in doubt whether a COMPARE AND WRITE was carried out, that is
 * a read of its block.
 */
export function commandOf(io: GuestIo, workload: GuestWork): GuestCommand {
  const { lba, blocks } = io;
  if (io.op === 'read' || io.doubt) {
    return { cdb: transfer('READ', io), dataInBytes: blocks * STAMP_BYTES };
  }
  switch (io.op) {
    case 'write':
      return { cdb: transfer('WRITE', io), dataOut: workload.dataOf(io) };
    case 'compare-and-write':
      return {
        cdb: { kind: 'COMPARE AND WRITE', lba: BigInt(lba), numberOfBlocks: blocks },
        dataOut: joined(workload.expectedOf(io), workload.dataOf(io)),
      };
    case 'write-same':
      return {
        cdb: { kind: 'WRITE SAME(16)', lba: BigInt(lba), numberOfBlocks: blocks },
        dataOut: workload.dataOf(io),
      };
    case 'unmap': {
      const ranges = [{ lba: BigInt(lba), numberOfBlocks: blocks, reserved1: 0 }];
      const dataOut = unmapList.encode({ ranges });
      return { cdb: { kind: 'UNMAP', parameterListLengthBytes: dataOut.length }, dataOut };
    }
    case 'synchronize':
      return { cdb: { kind: 'SYNCHRONIZE CACHE(10)' } };
  }
}

function transfer(what: 'READ' | 'WRITE', io: GuestIo): CdbInput {
  const { lba, blocks: transferLengthBlocks } = io;
  const fua = io.fua ? 1 : 0;
  return lba + transferLengthBlocks <= LBA_10_MAX
    ? { kind: `${what}(10)`, fua, lba, transferLengthBlocks }
    : { kind: `${what}(16)`, fua, lba: BigInt(lba), transferLengthBlocks };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
