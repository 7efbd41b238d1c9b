/**
 * man/sanmotion.1: the manual page, made of the tree of commands. `npm pack` makes it for the package.
 *
 * Run: `npm run -s man-page`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { examplesOf } from '../src/cli/commands/option.ts';
import { programOf } from '../src/cli/program.ts';

const FOLDER = fileURLToPath(new URL('../man', import.meta.url));
const PAGE = `${FOLDER}/sanmotion.1`;

/** A text of troff: what begins a request or an escape in it does not. */
const text = (words: string): string =>
  words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replace(
      /[^ -~\n]/gu,
      (one) => `\\[u${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^(['.])/gm, '\\&$1');

/** The page as it should be. */
export function manPage(version: string): string {
  const program = programOf(version, () => {});
  const commands = commandsOf(program);
  return [
    '.\\" Made by npm run man-page.',
    `.TH SANMOTION 1 "" "sanmotion ${version}" "User Commands"`,
    '.SH NAME',
    'sanmotion \\- moves virtual machines on an emulated storage network, and judges the moves',
    '.SH SYNOPSIS',
    ...commands.flatMap(([words, command]) => [
      '.br',
      `.B sanmotion ${text(words)}`,
      text(usageOf(command)),
    ]),
    '.SH DESCRIPTION',
    `${text(program.description())}.`,
    '.SH COMMANDS',
    ...commands.flatMap(([words, command]) => sectionOf(words, command)),
    '.SH EXIT STATUS',
    ...[
      ['0', 'clean'],
      ['1', 'something violated, malformed, failed, refused, rolled back or stranded'],
      [
        '2',
        'bad usage or unreadable input: one line on standard error says what, where, and what to do',
      ],
      ['130', 'interrupted, behind what was found until then'],
    ].flatMap(([status, meaning]) => ['.TP', `.B ${status}`, text(meaning!)]),
    '.SH ENVIRONMENT',
    '.TP',
    '.B NO_COLOR',
    'No colours, on a terminal too.',
    '.SH FILES',
    '.TP',
    '.B scenario.schema.json',
    text('In the package: the JSON Schema of scenario files, for editors.'),
    '.SH SEE ALSO',
    '.BR tshark (1),',
    '.BR tcpdump (8)',
    '',
  ].join('\n');
}

function commandsOf(parent: Command, above = ''): [string, Command][] {
  return parent.commands.flatMap((one) => {
    const words = `${above}${one.name()}`;
    return [[words, one] as [string, Command], ...commandsOf(one, `${words} `)];
  });
}

/** Options and arguments in short. */
const usageOf = (command: Command): string =>
  command
    .usage()
    .replace(/ ?\[command\]/, '')
    .trim();

function sectionOf(words: string, command: Command): string[] {
  const described = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `.SS sanmotion ${text(words)}`,
    `${text(command.description())}.`,
    ...described.flatMap((one) => ['.TP', `.I ${text(one.name())}`, text(one.description)]),
    ...command.options.flatMap(({ description, flags }) => [
      '.TP',
      `.B ${text(flags)}`,
      text(description),
    ]),
    ...examplesOf(command).flatMap(({ line, what }) => [
      '.PP',
      '.EX',
      text(`$ ${line}`),
      '.EE',
      `.RS 4\n${text(what)}\n.RE`,
    ]),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(PAGE, manPage(version));
}
