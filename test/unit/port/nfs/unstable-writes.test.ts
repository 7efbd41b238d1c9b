/** Writes that are not committed, against answers that a test makes up. */
import { describe, expect, it } from 'vitest';
import { StableHow } from '../../../../src/codecs/nfs/index.ts';
import type { NfsDone, NfsResult } from '../../../../src/port/nfs/client-result.ts';
import { UnstableWrites, type WriteCalls } from '../../../../src/port/nfs/unstable-writes.ts';

const file = Uint8Array.of(1);
const wcc = { fileWcc: { before: { attributesFollows: 0 }, after: { attributesFollows: 0 } } };
const verf = (value: number) => new Uint8Array(8).fill(value);

/** Calls that wait for their answer, oldest first. */
function rigOf() {
  const calls: { text: string; answer(verifier: number | undefined): void }[] = [];
  const made: WriteCalls = {
    write: ({ data = new Uint8Array(), count }, done) =>
      calls.push({
        text: `write ${data[0]}`,
        answer(verifier) {
          if (verifier === undefined) return done({ state: 'failed', why: 'broken' });
          const resok = { ...wcc, count, committed: StableHow.UNSTABLE, verf: verf(verifier) };
          return done({ state: 'done', value: { status: 0, resok, resfail: undefined } as never });
        },
      }),
    commit: (_args, done) =>
      calls.push({
        text: 'commit',
        answer(verifier) {
          if (verifier === undefined) return done({ state: 'failed', why: 'broken' });
          const resok = { ...wcc, verf: verf(verifier) };
          return done({ state: 'done', value: { status: 0, resok, resfail: undefined } as never });
        },
      }),
  };
  const writes = new UnstableWrites(made);
  const results: NfsResult<undefined>['state'][] = [];
  const done: NfsDone<undefined> = ({ state }) => results.push(state);
  const write = (value: number) =>
    writes.write({ file, offset: 0n, bytes: Uint8Array.of(value), stable: 0 }, done);
  const commit = () => writes.commit(file, done);
  /** Answers the oldest call; says what it was. */
  const next = (verifier: number | undefined): string | undefined => {
    const call = calls.shift();
    call?.answer(verifier);
    return call?.text;
  };
  return { writes, write, commit, next, calls, results };
}

describe('writes that are not committed', () => {
  it('are forgotten when they are', () => {
    const { writes, write, commit, next, results } = rigOf();
    write(1);
    next(5);
    expect(writes.bytes).toBe(1);
    commit();
    next(5);
    expect([writes.bytes, results]).toEqual([0, ['done', 'done']]);
  });

  it('that are lost are written again in their order, behind what is under way, before what waits', () => {
    const { write, commit, next, calls, results, writes } = rigOf();
    write(1);
    next(5);
    write(2);
    commit();
    write(3);
    // The answers: 2 is taken by the server of after, which commits; 3 is still under way.
    expect([next(6), next(6)]).toEqual(['write 2', 'commit']);
    expect(calls.map(({ text }) => text)).toEqual(['write 3']);
    write(4);
    expect(next(6)).toBe('write 3');
    expect([next(6), next(6), next(6)]).toEqual(['write 1', 'write 2', 'write 3']);
    expect(calls.map(({ text }) => text)).toEqual(['commit', 'write 4']);
    next(6);
    next(6);
    expect(results).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(writes.bytes).toBe(1);
  });

  it('that cannot be written again are kept for the next commit', () => {
    const { write, commit, next, results, writes } = rigOf();
    write(1);
    next(5);
    commit();
    expect([next(6), next(undefined)]).toEqual(['commit', 'write 1']);
    expect([results.at(-1), writes.bytes]).toEqual(['failed', 1]);
    commit();
    expect([next(6), next(6), next(6)]).toEqual(['commit', 'write 1', 'commit']);
    expect([results.at(-1), writes.bytes]).toEqual(['done', 0]);
  });

  it('two commits at once write them again once', () => {
    const { write, commit, next, calls, results } = rigOf();
    write(1);
    next(5);
    commit();
    commit();
    expect([next(6), next(6), next(6)]).toEqual(['commit', 'commit', 'write 1']);
    while (calls.length > 0) expect(next(6)).toBe('commit');
    expect(results).toEqual(['done', 'done', 'done']);
  });
});
