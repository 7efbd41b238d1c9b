/** Who a virtual HBA is. */
import type { Wwn } from '../codecs/layout/index.ts';
import type { OxIdRange } from '../port/n-port/exchange.ts';

/** The names a vHBA logs in with, and the host port it does so through. */
export interface VhbaIdentity {
  readonly port: number;
  readonly wwpn: Wwn;
  readonly wwnn: Wwn;
  /** The host port's own login is used: there is no port with these names. */
  readonly physical?: boolean;
  /** The OX_IDs it gives out; all when left out. */
  readonly oxIds?: OxIdRange;
  /** It waits for R_A_TOV where the fabric does not call its address clean. */
  readonly honoursCleanAddress?: boolean;
  /** So long after its login it says its first word; it answers before. */
  readonly setupNs?: number;
  /** It offers to send write data unasked. */
  readonly firstBurst?: boolean;
}
