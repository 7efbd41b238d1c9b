/** Moves that captures show: one of real hosts, and those of simulated runs whose plan is known. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../src/audit/capture-judge.ts';
import type { MoveRow } from '../../src/audit/ledger/move-finder.ts';
import type { TappedFrame } from '../../src/audit/seen/tapped-frame.ts';
import { judgeSeen } from '../../src/audit/seen-judge.ts';
import { openCapture } from '../../src/capture/index.ts';
import { runMove } from '../../src/run/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';

async function judgeFile(name: string): Promise<CaptureReport> {
  const { info, frames } = await openCapture(`fixtures/${name}`);
  const judge = new CaptureJudge(info);
  for await (const batch of frames) for (const frame of batch) judge.add(frame);
  return judge.finish();
}

const TEXT = readFileSync('scenarios/two-host-move.yaml', 'utf8');

/** A run's frames, judged as if somebody else had captured them. */
function judgeRun(strategy: string, drain: string): CaptureReport {
  const loaded = loadScenario(TEXT, 'two-host-move.yaml', { seed: 3, strategy, drain });
  const scenario = {
    ...loaded,
    timing: { ...loaded.timing, beforeMs: 4, afterMs: 8 },
    move: { ...loaded.move, preCopyMs: 2 },
  };
  const frames: TappedFrame[] = [];
  runMove({
    scenario,
    observer: { see: (frame) => frames.push(frame) },
  });
  return judgeSeen(frames);
}

const names = ({ from, to }: MoveRow) => [from.wwpn, from.enodeMac, to.wwpn, to.enodeMac];
const vm = (n: number): string => `c0:50:76:00:00:00:01:0${n}`;
const enode = (host: number, port: number): string => `00:25:b5:00:0${host}:0${port}`;

describe('fabric-move-same.pcap', () => {
  // Frames and times as tshark 4.0.17 prints them (frame.number, frame.time_epoch): FDISC accepts
  // 332 and 703, the accept of LOGO in FIP 689, the last response on H1 675, the response to the
  // first READ on H2 888, the response to the first WRITE on H2 901.
  test('the same WWPN went from one ENode to another', async () => {
    const { moves } = await judgeFile('fabric-move-same.pcap');
    expect(moves).toHaveLength(1);
    const [move] = moves;
    expect(move).toMatchObject({
      kind: 'same',
      from: {
        wwpn: '20:01:52:54:00:aa:00:01',
        nPortId: '01aa01',
        mac: '0e:fc:00:01:aa:01',
        enodeMac: '52:54:00:aa:00:01',
        login: { frame: 332, timeNs: 1_795_308_199_272_253_000n },
        logout: { frame: 689, timeNs: 1_795_308_200_911_855_000n, by: 'LOGO' },
      },
      to: {
        wwpn: '20:01:52:54:00:aa:00:01',
        nPortId: '01aa01',
        enodeMac: '52:54:00:cc:00:01',
        login: { frame: 703, timeNs: 1_795_308_201_018_465_000n },
        logout: undefined,
      },
      lastIo: { frame: 675, timeNs: 1_795_308_200_848_998_000n, command: 'WRITE(10)' },
      firstIo: { frame: 888, timeNs: 1_795_308_201_134_139_000n, command: 'READ(10)' },
      open: [],
    });
    expect(move!.blackoutNs).toBe(1_795_308_201_134_139_000n - 1_795_308_200_848_998_000n);
    expect(move!.writeBlackoutNs).toBe(1_795_308_201_225_776_000n - 1_795_308_200_848_998_000n);
  });

  test('its N_Port_ID was given away as clean 106.6 ms after it had been given up', async () => {
    const { verdict } = await judgeFile('fabric-move-same.pcap');
    const found = verdict.find((one) => one.invariant === 'I13')!;
    expect(found.result).toBe('violated');
    expect(found.detail).toMatch(/01aa01 .* as a clean address 106\.6 ms after/);
  });
});

test.each(['fabric-npiv.pcap', 'fabric-cvl.pcap', 'fabric-io.pcap', 'vn2vn-io.pcap'])(
  '%s shows no move',
  async (name) => {
    expect((await judgeFile(name)).moves).toEqual([]);
  },
);

describe('a simulated run', () => {
  test('of a pair: each name gives way to the second one of its fabric', () => {
    const { moves, verdict } = judgeRun('wwpn-pair', 'wait');
    expect(moves.map((one) => one.kind)).toEqual(['pair', 'pair']);
    expect(moves.map(names)).toEqual([
      [vm(0), enode(1, 0), vm(1), enode(2, 0)],
      [vm(2), enode(1, 1), vm(3), enode(2, 1)],
    ]);
    for (const { lastIo, firstIo, blackoutNs, open } of moves) {
      expect(lastIo!.timeNs).toBeLessThan(firstIo!.timeNs);
      expect(blackoutNs).toBe(firstIo!.timeNs - lastIo!.timeNs);
      expect(open).toEqual([]);
    }
    expect(verdict.filter((one) => one.result === 'violated')).toEqual([]);
  });

  test('of the same names: each goes from ENode to ENode', () => {
    const { moves } = judgeRun('same-wwpn', 'abort');
    expect(moves.map((one) => one.kind)).toEqual(['same', 'same']);
    expect(moves.map(names)).toEqual([
      [vm(0), enode(1, 0), vm(0), enode(2, 0)],
      [vm(2), enode(1, 1), vm(2), enode(2, 1)],
    ]);
  });

  test('that purges: the exchanges left open are named, with what became of them', () => {
    const { moves } = judgeRun('same-wwpn', 'purge');
    const open = moves.flatMap((one) => one.open);
    expect(open.length).toBeGreaterThan(0);
    for (const one of open) {
      expect(one.command).toMatch(/^(READ|WRITE)\(10\)$/);
      expect(['completed', 'unanswered']).toContain(one.end);
    }
  });
});
