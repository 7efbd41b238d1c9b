/** `sanmotion decode`: lines, trees, bytes, JSON and exchanges of a capture. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type DecodeCliOptions, decodeCommand } from '../../../src/cli/decode.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const FIXTURE = 'fixtures/fabric-login.pcap';
const folder = testFolder('decode');

const decode = (options: DecodeCliOptions, file = FIXTURE) =>
  said(() => decodeCommand(file, options));

test('a line per frame', async () => {
  const { status, stdout } = await decode({});
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(154);
  expect(lines.filter((line) => line.includes('FLOGI'))).not.toHaveLength(0);
  expect(lines[0]).toMatch(/^ {5}1 {3}0\.000000000 /);
});

test('texts of the wire and of the file reach the terminal as text alone', async () => {
  const { stdout } = await decode({}, 'fixtures/field/20-texts.pcapng');
  expect(stdout).toContain('eth0\\x1b[31m LLDP');
  expect(stdout).toContain('# first line\\x0asecond line \\x1b[31mred');
  expect(stdout).toContain('Zürich');
  expect(stdout.trimEnd().split('\n')).toHaveLength(4);
});

test('details, hex and JSON of one frame', async () => {
  const details = await decode({ frame: '4', details: true });
  expect(details.stdout).toMatch(/portName: 20:00:52:54:00:aa:00:01/);
  expect((await decode({ frame: '4', hex: true })).stdout).toMatch(/0000 {2}/);
  const one = JSON.parse((await decode({ frame: '4', json: true })).stdout);
  expect(one).toMatchObject({ frame: 4, interface: null, malformed: null });
  expect(one.layers[0]).toMatchObject({ layer: 'ethernet', offset: 0, length: 14 });
  expect(one.timeNs).toMatch(/^\d+$/);
});

test('exchanges, for a person and as JSON', async () => {
  expect((await decode({ exchanges: true })).stdout).toMatch(/INQUIRY .*GOOD/);
  const { stdout } = await decode({ exchanges: true, json: true });
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const inquiry = rows.find((row) => row.command === 'INQUIRY');
  expect(inquiry).toMatchObject({ status: 'GOOD', end: 'completed', sense: null });
  expect(inquiry.originator).toMatch(/^[0-9a-f]{6}$/);
});

test('a frame that is not there is refused with what there is', async () => {
  const refusal = decode({ frame: '999' });
  await expect(refusal).rejects.toThrow(/--frame 999: the capture has 154 frames/);
  await expect(refusal).rejects.toBeInstanceOf(UsageError);
  await expect(decode({ frame: '0' })).rejects.toThrow('frames are numbered from 1');
});

test('a cut capture: the frames before the cut, one line, exit 1', async () => {
  const whole = readFileSync(FIXTURE);
  const path = folder.file('cut.pcap', whole.subarray(0, whole.length - 7));
  const { status, stdout, stderr } = await decode({}, path);
  expect(status).toBe(1);
  expect(stdout.trimEnd().split('\n')).toHaveLength(153);
  expect(stderr).toMatch(/^sanmotion: .*cut\.pcap/);
  expect(stderr.split('\n')).toHaveLength(1);
});

test('a file that is no capture: one line, exit 2', async () => {
  const path = folder.file('letter.pcap', 'Dear reader, this is a letter and no capture.');
  const { status, stdout, stderr } = await decode({}, path);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/letter\.pcap/);
});

test.each<[DecodeCliOptions, string]>([
  [{ hex: true, exchanges: true }, '--hex does nothing with --exchanges: leave it out'],
  [{ details: true, exchanges: true }, '--details does nothing with --exchanges: leave it out'],
  [{ frame: '3', exchanges: true }, '--frame does nothing with --exchanges: leave it out'],
  [{ hex: true, json: true }, '--hex does nothing with --json: leave it out'],
  [{ details: true, json: true }, '--details does nothing with --json: leave it out'],
])('%j: what would be ignored is refused', async (options, message) => {
  await expect(decode(options)).rejects.toThrow(new UsageError(message));
});

test('comma-separated values: a line of names, then a row for each frame, or for each exchange', async () => {
  const file = 'fixtures/fabric-login.pcap';
  const frames = await said(() => decodeCommand(file, { csv: true }));
  const rows = frames.stdout.trimEnd().split('\n');
  expect(rows).toHaveLength(1 + 154);
  expect(rows[0]).toMatch(/^frame,time,interface,length,protocol,/);
  expect(rows[6]).toMatch(
    /^6,5\.560875000,,176,els,0e:fc:00:01:00:01,02:fc:f0:00:00:01,010001,fffffc,0001,ffff,good,,PLOGI /,
  );
  const exchanges = await said(() => decodeCommand(file, { csv: true, exchanges: true }));
  expect(exchanges.stdout).toMatch(/^6,7,5\.560875000,1\.245000,010001,fffffc,0001,1234,PLOGI,/m);
  await expect(decodeCommand(file, { csv: true, hex: true })).rejects.toThrow(
    '--hex does nothing with --csv: leave it out',
  );
  await expect(decodeCommand(file, { csv: true, exchanges: true, json: true })).rejects.toThrow(
    '--json and --csv exclude each other',
  );
});

test('a filter lets frames pass, and the units of streams that end in them', async () => {
  const flogi = await decode({ filter: 'fcels.opcode == FLOGI' });
  expect(
    flogi.stdout
      .trimEnd()
      .split('\n')
      .every((line) => line.includes('FLOGI')),
  ).toBe(true);
  const reads = await decode(
    { filter: 'scsi.opcode in {0x28, 0x88}' },
    'fixtures/iscsi/ipxe-login-read-tgt.pcap',
  );
  expect(reads.stdout).toMatch(/READ\(1[06]\)/);
  await expect(decode({ filter: 'fc.sid' })).rejects.toThrow(
    '--filter at character 1: no field is called fc.sid; did you mean fc.s_id?',
  );
  await expect(decode({ filter: 'fc', exchanges: true })).rejects.toBeInstanceOf(UsageError);
});

test.each([{}, { details: true, frame: '4' }, { hex: true, frame: '4' }, { exchanges: true }])(
  'fits a terminal of 80 columns: %o',
  async (options: DecodeCliOptions) => {
    const { columns, isTTY } = process.stdout;
    Object.assign(process.stdout, { columns: 80, isTTY: true });
    try {
      const { stdout } = await decode(options);
      const lines = stdout.split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines.length).toBeGreaterThan(10);
    } finally {
      Object.assign(process.stdout, { columns, isTTY });
    }
  },
);
