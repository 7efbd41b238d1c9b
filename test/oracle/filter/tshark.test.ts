/**
 * Display filters beside tshark: each name, in presence and value, over all captures at hand and frames of
 * our own encoders; and whole filters, by the numbers of the frames that pass.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/capture/index.ts';
import { Conversation, decodeFrame } from '../../../src/codecs/index.ts';
import type { Literal } from '../../../src/filter/ast.ts';
import {
  displayFilter,
  type Field,
  type FilterSubject,
  fieldNames,
  fieldOf,
} from '../../../src/filter/index.ts';
import { compared, literalFor, normalized } from '../../../src/filter/values.ts';
import { pcapFile } from '../../helpers/capture.ts';
import { inFull } from '../../helpers/in-full.ts';
import { generateFrames } from '../support/generate.ts';
import { tsharkVersion } from '../support/tshark.ts';

const SHARED = '../shared/captures';
const hasTshark = tsharkVersion() !== undefined;
if (!hasTshark) console.warn('skipped: tshark is not installed');
if (!existsSync(SHARED)) console.warn(`skipped in part: ${SHARED} is absent`);

const folder = mkdtempSync(join(tmpdir(), 'sanmotion-filter-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const capturesIn = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.pcap(ng)?$/.test(name))
        .map((name) => join(path, name))
        .sort()
    : [];

/** Headers in which tshark 4.0 reads no FCoE, and a frame whose SOF it takes for a header. */
const NOT_FOLLOWED = /1[13]-|wireshark-gaps/;

/** Reads a capture as a filter sees it; a frame that is cut or malformed is none of the filter's. */
async function subjectsOf(path: string): Promise<(FilterSubject | undefined)[]> {
  const subjects: (FilterSubject | undefined)[] = [];
  const conversation = new Conversation();
  const capture = await openCapture(path);
  let firstTimeNs = 0n;
  try {
    for await (const batch of capture.frames) {
      for (const timed of batch) {
        const { bytes, linkType, originalLength, fcsBytes } = timed;
        const frame = decodeFrame(bytes, { linkType, originalLength, fcsBytes, conversation });
        if (timed.index === 1) firstTimeNs = timed.timeNs;
        const isWhole = frame.malformed === undefined && !frame.cut;
        subjects.push(isWhole ? { ...timed, frame, firstTimeNs } : undefined);
      }
    }
  } catch {
    // Of a damaged file, what is before the damage.
  }
  return subjects;
}

function tshark(...options: string[]): string[] {
  try {
    const text = execFileSync('tshark', ['-n', ...options], {
      encoding: 'latin1',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.split('\n');
  } catch (error) {
    // A damaged file is an error to it, behind what it printed.
    return String((error as { stdout?: string }).stdout ?? '').split('\n');
  }
}

/** What tshark shows, as if it were written in a filter. */
function literalOf(shown: string, { kind }: Field): Literal {
  if (kind === 'text') return { kind: 'text', text: shown, written: shown, at: 0 };
  if (/^(True|False)$/.test(shown)) return { kind: 'word', text: shown, written: shown, at: 0 };
  if (kind === 'octets' && !/[:.-]/.test(shown)) {
    const written = (shown.match(/../g) ?? []).join(':');
    return { kind: 'octets', written, at: 0 };
  }
  if (kind !== 'octets' && /^(0x[0-9a-f]+|\d+)$/.test(shown))
    return { kind: 'number', number: BigInt(shown), written: shown, at: 0 };
  if (kind === 'number' && /^[0-9a-f]+$/.test(shown))
    return { kind: 'number', number: BigInt(`0x${shown}`), written: shown, at: 0 };
  return { kind: 'octets', written: shown, at: 0 };
}

const withoutPadding = (text: string): string => text.replace(/[\0 ]+$/, '');

function isSame(value: unknown, shown: string, field: Field): boolean {
  const { kind, widthBytes } = field;
  const ours = normalized(value, kind, widthBytes);
  const theirs = literalFor(literalOf(shown, field), kind, widthBytes);
  if (ours === undefined) return false;
  return typeof ours === 'string'
    ? withoutPadding(ours) === withoutPadding(String(theirs))
    : compared(ours, theirs) === 0;
}

/** How often a name agrees with tshark, and how not. */
interface Tally {
  agree: number;
  /** Frames where we have the field and tshark has not, the other way round, and where values differ. */
  wider: number;
  missing: number;
  differ: number;
  example: string;
}

/** Shares of the frames that agree, that may be otherwise: a name is kept out of the tables beyond. */
const WIDER_MAX = 0.16;
const OTHERWISE_MAX = 0.01;

/** So many of the names are seen in captures and frames that both read. */
const SEEN_MIN = 0.9;

/** Names that mean more, or less, than tshark's on purpose; docs/filter.md says so, or their label does. */
const ON_PURPOSE = new Set([
  'fcels.opcode', // tshark has it for the services that it dissects
  'fcels.portid',
  'fcfzs.opcode', // tshark has it in requests, not in accepts
  'fcp.dl', // tshark shows bits of the second of two in bidirectional commands
  'fcp.resid', // shown with no residual by tshark too, where there is response data
  'scsi.log.pagecode',
  'scsi.sns.asc',
  'scsi.sns.ascq',
  'scsi_sbc.dpo', // of READ and WRITE alone, not of the commands shaped like them
  'scsi_sbc.fua',
  'scsi_sbc.rdwr10.lba', // of READ and WRITE alone, not of the commands shaped like them
  'scsi_sbc.rdwr10.xferlen',
  'scsi_sbc.rdwr12.xferlen',
  'scsi_sbc.rdwr16.lba',
  'scsi_sbc.rdwr6.lba', // 21 bits; tshark masks the first byte otherwise
]);

/** Compared with the streams that they are of, in streams.test.ts. */
const OF_STREAMS = /^(?:tcp|iscsi|rpc|nfs|mount)\./;

const OWN = /^(?:sanmotion\.|_ws\.|scsi\.(?:opcode|lba|blocks)$)/;

describe.skipIf(!hasTshark)('the names', () => {
  it.skipIf(!inFull)(
    'are there and have values where tshark has them',
    { timeout: 300_000 },
    async () => {
      const names = [...fieldNames()].filter(
        (name) => name.includes('.') && !OWN.test(name) && !OF_STREAMS.test(name),
      );
      const files = [...capturesIn('fixtures'), ...capturesIn(SHARED)];
      for (const seed of [1, 9]) {
        const path = join(folder, `generated-${seed}.pcap`);
        const frames = generateFrames({ seed });
        writeFileSync(
          path,
          pcapFile(frames.map(({ bytes }, i) => ({ seconds: i, subseconds: 0, bytes }))),
        );
        files.push(path);
      }
      const tallies = new Map(
        names.map((name) => [
          name,
          { agree: 0, wider: 0, missing: 0, differ: 0, example: '' } as Tally,
        ]),
      );
      const columns = names.flatMap((name) => ['-e', name]);
      for (const file of files.filter((one) => !NOT_FOLLOWED.test(one))) {
        const lines = tshark(
          '-r',
          file,
          '-T',
          'fields',
          '-E',
          'separator=\x01',
          '-E',
          'aggregator=\x02',
          ...columns,
        );
        const subjects = await subjectsOf(file);
        for (const [i, subject] of subjects.entries()) {
          if (subject === undefined || lines[i] === undefined) continue;
          // What streams carry is in units of their own.
          if (subject.frame.protocol === 'tcp') continue;
          const shown = lines[i].split('\x01');
          for (const [k, name] of names.entries()) {
            const field = fieldOf(name)!;
            if (name.startsWith('frame.')) continue;
            const ours = field.values(subject);
            const theirs = shown[k] ? shown[k].split('\x02') : [];
            if (ours.length === 0 && theirs.length === 0) continue;
            const tally = tallies.get(name)!;
            if (theirs.length === 0) tally.wider += 1;
            else if (ours.length === 0) tally.missing += 1;
            else if (
              ours.length === theirs.length &&
              ours.every((one, j) => isSame(one, theirs[j]!, field))
            ) {
              tally.agree += 1;
              continue;
            } else tally.differ += 1;
            tally.example = `${file} ${i + 1}: ${String(ours).slice(0, 60)} beside ${String(theirs).slice(0, 60)}`;
          }
        }
      }
      const wrong = [...tallies].filter(([name, { agree, differ, missing, wider }]) => {
        if (name.startsWith('frame.') || ON_PURPOSE.has(name)) return false;
        return (
          wider > WIDER_MAX * agree ||
          missing > OTHERWISE_MAX * agree ||
          differ > OTHERWISE_MAX * agree
        );
      });
      expect(Object.fromEntries(wrong)).toEqual({});
      const seen = [...tallies.values()].filter(({ agree }) => agree > 0);
      expect(seen.length).toBeGreaterThan(names.length * SEEN_MIN);
    },
  );
});

/** Whole filters, in tshark's words where they differ: it has no names of ours. */
const FILTERS: readonly (string | readonly [ours: string, theirs: string])[] = [
  'fc',
  'fip',
  'fcoe && !fip',
  'fcels or fcct',
  'fcp && !scsi',
  'fc.s_id == ff.ff.fd',
  'fc.s_id == ff:ff:fd',
  'fc.d_id != ff.ff.fe',
  'fc.d_id !== ff.ff.fe',
  'fc.id == 01.00.01',
  'fc.s_id == fc.d_id',
  'fc.type == 8',
  'fc.type == 0x08 && fc.r_ctl == 6',
  'fc.r_ctl in {1, 5..7}',
  'not fc.r_ctl in {1, 5..7}',
  'fc.ox_id > 0x10 && fc.ox_id <= 0x20',
  'fc.fctl.exchange_responder == 1',
  'fc.fctl.exchange_responder',
  '!fc.fctl.exchange_responder == 1',
  'fc.f_ctl & 0x800000',
  'fc.seq_cnt >= 1',
  'eth.src[0:3] == 0e:fc:00',
  'eth.dst[0] == 0e',
  'eth.addr contains aa:00',
  'fip.opcode == 3',
  // tshark 4.0 reads xor as or.
  ['fip.opcode == 1 xor fip.flags.sol == 1', 'fip.opcode == 1 && !fip.flags.sol == 1'],
  'fip.dl_len > 4',
  'fip.flags & 0x8000',
  'fip.desc_type in {11, 13}',
  'frame.len > 100',
  'frame.len <= 68 or frame.number in {1..9}',
  'frame.time_relative > 2.5',
  'frame.cap_len != frame.len',
  'len(eth.src) == 6',
  'count(eth.addr) > 1',
  'scsi_sbc.opcode in {0x28, 0x2a}',
  'scsi_sbc.rdwr10.xferlen > 8 && scsi_sbc.opcode == 0x2a',
  'fcp.status != 0',
  'fcp.crn == 0',
  'fcp.lun == 1',
  'fcp.rddata == true',
  'vlan.id == 1002',
  'vlan',
  'fcdns.opcode == 0x171',
  'fc.cs_ctl == 0 and (fip or fcels)',
  ['fc.type == FCP', 'fc.type == 8'],
  ['fip.opcode == "FIP Control"', 'fip.opcode == 3'],
  ['fc.parameter == 0 && scsi.opcode == 0x12', 'fc.parameter == 0 && scsi_sbc.opcode == 0x12'],
];

/** tshark starts anew for each filter: most filters, and the second capture, are for the full run. */
const TRIED = FILTERS.filter((_, i) => inFull || i % 3 === 0);
const PASSED_MIN = inFull ? 600 : 200;
const CAPTURES = ['lun-reuse.pcapng', ...(inFull ? ['fabric-move-same.pcap'] : [])].map((name) =>
  join('fixtures', name),
);

describe.skipIf(!hasTshark)('a filter lets the frames pass that tshark does', () => {
  for (const file of CAPTURES) {
    it(file, { timeout: 120_000 }, async () => {
      const subjects = await subjectsOf(file);
      const differing: string[] = [];
      let passed = 0;
      for (const filter of TRIED) {
        const [ours, theirs] = typeof filter === 'string' ? [filter, filter] : filter;
        const passes = displayFilter(ours);
        const mine = subjects.flatMap((one) =>
          one !== undefined && passes(one) ? [one.index] : [],
        );
        const lines = tshark('-r', file, '-Y', theirs, '-T', 'fields', '-e', 'frame.number');
        const yours = lines.filter((line) => line !== '').map(Number);
        passed += mine.length;
        if (mine.join() !== yours.join())
          differing.push(
            `${ours}: ${mine.length} beside ${yours.length}, first ${mine.find((n, i) => n !== yours[i])}`,
          );
      }
      expect(differing).toEqual([]);
      expect(passed).toBeGreaterThan(PASSED_MIN);
    });
  }
});
