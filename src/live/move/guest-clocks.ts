/** The clocks of the two guests of a move, beside ours: what both noted becomes comparable. */
import type { GuestClock } from './guest-channel.ts';
import type { WriterLeg } from './writer.ts';

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/** The comparisons of one guest's clock with ours, before a move and after it. */
export interface ComparedClock {
  readonly before: GuestClock;
  readonly after: GuestClock;
}

/** How long a virtual machine's writer stood still. */
export interface Blackout {
  /** From its last acknowledgement on the old host to its first on the new; not known without both. */
  readonly blackoutMs: number | undefined;
  /** How far off that may be. */
  readonly uncertaintyMs: number;
}

/** The blackout between the first two legs of a writer, by the clocks of the old host and the new. */
export function blackoutOf(
  [old, fresh]: readonly WriterLeg[],
  clocks: readonly [from: ComparedClock, to: ComparedClock],
): Blackout {
  const uncertaintyMs =
    clocks.reduce(
      (sum, { before, after }) => sum + Math.max(before.uncertaintyNs, after.uncertaintyNs),
      0,
    ) / NS_PER_MS;
  if (old?.lastAckS === undefined || fresh?.firstAckS === undefined)
    return { blackoutMs: undefined, uncertaintyMs };
  // A move that was rolled back goes on with the clock it began with.
  const lastNs = onOurClock(old.lastAckS * NS_PER_S, clocks[0]);
  const firstNs = onOurClock(fresh.firstAckS * NS_PER_S, clocks[fresh.host === old.host ? 0 : 1]);
  return { blackoutMs: (firstNs - lastNs) / NS_PER_MS, uncertaintyMs };
}

/** A guest's time on our clock, in ns. It may go faster or slower than ours by a little. */
export function onOurClock(guestNs: number, { before, after }: ComparedClock): number {
  const part = (guestNs - before.guestNs) / (after.guestNs - before.guestNs);
  return guestNs + before.offsetNs + part * (after.offsetNs - before.offsetNs);
}
