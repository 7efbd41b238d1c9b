/** What an observer has found so far, kept short. */

const FINDINGS_MAX = 5;
const FRAMES_MAX = 64;

export class Findings {
  readonly #texts: string[] = [];
  readonly #frames = new Set<number>();
  count = 0;

  /** Notes a violation and the frames that show it. */
  add(text: string, frames: Iterable<number> = []): void {
    this.count++;
    if (this.#texts.length < FINDINGS_MAX) this.#texts.push(text);
    for (const frame of frames) if (this.#frames.size < FRAMES_MAX) this.#frames.add(frame);
  }

  /** The conclusion: `checked` says what was looked at when nothing was found. */
  conclude(checked: string): {
    readonly result: 'holds' | 'violated';
    readonly detail: string;
    readonly frames: readonly number[];
  } {
    if (this.count === 0) return { result: 'holds', detail: checked, frames: [] };
    const more = this.count - this.#texts.length;
    const detail = this.#texts.join('; ') + (more > 0 ? `; and ${more} more` : '');
    return { result: 'violated', detail, frames: [...this.#frames].sort((a, b) => a - b) };
  }
}
