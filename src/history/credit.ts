/** What becomes of the credit of a native Fibre Channel link: primitives are no frames, and no tap shows them. */

/** An R_RDY came to the end that sends in this direction, which may send so many frames now. */
export interface CreditReturned {
  readonly type: 'r-rdy';
  readonly link: string;
  readonly direction: 'a-to-b' | 'b-to-a';
  readonly credit: number;
}

/**
 * The credit of a direction changed otherwise, or something about it: a login gave it; an R_RDY or a frame
 * was lost, and a credit with it; BB_SC found what was lost; there is none left for a frame that waits; a
 * link reset gave all back; a frame was discarded that had waited for longer than a switch keeps one.
 */
export interface CreditChanged {
  readonly type: 'credit';
  readonly link: string;
  readonly direction: 'a-to-b' | 'b-to-a';
  readonly what:
    | 'login'
    | 'r-rdy-lost'
    | 'frame-lost'
    | 'recovered'
    | 'none-left'
    | 'link-reset'
    | 'held-too-long';
  /** Frames that may be sent now. */
  readonly credit: number;
}

/** Everything about credit. */
export type CreditEvent = CreditReturned | CreditChanged;
