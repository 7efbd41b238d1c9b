/** What a witness has said, in a file. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readGrants, writeGrants } from '../../../../src/live/pair/witness-file.ts';
import { testFolder } from '../../../helpers/folder.ts';

const folder = testFolder('witness-file');

test('what is written is read', () => {
  const path = folder.path('said');
  expect(readGrants(path).size).toBe(0);
  const grants = new Map([
    ['0', 'east'],
    ['1-east', 'west'],
  ]);
  writeGrants(path, grants);
  expect(readFileSync(path, 'utf8').split('\n')[1]).toBe('{"generation":"1-east","site":"west"}');
  expect(readGrants(path)).toEqual(grants);
});

test.each([
  ['half a line', '{"generation":"0","si'],
  ['something else', '[1]\n'],
])('%s is refused in a line, never taken for nothing', (name, text) => {
  const path = folder.file(name.replaceAll(' ', '-'), text);
  expect(() => readGrants(path)).toThrow(/no file of a witness/);
});

test('a folder is none, and what cannot be written is said', () => {
  expect(() => readGrants(folder.path('.'))).toThrow(/cannot read .*: /);
  expect(() => writeGrants(folder.path('no/such'), new Map())).toThrow(/cannot write .*such: /);
});
