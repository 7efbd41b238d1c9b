/** Completion of shells: the scripts are made of the tree, and the shells that are here take them. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { completionCommand, completionFor, SHELLS } from '../../../src/cli/completion.ts';
import { programOf } from '../../../src/cli/program.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('completion');
const program = programOf('0.0.0', () => {});
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

test.each(SHELLS)('%s: every command, option and value is there', async (shell) => {
  const { stdout } = await said(() => completionCommand(shell, program));
  for (const word of ['campaign', 'strategy', 'wwpn-pair', 's-id-reuse', 'merge'])
    expect(stdout).toContain(word);
});

test('a shell that is not served is named with those that are', () => {
  expect(() => completionCommand('tcsh', program)).toThrow(
    'completion tcsh: there is one for bash, zsh, fish',
  );
});

/** What bash completes the last of these words to. */
function bash(...words: string[]): string[] {
  const script = folder.file('bash', completionFor('bash', program));
  const program_ = `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _sanmotion; echo "\${COMPREPLY[*]}"`;
  const { stdout } = spawnSync('bash', ['-c', program_, 'bash', 'sanmotion', ...words], {
    encoding: 'utf8',
  });
  return stdout.trim().split(' ');
}

describe.skipIf(!has('bash'))('bash', () => {
  test.each<[string[], string[]]>([
    [['mo'], ['move']],
    [
      ['move', '--profile', 'p'],
      ['powervm', 'profile-move'],
    ],
    [['move', '--defences', 'wait-r-a-tov,cl'], ['wait-r-a-tov,clean-address']],
    [['move', '--seed', '4', '--dr'], ['--drain']],
    [['move', 's-id'], ['s-id-reuse']],
    [['campaign', 'me'], ['merge']],
    [['campaign', 'keep', '--st'], ['--store']],
    // The shell completes files.
    [['move', '--pcap', 'x'], ['']],
  ])('%j', (words, completed) => {
    expect(bash(...words)).toEqual(completed);
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  test.each<[string, string[]]>([
    ['sanmotion mo', ['move']],
    ['sanmotion move --profile p', ['powervm', 'profile-move']],
    ['sanmotion campaign keep --st', ['--store']],
  ])('%s', (line, completed) => {
    const script = folder.file('fish', completionFor('fish', program));
    const { stdout } = spawnSync('fish', ['-c', `source ${script}; complete -C '${line}'`], {
      encoding: 'utf8',
    });
    const words = stdout.trimEnd().split('\n');
    expect(words.map((one) => one.split('\t')[0])).toEqual(expect.arrayContaining(completed));
  });
});

test.skipIf(!has('zsh'))('zsh takes it as a completion', () => {
  const script = folder.file('_sanmotion', completionFor('zsh', program));
  const { status, stderr } = spawnSync(
    'zsh',
    [
      '-f',
      '-c',
      `autoload -U compinit; compinit -u -D; source ${script}; (( $+_comps[sanmotion] ))`,
    ],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
});
