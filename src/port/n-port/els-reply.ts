/** What came of an extended link service request. Source: FC-LS-3, LS_ACC and LS_RJT. */
import { ElsCommand, LsRjtExplanation, LsRjtReason, lsRjt } from '../../codecs/els/index.ts';
import type { FcHeader } from '../../codecs/fc/index.ts';
import { CodecError, nameOf } from '../../codecs/layout/index.ts';

/** How an ELS request ended. */
export type ElsReply =
  | { readonly result: 'accept'; readonly header: FcHeader; readonly payload: Uint8Array }
  | { readonly result: 'reject'; readonly reason: number; readonly explanation: number }
  | { readonly result: 'timeout' }
  | { readonly result: 'closed' };

/** The answer to an ELS or FC-4 link service: LS_ACC or LS_RJT. One that is neither is a reject. */
export function elsReply(header: FcHeader, payload: Uint8Array): ElsReply {
  if (payload[0] === ElsCommand.LS_ACC) return { result: 'accept', header, payload };
  try {
    const { reason, explanation } = lsRjt.decode(payload);
    return { result: 'reject', reason, explanation };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return { result: 'reject', reason: 0, explanation: 0 };
  }
}

/** An ELS reply in words. */
export function formatElsReply(reply: ElsReply): string {
  switch (reply.result) {
    case 'accept':
      return 'an accept that does not decode';
    case 'reject':
      return `LS_RJT reason ${reply.reason.toString(16)}h explanation ${reply.explanation.toString(16)}h${namesOfReject(reply)}`;
    case 'timeout':
      return 'no answer';
    case 'closed':
      return 'the login ended';
  }
}

/** Reason and explanation in the standard's words, as far as it has some. */
function namesOfReject({ explanation, reason }: Extract<ElsReply, { result: 'reject' }>): string {
  const names = [nameOf(LsRjtReason, reason), nameOf(LsRjtExplanation, explanation)];
  const words = names.filter((one) => one !== undefined).map((one) => one.replaceAll('_', ' '));
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
