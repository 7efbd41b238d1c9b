/** What came on a connection: bytes that its owner has not taken, and segments that came before their turn. */
import { distance, isBefore, plus } from './sequence-number.ts';

/** A run of bytes that came before its turn. */
interface Run {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** Segments that wait for one before them; more are as if they were lost. */
const RUNS_MAX = 256;

/** Bytes in their order, and what is missing before others. */
export class ReceiveBuffer {
  /** The next byte that is missing. */
  next: number;
  #ready: Uint8Array[] = [];
  #readyBytes = 0;
  /** By their sequence numbers. */
  #runs: Run[] = [];

  constructor(next: number) {
    this.next = next;
  }

  /** Bytes in their order that nobody has taken. */
  get readyBytes(): number {
    return this.#readyBytes;
  }

  /** Segments that wait for one before them. */
  get runs(): number {
    return this.#runs.length;
  }

  /** Bytes came, from within the window. True when they were the next ones. */
  take(seq: number, bytes: Uint8Array): boolean {
    const known = distance(seq, this.next);
    if (known >= bytes.length) return false;
    if (known >= 0) {
      this.#append(bytes.subarray(known));
      this.#joinRuns();
      return true;
    }
    this.#keep({ seq, bytes });
    return false;
  }

  #append(bytes: Uint8Array): void {
    this.#ready.push(bytes);
    this.#readyBytes += bytes.length;
    this.next = plus(this.next, bytes.length);
  }

  #keep(run: Run): void {
    const at = this.#runs.findIndex(({ seq }) => !isBefore(seq, run.seq));
    const same = this.#runs[at];
    if (same !== undefined && same.seq === run.seq && same.bytes.length >= run.bytes.length) return;
    if (this.#runs.length >= RUNS_MAX) return;
    this.#runs.splice(at < 0 ? this.#runs.length : at, 0, run);
  }

  #joinRuns(): void {
    while (this.#runs.length > 0) {
      const [first] = this.#runs as [Run];
      const known = distance(first.seq, this.next);
      if (known < 0) return;
      this.#runs.shift();
      if (known < first.bytes.length) this.#append(first.bytes.subarray(known));
    }
  }

  /** Takes what is there, in its order. */
  drain(): Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    this.#readyBytes = 0;
    return ready;
  }

  /** Nobody wants it any more. */
  clear(): void {
    this.drain();
    this.#runs = [];
  }
}
