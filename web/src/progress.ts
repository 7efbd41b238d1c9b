/** How far something long has come. */

/** How far a call has come: a share of 1 where that is known, and a few words. */
export interface Progress {
  readonly share: number | undefined;
  readonly words: string;
}

/** What is said of progress. */
export type Tell = (progress: Progress) => void;
