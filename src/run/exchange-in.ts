/** What the ledger of ways reads in a frame of Fibre Channel: its exchange, and the blocks of a leg that it changes. */
import { FcType, locateFcOnLink, RCtl } from '../codecs/fc/index.ts';
import { cdbOf, fcpCmnd } from '../codecs/fcp/index.ts';
import { CodecError } from '../codecs/layout/index.ts';
import { cdb, lunNumber } from '../codecs/scsi/index.ts';

/** The exchange as its sender and as its receiver would call it: N_Port_ID and OX_ID. `undefined` for other frames. */
export function exchangeIn(frame: Uint8Array): readonly [string, string] | undefined {
  const place = locateFcOnLink(frame);
  if (place instanceof CodecError) return undefined;
  const { fcAt } = place;
  const address = (i: number): number =>
    (frame[fcAt + i]! << 16) | (frame[fcAt + i + 1]! << 8) | frame[fcAt + i + 2]!;
  const oxId = (frame[fcAt + 16]! << 8) | frame[fcAt + 17]!;
  return [`${address(5)} ${oxId}`, `${address(1)} ${oxId}`];
}

/** Blocks as a name. */
export const spanOf = (lba: number, blocks: number): string => `${lba} ${blocks}`;

/**
 * The blocks that a command between two arrays changes on a leg, as `spanOf` names them: WRITE(16) to a LUN that is not 0,
 * which takes records. `undefined` for other frames, also for a command that does not decode.
 */
export function legSpanIn(frame: Uint8Array): string | undefined {
  const place = locateFcOnLink(frame);
  if (place instanceof CodecError) return undefined;
  const { fcAt, payloadAt, payloadEnd } = place;
  if (frame[fcAt] !== RCtl['Unsolicited Command'] || frame[fcAt + 8] !== FcType.FCP)
    return undefined;
  try {
    const command = fcpCmnd.decode(frame, payloadAt, payloadEnd);
    const asked = cdb.decode(cdbOf(command));
    if (asked.kind !== 'WRITE(16)' || lunNumber(command.lun) === 0) return undefined;
    return spanOf(Number(asked.lba), asked.transferLengthBlocks);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
