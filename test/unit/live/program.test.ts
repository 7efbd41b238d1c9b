/** A fabric and an array of a program: cables, requests, happenings, and the verdict that the tap repeats. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CaptureJudge, type CaptureReport } from '../../../src/audit/capture-judge.ts';
import { openCapture } from '../../../src/capture/index.ts';
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

test('the verdict is that of the tap, word for word', async () => {
  const tap = join(bench.dir, 'tap.pcapng');
  const san = await served({ tap, luns: ['1M'] });
  const { host } = plugged(san);
  await san.ask({
    command: 'fault',
    action: 'add',
    kind: 'drop',
    frames: 'fcp-rsp',
    nth: 20,
    times: 1,
  });
  expect(await host.work(VM1, 100)).toEqual([]);
  await san.ask({ command: 'cvl', wwpn: 'c0:50:76:00:00:00:01:00' });
  await san.close();
  const report = san.verdict();
  expect(san.verdict()).toBe(report);
  expect(report.capture.frames).toBe(san.server.counters.tapFrames);
  expect(report.verdict.filter(({ result }) => result === 'holds').length).toBeGreaterThan(5);
  const { capture, ...again } = await replayed(tap);
  expect(capture).toMatchObject({ frames: report.capture.frames, format: 'pcapng' });
  const { capture: _, ...said } = report;
  expect(again).toEqual(said);
});
