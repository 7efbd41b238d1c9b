/**
 * What somebody did to the world on purpose, as a scenario's events say it. What follows from it is
 * told by the machines; this says who began.
 */

/** An event of a scenario was carried out; `what` in words. */
export interface OperatorActed {
  readonly type: 'operator';
  readonly what: string;
}
