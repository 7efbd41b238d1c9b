/** A FIP message as an ENode sends it. */
import type { FipDescriptorInput } from '../../codecs/fip/index.ts';
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';

/** A FIP message to send. */
export interface FipInput {
  readonly operation: number;
  readonly subcode: number;
  readonly flags: number;
  readonly descriptors: FipDescriptorInput[];
}

/** A VN_Port as FIP names it. */
export interface VnPortName {
  readonly mac: Mac;
  readonly nPortId: FcId;
  readonly portName: Wwn;
}
