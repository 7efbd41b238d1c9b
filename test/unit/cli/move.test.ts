/** `sanmotion move`: its JSON and its text, and what it says of options that are wrong. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { invariants } from '../../../src/audit/auditor.ts';
import { type MoveOptions, moveCommand } from '../../../src/cli/move.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { ScenarioError } from '../../../src/scenario/scenario-error.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';
import { TEXT } from '../../helpers/scenario.ts';

const folder = testFolder('move');

const move = (options: MoveOptions, file?: string) =>
  said(() => moveCommand(file, { pcap: folder.path('m.pcapng'), ...options }));

test('an unsafe move is judged where its capture cannot be written, which nobody asked for', async () => {
  const before = process.cwd();
  folder.file('out', 'a file in the place of the folder');
  process.chdir(folder.path('.'));
  try {
    const late = { profile: 'powervm', late: 'data' };
    const { status, stdout } = await said(() => moveCommand(undefined, late));
    expect(status).toBe(1);
    expect(stdout).toContain(
      'capture   none: file out/move.pcapng: a part of the path is a file; --pcap FILE names',
    );
    expect(stdout).toContain('UNSAFE: I7');
  } finally {
    process.chdir(before);
  }
}, 60_000);

test('JSON with the stable names', async () => {
  const { status, stdout } = await move({ json: true, seed: '5', strategy: 'same-wwpn' });
  expect(status).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ scenario: 'two-host-move', seed: 5, strategy: 'same-wwpn' });
  expect(report.io).toMatchObject({ failed: 0, dropped: 0 });
  expect(report.digest).toMatch(/^[0-9a-f]{16}$/);
  for (const key of ['virtualTimeNs', 'frames', 'blackoutNs'])
    expect(report[key]).toBeGreaterThan(0);
  const results = report.verdict.map((one: { result: string }) => one.result);
  expect(results).toHaveLength(invariants().length);
  expect(results).not.toContain('violated');
  expect(results.filter((one: string) => one === 'holds').length).toBeGreaterThan(20);
});

test('on a terminal, which of its runs is under way', async () => {
  const { isTTY } = process.stderr;
  const late = { profile: 'powervm', late: 'data', json: true } as const;
  let now = 0;
  // Every look at the clock is a second later.
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
  try {
    process.stderr.isTTY = true;
    const { stderr } = await move(late);
    for (const what of [
      'the move without late frames',
      'the move',
      'once more, to say what',
      'trying',
    ])
      expect(stderr).toMatch(new RegExp(`${what}.*: [\\d.]+ m?s of virtual time, \\d+,000 frames`));
  } finally {
    process.stderr.isTTY = isTTY;
    clock.mockRestore();
  }
}, 60_000);

test('for a person: steps, account, verdict, capture; and a page that says how to make it again', async () => {
  const pcap = folder.path('person.pcapng');
  const report = folder.path('pages/person.html');
  const { status, stdout } = await move({ pcap, report, seed: '5', drain: 'abort' });
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^two-host-move {2}vm1 from h1 to h2, wwpn-pair, seed 5\nmoved: \d+ invariants hold, none is violated$/m,
  );
  expect(stdout).toMatch(/^ +at +took +step +frames +I\/Os done$/m);
  expect(stdout).toMatch(/^blackout {2}\d+\.\d+ ms between the last I\/O/m);
  expect(stdout).toMatch(/^capture {3}\S*person\.pcapng, \d+\.\d MB\nmoved: /m);
  expect(readFileSync(report, 'utf8')).toContain('sanmotion move --seed 5 --drain abort');
});

test('an unsafe move says so first and last, with what would be safe; its capture tells the story', async () => {
  const pcap = folder.path('unsafe.pcapng');
  const report = folder.path('unsafe.html');
  const options = { profile: 'powervm', late: 'data', pcap, report };
  // Of a move before, by its name; and somebody's own.
  const [old, own] = ['unsafe-I8.pcapng', 'unsafe-I8-mine.pcapng'].map((name) =>
    folder.file(name, ''),
  );
  const { status, stdout } = await move(options, 'scenarios/zoo.yaml');
  expect(status).toBe(1);
  expect([existsSync(old!), existsSync(own!)]).toEqual([false, true]);
  const lines = stdout.trimEnd().split('\n');
  const unsafe = /UNSAFE: I7, a ghost write on \S+, LBA \d+; safe with --(defences|drain) [a-z-]+$/;
  expect(lines[1]).toMatch(unsafe);
  expect(lines.at(-1)).toMatch(unsafe);
  expect(stdout.indexOf('I7    violated')).toBeLessThan(stdout.indexOf('\nholds  '));
  const comments = readFileSync(pcap, 'latin1');
  for (const words of ['is held by the fault', 'is applied at', 'the guest is told at'])
    expect(comments).toContain(words);
  const page = readFileSync(report, 'utf8');
  expect(page).toMatch(/class="headline violated">UNSAFE: I7/);
  expect(page).toContain('class="arrow held"');
  const again = await move({ ...options, json: true }, 'scenarios/zoo.yaml');
  const json = JSON.parse(again.stdout);
  expect(lines[1]).toBe(json.headline);
  expect(json.headline.endsWith(`safe with ${json.safeWith}`)).toBe(true);
}, 60_000);

describe('is refused in one line', () => {
  test.each<[string, MoveOptions, RegExp]>([
    [
      'an unknown strategy',
      { strategy: 'teleport' },
      /^--strategy teleport: allowed are wwpn-pair, same-wwpn/,
    ],
    ['an unknown drain', { drain: 'hope' }, /^--drain hope: allowed are wait, abort/],
    ['an unknown schedule', { late: 'never' }, /^--late never: allowed are /],
    ['a seed that is none', { seed: 'x' }, /^--seed x: a seed is a whole number/],
  ])('%s', async (_what, options, message) => {
    await expect(move(options)).rejects.toThrow(message);
  });

  test('a scenario that is not there', async () => {
    const refusal = move({}, 'nowhere.yaml');
    await expect(refusal).rejects.toThrow(/nowhere\.yaml/);
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
  });

  test('a scenario with a mistake, with file, line and column', async () => {
    const path = folder.file('bad.yaml', TEXT.replace('to: h2', 'to: h7'));
    const refusal = move({}, path);
    await expect(refusal).rejects.toThrow(/bad\.yaml:\d+:\d+: there is no host h7/);
    await expect(refusal).rejects.toBeInstanceOf(ScenarioError);
  });

  test('a capture or a page that cannot be written', async () => {
    const refusal = move({ pcap: '/dev/null/x.pcapng' });
    await expect(refusal).rejects.toThrow(/x\.pcapng/);
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
    await expect(move({ report: '/dev/null/x.html' })).rejects.toThrow(
      '--report /dev/null/x.html: a part of the path is a file; check the path',
    );
  });
});
