/** The credit of a whole native link: of both directions, and what is done to it from outside. */
import type { Instant } from '../machine/machine.ts';
import { CreditLane, type CreditOptions } from './credit.ts';
import type { CreditLogin } from './credit-login.ts';

/** How an end gives buffers back while it is slow: one after the other. */
export interface Drain {
  delayNs: Instant;
  untilNs: Instant;
  /** The last buffer is given back then. */
  busyUntilNs: Instant;
}

const AT_ONCE: Drain = { delayNs: 0, untilNs: 0, busyUntilNs: 0 };

/** Credit of a link, each direction's, and what is done to it from outside. */
export class LinkCredit {
  readonly options: CreditOptions;
  /** In the order of the link's lanes. */
  readonly lanes: readonly [CreditLane, CreditLane];
  /** The N_Port's FLOGI that waits for its accept. */
  asked: CreditLogin | undefined;
  /** R_RDYs sent before that are lost. */
  losesUntilNs: Instant = 0;
  isResetting = false;
  /** How each end gives buffers back: one after the other, so slowly, until then. */
  readonly drains: [Drain, Drain] = [{ ...AT_ONCE }, { ...AT_ONCE }];

  constructor(options: CreditOptions) {
    const [a, b] = options.ends;
    this.options = options;
    this.lanes = [new CreditLane(a, b), new CreditLane(b, a)];
  }
}
