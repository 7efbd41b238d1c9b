/** A virtual machine moves between two Linux guests while it writes. */
import { loadavg } from 'node:os';
import { expect } from 'vitest';
import type { LiveMoveReport } from '../../../src/live/move/live-move.ts';
import { guestTest, type Lab } from '../support/lab.ts';

const FIRST = '2001525400aa0001';
const SECOND = '2002525400aa0001';
/** There and back, and again. */
const TURNS = 4;
/** Two guests boot, log in on two fabrics, and move. */
const LIMIT_S = 400;

/** Two guests as hypervisors, each with a port on either fabric. */
async function hypervisors(lab: Lab, fabrics = ['A', 'B']) {
  const listen = fabrics.map((name) => `${name}=unix:${lab.dir}/${name}.sock`);
  const serve = await lab.serve({ listen });
  const cables = fabrics.map((name) => ({ connect: `${lab.dir}/${name}.sock` }));
  const [h1, h2] = await Promise.all([
    lab.boot({ name: 'h1', cables, mac: '52:54:00:aa:00:01' }),
    lab.boot({ name: 'h2', cables, mac: '52:54:00:cc:00:01' }),
  ]);
  for (const guest of [h1, h2]) await guest.online(fabrics.length, fabrics.length);
  const move = async (request: object, from = h1, to = h2): Promise<LiveMoveReport> => {
    const paths = { from: from.channelPath, to: to.channelPath };
    const answer = await serve.control({ command: 'move', ...paths, ...request });
    return answer as unknown as LiveMoveReport;
  };
  return { serve, h1, h2, move };
}

/** Nothing acknowledged is lost, old, torn or written late, and no rule is broken that frames show. */
function expectNothingLost(report: LiveMoveReport): void {
  expect(report.result).toEqual({ outcome: 'moved' });
  expect(report.check).toMatchObject({ lost: 0, old: 0, torn: 0, unread: 0 });
  expect(report.check?.blocks).toBe(report.legs.reduce((sum, leg) => sum + leg.acknowledged, 0));
  expect(report.legs.map(({ host }) => host).sort()).toEqual(['h1', 'h2']);
  expect(report.lateWrites).toBe(0);
  expect(report.capture.verdict.filter(({ result }) => result === 'violated')).toEqual([]);
  expect(report.capture.codec.malformed).toEqual([]);
}

/** Says how long the virtual machine stood still, and what else the machine had to do. */
function tell(what: string, reports: readonly LiveMoveReport[]): void {
  const blackouts = reports.map(({ blackoutMs }) => blackoutMs!.toFixed(0)).join(' ');
  const off = Math.max(...reports.map(({ uncertaintyMs }) => uncertaintyMs)).toFixed(0);
  const load = loadavg()[0]!.toFixed(1);
  process.stderr.write(`${what}: blackouts ${blackouts} ms, +/- ${off} ms; load ${load}\n`);
}

for (const fabrics of [['A'], ['A', 'B']]) {
  const over = `over ${fabrics.length === 1 ? 'one fabric' : 'two fabrics'}`;
  /** The name of each fabric's port: the fourth digit tells fabrics apart. */
  const namesOf = (wwpn: string) =>
    fabrics.map((_, fabric) => wwpn.replace(/^20(.)/, `20${fabric}`));

  guestTest(`moves under the same name, ${over}`, LIMIT_S, async (lab) => {
    const { h1, h2, move } = await hypervisors(lab, fabrics);
    const reports: LiveMoveReport[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const [from, to] = turn % 2 === 0 ? [h1, h2] : [h2, h1];
      const request = { wwpn: namesOf(FIRST), strategy: 'same-wwpn', seed: turn + 1 };
      const report = await move(request, from, to);
      expectNothingLost(report);
      // Later on the old login is older than what the move has seen.
      if (turn === 0) expect(report.capture.moves.map(({ kind }) => kind)).toContain('same');
      reports.push(report);
    }
    tell(`same-wwpn ${over}`, reports);
  });

  guestTest(`moves from one name of a pair to the other, ${over}`, LIMIT_S, async (lab) => {
    const { h1, h2, move } = await hypervisors(lab, fabrics);
    const reports: LiveMoveReport[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const [from, to] = turn % 2 === 0 ? [h1, h2] : [h2, h1];
      const [wwpn, pair] = (turn % 2 === 0 ? [FIRST, SECOND] : [SECOND, FIRST]).map(namesOf);
      const request = { wwpn, pair, strategy: 'wwpn-pair', seed: turn + 1 };
      const report = await move(request, from, to);
      expectNothingLost(report);
      reports.push(report);
    }
    tell(`wwpn-pair ${over}`, reports);
  });
}

guestTest('moves twenty times with the port deleted under the writer', 1200, async (lab) => {
  const { h1, h2, move } = await hypervisors(lab, ['A']);
  const reports: LiveMoveReport[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const [from, to] = turn % 2 === 0 ? [h1, h2] : [h2, h1];
    const request = { wwpn: FIRST, underLoad: true, pauseMs: 0, seed: turn + 1, blocksBefore: 30 };
    const report = await move(request, from, to);
    expectNothingLost(report);
    reports.push(report);
  }
  tell('deleted under the writer', reports);
});
