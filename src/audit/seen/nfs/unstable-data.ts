/**
 * Data that NFS servers have not made stable, by file: a write verifier that changes says that they may be gone, and
 * that their client has to send them again. Source: RFC 1813, 3.3.7 and 3.3.21.
 */
import type { SeenTask, SessionChecks, SessionListener } from '../session.ts';

/** Files and ranges that are remembered. */
const FILES_MAX = 1000;
const RANGES_MAX = 4096;
/** A client has this long to send data again, which systems write when they have time to. */
const AGAIN_WITHIN_NS = 60e9;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly verifier: string;
  readonly task: SeenTask;
  /** The answer that told of another verifier. */
  doubted: SeenTask | undefined;
}

/** Keeps it. */
export class UnstableData {
  readonly #tell: SessionListener;
  readonly #checks: SessionChecks;
  readonly #files = new Map<string, Range[]>();

  constructor(tell: SessionListener, checks: SessionChecks) {
    this.#tell = tell;
    this.#checks = checks;
  }

  /** A WRITE went well. */
  written(task: SeenTask, from: number, to: number, isUnstable: boolean, verifier: string): void {
    const ranges = this.#of(task.unit);
    this.#doubt(ranges, verifier, task);
    // What is written once more need not be kept of before.
    const left = ranges.filter((one) => {
      const isAgain = one.from >= from && one.to <= to && one.task !== task;
      if (isAgain && one.doubted !== undefined) this.#checks.count('forgotten');
      return !isAgain;
    });
    if (isUnstable && left.length < RANGES_MAX)
      left.push({ from, to, verifier, task, doubted: undefined });
    this.#files.set(task.unit, left);
  }

  /** A COMMIT went well: what it covers under this verifier is stable. */
  committed(task: SeenTask, from: number, to: number, verifier: string): void {
    const ranges = this.#of(task.unit);
    const left: Range[] = [];
    for (const one of ranges) {
      if (one.from < from || one.to > to || task.at < (one.task.ended?.at ?? 0)) left.push(one);
      else if (one.verifier === verifier) continue;
      else if (isOfOther(one, task)) left.push(one);
      else if (one.doubted === undefined) left.push({ ...one, doubted: task });
      else if (task.at - (one.doubted.ended?.at ?? task.at) > AGAIN_WITHIN_NS)
        this.#forgotten(one, task);
      else left.push(one);
    }
    this.#files.set(task.unit, left);
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#files.clear();
  }

  #of(unit: string): Range[] {
    const ranges = this.#files.get(unit) ?? [];
    if (!this.#files.has(unit) && this.#files.size >= FILES_MAX) this.#files.clear();
    return ranges;
  }

  #doubt(ranges: Range[], verifier: string, by: SeenTask): void {
    for (const one of ranges)
      if (one.verifier !== verifier && !isOfOther(one, by)) one.doubted ??= by;
  }

  #forgotten({ task, doubted, from, to }: Range, committed: SeenTask): void {
    this.#tell({
      type: 'fault',
      fault: {
        kind: 'forgotten',
        session: task.session,
        what: `bytes ${from} to ${to}, written UNSTABLE in frame ${task.frame}, were not sent again although the verifier had changed in frame ${doubted!.ended!.frame}, up to the COMMIT of frame ${committed.frame}`,
        frames: [...task.frames, ...doubted!.frames, ...committed.frames],
      },
    });
  }
}

/** True for data of another client, who has not read what this one is told. */
const isOfOther = (range: Range, { session }: SeenTask): boolean =>
  range.task.session.device !== session.device;
