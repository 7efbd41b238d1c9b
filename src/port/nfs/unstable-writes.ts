/**
 * What a client has written and its server has not committed: kept, and written again when the write
 * verifier says that the server may have lost it. Source: RFC 1813, 3.3.7 and 3.3.21.
 *
 * Ownership: it owns the bytes that are kept. While lost writes of a file are written again, in the order in
 * which they were asked for, no other write of that file is under way: older data must not come after newer.
 */
import { formatHex, type Infer, type InferInput } from '../../codecs/layout/index.ts';
import {
  type commit3args,
  type commit3res,
  StableHow,
  type write3args,
  type write3res,
} from '../../codecs/nfs/index.ts';
import type { NfsDone } from './client-result.ts';

/** A write that is asked for. */
export interface FileWrite {
  readonly file: Uint8Array;
  readonly offset: bigint;
  readonly bytes: Uint8Array;
  /** `StableHow`. */
  readonly stable: number;
}

/** How writes and commits are called. */
export interface WriteCalls {
  write(args: InferInput<typeof write3args>, done: NfsDone<Infer<typeof write3res>>): void;
  commit(args: InferInput<typeof commit3args>, done: NfsDone<Infer<typeof commit3res>>): void;
}

/** A write that the server has taken. */
interface Taken extends FileWrite {
  /** Its place among the writes of its file, as they were asked for. */
  readonly order: number;
  /** The server's write verifier when it took it; `undefined`: it was committed at once. */
  readonly verifier: string | undefined;
}

interface FileState {
  asked: number;
  readonly taken: Set<Taken>;
  /** Writes under way. */
  writing: number;
  /** Lost writes are being written again. */
  recovering: boolean;
  /** What goes on when no write is under way any more. */
  idle: (() => void) | undefined;
  /** What waits until lost writes are written again. */
  readonly waiting: (() => void)[];
}

/** Writes, and commits of what was written. */
export class UnstableWrites {
  readonly #calls: WriteCalls;
  /** By the handle of their file. */
  readonly #files = new Map<string, FileState>();

  constructor(calls: WriteCalls) {
    this.#calls = calls;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return [...this.#files.values()]
      .flatMap(({ taken }) => [...taken])
      .reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Writes all of the bytes, however few a server takes at once. */
  write(wanted: FileWrite, done: NfsDone<undefined>): void {
    const state = this.#stateOf(wanted.file);
    if (state.recovering) {
      state.waiting.push(() => this.write(wanted, done));
      return;
    }
    const order = state.asked++;
    state.writing += 1;
    this.#send(state, { ...wanted, order }, (result) => {
      state.writing -= 1;
      done(result);
      if (state.writing > 0) return;
      state.idle?.();
      this.#tidy(wanted.file, state);
    });
  }

  /**
   * Commits what a file's server has taken by now. What it took under another verifier than it commits
   * under may be lost: it is written again, and committed then.
   */
  commit(file: Uint8Array, done: NfsDone<undefined>): void {
    const state = this.#stateOf(file);
    if (state.recovering) {
      state.waiting.push(() => this.commit(file, done));
      return;
    }
    const asked = [...state.taken];
    this.#calls.commit({ file, offset: 0n, count: 0 }, (result) => {
      if (result.state === 'failed') return done(result);
      const verifier = formatHex(result.value.resok!.verf);
      const isLost = (one: Taken) => one.verifier !== undefined && one.verifier !== verifier;
      if (asked.some((one) => state.taken.has(one) && isLost(one)))
        return this.#recover(file, state, done);
      for (const one of asked) state.taken.delete(one);
      done({ state: 'done', value: undefined });
      return this.#tidy(file, state);
    });
  }

  #stateOf(file: Uint8Array): FileState {
    const key = formatHex(file);
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const fresh = { asked: 0, taken: new Set<Taken>(), waiting: [] };
    const state = { ...fresh, writing: 0, recovering: false, idle: undefined };
    this.#files.set(key, state);
    return state;
  }

  #tidy(file: Uint8Array, state: FileState): void {
    const isBusy = state.writing > 0 || state.recovering || state.taken.size > 0;
    const key = formatHex(file);
    if (!isBusy && this.#files.get(key) === state) this.#files.delete(key);
  }

  #send(
    state: FileState,
    wanted: FileWrite & { readonly order: number },
    done: NfsDone<undefined>,
  ): void {
    const { file, offset, bytes, stable } = wanted;
    this.#calls.write({ file, offset, count: bytes.length, stable, data: bytes }, (result) => {
      if (result.state === 'failed') return done(result);
      const { count, committed, verf } = result.value.resok!;
      if (count > bytes.length || (count === 0 && bytes.length > 0))
        return done({ state: 'failed', why: `WRITE: ${count} of ${bytes.length} bytes taken` });
      const verifier = committed === StableHow.UNSTABLE ? formatHex(verf) : undefined;
      // One that is committed is kept beside others that are not: theirs must not come after it.
      if (count > 0 && (verifier !== undefined || state.taken.size > 0))
        state.taken.add({ ...wanted, bytes: bytes.subarray(0, count), verifier });
      if (count === bytes.length) return done({ state: 'done', value: undefined });
      const left = { ...wanted, offset: offset + BigInt(count), bytes: bytes.subarray(count) };
      return this.#send(state, left, done);
    });
  }

  /** Writes all that is not committed again, once nothing else is under way, and commits it. */
  #recover(file: Uint8Array, state: FileState, done: NfsDone<undefined>): void {
    if (state.recovering) {
      state.waiting.push(() => this.commit(file, done));
      return;
    }
    state.recovering = true;
    const begin = (): void => {
      state.idle = undefined;
      const again = [...state.taken].sort((a, b) => a.order - b.order);
      state.taken.clear();
      this.#writeAgain(state, again, (result) => {
        state.recovering = false;
        const waiting = state.waiting.splice(0);
        if (result.state === 'failed') done(result);
        else this.commit(file, done);
        for (const go of waiting) go();
      });
    };
    if (state.writing === 0) begin();
    else state.idle = begin;
  }

  #writeAgain(state: FileState, again: readonly Taken[], done: NfsDone<undefined>): void {
    const [first, ...others] = again;
    if (first === undefined) done({ state: 'done', value: undefined });
    else
      this.#send(state, first, (result) => {
        if (result.state === 'done') return this.#writeAgain(state, others, done);
        // What could not be written again is not forgotten: the next commit tries it.
        for (const one of again) state.taken.add(one);
        return done(result);
      });
  }
}
