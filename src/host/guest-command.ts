/** A guest's I/O as a SCSI command: its CDB, its data, and what the command's end says of it. */
import { type CdbInput, SenseKey, sense, unmapList } from '../codecs/scsi/index.ts';
import { STAMP_BYTES } from '../codecs/stamp/index.ts';
import { type Instant, MILLISECOND } from '../machine/machine.ts';
import type { GuestIo, Workload } from './workload.ts';

/** Pause before a command that met BUSY or NOT READY is sent again. */
export const BUSY_PAUSE_NS: Instant = 10 * MILLISECOND;
/** 29h/00h and 29h/01h: power on. */
const POWER_ON_ASC = 0x29;
const POWER_ON_ASCQ_MAX = 0x01;
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
export function commandOf(io: GuestIo, workload: Workload): GuestCommand {
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

/** What a CHECK CONDITION asks the host to do. */
export interface SenseVerdict {
  readonly retry: boolean;
  readonly pauseNs: number;
  readonly words: string;
  /** The array has lost power since. */
  readonly powerOn: boolean;
}

export function judgeSense(data: Uint8Array): SenseVerdict {
  const decoded = data.length === 0 ? undefined : sense.decode(data);
  if (decoded === undefined || decoded.kind === 'unknown') {
    const words = 'CHECK CONDITION without sense data';
    return { retry: false, pauseNs: 0, words, powerOn: false };
  }
  const { senseKey, asc, ascq } = decoded;
  const words = `sense ${senseKey.toString(16)}/${asc.toString(16).padStart(2, '0')}/${ascq.toString(16).padStart(2, '0')}`;
  const powerOn = asc === POWER_ON_ASC && ascq <= POWER_ON_ASCQ_MAX;
  const fail = { retry: false, pauseNs: 0, words, powerOn: false };
  switch (senseKey) {
    case SenseKey.UNIT_ATTENTION:
      return { retry: true, pauseNs: 0, words, powerOn };
    case SenseKey.ABORTED_COMMAND:
      return { ...fail, retry: true };
    case SenseKey.NOT_READY:
      return { ...fail, retry: true, pauseNs: BUSY_PAUSE_NS };
    case SenseKey.MISCOMPARE:
      return { ...fail, words: 'miscompare' };
    default:
      return fail;
  }
}
