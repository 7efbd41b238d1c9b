/** `sanmotion replay`: what a capture shows, what of it was readable, and its exit status. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { invariants } from '../../../src/audit/auditor.ts';
import { decodeCommand } from '../../../src/cli/decode.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const FIXTURE = 'fixtures/fabric-login.pcap';
const folder = testFolder('replay');

test('a real capture: every frame identical, exit 0, stable names', async () => {
  const { status, stdout, stderr } = await said(() => replayCommand([FIXTURE], { json: true }));
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

test('the same for a person: counts, exchanges, logins, verdict', async () => {
  const { status, stdout } = await said(() => replayCommand([FIXTURE], {}));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^fixtures\/fabric-login\.pcap {2}pcap, 154 frames$/m);
  expect(stdout).toMatch(/^codec +154 decoded, 154 identical when encoded again, 0 malformed/m);
  expect(stdout).toMatch(/^exchanges +opened +completed +aborted +unanswered$/m);
  expect(stdout).toMatch(/^FLOGI +20:00:52:54:00:aa:00:01 +010001 +4 +accepted$/m);
  // What holds is a line, unless more is asked for.
  expect(stdout).toMatch(/^holds {11}I5 I12 I13 I14 I15 I16 I18 I19 I25$/m);
  const all = await said(() => replayCommand([FIXTURE], { all: true }));
  expect(all.stdout).toMatch(/^I19 +holds +Sequences keep the rules/m);
});

test('a cut capture: what was readable is reported, exit 1', async () => {
  const whole = readFileSync(FIXTURE);
  const path = folder.file('cut.pcap', whole.subarray(0, whole.length - 7));
  const { status, stdout, stderr } = await said(() => replayCommand([path], { json: true }));
  expect(status).toBe(1);
  expect(JSON.parse(stdout).capture.frames).toBe(153);
  expect(stderr).toMatch(/cut\.pcap/);
  expect(stderr.split('\n')).toHaveLength(1);
});

/** lun-reuse.pcapng with four bytes of the block of frame 38 changed, `at` so many from its beginning. */
function damaged(at: (lengthBytes: number) => number): string {
  const bytes = readFileSync('fixtures/lun-reuse.pcapng');
  let frames = 0;
  for (let start = 0; start < bytes.length; start += bytes.readUInt32LE(start + 4)) {
    if (bytes.readUInt32LE(start) !== 6 || ++frames !== 38) continue;
    bytes.writeUInt32LE(0xdead_beef, start + at(bytes.readUInt32LE(start + 4)));
    break;
  }
  return folder.file('damaged.pcapng', bytes);
}

test.each([
  ['length', () => 4, 40],
  ['length at the end', (total: number) => total - 4, 40],
  ['interface', () => 8, 40],
  ['captured length', () => 20, 40],
])(
  'a pcapng file with a damaged %s is read up to there and behind, exit 1',
  async (_, at, frames) => {
    const path = damaged(at);
    const read = await said(() => replayCommand([path], { json: true }));
    expect(read.status).toBe(1);
    expect(JSON.parse(read.stdout).capture.frames).toBe(frames);
    expect(read.stderr).toMatch(
      /^\S*sanmotion: \S+damaged\.pcapng: .*; reading went on at byte \d+$/,
    );
    const lines = await said(() => decodeCommand(path, {}));
    expect([lines.status, lines.stdout.trimEnd().split('\n').length]).toEqual([1, frames]);
    expect(lines.stderr).toBe(read.stderr);
    // Exchanges without an end are listed too.
    const rows = await said(() => decodeCommand(path, { exchanges: true }));
    expect(rows.stdout).toContain('unanswered');
  },
);

test('a pcapng section without its magic, and a damaged pcap record, end what can be read', async () => {
  const ng = readFileSync('fixtures/lun-reuse.pcapng');
  const second = Buffer.from(ng);
  second.writeUInt32LE(0, 8);
  const both = folder.file('two.pcapng', Buffer.concat([ng, second]));
  const { status, stdout, stderr } = await said(() => replayCommand([both], { json: true }));
  expect([status, JSON.parse(stdout).capture.frames >= 41]).toEqual([1, true]);
  expect(stderr).toMatch(/section without byte-order magic/);
  const pcap = readFileSync(FIXTURE);
  let at = 24;
  for (let i = 0; i < 100; i++) at += 16 + pcap.readUInt32LE(at + 8);
  pcap.writeUInt32LE(0x7fff_ffff, at + 8);
  const cut = folder.file('bad.pcap', pcap);
  const up = await said(() => replayCommand([cut], { json: true }));
  expect([up.status, JSON.parse(up.stdout).capture.frames]).toEqual([1, 100]);
  expect(up.stderr).toMatch(/frame 101 claims 2147483647 captured bytes/);
});

test.each([
  ['an empty file', ''],
  ['a foreign file', 'This is a letter, not a capture. Dear reader, ...'],
  ['a compressed file', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])],
])('%s: one line, exit 2', async (what, bytes) => {
  const path = folder.file(`${what}.pcap`, bytes);
  const { status, stdout, stderr } = await said(() => replayCommand([path], {}));
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^sanmotion: .+/);
  expect(stderr.split('\n')).toHaveLength(1);
});

test('a file that is not there: one line, exit 2; the others are judged all the same', async () => {
  const { status, stdout, stderr } = await said(() =>
    replayCommand(['nowhere.pcap', FIXTURE], { json: true }),
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(/nowhere\.pcap/);
  expect(stderr.split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout).capture.frames).toBe(154);
});

test('a pcapng whose block length lies: one line, exit 2', async () => {
  const block = Buffer.alloc(28);
  block.writeUInt32LE(0x0a0d0d0a, 0);
  block.writeUInt32LE(0x7fff_fff0, 4);
  block.writeUInt32LE(0x1a2b3c4d, 8);
  const path = folder.file('lies.pcapng', block);
  const { status, stderr } = await said(() => replayCommand([path], {}));
  expect(status).toBe(2);
  expect(stderr.split('\n')).toHaveLength(1);
});

test('a large file with a forged record length ends at once, without reading it all', async () => {
  const path = folder.file('forged.pcap', readFileSync(FIXTURE).subarray(0, 24));
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0x7fff_ffff, 8);
  header.writeUInt32LE(0x7fff_ffff, 12);
  writeFileSync(path, Buffer.concat([readFileSync(path), header]));
  truncateSync(path, 64 * 1024 * 1024);
  const { status, stderr } = await said(() => replayCommand([path], {}));
  expect(status).toBe(1);
  expect(stderr).toMatch(/forged\.pcap/);
});

test('frames that a snap length cut: said in the text and in the JSON', async () => {
  const file = 'fixtures/field/02-read-snaplen96.pcap';
  const { stdout } = await said(() => replayCommand([file], {}));
  expect(stdout.split('\n')[1]).toBe(
    '2 frames were cut when they were captured, to 96 bytes at most: what was behind is not judged',
  );
  for (const options of [{ json: true }, { json: true, events: true }]) {
    const { stdout: json } = await said(() => replayCommand([file], options));
    expect(JSON.parse(json).capture).toMatchObject({ cut: 2, cutAtBytes: 96 });
  }
  const { stdout: whole } = await said(() => replayCommand([FIXTURE], { json: true }));
  expect(JSON.parse(whole).capture).toMatchObject({ cut: 0, cutAtBytes: 0 });
});

test('a capture without Fibre Channel: what it is of, in place of a row for each invariant', async () => {
  const path = folder.file('other.pcap', nvmeCapture());
  const { status, stdout } = await said(() => replayCommand([path], {}));
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toContain('other      NVMe/TCP (TCP port 4420) 2, EtherType 88f5 1');
  expect(lines.at(-1)).toMatch(/^nothing is judged: no frame of Fibre Channel or FIP is here/);
  expect(stdout).not.toMatch(/not observable|exchanges/);
  const { stdout: json } = await said(() => replayCommand([path], { json: true }));
  const report = JSON.parse(json);
  expect(report.otherTraffic[0]).toEqual({ what: 'NVMe/TCP (TCP port 4420)', frames: 2 });
  expect(report.verdict).toHaveLength(invariants().length);
});

/** Two segments of NVMe over TCP and a frame of something else. */
function nvmeCapture(): Uint8Array {
  const frame = (...bytes: number[]): Buffer => {
    const whole = Buffer.alloc(16 + 60);
    whole.writeUInt32LE(60, 8);
    whole.writeUInt32LE(60, 12);
    whole.set(bytes, 16 + 12);
    return whole;
  };
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  const ip = [0x08, 0, 0x45, 0, 0, 44, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
  // NVMe/TCP's port, and in the thirteenth byte the length of the header.
  const rest = [0, 0, 0, 0, 0, 0, 0, 0, 0x50];
  const there = frame(...ip, 0xc3, 0x50, 0x11, 0x44, ...rest);
  const back = frame(...ip, 0x11, 0x44, 0xc3, 0x50, ...rest);
  return Buffer.concat([head, there, back, frame(0x88, 0xf5)]);
}

test('only frames that pass a filter are judged, and how many did not is said', async () => {
  const filter = 'fip || fc.s_id == 01.00.01 || fc.d_id == 01.00.01';
  const { status, stdout } = await said(() => replayCommand([FIXTURE], { filter, json: true }));
  expect(status).toBe(0);
  const report = JSON.parse(stdout);
  expect(report.capture.frames + report.filter.leftOut).toBe(154);
  expect(report.filter).toMatchObject({ expression: filter });
  const none = await said(() => replayCommand([FIXTURE], { filter: 'frame.number > 150' }));
  expect(none.stdout).toMatch(/^filter +frame\.number > 150: 150 frames do not pass/m);
  expect(none.stdout).not.toContain('violated');
  await expect(
    replayCommand([FIXTURE, FIXTURE], { filter: 'fip', together: true }),
  ).rejects.toThrow('--together');
  await expect(replayCommand([FIXTURE], { filter: 'fipp' })).rejects.toThrow('did you mean fip?');
});
