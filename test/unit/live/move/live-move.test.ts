/** A whole move between two guests that answer as Linux does, on a server that only tells of logouts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveEvent, LiveEventListener } from '../../../../src/live/links.ts';
import { runLiveMove } from '../../../../src/live/move/live-move.ts';
import type { LiveMoveRequest } from '../../../../src/live/move/move-plan.ts';
import type { LiveServer } from '../../../../src/live/server.ts';
import { FakeGuest, type FakeLinuxOptions, fakeLinux } from '../../../helpers/fake-guest.ts';

let dir: string;
const ends: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-guest-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(dir, { recursive: true });
});

const NAME = 0x2001_0000_0000_0001n;
const SECOND_NAME = 0x2002_0000_0000_0001n;

interface RigOptions {
  readonly from?: FakeLinuxOptions;
  readonly to?: FakeLinuxOptions;
  readonly request?: Partial<LiveMoveRequest>;
}

async function rig({ from = {}, to = {}, request = {} }: RigOptions = {}) {
  const listeners = new Set<LiveEventListener>();
  const said: string[] = [];
  const loggedIn = new Set([NAME]);
  /** The switch hears the LOGO of each port that a guest deletes. */
  const left = (names: readonly string[]) => {
    for (const name of names) {
      loggedIn.delete(BigInt(`0x${name}`));
      for (const one of listeners)
        one({ at: 0, node: 'fcf-A', event: { type: 'logout' } as LiveEvent });
    }
  };
  let now = 0;
  const server = {
    // Each look takes a microsecond.
    get now() {
      now += 1000;
      return now;
    },
    log: (_level: string, _event: string, text: string) => said.push(text),
    loginsOf: (wwpn: bigint) => (loggedIn.has(wwpn) ? [{}] : []),
    onFrame: () => () => {},
    onEvent: (one: LiveEventListener) => {
      listeners.add(one);
      return () => listeners.delete(one);
    },
  } as unknown as LiveServer;
  const guests = await Promise.all(
    Object.entries({ h1: from, h2: to }).map(([name, options]) =>
      FakeGuest.listen(join(dir, name), fakeLinux({ left, ...options })),
    ),
  );
  for (const guest of guests) ends.push(() => guest.close());
  const run = () =>
    runLiveMove(server, {
      from: join(dir, 'h1'),
      to: join(dir, 'h2'),
      wwpns: [NAME],
      pair: [],
      strategy: 'same-wwpn',
      underLoad: false,
      blocksBefore: 10,
      blocksAfter: 20,
      pauseMs: 1,
      seed: 7,
      ...request,
    });
  return { run, said, listeners, from: guests[0]!, to: guests[1]! };
}

/** Commands of a guest by their first word that matters, in their order. */
const order = (guest: FakeGuest) =>
  guest.commands.flatMap(
    (one) =>
      /vports_add|vports_del|mkfifo|kill|echo \/dev|wait_for|stamp check/.exec(one)?.[0] ?? [],
  );

describe('under the same name', () => {
  test('the ports go before they come, and the writer with them', async () => {
    const { run, said, from, to, listeners } = await rig();
    const report = await run();
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(order(from)).toEqual([
      'vports_add',
      'mkfifo',
      'echo /dev',
      'wait_for',
      'kill',
      'vports_del',
    ]);
    expect(order(to)).toEqual([
      'mkfifo',
      'vports_add',
      'echo /dev',
      'wait_for',
      'kill',
      'stamp check',
      'stamp check',
    ]);
    expect(report.legs.map(({ host, first }) => [host, first])).toEqual([
      ['h1', 0],
      ['h2', 50],
    ]);
    expect(report.check).toMatchObject({ blocks: 100, lost: 0 });
    expect([report.strategy, report.lateWrites, report.capture.capture.frames]).toEqual([
      'same-wwpn',
      0,
      0,
    ]);
    expect(report.blackoutMs).toBeTypeOf('number');
    const phases = [...new Set(report.phases.map(({ phase }) => phase))];
    expect(phases.slice(0, 4)).toEqual(['preflight', 'pre-copy', 'stun', 'drain']);
    expect(said.join('\n')).toMatch(/^move: preflight, same-wwpn[\s\S]*move: resume, on h2/);
    // By the names of the guests, which their user knows.
    expect(report.phases[0]).toMatchObject({ detail: 'same-wwpn, vm from h1 to h2' });
    // Nobody listens to the server any more.
    expect(listeners.size).toBe(0);
  });
});

describe('from one name of a pair to the other', () => {
  test('the second one is there before the first one goes', async () => {
    const request = { strategy: 'wwpn-pair', pair: [SECOND_NAME] } as const;
    const { run, from, to } = await rig({ request });
    const report = await run();
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(to.commands.find((one) => one.startsWith('vports_add'))).toMatch(
      /2002000000000001=host0/,
    );
    expect(order(from).at(-1)).toBe('vports_del');
  });
});

describe('a move that does not come about', () => {
  test('another fabric on the destination: refused, and the writer has run on', async () => {
    const { run, from, to } = await rig({ to: { fabricName: '1000000000000002' } });
    const report = await run();
    expect(report.result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/is on another fabric/),
    });
    expect(order(from)).not.toContain('vports_del');
    expect(report.legs.map(({ host }) => host)).toEqual(['h1']);
    expect(report.check).toMatchObject({ blocks: 50 });
    // What stood by there has been ended.
    expect(order(to)).toEqual(['mkfifo', 'kill']);
  });

  test('no disk on the destination: the virtual machine goes on where it was', async () => {
    const { run } = await rig({ to: { disks: [] } });
    const report = await run();
    expect(report.result.outcome).toBe('rolled-back');
    expect(report.legs.map(({ host, first }) => [host, first])).toEqual([
      ['h1', 0],
      ['h1', 50],
    ]);
  });

  test('no disk at the beginning: nothing ran, and nothing is known', async () => {
    const { run } = await rig({ from: { disks: [] } });
    const report = await run();
    expect(report.result).toEqual({ outcome: 'refused', reason: 'h1 has no disk' });
    expect([report.legs, report.check, report.blackoutMs]).toEqual([[], undefined, undefined]);
  });
});
