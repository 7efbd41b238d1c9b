/**
 * FCIP: the frames of a recorded session, sent through a TCP connection in segments that fit none of
 * them, are judged as they are on their own link. Witness: tshark, which reads the same frames out of it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../src/audit/capture-judge.ts';
import { openCapture } from '../../src/capture/index.ts';
import { throughFcip } from '../helpers/fcip-capture.ts';
import { tsharkVersion } from '../oracle/support/tshark.ts';

const folder = mkdtempSync(join(tmpdir(), 'sanmotion-fcip-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function judge(path: string): Promise<CaptureReport> {
  const capture = await openCapture(path);
  const judge = new CaptureJudge(capture.info);
  for await (const batch of capture.frames) for (const frame of batch) judge.add(frame);
  return judge.finish();
}

async function fileOf(name: string, passes?: (index: number) => boolean): Promise<string> {
  const path = join(folder, `${name}${passes === undefined ? '' : '-lossy'}.pcap`);
  writeFileSync(path, await throughFcip(`fixtures/${name}.pcap`, passes));
  return path;
}

const results = (report: CaptureReport) =>
  report.verdict.map(({ invariant, result }) => `${invariant} ${result}`);

describe.each(['vn2vn-io', 'fabric-io'])('%s', (name) => {
  test('has the exchanges, answers and latencies of its own link', async () => {
    const [own, through] = [await judge(`fixtures/${name}.pcap`), await judge(await fileOf(name))];
    expect(through.exchanges).toEqual(own.exchanges);
    expect(through.statuses.map(({ status, count }) => [status, count])).toEqual(
      own.statuses.map(({ status, count }) => [status, count]),
    );
    expect(through.latencies.map(({ what, count }) => [what, count])).toEqual(
      own.latencies.map(({ what, count }) => [what, count]),
    );
    expect(through.unread).toEqual([]);
    expect(through.streams).toMatchObject([
      { protocol: 'fcip', lostBytes: 0, skippedBytes: 0, digestBad: 0, malformed: 0 },
    ]);
    // What only FIP or a second link shows, an FCIP connection does not.
    const differing = results(through).filter((one) => !results(own).includes(one));
    expect(differing.filter((one) => one.endsWith('violated'))).toEqual([]);
    for (const invariant of ['I12', 'I15', 'I19'])
      expect(results(through)).toContain(
        results(own).find((one) => one.startsWith(`${invariant} `)),
      );
  });

  test.skipIf(tsharkVersion() === undefined)('tshark finds the same commands in it', async () => {
    // It finds a frame only where its header lies in one segment.
    const path = join(folder, `${name}-whole.pcap`);
    writeFileSync(path, await throughFcip(`fixtures/${name}.pcap`, undefined, false));
    const lines = execFileSync('tshark', ['-n', '-r', path, '-T', 'fields', '-e', 'fc.r_ctl'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const commands = lines.split(/[\n,]/).filter((one) => Number(one) === 6).length;
    expect((await judge(path)).exchanges.fcp.opened).toBe(commands);
  });

  test('with segments missing: what is lost is told, and nobody is accused of it', async () => {
    const path = await fileOf(name, (index) => index < 10 || index % 50 !== 0);
    const report = await judge(path);
    const [stream] = report.streams;
    expect(stream!.lostBytes).toBeGreaterThan(0);
    expect(Object.values(stream!.pdus).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(20);
    expect(stream!.digestBad).toBe(0);
  });
});
