import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSink, PcapngWriter, readFrames, type TimedFrame } from '../../../src/capture/index.ts';
import { concat, pattern, pcapFile, pcapng, temporaryFolder } from '../../helpers/capture.ts';
import { inFull } from '../../helpers/in-full.ts';

const SHARED = '../shared/captures';
const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.cap_len',
  'frame.len',
  'frame.interface_name',
  'frame.comment',
];

const hasTshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('skipped: tshark is not installed');
    return false;
  }
})();

/** One line of fields per frame, and the frame's bytes, as Wireshark's own reader sees them. */
function tshark(path: string): string[] {
  const args = ['-n', '-r', path, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])];
  const output = execFileSync('tshark', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // tshark calls an interface of a pcapng file that has no name "unknown".
  return output.replaceAll('\tunknown\t', '\t\t').split('\n').slice(0, -1);
}

function line(frame: TimedFrame): string {
  const seconds = frame.timeNs / 1_000_000_000n;
  const rest = String(frame.timeNs % 1_000_000_000n).padStart(9, '0');
  return [
    frame.index,
    `${seconds}.${rest}`,
    frame.bytes.length,
    frame.originalLength,
    frame.interfaceName ?? '',
    frame.comment ?? '',
  ].join('\t');
}

async function lines(path: string): Promise<string[]> {
  const read: string[] = [];
  for await (const frame of readFrames(path)) read.push(line(frame));
  return read;
}

/** Every frame's bytes as hex, from tshark's hex dump. */
function tsharkBytes(path: string): string[] {
  const output = execFileSync('tshark', ['-n', '-r', path, '-x', '--hexdump', 'frames'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
  return output
    .split('\n\n')
    .filter((dump) => /^[0-9a-f]{4}/m.test(dump))
    .map((dump) =>
      dump
        .split('\n')
        .filter((row) => /^[0-9a-f]{4} /.test(row))
        .map((row) => row.slice(6, 53).replaceAll(' ', ''))
        .join(''),
    );
}

const folder = temporaryFolder();
afterAll(folder.remove);

describe.skipIf(!hasTshark)('what tshark reads', () => {
  const path = folder.path('written.pcapng');
  const frames = [
    { tap: 0, timeNs: 0n, bytes: pattern(60), comment: undefined },
    {
      tap: 0,
      timeNs: 1_700_000_000_123_456_789n,
      bytes: pattern(2177, 2),
      comment: 'FLOGI, then LOGO',
    },
    { tap: 1, timeNs: 1_700_000_001_000_000_001n, bytes: pattern(61, 3), comment: 'µs: ✓' },
    { tap: 2, timeNs: 4_294_967_296n, bytes: pattern(1, 4), comment: undefined },
  ];

  beforeAll(async () => {
    const writer = new PcapngWriter(fileSink(path), { comment: 'seed 1' });
    const names = ['h1.a', 'h2.b', 'fcf.3'];
    for (const { tap, timeNs, bytes, comment } of frames) {
      const name = names.shift();
      if (name !== undefined) writer.addInterface({ name });
      writer.writeFrame(tap, timeNs, bytes, comment === undefined ? {} : { comment });
    }
    await writer.close();
  });

  it('is what was written: numbers, times, lengths, taps, comments', () => {
    expect(tshark(path)).toEqual([
      '1\t0.000000000\t60\t60\th1.a\t',
      '2\t1700000000.123456789\t2177\t2177\th1.a\tFLOGI, then LOGO',
      '3\t1700000001.000000001\t61\t61\th2.b\tµs: ✓',
      '4\t4.294967296\t1\t1\tfcf.3\t',
    ]);
  });

  it('are the bytes that were written', () => {
    expect(tsharkBytes(path)).toEqual(
      frames.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
    );
  });

  it('names the origin', () => {
    const output = execFileSync('capinfos', [path], { encoding: 'utf8' });
    expect(output).toMatch(/Capture hardware:\s+sanmotion/);
    expect(output).toMatch(/Capture oper-sys:\s+sanmotion/);
    expect(output).toMatch(/Capture application:\s+sanmotion/);
    expect(output).toMatch(/Capture comment:\s+seed 1/);
    expect(output).toMatch(/File timestamp precision:\s+nanoseconds/);
    expect(output).toMatch(/Number of packets:\s+4/);
  });
});

describe.skipIf(!hasTshark)('our reader and tshark agree', () => {
  const records = [
    { seconds: 1_700_000_000, subseconds: 999_999, bytes: pattern(60) },
    { seconds: 1_700_000_001, subseconds: 1, bytes: pattern(100), originalLength: 2000 },
  ];
  const be = pcapng(false);
  const le = pcapng(true);
  const name = (text: string) => le.option(2, text);
  const tsresol = (value: number) => le.option(9, Uint8Array.of(value));
  const files: Record<string, Uint8Array> = {
    'le-us.pcap': pcapFile(records),
    'be-us.pcap': pcapFile(records, { littleEndian: false }),
    'le-ns.pcap': pcapFile(records, { nanoseconds: true }),
    'be-ns.pcap': pcapFile(records, { littleEndian: false, nanoseconds: true }),
    'be.pcapng': concat([
      be.section(),
      be.interface(1, 0, be.option(2, 'h1.a')),
      be.enhanced(0, 1_700_000_000_000_001n, pattern(61), 70, be.option(1, 'note')),
      be.interface(1, 0, be.option(2, 'h2.a')),
      be.obsolete(1, 0, 1_700_000_000_000_002n, pattern(60)),
    ]),
    'resolutions.pcapng': concat([
      le.section(),
      le.interface(1, 0, name('ms'), tsresol(3)),
      le.interface(1, 0, name('2^-10'), tsresol(0x8a)),
      le.interface(1, 0, name('ns'), tsresol(9)),
      le.enhanced(0, 1_700_000_000_001n, pattern(60)),
      le.enhanced(1, 1_700_000_000n * 1024n + 512n, pattern(60)),
      le.enhanced(2, 1_700_000_000_000_000_003n, pattern(60)),
    ]),
    // One name in both: tshark 4.0.17 names every frame by the first section's interface, though
    // the draft has interface numbers start again in each section (Interface Description Block).
    'two-sections.pcapng': concat([
      le.section(),
      le.interface(1, 0, name('h1.a')),
      le.enhanced(0, 1_700_000_000_000_001n, pattern(60)),
      be.section(),
      be.interface(1, 0, be.option(2, 'h1.a'), be.option(9, Uint8Array.of(9))),
      be.enhanced(0, 1_700_000_000_000_000_002n, pattern(62)),
    ]),
  };

  it.each(Object.keys(files))('on %s', async (file) => {
    const path = folder.write(file, files[file]!);
    const expected = tshark(path);
    expect(expected.length).toBeGreaterThan(1);
    expect(await lines(path)).toEqual(expected);
  });
});

const shared =
  inFull && existsSync(SHARED)
    ? readdirSync(SHARED, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.pcap'),
      )
    : [];
if (shared.length === 0) console.warn(`skipped: no captures in ${SHARED}`);

describe.skipIf(!hasTshark || shared.length === 0)('captures from real systems', () => {
  it.each(shared)('%s', async (file) => {
    const path = join(SHARED, file);
    const expected = tshark(path);
    expect(await lines(path)).toEqual(expected);

    const converted = folder.path(`${file.replaceAll('/', '-')}ng`);
    execFileSync('editcap', ['-F', 'pcapng', path, converted]);
    expect(await lines(converted)).toEqual(tshark(converted));

    const bytes: string[] = [];
    for await (const frame of readFrames(converted))
      bytes.push(Buffer.from(frame.bytes).toString('hex'));
    expect(bytes).toEqual(tsharkBytes(path));
  });
});
