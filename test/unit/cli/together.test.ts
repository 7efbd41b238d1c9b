/** `replay --together`: two captures of one event, judged as one. */
import { expect, it } from 'vitest';
import { readFrames, type TimedFrame } from '../../../src/capture/index.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { pcapFile } from '../../helpers/capture.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('together');
const WHOLE = 'fixtures/fabric-move-same.pcap';

/** The frames that are wanted, as a file of their own; `laterNs`: what its clock is ahead. */
async function fileOf(name: string, wanted: (one: TimedFrame) => boolean, laterNs = 0n) {
  const records = [];
  for await (const one of readFrames(WHOLE)) {
    const micros = (one.timeNs + laterNs) / 1000n;
    const seconds = Number(micros / 1_000_000n);
    if (wanted(one))
      records.push({ seconds, subseconds: Number(micros % 1_000_000n), bytes: one.bytes });
  }
  return folder.file(name, pcapFile(records));
}

type Report = {
  verdict: { invariant: string; result: string }[];
  exchanges: unknown;
  moves: unknown[];
  logins: unknown[];
  together: { file: string; commonFrames: number; offsetNs: string; ownTap: boolean }[];
};

async function reportOf(files: string[], together = true): Promise<Report> {
  const { stdout } = await said(() => replayCommand(files, { json: true, together }));
  return JSON.parse(stdout) as Report;
}

const violated = ({ verdict }: Report) =>
  verdict.filter(({ result }) => result === 'violated').map(({ invariant }) => invariant);

const whole = await reportOf([WHOLE], false);

it.each([
  ['one behind the other', ({ index }: TimedFrame) => index <= 690],
  ['a direction each', ({ bytes }: TimedFrame) => (bytes[6]! & 0x0e) === 0x0e],
])('two files of one wire, %s, give what the whole does', async (_, isFirst) => {
  const a = await fileOf('a.pcap', isFirst);
  const b = await fileOf('b.pcap', (one) => !isFirst(one));
  const report = await reportOf([a, b]);
  expect(report.together.map(({ ownTap }) => ownTap)).toEqual([false, false]);
  expect(report.exchanges).toEqual(whole.exchanges);
  expect(report.moves).toHaveLength(whole.moves.length);
  expect(report.logins).toEqual(whole.logins);
  expect(violated(report)).toEqual(violated(whole));
});

it('the clock of the second is found from the frames in both, and said', async () => {
  const a = await fileOf('a.pcap', ({ index }) => index <= 700);
  const b = await fileOf('b.pcap', ({ index }) => index >= 600, 1_500_000_000n);
  const report = await reportOf([a, b]);
  expect(report.together[1]).toMatchObject({ offsetNs: '-1500000000', ownTap: true });
  expect(report.together[1]!.commonFrames).toBeGreaterThan(50);
  expect(report.exchanges).toEqual(whole.exchanges);
  expect(report.moves).toHaveLength(1);
  expect(whole.verdict.filter(({ result }) => result === 'violated').length).toBeGreaterThanOrEqual(
    violated(report).length,
  );
  const { stdout } = await said(() => replayCommand([a, b], { together: true }));
  expect(stdout).toMatch(/b.pcap: \d+ frames are in both, its clock is 1\.500 s ahead/);
});

it('one file, and standard input, are no two captures', async () => {
  await expect(replayCommand([WHOLE], { together: true })).rejects.toThrow(/two captures/);
  await expect(replayCommand(['-', WHOLE], { together: true })).rejects.toThrow(/name files/);
});

it('a file that is not there is told, and ends with status 2', async () => {
  const { status, stderr } = await said(() =>
    replayCommand([WHOLE, 'none.pcap'], { together: true }),
  );
  expect([status, stderr]).toEqual([2, expect.stringContaining('none.pcap')]);
});
