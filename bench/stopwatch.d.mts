/** Processor time of the process, user and system, and wall time, both in nanoseconds. */
export interface Took {
  readonly cpuNs: number;
  readonly wallNs: number;
}
/** Starts now; each call of what it returns tells what has passed since. */
export function stopwatch(): () => Took;
