/** Sources: bytes in memory, Blobs and streams, by the bytes they bring and the faults they name. */
import { describe, expect, it } from 'vitest';
import { type ByteInput, byteSource, streamSource } from '../../../src/capture/source.ts';
import { pattern } from '../../helpers/capture.ts';

async function read(input: ByteInput, windowBytes: number): Promise<number[]> {
  const source = byteSource(input, 'given');
  const into = new Uint8Array(windowBytes);
  const found: number[] = [];
  for (;;) {
    const count = await source.read(into);
    if (count === 0) break;
    found.push(...into.subarray(0, count));
  }
  await source.close();
  return found;
}

describe('bytes', () => {
  const bytes = pattern(1000);
  const pieces = () => [bytes.subarray(0, 700), bytes.subarray(700)];
  it.each<[string, () => ByteInput]>([
    ['a Uint8Array', () => bytes],
    ['a part of an array', () => pattern(1100).subarray(0, 1000)],
    ['an ArrayBuffer', () => bytes.slice().buffer],
    ['a Blob', () => new Blob([bytes.slice()])],
    ['a ReadableStream', () => new Blob([bytes.slice()]).stream()],
    // As in browsers whose streams cannot be iterated.
    [
      'a stream that only has a reader',
      () => {
        const left = pieces();
        const next = async () => ({ done: left.length === 0, value: left.shift() });
        return { getReader: () => ({ read: next, cancel: async () => {} }) };
      },
    ],
    [
      'chunks',
      async function* () {
        yield* pieces();
      },
    ],
  ])('of %s come in order, to the end', async (_, give) => {
    expect(await read(give(), 64)).toEqual([...bytes]);
    expect(await read(give(), 4096)).toEqual([...bytes]);
  });

  it('of a Blob are read a piece at a time', async () => {
    const asked: [number, number][] = [];
    const blob = {
      size: 10,
      slice(start: number, end: number) {
        asked.push([start, end]);
        return { arrayBuffer: async () => pattern(end - start).slice().buffer };
      },
    };
    await read(blob, 4);
    expect(asked).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
      [10, 10],
    ]);
  });

  it.each([[5], [undefined], [{}], [null], [['a.pcap']]])('cannot be %j', (input) => {
    expect(() => byteSource(input as unknown as ByteInput, 'given')).toThrow(TypeError);
  });
});

describe('a stream', () => {
  async function* chunks(...list: readonly unknown[]) {
    for (const one of list) {
      if (one instanceof Error) throw one;
      yield one as Uint8Array;
    }
  }

  it('gives chunks of any size, and never one that is empty before its end', async () => {
    const source = streamSource(chunks(pattern(5), new Uint8Array(0), pattern(2)), 'pipe');
    const into = new Uint8Array(3);
    const counts: number[] = [];
    for (let i = 0; i < 5; i++) counts.push(await source.read(into));
    expect(counts).toEqual([3, 2, 2, 0, 0]);
    expect([source.name, source.readNow]).toEqual(['pipe', undefined]);
  });

  it('that fails says at which byte, once', async () => {
    const cause = new Error('reset');
    const source = streamSource(chunks(pattern(5), cause), 'pipe');
    const into = new Uint8Array(9);
    expect(await source.read(into)).toBe(5);
    await expect(source.read(into)).rejects.toMatchObject({
      fault: 'unreadable',
      fileOffset: 5,
      cause,
    });
    expect(await source.read(into)).toBe(0);
  });

  it('is told when nobody reads on', async () => {
    let returned = 0;
    const endless: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: pattern(1) }),
        return: async () => {
          returned++;
          return { done: true, value: undefined };
        },
      }),
    };
    const source = streamSource(endless, 'pipe');
    await source.read(new Uint8Array(1));
    await source.close();
    await source.close();
    expect(returned).toBe(1);
  });

  it('of something else is the fault of who gave it', async () => {
    await expect(streamSource(chunks('text'), 'pipe').read(new Uint8Array(1))).rejects.toThrow(
      TypeError,
    );
  });
});
