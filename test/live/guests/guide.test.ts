/**
 * The five minutes of docs/serve.md: its commands are run as they are printed, what stands behind the
 * guest's prompt is typed into its console, and what comes is what the page says.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import { guestTest, type Lab } from '../support/lab.ts';
import { endOf, until } from '../support/wait.ts';

const PROMPT = 'lab# ';
const BOOT_LIMIT_MS = 120_000;
const COMMAND_LIMIT_MS = 120_000;

/** The blocks of the section, in order. */
function blocksOf(section: string): string[] {
  const page = readFileSync('docs/serve.md', 'utf8');
  const begin = page.indexOf(`## ${section}`);
  const text = page.slice(begin, page.indexOf('\n#', begin + 1));
  return [...text.matchAll(/```(?:sh|text)\n([\s\S]*?)```/g)].map(([, block]) => block!);
}

/** What is typed at a prompt, and the lines that follow. */
interface Exchange {
  readonly typed: string;
  readonly answer: readonly string[];
}

function exchangesOf(block: string): Exchange[] {
  const [, ...parts] = `\n${block}`.split(`\n${PROMPT}`);
  return parts.map((part) => {
    const [typed, ...answer] = part.trimEnd().split('\n');
    return { typed: typed!, answer };
  });
}

/** A process with what it said so far, as a terminal shows it. */
function start(lab: Lab, command: string): { child: ChildProcess; said: () => string } {
  // Without a shell between, which would outlive its end.
  const child = spawn('bash', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('latin1').on('data', (part: string) => {
      text += part;
    });
  }
  lab.atEnd(async () => void (await endOf(child, 'SIGTERM', 15_000)));
  return { child, said: () => stripVTControlCharacters(text).replaceAll('\r', '') };
}

guestTest('five minutes to a filesystem, as printed', 420, async (lab) => {
  const [serving, booting, session] = blocksOf('Five minutes to a filesystem');
  /** Files of the page lie in a folder of the test's own. */
  const here = (command: string): string =>
    command
      .trim()
      .replaceAll('/tmp/', `${lab.dir}/`)
      .replace('disk.img', join(lab.dir, 'disk.img'));
  const serve = start(lab, here(serving!));
  await until(
    () => serve.said().includes(`listening on unix:${lab.dir}/fcf.sock`),
    60_000,
    'serve to listen',
  );
  const guest = start(lab, here(booting!));
  const wait = async (prompts: number, limitMs: number, what: string): Promise<void> => {
    const reached = () => guest.said().split(PROMPT).length - 1 >= prompts;
    await until(() => reached() || guest.child.exitCode !== null, limitMs, what).catch((error) => {
      throw new Error(`${(error as Error).message}\n${guest.said()}\n${serve.said()}`);
    });
  };
  const exchanges = exchangesOf(session!);
  expect(exchanges.map(({ typed }) => typed)).toHaveLength(4);
  await wait(1, BOOT_LIMIT_MS, 'the shell of the guest');
  for (const [i, { answer, typed }] of exchanges.entries()) {
    guest.child.stdin!.write(`${typed}\n`);
    if (i === exchanges.length - 1) break;
    await wait(i + 2, COMMAND_LIMIT_MS, typed);
    const shown = guest.said().split(PROMPT)[i + 1]!.trimEnd().split('\n');
    // The console shows what was typed, and blanks behind what the page ends a line with.
    expect(shown[0]).toBe(typed);
    expect(shown.slice(1).map((line) => line.trimEnd())).toEqual(answer);
  }
  await until(() => guest.child.exitCode !== null, 30_000, 'the guest to end');
  const disk = join(lab.dir, 'disk.img');
  expect(existsSync(disk)).toBe(true);
  expect(statSync(disk).size).toBe(256 * 2 ** 20);
  // The mark of ext4, in the superblock at 1024 bytes: offset 56, EF53h.
  const mark = Buffer.alloc(2);
  const handle = openSync(disk, 'r');
  readSync(handle, mark, 0, 2, 1024 + 56);
  closeSync(handle);
  expect(mark.readUInt16LE()).toBe(0xef53);
});
