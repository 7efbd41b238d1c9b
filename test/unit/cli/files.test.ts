/** Files of the commands: read, written, and refused in one line without the words of a library. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkOutput,
  checkOutputFolder,
  makeFolderOf,
  openLines,
  readText,
  refuseSameFile,
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

const PLACE = 'nothing can be made there; choose a place you may write to';

describe('an output', () => {
  it('is looked at before the work: nothing is left of that but its folder', () => {
    checkOutput({ said: '--svg', path: folder.path('drawings/x.svg') });
    expect(readdirSync(folder.path('drawings'))).toEqual([]);
    const path = folder.file('old', 'what was there');
    checkOutput({ said: '--svg', path });
    expect(readFileSync(path, 'utf8')).toBe('what was there');
  });

  it('is refused where it is a folder, or below a file', () => {
    mkdirSync(folder.path('pictures'), { recursive: true });
    const path = folder.path('pictures');
    expect(refusal(() => checkOutput({ said: '--svg', path }))).toBe(
      `--svg ${path}: it is a folder; name a file in it`,
    );
    const below = `${folder.file('plain', '')}/x`;
    for (const check of [checkOutput, checkOutputFolder])
      expect(refusal(() => check({ said: '--svg', path: below }))).toMatch(/a part of the path is/);
  });

  // Node's own recursive mkdir never comes back from there.
  it.skipIf(process.platform !== 'linux')('is refused where no folder can be made', () => {
    const file = { said: '--svg', path: '/proc/none/x.svg' };
    for (const work of [checkOutput, makeFolderOf, (one: typeof file) => writeText(one, '')])
      expect(refusal(() => work(file))).toBe(`--svg /proc/none: ${PLACE}`);
    expect(refusal(() => checkOutput({ said: '--svg', path: '/proc/x' }))).toBe(
      `--svg /proc/x: ${PLACE}`,
    );
  });

  it.skipIf(process.platform !== 'linux')('goes to a device that takes it', () => {
    checkOutput({ said: '--svg', path: '/dev/null' });
    checkOutput({ said: '--svg', path: '/dev/full' });
  });
});

describe('a folder of outputs', () => {
  it('is made, with the one above it, and nothing is left in it', () => {
    checkOutputFolder({ said: '--captures', path: folder.path('out/zoo') });
    checkOutputFolder({ said: '--captures', path: folder.path('out/zoo') });
    expect(readdirSync(folder.path('out/zoo'))).toEqual([]);
  });

  it('is refused where it is a file, or takes nothing', () => {
    const path = folder.file('plain', '');
    expect(refusal(() => checkOutputFolder({ said: '--captures', path }))).toBe(
      `--captures ${path}: it is a file; name a folder`,
    );
    if (process.platform !== 'linux') return;
    for (const place of ['/proc', '/proc/none'])
      expect(refusal(() => checkOutputFolder({ said: '--captures', path: place }))).toBe(
        `--captures ${place}: ${PLACE}`,
      );
  });
});

describe('one file in two places', () => {
  it('is refused, under whichever name', () => {
    const path = folder.file('mine.yaml', 'name: x');
    const scenario = { said: 'the scenario', path };
    if (!existsSync(folder.path('link'))) symlinkSync(path, folder.path('link'));
    for (const other of [path, folder.path('./x/../mine.yaml'), folder.path('link')])
      expect(refusal(() => refuseSameFile([scenario, { said: '--pcap', path: other }]))).toBe(
        `--pcap ${other}: it is the file of the scenario too; give another name`,
      );
    refuseSameFile([scenario, { said: '--pcap', path: folder.path('other') }]);
  });

  it('is nobody’s loss where it keeps nothing', () => {
    const said = (name: string) => ({ said: name, path: '/dev/null' });
    refuseSameFile([said('--pcap'), said('--report')]);
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
