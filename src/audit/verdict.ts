/** What is said of an invariant, and the bounds that it is held against. */

/** Integer nanoseconds on the clock of a history. */
export type TimeNs = number;

/** What would have broken an invariant, and was somebody else's doing. */
export interface Excused {
  /** What befell whom: `9.950 s without I/O`. */
  readonly what: string;
  /** Whose doing it was: `the link of h1 that was down`. */
  readonly by: string;
}

/** What is known about one invariant. */
export interface Verdict {
  /** `I1` and so on; `rulesOf` has all of them. */
  readonly invariant: string;
  /** What must hold, in plain words. */
  readonly sentence: string;
  readonly result: 'holds' | 'violated' | 'not-observable';
  /** Why: what was checked, what was found, or what would be needed. */
  readonly detail: string;
  /** Frames of the capture that show a violation. */
  readonly frames: readonly number[];
  /** What a violation befell first, in a few words: `data, LBA 276`. */
  readonly subject?: string;
  /** What the violation is called, where it has a name of its own; left out, as in `explain`. */
  readonly breach?: string;
  /** What the invariant holds in spite of. */
  readonly excused?: Excused;
}

/** The bounds that a run declares. */
export interface AuditBounds {
  /** The guest gives an I/O up after this long. */
  readonly guestTimeoutNs: number;
  /** The longest pause between I/Os that a move may make. */
  readonly blackoutBudgetNs: number;
  /** How long a frame may live in the fabric. */
  readonly rATovNs: number;
  /** Period of FIP advertisements and ENode keep-alives; 8 s when left out. */
  readonly fkaAdvPeriodNs?: number;
  /** Of the LAN, where there is one. */
  readonly lan?: LanBounds;
  /** Of links with queues, where there are some. */
  readonly qos?: QosBounds;
}

/** The bounds that are declared of links with queues. */
export interface QosBounds {
  /** No priority is paused for longer in one piece. */
  readonly pauseNs: number;
  /** No frame of a priority begins so long after the PFC frame that pauses it has come. */
  readonly responseNs: number;
  /** The largest frame of all. */
  readonly largestBytes: number;
  /** What a group may send at most in one turn of the scheduler. */
  readonly quantumBytes: number;
}

/** The bounds that are declared of a LAN. */
export interface LanBounds {
  /** Every switch forwards to a guest's new host so long after it runs there. */
  readonly convergeNs: number;
  /** The longest time in which no datagram comes. */
  readonly blackoutNs: number;
  /** LAN, storage network and guest may be at different hosts for so long. */
  readonly agreeNs: number;
  /** A MAC address that moves so often within this time is a duplicate. */
  readonly duplicateMoves: number;
  readonly duplicateWindowNs: number;
}
