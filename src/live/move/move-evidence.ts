/** What a move leaves behind in a server: frames at its switches' ports, writes at its medium. */
import type { CaptureReport } from '../../audit/capture-judge.ts';
import type { TappedFrame } from '../../audit/seen/tapped-frame.ts';
import { judgeSeen } from '../../audit/seen-judge.ts';
import type { LiveEvent } from '../links.ts';
import type { LiveServer } from '../server.ts';

/** Frames that are kept for the judge; of a longer move the first ones are judged. */
const FRAMES_MAX = 500_000;

/** Keeps what crosses the switches and counts what reaches the medium late, while a move runs. */
export class MoveEvidence {
  readonly #frames: Pick<TappedFrame, 'tap' | 'at' | 'number' | 'bytes'>[] = [];
  readonly #stop: readonly (() => void)[];
  readonly #ended = new Set<string>();
  /** Writes that were applied for a login that had ended. */
  lateWrites = 0;

  constructor(server: Pick<LiveServer, 'onFrame' | 'onEvent'>) {
    this.#stop = [
      server.onFrame(({ name: tap }, _direction, bytes, at) => {
        const number = this.#frames.length + 1;
        if (number <= FRAMES_MAX) this.#frames.push({ tap, at, number, bytes });
      }),
      server.onEvent(({ event }) => this.#event(event)),
    ];
  }

  #event(event: LiveEvent): void {
    if (event.type !== 'nexus' && event.type !== 'apply') return;
    const { initiator, target, address, epoch } = event.nexus;
    const key = `${initiator} ${target} ${address} ${epoch}`;
    if (event.type === 'apply') {
      if (this.#ended.has(key)) this.lateWrites++;
    } else if (event.state === 'ended') this.#ended.add(key);
    else this.#ended.delete(key);
  }

  /** Takes in no more. */
  end(): void {
    for (const stop of this.#stop) stop();
  }

  /** Ends it; what the frames show. */
  judge(): CaptureReport {
    this.end();
    return judgeSeen(this.#frames);
  }
}
