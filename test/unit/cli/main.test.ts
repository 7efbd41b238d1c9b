/** The command as a process: exit statuses, and one line for what is wrong. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commandFile } from '../../helpers/command.ts';
import { testFolder } from '../../helpers/folder.ts';
import { TEXT } from '../../helpers/scenario.ts';

const FIXTURE = resolve('fixtures/fabric-login.pcap');
const folder = testFolder('main');

// It may have to be built first.
beforeAll(() => void commandFile(), 120_000);

function sanmotion(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile(), ...args], {
    cwd: folder.path('.'),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1 << 28,
  });
  // Whatever happens, no stack trace reaches a user.
  expect(stderr).not.toMatch(/^\s+at /m);
  return { status, stdout, stderr: stderr.trim() };
}

test('its version, exit 0', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(sanmotion('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('what a command returns is the exit status', () => {
  expect(sanmotion('decode', '--frame', '4', FIXTURE)).toMatchObject({ status: 0, stderr: '' });
  const whole = readFileSync(FIXTURE);
  const cut = folder.file('cut.pcap', whole.subarray(0, whole.length - 7));
  expect(sanmotion('replay', '--json', cut).status).toBe(1);
});

test.each([
  [
    'an option that it does not have',
    ['move', '--speed', '9'],
    /^sanmotion: unknown option '--speed'/,
  ],
  [
    'one that is misspelt',
    ['move', '--sed', '9'],
    /'--sed'; Did you mean --seed\? \(sanmotion move --help says more/,
  ],
  ['a command that it does not have', ['fly'], /unknown command/],
  ['a command that is misspelt', ['replya'], /'replya'; Did you mean replay\? \(/],
  ['a value that is missing', ['move', '--seed'], /argument missing/],
  ['an argument that is missing', ['replay'], /missing required argument/],
  ['an argument too many', ['move', 'a', 'b'], /too many arguments/],
])('%s: exit 2, and where help is', (_what, args, message) => {
  const { status, stdout, stderr } = sanmotion(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^sanmotion: .*--help (lists the commands|says more)\)$/);
});

const bad = (): string => folder.file('bad.yaml', TEXT.replace('to: h2', 'to: h7'));

test.each<[string, () => string[], RegExp]>([
  ['an option', () => ['move', '--defences', 'foo'], /^sanmotion: --defences foo: allowed /],
  [
    'an option that is empty',
    () => ['move', '--defences', ''],
    /^sanmotion: --defences '': an empty/,
  ],
  ['one of several', () => ['serve', '--lun', '8M', '--lun', ''], /^sanmotion: --lun '': an empty/],
  ['an option of another kind of move', () => ['move', '--from', 'x'], /--from does nothing/],
  ['a scenario that is not there', () => ['move', 'nowhere.yaml'], /nowhere\.yaml/],
  ['a scenario', () => ['move', bad()], /bad\.yaml:\d+:\d+: there is no host h7/],
  ['a capture to write', () => ['move', '--pcap', '/dev/null/x.pcapng'], /x\.pcapng/],
  ['a result file', () => ['campaign', '--replay', bad()], /bad\.yaml/],
  ['an address', () => ['serve', '--listen', 'ftp:x'], /listen ftp:x: needs unix:PATH/],
  ['a logical unit', () => ['serve', '--listen', 'unix:/tmp/x', '--lun', '0M'], /0M/],
  ['nobody who listens', () => ['control', 'nowhere.sock', 'logins'], /nobody listens there/],
])('what is wrong in %s: one line, exit 2', (_what, args, message) => {
  const { status, stdout, stderr } = sanmotion(...args());
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr.split('\n')).toHaveLength(1);
  expect(stderr).toMatch(/^sanmotion: /);
});

test('a scenario with several mistakes is a line for each, exit 2', () => {
  const text = `${TEXT.replace('vlan: 1002', 'vlan: 5000')}\nwheels: 4\n`;
  const { status, stderr } = sanmotion('move', folder.file('several.yaml', text));
  const lines = stderr.split('\n');
  expect([status, lines.length]).toEqual([2, 2]);
  for (const line of lines) expect(line).toMatch(/^sanmotion: \S+several\.yaml:\d+:\d+: /);
});

test.skipIf(process.platform !== 'linux').each([
  ['a line each', ['decode', FIXTURE]],
  ['one text', ['explain']],
  ['JSON', ['explain', '--json']],
])('a full disk behind standard output is one line, exit 2: %s', (_what, args) => {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', 'exec "$0" "$@" > /dev/full', process.execPath, commandFile(), ...args],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  expect([status, stderr]).toEqual([
    2,
    'sanmotion: standard output cannot be written: the disk is full; make room or choose another disk\n',
  ]);
});

test.skipIf(process.platform !== 'linux')(
  'one behind standard error does not change the status',
  () => {
    const { status, stdout } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" move nowhere.yaml 2> /dev/full', process.execPath, commandFile()],
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([2, '']);
  },
);

test('a reader that closes its pipe early is no error', () => {
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', '"$0" "$1" decode --json "$2" | head -n 1', process.execPath, commandFile(), FIXTURE],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ frame: 1 });
});

test('a scenario from standard input: what init writes runs', () => {
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', '"$0" "$1" init | "$0" "$1" move -', process.execPath, commandFile()],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^my-move {2}vm1 from h1 to h2, wwpn-pair, seed 1\nmoved: /);
  const wrong = spawnSync(process.execPath, [commandFile(), 'move', '-'], {
    encoding: 'utf8',
    input: 'name: x\nmovee: 1\n',
  });
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/^sanmotion: standard input:2:8: .*did you mean move\?/m);
});

/** Starts the command, sends Ctrl-C when `begun` is on a line, and gives its status and words. */
function interrupted(args: readonly string[], begun: RegExp) {
  return new Promise<{ status: number | null; stdout: string }>((resolve) => {
    const child = spawn(process.execPath, [commandFile(), ...args], {
      cwd: folder.path('.'),
      env: { ...process.env, NO_COLOR: '1' },
    });
    let stdout = '';
    let sent = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (sent || !begun.test(stdout)) return;
      sent = true;
      child.kill('SIGINT');
    });
    child.on('close', (status) => resolve({ status, stdout }));
  });
}

test('Ctrl-C in the zoo leaves the rows that are there, and says what is left', async () => {
  const { status, stdout } = await interrupted(['zoo', '--workers', '1'], /^powervm /m);
  expect(status).toBe(130);
  expect(stdout).toMatch(/^\d+ ways? to move, \d+ runs: /m);
  expect(stdout).toMatch(/^interrupted: \d+ ways are left; --profile NAME/m);
}, 60_000);

test('Ctrl-C in a campaign leaves its results, and it goes on from there', async () => {
  const out = folder.path('campaign.jsonl');
  const args = ['campaign', '--seeds', '1..400', '--ios', '1', '--workers', '1', '--out', out];
  const child = spawn(process.execPath, [commandFile(), ...args], { cwd: folder.path('.') });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const clock = setInterval(() => {
    if (!existsSync(out) || readFileSync(out, 'utf8').split('\n').length <= 3) return;
    // Once: a second one would end it at once.
    clearInterval(clock);
    child.kill('SIGINT');
  }, 50);
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(clock);
  expect(status).toBe(130);
  expect(stdout).toMatch(/interrupted: \d+ runs are left; the same command with --resume goes on/);
  const runs = readFileSync(out, 'utf8').trimEnd().split('\n').slice(1);
  expect(runs.map((line) => JSON.parse(line).run)).toEqual(runs.map((_, index) => index + 1));
}, 60_000);
