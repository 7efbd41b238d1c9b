/** Sources: files and streams, by the bytes they bring and the faults they name. */
import { afterAll, describe, expect, it } from 'vitest';
import { openFileSource, streamSource } from '../../../src/capture/source.ts';
import { CaptureError } from '../../../src/capture/types.ts';
import { pattern, temporaryFolder } from '../../helpers/capture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

describe('a file', () => {
  it('is read in order, with and without waiting, to its end', async () => {
    folder.write('a', pattern(10));
    const source = await openFileSource(folder.path('a'));
    const into = new Uint8Array(4);
    expect([await source.read(into), ...into]).toEqual([4, ...pattern(10).subarray(0, 4)]);
    expect([source.readNow!(into), ...into]).toEqual([4, ...pattern(10).subarray(4, 8)]);
    expect([await source.read(into), await source.read(into), source.readNow!(into)]).toEqual([
      2, 0, 0,
    ]);
    await source.close();
  });

  it('that is small shows its end in the first window', async () => {
    folder.write('small', pattern(5000));
    const source = await openFileSource(folder.path('small'));
    expect(source.windowBytes).toBe(5001);
    await source.close();
    folder.write('large', new Uint8Array(1 << 20));
    const large = await openFileSource(folder.path('large'));
    expect(large.windowBytes).toBe(1 << 19);
    await large.close();
  });

  it.each([
    ['none', 'missing', 'no such file; check the path'],
    ['', 'directory', 'it is a folder; name a file in it'],
    ['a/b', 'missing', 'a part of the path is a file; check the path'],
  ])('that cannot be opened is one line: %s', async (name, fault, message) => {
    folder.write('a', '');
    const path = folder.path(name);
    const error = await openFileSource(path).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CaptureError);
    expect(error).toMatchObject({ fault, file: path, message: `${path}: ${message}` });
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
