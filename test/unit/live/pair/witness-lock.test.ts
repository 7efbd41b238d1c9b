/** One witness for a file. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ListenError } from '../../../../src/live/listen-address.ts';
import { keepFile } from '../../../../src/live/pair/witness-lock.ts';
import { testFolder } from '../../../helpers/folder.ts';

const folder = testFolder('witness-lock');

test('is kept by one, until that gives it up', () => {
  const file = folder.path('said');
  const giveUp = keepFile(file);
  expect(() => keepFile(file)).toThrow(
    `${file}: another witness keeps it (process ${process.pid}); stop that one, or name another file`,
  );
  giveUp();
  expect(existsSync(`${file}.lock`)).toBe(false);
  keepFile(file)();
});

test.each([
  ['a process that is gone', () => `${spawnSync('true').pid} 1 x`],
  [
    'another one that had its number',
    () => readFileSync(lockOf('mine'), 'utf8').replace(/ \d+ /, ' 1 '),
  ],
  ['nobody', () => 'x'],
])('what %s has left is taken', (_what, left) => {
  const giveMine = keepFile(folder.path('mine'));
  const file = folder.path('left');
  writeFileSync(`${file}.lock`, left());
  const giveUp = keepFile(file);
  expect(readFileSync(`${file}.lock`, 'utf8')).toBe(readFileSync(lockOf('mine'), 'utf8'));
  giveUp();
  giveMine();
});

const lockOf = (name: string): string => folder.path(`${name}.lock`);

test('what is no file is said', () => {
  const file = folder.path('taken');
  mkdirSync(`${file}.lock`);
  expect(() => keepFile(file)).toThrow(ListenError);
});

test('a folder that is not there is said', () => {
  expect(() => keepFile(folder.path('no/said'))).toThrow(/^cannot write .*no\/said\.lock: /);
});
