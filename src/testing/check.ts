/** Rules of a contract as checks, and checks as tests. */

/** One rule of a contract. */
export interface ContractCheck {
  readonly title: string;
  /** What broke the rule, in words; `undefined` when nothing did. */
  run(): string | undefined;
}

/** A rule is broken; the message says how. */
export class Broken extends Error {}

/** Runs a rule; whatever it throws is what broke it. */
export function check(title: string, rule: () => void): ContractCheck {
  return {
    title,
    run() {
      try {
        rule();
        return undefined;
      } catch (error) {
        if (error instanceof Broken) return error.message;
        return `throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      }
    },
  };
}

/** An output as text, to compare and to show. */
export function show(output: unknown): string {
  return JSON.stringify(output, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return [...value];
    if (value instanceof Map || value instanceof Set) return [...value];
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

/** What `describe` and `it` of a test runner look like. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(title: string, body: () => void): void;
}

/** Declares checks as tests of a runner such as vitest or node:test. */
export function describeChecks(
  { describe, it }: TestRunner,
  title: string,
  checks: readonly ContractCheck[],
): void {
  describe(title, () => {
    for (const one of checks) {
      it(one.title, () => {
        const broken = one.run();
        if (broken !== undefined) throw new Error(broken);
      });
    }
  });
}
