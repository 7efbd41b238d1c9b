/** What of a target's frames an initiator takes: read data without a gap, and FCP_RSP. */
import type { FcHeader } from '../../codecs/fc/index.ts';
import { fcpRsp, RspFlags } from '../../codecs/fcp/index.ts';
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import { roomFor } from '../../machine/slab.ts';
import type { FcpCommand } from './fcp-command.ts';

const NO_DATA = new Uint8Array(0);

/** What of FCP_RSP says how a command ended. */
export interface Ending {
  readonly scsiStatus: number;
  readonly flags: number;
  readonly residualCount: number;
  readonly senseData: Uint8Array;
}
const GOOD: Ending = { scsiStatus: 0, flags: 0, residualCount: 0, senseData: NO_DATA };
const plainRsp = fcpRsp.view(new Uint8Array(fcpRsp.headBytes));

/** Most responses say nothing but GOOD. Errors: `CodecError`. */
export function rspOf(frame: Uint8Array, at: number, end: number): Ending {
  if (end - at < fcpRsp.headBytes) return fcpRsp.decode(frame, at, end);
  plainRsp.move(frame, at);
  const isGood = plainRsp.flags === 0 && plainRsp.scsiStatus === ScsiStatus.GOOD;
  return isGood ? GOOD : fcpRsp.decode(frame, at, end);
}

/** Bytes that the target says it did not transfer. */
export function residualOf(rsp: Ending): number {
  return (rsp.flags & RspFlags.RESID_UNDER) !== 0 ? rsp.residualCount : 0;
}

/**
 * Read data counts only without a gap: a repeated frame changes nothing, and one behind a lost
 * frame is left out, so that the command ends as `data-lost` instead of with a hole in its data.
 */
export function takeData(command: FcpCommand, header: FcHeader, payload: Uint8Array): void {
  const { dataInBytes = 0 } = command.request;
  const offset = header.parameter;
  if (offset !== command.dataInReceived || offset + payload.length > dataInBytes) return;
  command.dataIn ??= roomFor(dataInBytes);
  command.dataIn.set(payload, offset);
  command.dataInReceived += payload.length;
}

/** The read data of a command, as far as it came. */
export function dataOf({ dataIn, dataInReceived }: FcpCommand): Uint8Array {
  return dataIn?.subarray(0, dataInReceived) ?? NO_DATA;
}
