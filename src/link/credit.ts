/**
 * Buffer-to-buffer credit of one direction of a native Fibre Channel link: how many frames its sender may
 * have under way to buffers that the receiver has not given back.
 *
 * Each frame costs one; each R_RDY of the receiver gives one back. An R_RDY or an SOF that the link loses
 * takes a credit away for good: until BB_SC finds it (after every 2^n frames the sender says so by BB_SCs,
 * after every 2^n R_RDYs the receiver by BB_SCr, and the other end counts what it has had meanwhile), or
 * until a link reset (LR, LRR) gives all back. Before a login there is one.
 * Source: FC-FS-3, buffer-to-buffer flow control, BB_SC recovery, link reset.
 */
import type { Instant } from '../machine/machine.ts';
import type { LaneFrame } from './fault-lane.ts';

/** What one end of a link does with frames and their buffers. */
export interface CreditEnd {
  /** A frame that waits for credit here for longer is discarded, as switches do; for ever when left out. */
  readonly holdNs?: Instant;
  /** A frame that came in fills its buffer until what comes of it has left: a switch's end. */
  readonly forwards?: boolean;
}

/** What makes a link one with credit. */
export interface CreditOptions {
  /** An end without credit resets the link after so long (E_D_TOV); default 2 s. */
  readonly eDTovNs?: Instant;
  /** The ends in the order of the link's. */
  readonly ends: readonly [CreditEnd, CreditEnd];
}

/** How long switches keep a frame that waits for credit, where nothing is said. Source: Cisco, congestion drop timeout. */
export const HOLD_DEFAULT_NS = 500e6;
/** E_D_TOV where nothing is said. Source: FC-FS-3. */
const E_D_TOV_NS = 2e9;

/** How long an end bears to have no credit. */
export const resetAfterNs = ({ eDTovNs = E_D_TOV_NS }: CreditOptions): Instant => eDTovNs;

/** A frame that waits for credit. */
export interface WaitingFrame {
  readonly sent: LaneFrame;
  readonly sinceNs: Instant;
  /** Called when it goes or is discarded: the buffer that it came by is free. */
  readonly left: (() => void) | undefined;
}

/** The credit of one direction, and the frames that wait for some. */
export class CreditLane {
  /** Of the sender's end. */
  readonly holdNs: Instant;
  /** Of the receiver's end. */
  readonly forwards: boolean;
  /** What the receiver gave in its login. */
  max = 1;
  available = 1;
  /** Counts changes that void what is under way: R_RDYs of before mean nothing. */
  epoch = 0;
  readonly waiting: WaitingFrame[] = [];
  /** Since when there has been no credit for a frame that waits; `Infinity` while there is. */
  blockedNs: Instant = Infinity;
  #bbScN = 0;
  // Of the sender: frames since its last BB_SCs, R_RDYs since the receiver's last BB_SCr.
  #framesSent = 0;
  #rRdysTaken = 0;
  // Of the receiver: R_RDYs since its last BB_SCr, frames since the sender's last BB_SCs.
  #rRdysGiven = 0;
  #framesTaken = 0;

  constructor(sender: CreditEnd, receiver: CreditEnd) {
    this.holdNs = sender.holdNs ?? Infinity;
    this.forwards = receiver.forwards ?? false;
  }

  /** A login is complete: so many credits, and BB_SC every 2^n of them unless n is 0. */
  login(credit: number, bbScN: number): void {
    const max = Math.max(1, credit);
    this.available += max - this.max;
    this.max = max;
    this.#bbScN = bbScN;
    this.#forget();
  }

  /** The link went: nothing is left of a login. */
  end(): void {
    this.max = 1;
    this.#bbScN = 0;
    this.restore();
    this.waiting.length = 0;
  }

  /** A link reset gives all credits back. */
  restore(): void {
    this.available = this.max;
    this.blockedNs = Infinity;
    this.epoch++;
    this.#forget();
  }

  /** A frame goes out; true where a BB_SCs follows it. */
  spend(): boolean {
    this.available--;
    this.#framesSent++;
    if (this.#bbScN === 0 || this.#framesSent < 2 ** this.#bbScN) return false;
    this.#framesSent = 0;
    return true;
  }

  /** A frame has come to the receiver. */
  take(): void {
    this.#framesTaken++;
  }

  /** The receiver gives a buffer back; true where a BB_SCr follows its R_RDY. */
  give(): boolean {
    this.#rRdysGiven++;
    if (this.#bbScN === 0 || this.#rRdysGiven < 2 ** this.#bbScN) return false;
    this.#rRdysGiven = 0;
    return true;
  }

  /** An R_RDY has come to the sender; one too many is none. */
  credit(): void {
    this.#rRdysTaken++;
    this.available = Math.min(this.max, this.available + 1);
    this.blockedNs = Infinity;
  }

  /** A BB_SCs has come: how many frames in front of it have not. */
  framesLost(): number {
    const lost = 2 ** this.#bbScN - this.#framesTaken;
    this.#framesTaken = 0;
    return Math.max(0, lost);
  }

  /** A BB_SCr has come: takes the credits whose R_RDYs have not, and says how many. */
  creditsLost(): number {
    const lost = Math.max(0, 2 ** this.#bbScN - this.#rRdysTaken);
    this.#rRdysTaken = 0;
    this.available = Math.min(this.max, this.available + lost);
    if (lost > 0) this.blockedNs = Infinity;
    return lost;
  }

  #forget(): void {
    this.#framesSent = 0;
    this.#rRdysTaken = 0;
    this.#rRdysGiven = 0;
    this.#framesTaken = 0;
  }
}
