/** What the two ends of an iSCSI connection have agreed on, as far as a capture shows its login whole. */
import type { IscsiConversation } from '../../../codecs/index.ts';

/** Numbers and answers of a login that rules of data transfer go by. */
export interface Agreed {
  readonly maxBurstBytes: number;
  readonly firstBurstBytes: number;
  readonly needsR2t: boolean;
  readonly allowsImmediateData: boolean;
  readonly isInOrder: boolean;
  /** The longest data segment that each end takes. */
  readonly initiatorTakesBytes: number;
  readonly targetTakesBytes: number;
}

/** Values where nothing is said. Source: RFC 7143, clause 13. */
const BURST_BYTES = 262_144;
const FIRST_BURST_BYTES = 65_536;
const SEGMENT_BYTES = 8192;

/** What a login has come to; `undefined` where a part of it is not in the capture. */
export function agreedIn(conversation: IscsiConversation): Agreed | undefined {
  if (!conversation.isLoginWhole) return undefined;
  const number = (text: string | undefined, otherwise: number): number => {
    const value = Number(text);
    return text !== undefined && Number.isSafeInteger(value) && value > 0 ? value : otherwise;
  };
  const { keys, declared } = conversation;
  return {
    maxBurstBytes: number(keys.get('MaxBurstLength'), BURST_BYTES),
    firstBurstBytes: number(keys.get('FirstBurstLength'), FIRST_BURST_BYTES),
    needsR2t: keys.get('InitialR2T') !== 'No',
    allowsImmediateData: keys.get('ImmediateData') !== 'No',
    isInOrder: keys.get('DataPDUInOrder') !== 'No' && keys.get('DataSequenceInOrder') !== 'No',
    initiatorTakesBytes: number(declared.initiator, SEGMENT_BYTES),
    targetTakesBytes: number(declared.target, SEGMENT_BYTES),
  };
}
