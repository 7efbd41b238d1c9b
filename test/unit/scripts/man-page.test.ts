/** The manual page says what the tree of commands says, and troff takes it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { manPage } from '../../../scripts/man-page.ts';

const hasGroff = spawnSync('groff', ['--version']).status === 0;

test('it has every command with its options and examples', () => {
  const page = manPage('1.2.3');
  expect(page).toContain('.SS sanmotion campaign merge\n');
  expect(page).toContain('\n.B \\-\\-profile <name>\nmove as a vendor does: powervm,');
  expect(page).toContain('\n$ sanmotion init | sanmotion move \\-\n');
  expect(page).not.toMatch(/undefined|\[object/);
});

test.skipIf(!hasGroff)('groff has nothing to say against it', () => {
  const { status, stderr, stdout } = spawnSync('groff', ['-man', '-Tutf8', '-ww'], {
    input: manPage('1.2.3'),
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('sanmotion');
});
