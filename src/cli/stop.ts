/** Work that may end before it is done: by Ctrl-C, or because its time is over. What was found until then is told. */

/** Why work ended early. */
export type StopReason = 'interrupted' | 'budget';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Listens from when it is made until `end`. The first signal asks for an end; the second one ends the process. */
export class Stop {
  /** Resolves when somebody asks. */
  readonly asked: Promise<void>;
  #reason: StopReason | undefined;
  #resolve: () => void = () => {};
  readonly #onSignal = (): void => this.#ask('interrupted');
  readonly #timer: NodeJS.Timeout | undefined;

  /** `budgetMs`: the time that there is; left out, as much as it takes. */
  constructor(budgetMs?: number) {
    this.asked = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    for (const signal of SIGNALS) process.once(signal, this.#onSignal);
    if (budgetMs !== undefined) this.#timer = setTimeout(() => this.#ask('budget'), budgetMs);
  }

  /** Why to end; `undefined` as long as nobody asks. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Listens no more: a signal ends the process, as ever. */
  end(): void {
    clearTimeout(this.#timer);
    for (const signal of SIGNALS) process.removeListener(signal, this.#onSignal);
  }

  #ask(reason: StopReason): void {
    this.#reason ??= reason;
    this.end();
    this.#resolve();
  }
}
