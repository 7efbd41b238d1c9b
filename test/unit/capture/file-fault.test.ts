/** What the system refuses, in words of our own. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type FileUse, fileFault } from '../../../src/capture/file-fault.ts';
import { testFolder } from '../../helpers/folder.ts';

const folder = testFolder('fault');

/** What the system itself says when the file is read or written. */
function refused(path: string, use: FileUse): unknown {
  try {
    if (use === 'read') readFileSync(path);
    else writeFileSync(path, 'x');
  } catch (cause) {
    return cause;
  }
  throw new Error(`${path} was not refused`);
}

function words(path: string, use: FileUse): string {
  const { advice, what } = fileFault(path, refused(path, use), use);
  return `${what}; ${advice}`;
}

it.each<[string, FileUse, string]>([
  ['none', 'read', 'no such file; check the path'],
  ['.', 'read', 'it is a folder; name a file in it'],
  ['file/x', 'read', 'a part of the path is a file; check the path'],
  ['none/x', 'write', 'its folder does not exist; make the folder first'],
  ['.', 'write', 'it is a folder; name a file in it'],
  ['nowhere', 'write', 'nothing can be made there; choose a place you may write to'],
  ['round', 'read', 'its links lead round in a circle; check the path'],
  ['a'.repeat(300), 'write', 'its name is too long; give a shorter one'],
])('%s, to %s', (name, use, text) => {
  folder.file('file', '');
  for (const [link, target] of [
    ['nowhere', folder.path('none/x')],
    ['round', 'round'],
  ] as const) {
    try {
      symlinkSync(target, folder.path(link));
    } catch {
      // It is there from the case before.
    }
  }
  expect(words(folder.path(name), use)).toBe(text);
});

it.skipIf(process.platform !== 'linux').each<[string, string]>([
  ['/dev/full', 'the disk is full; make room or choose another disk'],
  ['/proc/x.html', 'nothing can be made there; choose a place you may write to'],
])('%s', (path, text) => {
  expect(words(path, 'write')).toBe(text);
});

it('a code that nobody has met is named', () => {
  expect(fileFault('x', { code: 'EODD' }, 'write').what).toBe('the system says EODD');
  expect(fileFault('x', new Error('odd'), 'read').what).toBe('the system says odd');
});
