/** State changes that a port has yet to be told. Source: FC-LS-3, RSCN and SCR. */
import type { FcId } from '../../codecs/layout/index.ts';

/** One affected address. */
export interface RscnPage {
  readonly nPortId: FcId;
  /** `RscnAddressFormat`; port when left out. */
  readonly addressFormat?: number;
  /** `RscnEventQualifier`; not specified when left out. */
  readonly eventQualifier?: number;
}

/** What a port registered for, and what it has yet to be told. */
export interface RscnQueue {
  registrationFunction: number;
  /** By address and format: of two changes of one port the last one is told. */
  pending: Map<number, Required<RscnPage>> | undefined;
  underWay: number;
}
