/** A virtual machine moves between two Linux guests while it writes. */
import { expect } from 'vitest';
import type { LiveMoveReport } from '../../../src/live/index.ts';
import { guestTest, type Lab } from '../support/lab.ts';

const FIRST = '2001525400aa0001';
const SECOND = '2002525400aa0001';
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
  expect(report.legs.map(({ host }) => host)).toEqual(['from', 'to']);
  expect(report.lateWrites).toBe(0);
  expect(report.capture.verdict.filter(({ result }) => result === 'violated')).toEqual([]);
  expect(report.capture.codec.malformed).toEqual([]);
}

guestTest('moves under the same name, over two fabrics', LIMIT_S, async (lab) => {
  const { move } = await hypervisors(lab);
  const names = [FIRST, FIRST.replace('2001', '2011')];
  const report = await move({ wwpn: names, strategy: 'same-wwpn' });
  expectNothingLost(report);
  expect(report.capture.moves.map(({ kind }) => kind)).toContain('same');
  process.stderr.write(`same-wwpn: blackout ${report.blackoutMs?.toFixed(0)} ms\n`);
});

guestTest('moves from one name of a pair to the other, over two fabrics', LIMIT_S, async (lab) => {
  const { move } = await hypervisors(lab);
  const names = [FIRST, FIRST.replace('2001', '2011')];
  const pair = [SECOND, SECOND.replace('2002', '2012')];
  const report = await move({ wwpn: names, pair, strategy: 'wwpn-pair' });
  expectNothingLost(report);
  process.stderr.write(`wwpn-pair: blackout ${report.blackoutMs?.toFixed(0)} ms\n`);
});

guestTest('moves twenty times with the port deleted under the writer', 1200, async (lab) => {
  const { h1, h2, move } = await hypervisors(lab, ['A']);
  const blackouts: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const [from, to] = turn % 2 === 0 ? [h1, h2] : [h2, h1];
    const request = { wwpn: FIRST, underLoad: true, pauseMs: 0, seed: turn + 1, blocksBefore: 30 };
    const report = await move(request, from, to);
    expectNothingLost(report);
    blackouts.push(report.blackoutMs!);
  }
  const words = blackouts.map((ms) => ms.toFixed(0)).join(' ');
  process.stderr.write(`under the writer: blackouts ${words} ms\n`);
});
