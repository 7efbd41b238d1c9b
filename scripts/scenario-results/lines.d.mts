/** Which run: `status` is the exit status of the command. */
export interface Run {
  readonly scenario: string;
  readonly seed: number;
  readonly status: number;
}
/** What lines are made of in the document of `move --json`. */
export interface MoveDocument {
  readonly strategy: string;
  readonly digest: string;
  readonly virtualTimeNs: number;
  readonly frames: number;
  readonly blackoutNs: number;
  readonly result: { readonly outcome: string; readonly reason?: string };
  readonly io: Readonly<Record<string, number>>;
  readonly timeline: readonly {
    readonly phase: string;
    readonly detail: string;
    readonly atNs: number;
    readonly durationNs: number;
    readonly frames: number;
    readonly completed: number;
  }[];
  readonly verdict: readonly {
    readonly invariant: string;
    readonly sentence: string;
    readonly result: string;
    readonly detail: string;
    readonly frames: readonly number[];
  }[];
}
export interface Difference {
  readonly seed: string;
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}
export function linesOf(
  run: Run,
  report: MoveDocument,
  options?: { readonly digests?: boolean },
): string[];
export function refusalLines(run: Run, complaint: string): string[];
export function differences(before: string, after: string): Map<string, Difference[]>;
