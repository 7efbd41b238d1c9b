/** A refusal of an extended link service. */

/** Reason and explanation of an LS_RJT. */
export class Refusal {
  readonly reason: number;
  readonly explanation: number;

  constructor(reason: number, explanation = 0) {
    this.reason = reason;
    this.explanation = explanation;
  }
}
