/** `sanmotion move --live`: what the server is asked, and how its answer reads. */
import { afterEach, expect, test } from 'vitest';
import { checkPlace, type LiveMoveOptions, liveMoveCommand } from '../../../src/cli/live-move.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { testFolder } from '../../helpers/folder.ts';
import { answering, said } from '../../helpers/said.ts';

const folder = testFolder('live-move');
let server: Awaited<ReturnType<typeof answering>> | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const LEG = { host: 'h1', acknowledged: 1200, longestGapMs: 12.4, error: 'cut' };
const CHECK = { blocks: 1200, lost: 0, old: 0, torn: 0, unread: 0 };
const VERDICT = { invariant: 'I14', sentence: 'once', result: 'holds', detail: 'x', frames: [] };
const MOVED = {
  ok: true,
  strategy: 'same-wwpn',
  result: { outcome: 'moved' },
  blackoutMs: 812.3,
  uncertaintyMs: 1.25,
  phases: [
    { phase: 'leave', detail: 'out', atMs: 1000 },
    { phase: 'join', detail: 'in', atMs: 1250 },
  ],
  legs: [LEG, { ...LEG, host: 'h2', error: undefined }],
  check: CHECK,
  lateWrites: 0,
  capture: { capture: { frames: 3000 }, codec: { identical: 3000 }, verdict: [VERDICT] },
};

const options = (rest: Partial<LiveMoveOptions> = {}): LiveMoveOptions => ({
  control: folder.path('ctl'),
  from: 'a.sock',
  to: 'b.sock',
  wwpn: ['20:01:00:00:00:00:00:01'],
  pair: [],
  ...rest,
});

async function move(answer: unknown, rest: Partial<LiveMoveOptions> = {}) {
  server = await answering(folder.path('ctl'), answer);
  return await said(() => liveMoveCommand(options(rest)));
}

test('the server is asked for the move, with a pair only where one is given', async () => {
  await move(MOVED);
  expect(server!.asked).toEqual([
    {
      command: 'move',
      from: 'a.sock',
      to: 'b.sock',
      wwpn: ['20:01:00:00:00:00:00:01'],
      strategy: 'same-wwpn',
      underLoad: false,
    },
  ]);
  await server!.close();
  const pair = ['20:02:00:00:00:00:00:01'];
  await move(MOVED, { pair, strategy: 'wwpn-pair', underLoad: true });
  expect(server!.asked[0]).toMatchObject({ pair, strategy: 'wwpn-pair', underLoad: true });
});

test('a move that lost nothing is status 0', async () => {
  const { status, stdout } = await move(MOVED);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^live move {2}same-wwpn: moved$/m);
  expect(stdout).toMatch(/^ {2}\+0 ms +leave +out\n\+250 ms +join +in$/m);
  expect(stdout).toMatch(/^h1 +1,200 +12 ms +cut\nh2 +1,200 +12 ms +us$/m);
  expect(stdout).toMatch(/^blackout {2}812 ms between .*, \+\/- 1\.3 ms$/m);
  expect(stdout).toMatch(
    /^ledger {4}1,200 acknowledged blocks read back: 0 lost, .*; 0 written late$/m,
  );
  await server!.close();
  const json = await move(MOVED, { json: true });
  expect(JSON.parse(json.stdout)).toEqual(JSON.parse(JSON.stringify(MOVED)));
});

test.each([
  ['a move that failed', { result: { outcome: 'failed', reason: 'no path' } }, /failed: no path/],
  ['a block that was lost', { check: { ...CHECK, lost: 1 } }, /: 1 lost/],
  ['a write that came late', { lateWrites: 1 }, /; 1 written late/],
  [
    'a disk that nobody saw',
    { check: undefined },
    /not observable: the virtual machine has no disk/,
  ],
  ['no pause seen', { check: undefined, blackoutMs: undefined }, /not observable: no block was/],
  [
    'a rule that is broken',
    { capture: { ...MOVED.capture, verdict: [{ ...VERDICT, result: 'violated' }] } },
    /I14 +violated/,
  ],
])('%s is status 1, and told', async (_what, part, words) => {
  const { status, stdout } = await move({ ...MOVED, ...part });
  expect(status).toBe(1);
  expect(stdout).toMatch(words);
});

test('what is missing is named; a refusal is told in the words of the server', async () => {
  for (const missing of ['control', 'from', 'to'] as const)
    await expect(liveMoveCommand(options({ [missing]: undefined }))).rejects.toThrow(
      `move --live needs --${missing}`,
    );
  await expect(liveMoveCommand(options({ wwpn: [] }))).rejects.toThrow('needs --wwpn');
  const refusal = move({ ok: false, error: 'no such guest' });
  await expect(refusal).rejects.toThrow('no such guest');
  await expect(refusal).rejects.toBeInstanceOf(UsageError);
});

test.each<[string, Partial<LiveMoveOptions>, RegExp]>([
  ['a name', { wwpn: ['zz'] }, /^--wwpn zz: a WWPN: 16 hex digits/],
  ['a second name', { pair: ['zz'], strategy: 'wwpn-pair' }, /^--pair zz: a WWPN/],
  [
    'a strategy',
    { strategy: 'cold' },
    /^--strategy cold: allowed with --live are same-wwpn, wwpn-/,
  ],
  ['a pair without its half', { strategy: 'wwpn-pair' }, /needs a --pair for each --wwpn/],
  ['half a pair', { pair: ['2002000000000001'] }, /^--pair does nothing with --strategy same-wwpn/],
])('%s that is wrong is told, not that nobody listens', async (_what, part, message) => {
  const asked = liveMoveCommand(options({ control: folder.path('nobody'), ...part }));
  await expect(asked).rejects.toThrow(message);
  await expect(asked).rejects.toBeInstanceOf(UsageError);
});

const SIMULATED = { wwpn: [], pair: [] };

test.each<[string | undefined, Parameters<typeof checkPlace>[1], string]>([
  [undefined, { from: 'x' }, '--from does nothing without --live: leave it out'],
  [undefined, { wwpn: ['zz'] }, '--wwpn does nothing without --live: leave it out'],
  [undefined, { underLoad: true }, '--under-load does nothing without --live: leave it out'],
  [undefined, { live: true, seed: '1' }, '--seed does nothing with --live: leave it out'],
  [undefined, { live: true, pcap: 'x' }, '--pcap does nothing with --live: leave it out'],
  ['x.yaml', { live: true }, 'a scenario (x.yaml) does nothing with --live: leave it out'],
])('what the other kind of move takes is refused: %s %j', (file, part, message) => {
  expect(() => checkPlace(file, { ...SIMULATED, ...part })).toThrow(new UsageError(message));
});

test('what each kind of move takes is not', () => {
  checkPlace('x.yaml', { ...SIMULATED, seed: '1', json: true, all: true });
  checkPlace(undefined, { ...options(), live: true, strategy: 'same-wwpn', json: true });
});
