/** What a machine has to say, until its driver takes it. */
import type { Output } from './machine.ts';

/** Outputs in the order they were put in. */
export class Outbox<Event> {
  /** Outputs from `#taken` to `#put` wait; the array is used again once they are taken. */
  readonly #outputs: (Output<Event> | undefined)[] = [];
  #put = 0;
  #taken = 0;

  /** How many outputs wait. */
  get waiting(): number {
    return this.#put - this.#taken;
  }

  /** Puts a frame on a port's link: `given` away, or lent and not changed any more. */
  send(port: number, frame: Uint8Array, given: boolean): void {
    this.#outputs[this.#put++] = { port, send: frame, given };
  }

  /** Tells the machine's owner that something happened. */
  emit(event: Event): void {
    this.#outputs[this.#put++] = { event };
  }

  /** Takes the next output, oldest first; `undefined` when there is none. */
  poll(): Output<Event> | undefined {
    if (this.#taken === this.#put) {
      this.#taken = 0;
      this.#put = 0;
      return undefined;
    }
    const output = this.#outputs[this.#taken];
    this.#outputs[this.#taken++] = undefined;
    return output;
  }
}
