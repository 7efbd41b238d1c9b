/** Commands whose second execution has another result than the first. */
import { formatHex } from '../../codecs/layout/index.ts';
import { Opcode, PersistentReserveOut } from '../../codecs/scsi/index.ts';

const ONCE: ReadonlySet<number> = new Set([
  Opcode['COMPARE AND WRITE'],
  Opcode['PERSISTENT RESERVE OUT'],
  Opcode['THIRD-PARTY COPY OUT'],
]);

/** A command that must not run twice. */
export interface OnceCommand {
  /** The same for the same command sent again. */
  readonly key: string;
  /** The block that tells whether it ran; `undefined` where keys of reservations do. */
  readonly lba: bigint | undefined;
}

/** True for a command that must not run twice. REGISTER AND IGNORE EXISTING KEY may: its result is the same. */
export function runsOnce(cdb: Uint8Array): boolean {
  if (!ONCE.has(cdb[0]!)) return false;
  return !(
    cdb[0] === Opcode['PERSISTENT RESERVE OUT'] &&
    (cdb[1]! & 0x1f) === PersistentReserveOut.REGISTER_AND_IGNORE_EXISTING_KEY
  );
}

/** What names such a command; `undefined` for every other. */
export function onceOf(cdb: Uint8Array): OnceCommand | undefined {
  if (!runsOnce(cdb)) return undefined;
  const isCompare = cdb[0] === Opcode['COMPARE AND WRITE'] && cdb.length >= 16;
  const view = new DataView(cdb.buffer, cdb.byteOffset, cdb.length);
  return { key: formatHex(cdb), lba: isCompare ? view.getBigUint64(2) : undefined };
}
