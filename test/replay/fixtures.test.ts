/**
 * Every capture at hand, through the judge: each frame encodes to its own bytes, and the books of
 * logins and exchanges are those that the captures are known to hold.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../src/audit/capture-judge.ts';
import { openCapture } from '../../src/capture/index.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../shared/captures/', import.meta.url));

async function judge(path: string): Promise<CaptureReport> {
  const capture = await openCapture(path);
  const judge = new CaptureJudge(capture.info);
  for await (const batch of capture.frames) for (const frame of batch) judge.add(frame);
  return judge.finish();
}

function violated(report: CaptureReport): string[] {
  return report.verdict.filter((one) => one.result === 'violated').map((one) => one.invariant);
}

/** Frames, and FCP commands, each of them answered (counted with tshark: `fc.r_ctl == 6`, `== 7`). */
const KNOWN: Readonly<Record<string, { frames: number; fcp: number; broken?: string[] }>> = {
  'fabric-login.pcap': { frames: 154, fcp: 37 },
  'fabric-io.pcap': { frames: 275, fcp: 52 },
  'fabric-npiv.pcap': { frames: 866, fcp: 152 },
  'fabric-cvl.pcap': { frames: 672, fcp: 83 },
  // The script that plays its switch gives the N_Port_ID to another ENode at once, as clean.
  'fabric-move-same.pcap': { frames: 1290, fcp: 268, broken: ['I13'] },
  'vn2vn-login.pcap': { frames: 140, fcp: 37 },
  'vn2vn-io.pcap': { frames: 261, fcp: 52 },
  'native-read.pcap': { frames: 4, fcp: 1 },
  'read-3frame-t11.pcap': { frames: 5, fcp: 1 },
  'read-3frame-pre-t11.pcap': { frames: 5, fcp: 1 },
  // Its second sequence ends with EOFn, by hand: the judge says so.
  'wireshark-gaps.pcap': { frames: 17, fcp: 1, broken: ['I19'] },
};

describe('fixtures', () => {
  test('every fixture has its page, and every capture is known here', () => {
    const captures = readdirSync(FIXTURES).filter((name) => name.endsWith('.pcap'));
    expect(captures.sort()).toEqual(Object.keys(KNOWN).sort());
    for (const name of captures)
      expect(existsSync(`${FIXTURES}${name.replace('.pcap', '.md')}`)).toBe(true);
  });

  test.each(Object.entries(KNOWN))('%s', async (name, { frames, fcp, broken = [] }) => {
    const report = await judge(`${FIXTURES}${name}`);
    expect(report.capture.frames).toBe(frames);
    expect(report.codec).toMatchObject({ identical: frames, malformed: [], crcBad: 0, cut: 0 });
    expect(report.exchanges.fcp.completed).toBe(fcp);
    expect(violated(report)).toEqual(broken);
  });

  test('native-move: a move over native Fibre Channel, each frame seen on both of its links', async () => {
    const report = await judge(`${FIXTURES}native-move.pcapng`);
    expect(report.capture).toMatchObject({ frames: 292, linkType: 225 });
    expect(report.codec).toMatchObject({ identical: 292, malformed: [], crcBad: 0, cut: 0 });
    expect(violated(report)).toEqual([]);
  });

  test('fabric-npiv: the FDISCs with their WWPNs and N_Port_IDs', async () => {
    const { logins } = await judge(`${FIXTURES}fabric-npiv.pcap`);
    const fdiscs = logins.filter((one) => one.by === 'FDISC');
    expect(
      fdiscs.map(({ wwpn, nPortId, frame, result }) => [wwpn, nPortId, frame, result]),
    ).toEqual([
      ['20:01:52:54:00:aa:00:01', '010003', 153, 'accepted'],
      ['20:02:52:54:00:aa:00:01', '010004', 322, 'accepted'],
      ['20:01:52:54:00:aa:00:01', '010003', 557, 'accepted'],
      ['20:01:52:54:00:aa:00:01', '010003', 671, 'accepted'],
    ]);
  });
});

describe.skipIf(!existsSync(SHARED))(
  'captures of other systems (skipped where they are not at hand)',
  () => {
    test('an ESXi host on a Cisco FCF', async () => {
      const report = await judge(`${SHARED}esxi-cisco/fcoe1-both.pcap`);
      expect(report.capture.frames).toBe(247);
      expect(report.codec).toMatchObject({
        decoded: 247,
        identical: 247,
        malformed: [],
        crcBad: 0,
        cut: 0,
      });
      expect(report.exchanges.fcp).toEqual({
        opened: 47,
        completed: 47,
        aborted: 0,
        unanswered: 0,
      });
      expect(report.protocols).toEqual({ ct: 40, els: 50, fcp: 137, fip: 20 });
      expect(violated(report)).toEqual([]);
    });

    test('one half of a conversation is read as such', async () => {
      const half = await judge(`${SHARED}esxi-cisco/fcoe1-init.pcap`);
      expect(half.exchanges.fcp).toEqual({ opened: 47, completed: 0, aborted: 0, unanswered: 47 });
      const other = await judge(`${SHARED}esxi-cisco/fcoe1-fabric.pcap`);
      expect(other.codec.identical).toBe(other.capture.frames);
      expect(other.exchanges.fcp.opened).toBe(0);
    });
  },
);
