/** What a campaign found, counted. */
import { SECOND } from '../machine/machine.ts';
import { type Fault, faultName } from '../run/fault.ts';
import { isBad, type RunLine } from './job.ts';

/** Runs that a summary names for each invariant. */
const EXAMPLES_MAX = 3;

/** The counts of a whole campaign. */
export interface CampaignSummary {
  readonly runs: number;
  /** Runs in which something must not be, and among them those that could not be run to their end. */
  readonly bad: number;
  readonly errors: number;
  /** Runs by how the move ended. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Runs by fault: how many had it, in how many something was violated. */
  readonly faults: Readonly<Record<string, { runs: number; bad: number }>>;
  /** Runs by violated invariant, by fault, and a few of them. */
  readonly invariants: Readonly<
    Record<string, { runs: number; byFault: Record<string, number>; examples: RunLine[] }>
  >;
}

/** Counts records as they come. */
export class Summary {
  #runs = 0;
  #bad = 0;
  #errors = 0;
  readonly #outcomes: Record<string, number> = {};
  readonly #faults: Record<string, { runs: number; bad: number }> = {};
  readonly #invariants: Record<
    string,
    { runs: number; byFault: Record<string, number>; examples: RunLine[] }
  > = {};

  add(record: RunLine): void {
    this.#runs++;
    const bad = isBad(record);
    if (bad) this.#bad++;
    const names =
      record.faults.length === 0 ? ['no fault'] : [...new Set(record.faults.map(groupName))];
    for (const name of names) {
      const fault = this.#faults[name] ?? { runs: 0, bad: 0 };
      this.#faults[name] = fault;
      fault.runs++;
      if (bad) fault.bad++;
    }
    if ('error' in record) {
      this.#errors++;
      this.#note('error', names, record);
      return;
    }
    this.#outcomes[record.outcome] = (this.#outcomes[record.outcome] ?? 0) + 1;
    for (const { invariant } of record.violated) this.#note(invariant, names, record);
  }

  #note(invariant: string, names: readonly string[], record: RunLine): void {
    const entry = this.#invariants[invariant] ?? { runs: 0, byFault: {}, examples: [] };
    this.#invariants[invariant] = entry;
    entry.runs++;
    for (const name of names) entry.byFault[name] = (entry.byFault[name] ?? 0) + 1;
    if (entry.examples.length < EXAMPLES_MAX) entry.examples.push(record);
  }

  get bad(): number {
    return this.#bad;
  }

  conclude(): CampaignSummary {
    return {
      runs: this.#runs,
      bad: this.#bad,
      errors: this.#errors,
      outcomes: this.#outcomes,
      faults: this.#faults,
      invariants: this.#invariants,
    };
  }
}

/** Short delays are of any length; they are counted together. */
function groupName(fault: Fault): string {
  const isShort = (fault.fault === 'delay' || fault.fault === 'hold') && fault.delayNs < SECOND;
  return isShort ? `${fault.fault} below 1 s` : faultName(fault);
}
