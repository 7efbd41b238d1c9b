/** Two writes of one block; a fault holds the data of the first back until the second is done. */
import type { TappedFrame } from '../../src/audit/seen/tapped-frame.ts';
import type { HistoryEntry } from '../../src/history/index.ts';
import type { FaultHit } from '../../src/run/adversary.ts';
import { AttemptLog } from '../../src/run/attempt-log.ts';
import {
  ARRAY,
  ARRAY_LINK,
  apply,
  complete,
  FABRIC,
  H1,
  H1_LINK,
  PLACES,
  sent,
  step,
  submit,
} from './audit-rig.ts';
import { command, dataOut } from './fc-frames.ts';

const frame = (number: number, at: number, bytes: Uint8Array, tap = H1_LINK): TappedFrame => ({
  at,
  number,
  tap,
  fabric: FABRIC,
  direction: tap === H1_LINK ? 'in' : 'out',
  bytes,
});
const entry = (at: number, node: string, event: HistoryEntry['event']) => ({ at, node, event });

/** What such a run leaves behind. */
export function log() {
  const all = new AttemptLog();
  all.begin(PLACES);
  all.observe(entry(0, 'mover', step('stun')));
  all.observe(entry(1000, H1, submit(1)));
  all.observe(entry(1000, H1, sent(1)));
  all.see(frame(1, 1100, command(1)));
  all.observe(entry(2000, H1, submit(2)));
  all.observe(entry(2000, H1, sent(2)));
  all.see(frame(2, 2100, command(2)));
  all.observe(entry(2500, ARRAY, apply(2)));
  all.observe(entry(3000, H1, complete(2)));
  all.see(frame(3, 9000, dataOut(1, 512), ARRAY_LINK));
  all.observe(entry(9100, ARRAY, apply(1)));
  all.see(frame(4, 9500, command(77)));
  return all;
}
/** The fault. */
export const hit: FaultHit = {
  fault: { frame: 5, fault: 'delay', delayNs: 7000 },
  at: 1500,
  link: H1_LINK,
  direction: 'a-to-b',
  to: 'switch',
  ordinal: 2,
  frame: dataOut(1, 512),
};
