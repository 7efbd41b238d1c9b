/** How FIP names a VN_Port. Source: FC-BB-5, Vx_Port identification descriptor. */
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';

/** A VN_Port as FIP identifies it. */
export interface VnPortName {
  readonly mac: Mac;
  readonly nPortId: FcId;
  readonly portName: Wwn;
}
