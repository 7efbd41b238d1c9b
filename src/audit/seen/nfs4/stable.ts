/** What answers of NFS version 4.1 say of data that are not stable yet. Source: RFC 8881, 18.3 and 18.32. */
import { StableHow4 } from '../../../codecs/index.ts';
import { formatHex, isCutValue } from '../../../codecs/layout/index.ts';
import type { UnstableData } from '../nfs/unstable-data.ts';
import { goodAt, type SeenResults } from './compound.ts';
import type { PlacedTask } from './tasks.ts';

/** Notes what a WRITE or COMMIT came to; others are passed by. */
export function noteStable(
  data: UnstableData,
  { op, place, task }: PlacedTask,
  answer: SeenResults,
): void {
  if (op.kind === 'WRITE') {
    const done = goodAt(answer, place, op.kind)?.resok;
    if (done === undefined || isCutValue(done.writeVerifier)) return;
    const from = Number(op.offset);
    const isUnstable = done.committed === StableHow4.UNSTABLE4;
    data.written(task, from, from + done.count, isUnstable, formatHex(done.writeVerifier));
  } else if (op.kind === 'COMMIT') {
    const done = goodAt(answer, place, op.kind)?.resok;
    if (done === undefined || isCutValue(done.writeVerifier)) return;
    const from = Number(op.offset);
    const to = op.count === 0 ? Number.POSITIVE_INFINITY : from + op.count;
    data.committed(task, from, to, formatHex(done.writeVerifier));
  }
}
