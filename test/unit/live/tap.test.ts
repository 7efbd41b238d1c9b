/** The tap of a server: a capture from its first byte on, which ends with a word when its sink fails. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ByteSink, memorySink } from '../../../src/capture/index.ts';
import { LiveTapFile } from '../../../src/live/tap.ts';
import { readAll } from '../../helpers/capture.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(1_700_000_000_000);
});
afterEach(() => vi.useRealTimers());

/** Takes so many writes, then fails. */
function brokenSink(writes: number): ByteSink {
  let left = writes;
  return {
    ...memorySink(),
    write: () => {
      if (left-- === 0) throw new Error('the disk is full');
      return true;
    },
  };
}

describe('a tap', () => {
  test('has an interface for each port, and frames at the wall clock', async () => {
    const sink = memorySink();
    const tap = new LiveTapFile(sink, () => {});
    tap.write('A.1', Uint8Array.of(1, 2), 5);
    tap.write('B.0', Uint8Array.of(3), 7);
    tap.write('A.1', Uint8Array.of(4), 9);
    expect(tap.frames).toBe(3);
    await tap.close();
    const { frames } = await readAll(sink.bytes());
    const startNs = 1_700_000_000_000_000_000n;
    expect(
      frames.map(({ interfaceName, timeNs, bytes }) => [interfaceName, timeNs - startNs, ...bytes]),
    ).toEqual([
      ['A.1', 5n, 1, 2],
      ['B.0', 7n, 3],
      ['A.1', 9n, 4],
    ]);
  });

  test('is a capture at once, and has every frame a second later', async () => {
    const sink = memorySink();
    const tap = new LiveTapFile(sink, () => {});
    expect((await readAll(sink.bytes())).error).toBeUndefined();
    tap.write('A.1', Uint8Array.of(1), 0);
    expect((await readAll(sink.bytes())).frames).toHaveLength(0);
    vi.advanceTimersByTime(1000);
    expect((await readAll(sink.bytes())).frames).toHaveLength(1);
    await tap.close();
  });

  test('whose sink fails says so once and takes no more', async () => {
    const failed: string[] = [];
    const tap = new LiveTapFile(brokenSink(1), (error) => failed.push(error.message));
    tap.write('A.1', Uint8Array.of(1), 0);
    vi.advanceTimersByTime(3000);
    tap.write('A.1', Uint8Array.of(2), 1);
    expect(failed).toEqual(['the disk is full']);
    expect(tap.frames).toBe(1);
    await tap.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
