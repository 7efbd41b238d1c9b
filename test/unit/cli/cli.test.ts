/** The command as a user meets it: exit statuses, one line for what is wrong, JSON names. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandFile } from '../../helpers/command.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FIXTURE = join(ROOT, 'fixtures/fabric-login.pcap');
const SCENARIO = join(ROOT, 'scenarios/two-host-move.yaml');
let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-cli-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function sanmotion(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile(), ...args], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1 << 28,
  });
  // Whatever happens, no stack trace reaches a user.
  expect(stderr).not.toMatch(/^\s+at /m);
  return { status, stdout, stderr: stderr.trim() };
}

const file = (name: string, bytes: Uint8Array | string): string => {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
};

describe('replay', () => {
  test('a real capture: every frame identical, exit 0, stable names', () => {
    const { status, stdout, stderr } = sanmotion('replay', '--json', FIXTURE);
    expect([status, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(report.capture).toMatchObject({ format: 'pcap', linkType: 1, frames: 154 });
    expect(report.codec).toMatchObject({
      decoded: 154,
      identical: 154,
      malformed: [],
      crcBad: 0,
      cut: 0,
    });
    expect(report.logins).toContainEqual({
      wwpn: '20:00:52:54:00:aa:00:01',
      nPortId: '010001',
      by: 'FLOGI',
      frame: 4,
      result: 'accepted',
    });
    expect(report.exchanges.fcp.opened).toBe(report.exchanges.fcp.completed);
    expect(report.verdict.map((one: { result: string }) => one.result)).not.toContain('violated');
  });

  test('a cut capture: what was readable is reported, exit 1', () => {
    const whole = readFileSync(FIXTURE);
    const { status, stdout, stderr } = sanmotion(
      'replay',
      '--json',
      file('cut.pcap', whole.subarray(0, whole.length - 7)),
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout).capture.frames).toBe(153);
    expect(stderr).toMatch(/cut\.pcap/);
    expect(stderr.split('\n')).toHaveLength(1);
  });

  test.each([
    ['an empty file', ''],
    ['a foreign file', 'This is a letter, not a capture. Dear reader, ...'],
    ['a compressed file', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])],
  ])('%s: one line, exit 2', (what, bytes) => {
    const { status, stdout, stderr } = sanmotion('replay', file(`${what}.pcap`, bytes));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^sanmotion: .+/);
    expect(stderr.split('\n')).toHaveLength(1);
  });

  test('a file that is not there: one line, exit 2', () => {
    const { status, stderr } = sanmotion('replay', 'nowhere.pcap');
    expect(status).toBe(2);
    expect(stderr).toMatch(/nowhere\.pcap/);
  });

  test('a pcapng whose block length lies: exit 2, or 1 with what was read', () => {
    const block = Buffer.alloc(28);
    block.writeUInt32LE(0x0a0d0d0a, 0);
    block.writeUInt32LE(0x7fff_fff0, 4);
    block.writeUInt32LE(0x1a2b3c4d, 8);
    const { status, stderr } = sanmotion('replay', file('lies.pcapng', block));
    expect(status).toBe(2);
    expect(stderr.split('\n')).toHaveLength(1);
  });

  test('a large file with a forged record length ends at once, without reading it all', () => {
    const path = file('forged.pcap', readFileSync(FIXTURE).subarray(0, 24));
    const header = Buffer.alloc(16);
    header.writeUInt32LE(0x7fff_ffff, 8);
    header.writeUInt32LE(0x7fff_ffff, 12);
    writeFileSync(path, Buffer.concat([readFileSync(path), header]));
    truncateSync(path, 64 * 1024 * 1024);
    const { status, stderr } = sanmotion('replay', path);
    expect(status).toBe(1);
    expect(stderr).toMatch(/forged\.pcap/);
  });
});

describe('decode', () => {
  test('a line per frame', () => {
    const { status, stdout } = sanmotion('decode', FIXTURE);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(154);
    expect(lines.filter((line) => line.includes('FLOGI'))).not.toHaveLength(0);
  });

  test('details, hex and JSON of one frame', () => {
    expect(sanmotion('decode', '--frame', '4', '--details', FIXTURE).stdout).toMatch(
      /portName: 20:00:52:54:00:aa:00:01/,
    );
    expect(sanmotion('decode', '--frame', '4', '--hex', FIXTURE).stdout).toMatch(/0000 {2}/);
    const one = JSON.parse(sanmotion('decode', '--frame', '4', '--json', FIXTURE).stdout);
    expect(one).toMatchObject({ frame: 4, interface: null, malformed: null });
    expect(one.layers[0]).toMatchObject({ layer: 'ethernet', offset: 0, length: 14 });
    expect(one.timeNs).toMatch(/^\d+$/);
  });

  test('exchanges', () => {
    const { stdout } = sanmotion('decode', '--exchanges', FIXTURE);
    expect(stdout).toMatch(/INQUIRY .*GOOD/);
  });

  test('a frame that is not there: one line, exit 2', () => {
    const { status, stderr } = sanmotion('decode', '--frame', '999', FIXTURE);
    expect([status, stderr.split('\n').length]).toEqual([2, 1]);
    expect(stderr).toMatch(/has 154 frames/);
  });
});

describe('move', () => {
  test('JSON with the stable names', () => {
    const { status, stdout } = sanmotion(
      'move',
      '--json',
      '--seed',
      '5',
      '--strategy',
      'same-wwpn',
      '--pcap',
      join(dir, 'm.pcapng'),
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ scenario: 'two-host-move', seed: 5, strategy: 'same-wwpn' });
    expect(report.io).toMatchObject({ failed: 0, dropped: 0 });
    expect(report.digest).toMatch(/^[0-9a-f]{16}$/);
    for (const key of ['virtualTimeNs', 'frames', 'blackoutNs'])
      expect(report[key]).toBeGreaterThan(0);
    const results = report.verdict.map((one: { result: string }) => one.result);
    expect(results).toHaveLength(36);
    expect(results).not.toContain('violated');
    expect(results.filter((one: string) => one === 'holds').length).toBeGreaterThan(20);
  });

  test.each([
    [
      'an unknown strategy',
      ['--strategy', 'teleport'],
      /--strategy teleport: allowed are wwpn-pair, same-wwpn/,
    ],
    ['an unknown drain', ['--drain', 'hope'], /--drain hope: allowed are wait, abort/],
    ['a seed that is none', ['--seed', 'x'], /--seed x/],
    ['an unknown option', ['--speed', '9'], /unknown option/],
    ['a scenario that is not there', ['nowhere.yaml'], /nowhere\.yaml/],
    ['a capture that cannot be written', ['--pcap', '/dev/null/x.pcapng'], /x\.pcapng/],
  ])('%s: one line, exit 2', (_what, args, message) => {
    const { status, stderr } = sanmotion('move', ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  test.each([
    ['move', '--defences'],
    ['campaign', '--defences'],
  ])('%s: what an option says is blamed on the option', (command, option) => {
    const { status, stdout, stderr } = sanmotion(command, option, 'foo');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^sanmotion: ${option} foo: allowed `));
    expect(stderr).not.toMatch(/yaml/);
  });

  test('a scenario with a mistake names file, line and column', () => {
    const path = file('bad.yaml', readFileSync(SCENARIO, 'utf8').replace('to: h2', 'to: h7'));
    const { status, stderr } = sanmotion('move', path);
    expect(status).toBe(2);
    expect(stderr).toMatch(/bad\.yaml:\d+:\d+: there is no host h7/);
  });
});
