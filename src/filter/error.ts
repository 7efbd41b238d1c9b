/** A display filter that cannot be used: one line with the place. */
export class FilterError extends Error {
  /** Where in the filter, in characters from 0. */
  readonly at: number;

  constructor(at: number, what: string) {
    super(`at character ${at + 1}: ${what}`);
    this.name = 'FilterError';
    this.at = at;
  }
}
