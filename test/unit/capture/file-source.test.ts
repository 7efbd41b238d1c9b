/** Files as sources, by the bytes they bring and the faults they name. */
import { afterAll, describe, expect, it } from 'vitest';
import { openFileSource } from '../../../src/capture/file-source.ts';
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
