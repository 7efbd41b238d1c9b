/** Files of the commands: read, written, and refused in one line without the words of a library. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  makeFolderOf,
  openLines,
  readText,
  renameFile,
  writeText,
} from '../../../src/cli/files.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { testFolder } from '../../helpers/folder.ts';

const folder = testFolder('files');

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a folder', () => {
  it('is made where it alone is missing', () => {
    makeFolderOf({ said: '--out', path: folder.path('new/x') });
    expect(existsSync(folder.path('new'))).toBe(true);
    expect(existsSync(folder.path('new/x'))).toBe(false);
  });

  it('is not made where the one above it is missing too: the path is misspelt', () => {
    const path = folder.path('wrong/deep/x');
    const what = `there is no folder ${folder.path('wrong')}; check the path, or make it first`;
    for (const work of [
      makeFolderOf,
      (file: { said: string; path: string }) => writeText(file, ''),
    ])
      expect(refusal(() => work({ said: '--out', path }))).toBe(`--out ${path}: ${what}`);
    expect(existsSync(folder.path('wrong'))).toBe(false);
  });

  it('is not made below a file', () => {
    folder.file('plain', '');
    const path = folder.path('plain/deep/x');
    expect(refusal(() => makeFolderOf({ said: '--svg', path }))).toMatch(
      /a part of the path is a f/,
    );
  });
});

describe('a text', () => {
  it('is written, with its folder, and read', () => {
    const file = { said: '--svg', path: folder.path('texts/x.svg') };
    writeText(file, 'a drawing');
    expect(readText(file)).toBe('a drawing');
  });

  it('that is not there says so, with what to do instead', () => {
    const file = { said: 'scenario', path: folder.path('none') };
    expect(refusal(() => readText(file))).toBe(
      `scenario ${file.path}: no such file; check the path`,
    );
    expect(refusal(() => readText({ ...file, advice: 'give another' }))).toMatch(/; give another$/);
  });

  it.skipIf(process.platform !== 'linux')(
    'on a full disk asks for room, whatever else helps',
    () => {
      const file = { said: '--report', path: '/dev/full', advice: 'give another' };
      expect(refusal(() => writeText(file, 'x'))).toBe(
        '--report /dev/full: the disk is full; make room or choose another disk',
      );
    },
  );
});

describe('lines', () => {
  it('begin a file, or go on behind what is kept of it', () => {
    const file = { said: 'results', path: folder.file('lines', 'whole\nhal') };
    const more = openLines(file, 6);
    more.line('more');
    more.close();
    expect(readFileSync(file.path, 'utf8')).toBe('whole\nmore\n');
    openLines(file).close();
    expect(readFileSync(file.path, 'utf8')).toBe('');
  });

  it.skipIf(process.platform !== 'linux')('on a full disk', () => {
    const lines = openLines({ said: 'results', path: '/dev/full' });
    expect(refusal(() => lines.line('x'))).toMatch(/^results \/dev\/full: the disk is full; make/);
    lines.close();
  });

  it('in a folder', () => {
    mkdirSync(folder.path('place'), { recursive: true });
    const file = { said: 'results', path: folder.path('place') };
    expect(refusal(() => openLines(file))).toMatch(/place: it is a folder; name a file in it$/);
    expect(refusal(() => renameFile(file, folder.path('none/x')))).toMatch(/^results .*place: /);
  });
});
