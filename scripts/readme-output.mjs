// Fills README.md and pages of docs with what their commands print, so that no output there is made up or outdated.
//
// Each line `<!-- output: COMMAND -->` is followed by a block that ends in `<!-- /output -->`; the
// block is made anew by running the command in the project's root. `--check` changes nothing and
// fails where a page differs. Names of pages behind it: those only.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const PAGES = [
  'README.md',
  'docs/command.md',
  'docs/codecs.md',
  'docs/volumes.md',
  'docs/gravity.md',
];
const block = /^<!-- output: (.+?) -->\n(?:\n?```text\n[\s\S]*?^```\n\n?<!-- \/output -->\n)?/gm;

/** Standard output of a command; status 1 with output is an answer too: something was violated. */
function outputOf(command) {
  const env = { ...process.env, NO_COLOR: '1', npm_config_loglevel: 'silent' };
  const done = spawnSync(command, { cwd: root, env, shell: true, encoding: 'utf8' });
  const answered = (done.status === 0 || done.status === 1) && done.stdout.trim() !== '';
  if (!answered) {
    process.stderr.write(`${command}: exit status ${done.status}, no answer\n${done.stderr}`);
    process.exit(2);
  }
  return stripVTControlCharacters(done.stdout).trimEnd();
}

const named = process.argv.slice(2).filter((one) => !one.startsWith('--'));
let isStale = false;
for (const page of named.length > 0 ? named : PAGES) {
  const file = `${root}${page}`;
  const before = readFileSync(file, 'utf8');
  const after = before.replace(
    block,
    (_, command) =>
      `<!-- output: ${command} -->\n\n\`\`\`text\n$ ${command}\n${outputOf(command)}\n\`\`\`\n\n<!-- /output -->\n`,
  );
  if (!process.argv.includes('--check')) writeFileSync(file, after);
  else if (after !== before) {
    process.stderr.write(`${page} is not what its commands print: run \`npm run readme\`.\n`);
    isStale = true;
  }
}
if (isStale) process.exit(1);
