/** What hosts send, and what leaves the cards of arrays and comes there: a run as two kinds of taps see it. */
import { type MoveStep, MoveSteps } from '../audit/ledger/move-steps.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import type { HistoryEntry } from '../history/index.ts';
import type { RunObserver } from './options.ts';

/** Keeps the frames that are wanted, numbered from 1 as they pass. */
export class CardLog implements RunObserver {
  readonly frames: TappedFrame[] = [];
  readonly moves = new MoveSteps<MoveStep>((step) => step);
  readonly #wants: (bytes: Uint8Array) => boolean;

  constructor(wants: (bytes: Uint8Array) => boolean) {
    this.#wants = wants;
  }

  observe({ at, event }: HistoryEntry): void {
    if (event.type === 'move-step' || event.type === 'move-end') this.moves.take(at, event);
  }

  see(frame: TappedFrame): void {
    if (frame.direction === 'in') this.#keep(frame);
  }

  arrive(frame: TappedFrame): void {
    this.#keep(frame);
  }

  #keep(frame: TappedFrame): void {
    if (this.#wants(frame.bytes)) this.frames.push({ ...frame, number: this.frames.length + 1 });
  }

  get moveAt(): number {
    return this.moves.steps[0]?.atNs ?? 0;
  }
}
