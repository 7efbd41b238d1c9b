/** Calls to a worker: by name, with an answer each, and progress on the way. */

import type { Progress, Tell } from './progress.ts';

/** Functions of a worker, by name. */
export type Functions = Record<string, (...values: never[]) => unknown>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly values: readonly unknown[];
}

type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly id: number; readonly progress: Progress };

/** The page's end. */
export class WorkerClient<Api extends Functions> {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void; tell: Tell }
  >();
  #last = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data);
    worker.onerror = (event) => {
      const fault = new Error(event.message ?? 'the browser did not start a worker');
      for (const { reject } of this.#waiting.values()) reject(fault);
      this.#waiting.clear();
    };
  }

  /** Calls a function; `tell` hears how far it has come. Errors: those of the function, by their message. */
  call<Name extends keyof Api & string>(
    name: Name,
    values: Parameters<Api[Name]>,
    tell: Tell = () => {},
  ): Promise<Awaited<ReturnType<Api[Name]>>> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, tell });
      this.#worker.postMessage({ id, name, values } satisfies Call);
    });
  }

  /** Ends the worker, and whatever it does. */
  end(): void {
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error('stopped'));
    this.#waiting.clear();
  }

  #take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ('progress' in reply) {
      waiting.tell(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting.reject(new Error(reply.error));
    else waiting.resolve(reply.result as never);
  }
}

/** Milliseconds between two words of progress. */
const TELL_EVERY_MS = 100;

/** The worker's end: `make` gives the functions, which may say how far the call under way has come. */
export function serveCalls(make: (tell: Tell) => Functions): void {
  let current = 0;
  let told = 0;
  const functions = make((progress) => {
    const now = performance.now();
    if (now - told < TELL_EVERY_MS) return;
    told = now;
    postMessage({ id: current, progress } satisfies Reply);
  });
  // One call after the other: they share what was opened.
  let before: Promise<void> = Promise.resolve();
  self.onmessage = ({ data: { id, name, values } }: MessageEvent<Call>) => {
    before = before.then(async () => {
      current = id;
      try {
        const result = await functions[name]!(...(values as never[]));
        postMessage({ id, result } satisfies Reply);
      } catch (error) {
        postMessage({ id, error: (error as Error).message } satisfies Reply);
      }
    });
  };
}
