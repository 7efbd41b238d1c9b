/** What FLOGI and its accept say of the credit of the link that they pass. Source: FC-LS-3, FLOGI. */
import { ElsCommand, flogi, flogiAccept } from '../codecs/els/index.ts';
import { LinkFrameLocator, RCtl, WellKnownAddress } from '../codecs/fc/index.ts';
import { CodecError, uint24At } from '../codecs/layout/index.ts';

/** One end's part of a login: the frames that it takes, and BB_SC_N. */
export interface CreditLogin {
  readonly kind: 'request' | 'accept';
  readonly oxId: number;
  readonly bbCredit: number;
  readonly bbScN: number;
}

const F_PORT = WellKnownAddress['F_Port Controller'];
const locator = new LinkFrameLocator();

/** Reads a FLOGI or an accept of the F_Port; `undefined` for every other frame of a native link. */
export function creditLoginIn(frame: Uint8Array): CreditLogin | undefined {
  const rCtl = frame[locator.fcAt];
  if (rCtl !== RCtl['ELS Request'] && rCtl !== RCtl['ELS Reply']) return undefined;
  if (locator.find(frame) !== undefined) return undefined;
  const { fcAt, payloadAt } = locator;
  const command = frame[payloadAt];
  const oxId = (frame[fcAt + 16]! << 8) | frame[fcAt + 17]!;
  const isRequest = uint24At(frame, fcAt + 1) === F_PORT && command === ElsCommand.FLOGI;
  const isAccept = uint24At(frame, fcAt + 5) === F_PORT && command === ElsCommand.LS_ACC;
  if (!isRequest && !isAccept) return undefined;
  try {
    const payload = frame.subarray(payloadAt, locator.payloadEnd);
    const { common } = isRequest ? flogi.decode(payload) : flogiAccept.decode(payload);
    const { bbCredit, bbScN } = common;
    return { kind: isRequest ? 'request' : 'accept', oxId, bbCredit, bbScN };
  } catch (error) {
    // An accept of a LOGO is shorter, and what does not decode says nothing.
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
