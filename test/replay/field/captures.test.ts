/** Captures as people take them, and what is right for each: nobody is accused for how it was taken. */
import { describe, expect, it } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../../src/audit/capture-judge.ts';
import type { ExchangeRow } from '../../../src/audit/seen/exchange-row.ts';
import { ExchangeTracker } from '../../../src/audit/seen/exchange-table.ts';
import { openCapture, type TimedFrame } from '../../../src/capture/index.ts';
import { crc32 } from '../../../src/codecs/crc32.ts';
import {
  Conversation,
  decodeFrame,
  Eof,
  EofOrderedSet,
  type Frame,
  fcHeader,
  fcoeHeader,
  fcoeTrailer,
  fcTrailer,
  layerOf,
  layerValue,
  Sof,
  SofOrderedSet,
  sofDelimiter,
  summarize,
} from '../../../src/codecs/index.ts';
import { streams } from '../../../src/machine/random.ts';

async function framesOf(file: string) {
  const { info, frames } = await openCapture(`fixtures/${file}`);
  const all: TimedFrame[] = [];
  for await (const batch of frames) all.push(...batch);
  return { info, all };
}

type Capture = Awaited<ReturnType<typeof framesOf>>;

function judged({ info }: Capture, frames: readonly TimedFrame[]): CaptureReport {
  const judge = new CaptureJudge(info);
  frames.forEach((frame, i) => {
    judge.add({ ...frame, index: i + 1 });
  });
  return judge.finish();
}

const judgeFile = async (file: string): Promise<CaptureReport> => {
  const capture = await framesOf(file);
  return judged(capture, capture.all);
};

function tagged(frame: TimedFrame, vid: number): TimedFrame {
  const { bytes: plain } = frame;
  const bytes = new Uint8Array(plain.length + 4);
  bytes.set(plain.subarray(0, 12));
  bytes.set([0x81, 0, 0x60 | (vid >> 8), vid & 0xff], 12);
  bytes.set(plain.subarray(12), 16);
  return { ...frame, bytes, originalLength: bytes.length };
}

const violated = ({ verdict }: CaptureReport): string[] =>
  verdict.filter(({ result }) => result === 'violated').map(({ invariant }) => invariant);

const resultOf = ({ verdict }: CaptureReport, invariant: string): string | undefined =>
  verdict.find((one) => one.invariant === invariant)?.result;

/** Frames of a file, decoded as one conversation. */
async function decodedOf(file: string): Promise<Frame[]> {
  const { all } = await framesOf(file);
  const conversation = new Conversation();
  return all.map(({ bytes, linkType, originalLength, fcsBytes }) =>
    decodeFrame(bytes, { linkType, originalLength, fcsBytes, conversation }),
  );
}

const linesOf = async (file: string): Promise<string[]> => (await decodedOf(file)).map(summarize);

/** What is there of the SCSI data of a frame. */
const fieldsOf = async (file: string, number: number): Promise<unknown> =>
  layerOf((await decodedOf(file))[number - 1]!, 'scsi')?.value;

async function exchangesOf(file: string): Promise<ExchangeRow[]> {
  const { all } = await framesOf(file);
  const rows: ExchangeRow[] = [];
  const tracker = new ExchangeTracker((row) => rows.push(row));
  (await decodedOf(file)).forEach((frame, i) => {
    const { timeNs, interfaceId } = all[i]!;
    tracker.add(frame, i + 1, timeNs, interfaceId);
  });
  tracker.finish();
  return rows;
}

describe('field captures', () => {
  it('21: a mirror port shows every frame twice: one exchange each', async () => {
    const report = await judgeFile('field/21-span-duplicates.pcap');
    expect(report.capture).toMatchObject({ frames: 80, copies: 40, sorted: 0, late: 0 });
    expect(report.exchanges.fcp).toMatchObject({ opened: 10, completed: 10, unanswered: 0 });
    expect(violated(report)).toEqual([]);
  });

  it('24: a file slightly out of order: its frames are put in the order of their stamps', async () => {
    const report = await judgeFile('field/24-out-of-order-file.pcap');
    expect(report.capture).toMatchObject({ frames: 32, copies: 0, sorted: 8, late: 0 });
    expect(report.exchanges.fcp).toMatchObject({ opened: 8, completed: 8, unanswered: 0 });
    expect(violated(report)).toEqual([]);
  });

  it('26: two fabrics on one trunk with the same addresses: each has its logins and exchanges', async () => {
    const report = await judgeFile('field/26-login-two-vsans.pcap');
    expect(report.exchanges.fcp).toMatchObject({ opened: 74, completed: 74, unanswered: 0 });
    expect(report.exchanges.ct).toMatchObject({ opened: 16, completed: 16 });
    expect(report.logins.map(({ by, frame, result }) => [by, frame, result])).toEqual([
      ['FLOGI', 7, 'accepted'],
      ['FLOGI', 8, 'accepted'],
      ['PLOGI', 11, 'accepted'],
      ['PLOGI', 12, 'accepted'],
      ['PLOGI', 61, 'rejected'],
      ['PLOGI', 62, 'rejected'],
      ['PLOGI', 63, 'accepted'],
      ['PLOGI', 64, 'accepted'],
    ]);
    expect(report.moves).toEqual([]);
    expect(violated(report)).toEqual([]);
  });

  it('01, 02: a READ, whole and cut by a snap length: the data counts by its length on the wire', async () => {
    const [whole, cut] = [
      await judgeFile('field/01-read-whole.pcap'),
      await judgeFile('field/02-read-snaplen96.pcap'),
    ];
    expect(cut.codec).toMatchObject({ cut: 2, malformed: [], crcBad: 0 });
    expect(cut.exchanges).toEqual(whole.exchanges);
    expect([violated(whole), violated(cut)]).toEqual([[], []]);
    // No login is in the file.
    expect(whole.verdict.find(({ invariant }) => invariant === 'I15')!.result).toBe(
      'not-observable',
    );
  });

  it('03e: the Ethernet FCS kept by the tap, and nothing says so', async () => {
    const report = await judgeFile('field/03e-move-with-fcs.pcap');
    expect(report.codec).toMatchObject({ decoded: 300, identical: 300, crcBad: 0, malformed: [] });
    expect(violated(report)).toEqual([]);
  });

  it.each([
    '04-read.pcap.gz',
    '05-caplen-over-snaplen.pcap',
    '07-modified.pcap',
    '14e-dlt225-read.pcap',
  ])('%s: the same READ in another container', async (name) => {
    const report = await judgeFile(`field/${name}`);
    expect(report.capture.frames).toBe(4);
    expect(report.codec).toMatchObject({ identical: 4, crcBad: 0, cut: 0, malformed: [] });
    expect(report.exchanges.fcp).toMatchObject({ opened: 1, completed: 1 });
    expect(violated(report)).toEqual([]);
  });

  it('16: of LLDP alone no rule says that it holds', async () => {
    const report = await judgeFile('field/16-lldp-odd.pcap');
    expect(report.verdict.filter(({ result }) => result === 'holds')).toEqual([]);
    expect(violated(report)).toEqual([]);
  });

  it.each([
    ['10-fcoe-in-erspan-gre.pcap', 5],
    ['11-fcoe-in-vxlan-geneve.pcap', 7],
    ['12-fcoe-tags.pcap', 9],
    ['42-raw-ip-vxlan.pcap', 1],
  ])(
    '%s: READ(10) in every frame, and no more is said than one direction shows',
    async (name, count) => {
      const report = await judgeFile(`field/${name}`);
      expect(report.capture.frames).toBe(count);
      expect(report.codec).toMatchObject({ identical: count, crcBad: 0, malformed: [] });
      expect(report.protocols).toEqual({ fcp: count });
      expect(report.exchanges.fcp).toMatchObject({ opened: count, completed: 0 });
      expect(await linesOf(`field/${name}`)).toEqual(
        Array.from({ length: count }, () =>
          expect.stringMatching(/^SCSI READ\(10\) 010e01 → 010e02/),
        ),
      );
      expect(violated(report)).toEqual([]);
      expect(resultOf(report, 'I12')).toBe('not-observable');
    },
  );

  it('13: behind the header of an MDS analyser: READ(10), and HLO as far as it goes', async () => {
    const report = await judgeFile('field/13-cisco-mds-header.pcap');
    expect(report.codec).toMatchObject({ identical: 3, crcBad: 0 });
    expect(report.codec.malformed).toMatchObject([{ frame: 3, layer: 'HLO', fault: 'truncated' }]);
    const lines = await linesOf('field/13-cisco-mds-header.pcap');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['SCSI', 'SCSI', 'HLO']);
    expect(violated(report)).toEqual([]);
  });

  it('15: answers shorter than their layout are short, not malformed', async () => {
    const report = await judgeFile('field/15-scsi-short-answers.pcap');
    expect(report.codec).toMatchObject({ identical: 60, crcBad: 0, malformed: [] });
    expect(report.exchanges.fcp).toMatchObject({ opened: 21, completed: 21, unanswered: 0 });
    const lines = await linesOf('field/15-scsi-short-answers.pcap');
    // tshark: scsi.sns.key 6 of all three, scsi.sns.ascascq 0x2900 of the last two.
    expect([44, 46, 48].map((frame) => lines[frame - 1]!.split(') ')[1])).toEqual([
      'UNIT ATTENTION',
      'UNIT ATTENTION 29/00 POWER ON, RESET, OR BUS DEVICE RESET OCCURRED',
      'UNIT ATTENTION 29/00 POWER ON, RESET, OR BUS DEVICE RESET OCCURRED',
    ]);
    // The fields that came: INQUIRY data of 5 bytes have a version, a page of 20 bytes its length.
    expect(await fieldsOf('field/15-scsi-short-answers.pcap', 14)).toMatchObject({ version: 6 });
    expect(await fieldsOf('field/15-scsi-short-answers.pcap', 53)).toMatchObject({
      pageCode: 0xb0,
    });
    expect(violated(report)).toEqual([]);
  });

  it('17: FIP descriptors that do not fit spoil themselves; each operation is there', async () => {
    const report = await judgeFile('field/17-fip-odd.pcap');
    expect(report.codec).toMatchObject({ identical: 10 });
    expect(report.codec.malformed.map(({ frame }) => frame)).toEqual([2, 5, 6]);
    const lines = await linesOf('field/17-fip-odd.pcap');
    for (const line of lines.slice(0, 7))
      expect(line).toMatch(
        /^FIP Discovery Advertisement priority 128 00:0d:ec:aa:bb:cc name 20:01:0d:ec:aa:bb:cc:00 .*FKA 8000 ms/,
      );
    expect(lines.slice(7)).toEqual([
      'FIP VLAN Notification 00:0d:ec:aa:bb:cc VLAN 100 VLAN 1002',
      'FIP operation 65528 subcode 1 vendor NUOVA\\x00\\x00\\x00',
      'FIP Clear Virtual Links 00:0d:ec:aa:bb:cc name 20:01:0d:ec:aa:bb:cc:00 010e01 WWPN 20:01:52:54:00:aa:00:01 [FP A F]',
    ]);
    expect(violated(report)).toEqual([]);
  });

  it('18: one HBA attribute that does not fit: the command, the port and the others stay', async () => {
    const report = await judgeFile('field/18-fdmi.pcap');
    expect(report.codec).toMatchObject({ identical: 7, crcBad: 0 });
    expect(report.codec.malformed.map(({ frame }) => frame)).toEqual([4, 5]);
    const lines = await linesOf('field/18-fdmi.pcap');
    // tshark: as many fdmi.attr.type each; of frame 5 the second is longer than its block.
    expect(lines.map((line) => /^RHBA .* (\d) attributes/.exec(line)?.[1])).toEqual([
      ...['5', '7', '3', '2', '2', '2', '2'],
    ]);
    expect(violated(report)).toEqual([]);
  });

  it('19: ELS pages and descriptors that do not fit: each command has its name', async () => {
    const report = await judgeFile('field/19-els-odd.pcap');
    expect(report.codec).toMatchObject({ identical: 8, crcBad: 0 });
    expect(report.codec.malformed.map(({ frame }) => frame)).toEqual([2, 3, 5, 6]);
    const lines = await linesOf('field/19-els-odd.pcap');
    expect(lines.map((line) => line.split(' 010e0')[0])).toEqual([
      ...['RDP', 'LS_ACC (RDP)', 'FPIN', 'FPIN', 'RSCN', 'PRLI', 'RTIN', 'ESTS'],
    ]);
    expect(lines[4]).toContain('010e02 [malformed');
    expect(violated(report)).toEqual([]);
  });

  it('23: a READ that lost a frame and got it again by SRR is one exchange of 12 frames', async () => {
    const rows = await exchangesOf('field/23-rec-srr-recovery.pcap');
    expect(rows).toMatchObject([
      { kind: 'els', command: 'REC', end: 'completed' },
      {
        command: 'READ(10)',
        firstFrame: 1,
        lastFrame: 12,
        dataBytes: 4096,
        expectedBytes: 4096,
        status: 'GOOD',
        recovered: true,
        end: 'completed',
      },
    ]);
    expect(violated(await judgeFile('field/23-rec-srr-recovery.pcap'))).toEqual([]);
  });

  it('28: task management by name, READ(6) of 256 blocks, both directions apart', async () => {
    const rows = await exchangesOf('field/28-fcp-variety.pcap');
    expect(rows.slice(0, 2)).toMatchObject([
      { dataBytes: 1024, expectedBytes: 1024, readBytes: 1024, expectedReadBytes: 1024 },
      { dataBytes: 1024, readBytes: 512, expectedReadBytes: 1024, readResidual: 512 },
    ]);
    expect(rows[3]).toMatchObject({ command: 'LOGICAL UNIT RESET', status: 'GOOD' });
    expect(rows[6]).toMatchObject({ command: 'READ(6)', blocks: 256, status: 'CHECK_CONDITION' });
    const report = await judgeFile('field/28-fcp-variety.pcap');
    expect(report.exchanges.fcp).toMatchObject({ opened: 10, completed: 10 });
    expect(violated(report)).toEqual([]);
  });

  it('44: FC-NVMe: the exchange is listed, its status is in the line', async () => {
    const report = await judgeFile('field/44-fc-nvme.pcap');
    expect(report.protocols).toEqual({ nvme: 4 });
    expect(report.exchanges.nvme).toMatchObject({ opened: 1, completed: 1, unanswered: 0 });
    expect(await exchangesOf('field/44-fc-nvme.pcap')).toMatchObject([
      { command: 'NVMe READ', dataBytes: 1024, expectedBytes: 4096, status: 'SUCCESS' },
    ]);
    expect((await linesOf('field/44-fc-nvme.pcap')).at(-1)).toContain('invalid opcode');
    expect(violated(report)).toEqual([]);
  });

  it('20: texts of the wire and of the file are escaped, and UTF-8 is read', async () => {
    const lines = await linesOf('field/20-texts.pcapng');
    for (const line of lines) expect(line).toMatch(/^[^\p{Cc}]*$/u);
    expect(lines[2]).toContain('Zürich');
    expect(violated(await judgeFile('field/20-texts.pcapng'))).toEqual([]);
  });

  it('31: block lengths that do not count the padding', async () => {
    const report = await judgeFile('field/31-block-length-unpadded.pcapng');
    expect(report.capture.frames).toBe(2);
    expect(report.error).toBeUndefined();
  });

  it('serve-restart: a FLOGI again from the same ENode ends its old login', async () => {
    const report = await judgeFile('serve-restart.pcapng');
    expect(report.capture.frames).toBe(60);
    expect(report.codec).toMatchObject({ identical: 60, malformed: [], crcBad: 0 });
    expect(report.logins.filter(({ by }) => by === 'FLOGI').map(({ nPortId }) => nPortId)).toEqual([
      ...['010001', '010002', '010003'],
    ]);
    expect(resultOf(report, 'I14')).toBe('holds');
    expect(violated(report)).toEqual([]);
  });

  it('43: two taps that are both called eth0: an exchange that both saw is one', async () => {
    const report = await judgeFile('field/43-merged-same-if-name.pcapng');
    expect(report.exchanges.fcp).toMatchObject({ opened: 37, completed: 37, unanswered: 0 });
    expect(report.capture.copies).toBe(0);
    expect(violated(report)).toEqual([]);
  });
});

/** The ordered set of an SOF code of FCoE. */
const ORDERED_SET = new Map<number, number>(
  Object.entries(Sof).flatMap(([name, code]) => {
    const set = (SofOrderedSet as Record<string, number>)[name];
    return set === undefined ? [] : [[code, set] as const];
  }),
);

/** The FC frame of an FCoE frame between its delimiters; `undefined` for what carries none. */
function asFc2(frame: TimedFrame): TimedFrame | undefined {
  const { bytes } = frame;
  const decoded = decodeFrame(bytes);
  const sof = layerValue(decoded, fcoeHeader)?.sof;
  const trailer = layerValue(decoded, fcoeTrailer);
  const at = decoded.layers.find(({ layer, inside }) => layer === 'fc' && !inside)?.offset;
  const end = layerOf(decoded, 'fcoe-trailer')?.offset;
  if (sof === undefined || trailer === undefined || at === undefined || end === undefined)
    return undefined;
  const native = new Uint8Array(4 + end - at + 8);
  native.set(sofDelimiter.encode({ sof: ORDERED_SET.get(sof)! }));
  native.set(bytes.subarray(at, end), 4);
  const eof = trailer.eof === Eof.EOFn ? EofOrderedSet['EOFn-'] : EofOrderedSet['EOFt-'];
  native.set(fcTrailer.encode({ crc: trailer.crc, eof }), native.length - 8);
  return { ...frame, bytes: native, originalLength: native.length, linkType: 225 };
}

describe('the move of fabric-move-same.pcap, captured otherwise', () => {
  const file = 'fabric-move-same.pcap';
  const results = ({ verdict }: CaptureReport) =>
    verdict.map(({ invariant, result }) => [invariant, result]);

  it('doubled', async () => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    const doubled = capture.all.flatMap((frame) => [
      frame,
      { ...frame, timeNs: frame.timeNs + 2_000n },
    ]);
    const report = judged(capture, doubled);
    expect(whole.capture.copies).toBe(0);
    // Of FIP those with an ELS inside.
    const withFc = capture.all.filter(({ bytes }) => layerValue(decodeFrame(bytes), fcHeader));
    expect(report.capture.copies).toBe(withFc.length);
    expect(results(report)).toEqual(results(whole));
    expect(report.exchanges).toEqual(whole.exchanges);
    expect(report.moves.map(({ from, to }) => [from.wwpn, from.enodeMac, to.enodeMac])).toEqual(
      whole.moves.map(({ from, to }) => [from.wwpn, from.enodeMac, to.enodeMac]),
    );
    expect(whole.moves).toHaveLength(1);
  });

  it.each([1, 2, 3])('shuffled within 5 ms, seed %i', async (seed) => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    const random = streams(seed).stream('shuffle');
    const shuffled = capture.all
      .map((frame) => ({ frame, place: Number(frame.timeNs / 1000n) + random.below(5_000) }))
      .sort((a, b) => a.place - b.place)
      .map(({ frame }) => frame);
    expect(shuffled).not.toEqual(capture.all);
    const report = judged(capture, shuffled);
    expect(report.capture.late).toBe(0);
    expect(results(report)).toEqual(results(whole));
    expect(report.exchanges).toEqual(whole.exchanges);
    expect(report.moves).toHaveLength(whole.moves.length);
  });

  it.each([64, 96, 128])(
    'cut after %i bytes: nobody is accused who is not by the whole',
    async (kept) => {
      const capture = await framesOf(file);
      const whole = judged(capture, capture.all);
      const cut = capture.all.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, kept) }));
      const report = judged(capture, cut);
      expect(report.codec.cut).toBeGreaterThan(100);
      expect(report.codec.malformed).toEqual([]);
      expect(violated(whole)).toEqual(expect.arrayContaining(violated(report)));
      expect(report.exchanges.fcp).toEqual(whole.exchanges.fcp);
      // The names of a FLOGI in FIP end 88 bytes into its frame: with less of it nobody can tell who moved.
      const moved = kept < 88 ? [] : whole.moves;
      expect(report.moves.map(({ from, to }) => [from.wwpn, from.enodeMac, to.enodeMac])).toEqual(
        moved.map(({ from, to }) => [from.wwpn, from.enodeMac, to.enodeMac]),
      );
      expect(report.logins).toEqual(kept < 88 ? [] : whole.logins);
    },
  );

  it('as link type 225, which has no FIP: nobody is accused, and every exchange is there', async () => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    const native = capture.all.flatMap((frame) => asFc2(frame) ?? []);
    const report = judged(capture, native);
    expect(report.codec).toMatchObject({ crcBad: 0, malformed: [], identical: native.length });
    expect(report.exchanges).toEqual(whole.exchanges);
    expect(violated(whole)).toEqual(expect.arrayContaining(violated(report)));
    expect(report.logins.filter(({ by }) => by !== 'PLOGI')).toEqual([]);
  });

  it.each(['to the switch', 'from the switch'])('one direction alone, %s', async (which) => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    // The switch is 02:fc:f0:00:00:01.
    const ofSwitch = ({ bytes }: TimedFrame): boolean => bytes[6] === 0x02 && bytes[7] === 0xfc;
    const half = capture.all.filter((frame) => ofSwitch(frame) === (which === 'from the switch'));
    expect(half.length).toBeGreaterThan(300);
    const report = judged(capture, half);
    expect(violated(whole)).toEqual(expect.arrayContaining(violated(report)));
  });

  it('with the Ethernet FCS that nothing declares', async () => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    const withFcs = capture.all.map((frame) => {
      const bytes = new Uint8Array(frame.bytes.length + 4);
      bytes.set(frame.bytes);
      new DataView(bytes.buffer).setUint32(frame.bytes.length, crc32(frame.bytes), true);
      return { ...frame, bytes, originalLength: bytes.length };
    });
    const report = judged(capture, withFcs);
    expect(report.codec).toMatchObject({ crcBad: 0, identical: withFcs.length });
    expect(results(report)).toEqual(results(whole));
    expect(report.exchanges).toEqual(whole.exchanges);
    expect(report.moves).toHaveLength(1);
  });

  it('on a trunk, in two VLANs', async () => {
    const capture = await framesOf(file);
    const whole = judged(capture, capture.all);
    const trunked = capture.all.flatMap((frame) => [1002, 1003].map((vid) => tagged(frame, vid)));
    const report = judged(capture, trunked);
    expect(violated(report)).toEqual(violated(whole));
    expect(report.exchanges.fcp.completed).toBe(2 * whole.exchanges.fcp.completed);
    expect(report.logins).toHaveLength(2 * whole.logins.length);
    expect(report.moves).toHaveLength(2);
  });

  it('a clock that is set back is said, and the rest is judged in the order of the file', async () => {
    const capture = await framesOf(file);
    const half = capture.all.length >> 1;
    const report = judged(
      capture,
      capture.all.map((frame, i) =>
        i < half ? frame : { ...frame, timeNs: frame.timeNs - 3_600_000_000_000n },
      ),
    );
    expect(report.capture.late).toBe(1);
    expect(report.exchanges).toEqual(judged(capture, capture.all).exchanges);
  });
});
