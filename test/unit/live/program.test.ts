/** A fabric and an array of a program: cables, requests, happenings, and the verdict that the tap repeats. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../../src/audit/capture-judge.ts';
import { openCapture } from '../../../src/capture/index.ts';
import { judgeWithHistory } from '../../../src/cli/replay-history.ts';
import { askControl } from '../../../src/live/control/client.ts';
import { ControlError } from '../../../src/live/control/command.ts';
import { ListenError } from '../../../src/live/listen-address.ts';
import { LunError } from '../../../src/live/lun-source.ts';
import { type Served, serve } from '../../../src/live/program.ts';
import { readScenario } from '../../../src/scenario/load.ts';
import { Bench, EmulatedHost } from '../../helpers/live-bench.ts';

const VM1 = 0xc050_7600_0000_0100n;
const SCENARIO = 'scenarios/two-host-move.yaml';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

async function served(options?: Parameters<typeof serve>[0]): Promise<Served> {
  const san = await serve(options);
  bench.atEnd(() => san.close());
  return san;
}

/** A host of ours at the end of a cable without a socket. */
function plugged(san: Served, fabric?: string) {
  const cable = san.plug((frame) => host.receive([frame]), fabric);
  const host = new EmulatedHost(1, (frame) => cable.send(frame));
  bench.atEnd(() => host.stop());
  return { cable, host };
}

describe('a program', () => {
  test('has guests on cables, and sees who logs in and who goes', async () => {
    const san = await served({ luns: ['1M'] });
    const { cable, host } = plugged(san);
    expect(cable.link).toBe('A.1');
    expect(await host.prepare(VM1)).toHaveLength(1);
    const { event, node } = await san.until('login', ({ wwpn }) => wwpn === VM1);
    expect([node, event.by, event.port]).toEqual([expect.any(String), 'FDISC', 1]);
    cable.unplug();
    await san.until('logout', ({ wwpn, reason }) => wwpn === VM1 && reason === 'link');
    expect((await san.ask({ command: 'stats' })).fabrics[0].links).toHaveLength(1);
  });

  test('asks what the control socket may be asked, with its own socket beside it', async () => {
    const control = join(bench.dir, 'ctl');
    const san = await served({ control, listen: [`unix:${bench.socket}`] });
    const hello = await san.ask({ command: 'hello' });
    expect(hello).toMatchObject({ protocol: 1 });
    const there = JSON.parse(await askControl(control, '{"command":"hello","id":7}'));
    expect(there).toEqual({ ok: true, id: 7, ...hello });
    await expect(san.ask({ command: 'mask', action: 'set' })).rejects.toThrow(ControlError);
    expect(san.address()).toBe(`unix:${bench.socket}`);
    expect(san.qemuOptions('A', { id: 'n0' })[1]).toContain(`id=n0,server=off,addr.type=unix`);
  });

  test('serves a scenario, each fabric at a port of its own', async () => {
    const scenario = readScenario(readFileSync(SCENARIO, 'utf8'), SCENARIO);
    const san = await served({ scenario, vlan: 0 });
    const [a, b] = [san.address('A'), san.address('B')];
    expect([a, b]).toEqual([expect.stringMatching(/^tcp:127/), expect.stringMatching(/^tcp:127/)]);
    expect(a).not.toBe(b);
    expect(() => san.address('C')).toThrow(ListenError);
    expect(() => san.plug(() => {}, 'C')).toThrow('there is no fabric C; there is A, B');
    expect(plugged(san, 'B').cable.link).toMatch(/^B\./);
  });

  test.each([
    [{ listen: ['ftp:x'] }, ListenError],
    [{ luns: ['0'] }, LunError],
    [{ luns: ['/nowhere/d:8M'], tap: '/nowhere/d' }, LunError],
  ])('%j is refused', async (options, kind) => {
    await expect(serve(options)).rejects.toThrow(kind);
  });
});

/** What somebody finds in the tap who has nothing else. */
async function replayed(tap: string): Promise<CaptureReport> {
  const capture = await openCapture(tap);
  const judge = new CaptureJudge(capture.info);
  for await (const frames of capture.frames) for (const frame of frames) judge.add(frame);
  return judge.finish();
}

test('the verdict is that of tap and history, word for word', async () => {
  const [tap, history] = [join(bench.dir, 'tap.pcapng'), join(bench.dir, 'run.jsonl')];
  const san = await served({ tap, history, luns: ['1M'] });
  const zones = [{ name: 'z', members: ['c0:50:76:00:00:00:01:00', 'array'] }];
  await san.ask({ command: 'zone', action: 'activate', zoning: { zones } });
  const { cable, host } = plugged(san);
  const rule = { action: 'add', kind: 'drop', frames: 'fcp-rsp', nth: 20, times: 1 };
  await san.ask({ command: 'fault', ...rule });
  expect(await host.work(VM1, 100)).toEqual([]);
  await san.ask({ command: 'mask', action: 'set', wwpn: 'c0:50:76:00:00:00:01:00', luns: {} });
  await san.ask({ command: 'cvl', wwpn: 'c0:50:76:00:00:00:01:00' });
  cable.unplug();
  await san.close();
  const report = san.verdict();
  expect(san.verdict()).toBe(report);
  expect(report.capture.frames).toBe(san.server.counters.tapFrames);
  const holds = report.verdict.filter(({ result }) => result === 'holds');
  // What frames alone do not show: who was logged in, masks, zones, unit attentions.
  expect(holds.map(({ invariant }) => invariant)).toEqual(
    expect.arrayContaining(['I5', 'I12', 'I13', 'I14', 'I15', 'I16', 'I19', 'I21', 'I22']),
  );
  expect(await judgeWithHistory(tap, history)).toEqual(report.verdict);
  const { capture, verdict: _alone, ...again } = await replayed(tap);
  expect(capture).toMatchObject({ frames: report.capture.frames, format: 'pcapng' });
  const { capture: _, verdict: __, ...said } = report;
  expect(again).toEqual(said);
});

test('a server that was killed leaves a history that is judged as far as it goes', async () => {
  const [tap, history] = [join(bench.dir, 'tap.pcapng'), join(bench.dir, 'run.jsonl')];
  const san = await served({ tap, history });
  expect(await plugged(san).host.work(VM1, 50)).toEqual([]);
  await san.close();
  const whole = readFileSync(history, 'utf8');
  writeFileSync(history, whole.slice(0, whole.length / 2));
  const verdict = await judgeWithHistory(tap, history);
  expect(verdict.filter(({ result }) => result === 'violated')).toEqual([]);
  expect(verdict.find(({ invariant }) => invariant === 'I14')!.result).toBe('holds');
});

test('an array that serves what its masks hide is found by its history', async () => {
  const [tap, history] = [join(bench.dir, 'tap.pcapng'), join(bench.dir, 'run.jsonl')];
  const san = await served({ tap, history });
  expect(await plugged(san).host.work(VM1, 20)).toEqual([]);
  await san.close();
  expect(san.verdict().verdict.find(({ invariant }) => invariant === 'I21')!.result).toBe('holds');
  const lines = readFileSync(history, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('"type":"nexus","state":"began"'));
  const { entry } = JSON.parse(lines[at]!);
  const hidden = { ...entry, event: { type: 'mask', luns: [] } };
  lines.splice(at, 0, JSON.stringify({ ways: '', entry: hidden }));
  writeFileSync(history, lines.join('\n'));
  const verdict = await judgeWithHistory(tap, history);
  expect(verdict.find(({ invariant }) => invariant === 'I21')!.result).toBe('violated');
});
