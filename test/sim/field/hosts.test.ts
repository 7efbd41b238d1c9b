/**
 * Situations that people have reported of hosts and their paths: what becomes of the guests' I/O, over
 * which target ports it goes, and what is said. Each file's head says what happened.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseWwn } from '../../../src/codecs/layout/index.ts';
import { AccessState } from '../../../src/codecs/scsi/index.ts';
import type { HistoryEntry, PathChanged } from '../../../src/history/index.ts';
import { fcInitiatorDevice } from '../../../src/history/port-name.ts';
import { type RunOptions, runMove } from '../../../src/run/run.ts';
import type { World } from '../../../src/scenario/build.ts';
import { arrayWwpn } from '../../../src/scenario/identities.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { San } from '../../helpers/san.ts';

const MS = 1e6;
const { ACTIVE_OPTIMIZED, STANDBY, TRANSITIONING, UNAVAILABLE } = AccessState;

/** What is done to the world so long after the pre-copy began. */
interface Act {
  readonly afterNs: number;
  readonly act: (world: World) => void;
}

/** The situation without events of its own: here the acts stand for them. */
function textOf(file: string): string {
  const text = readFileSync(new URL(`scenarios/${file}.yaml`, import.meta.url), 'utf8');
  return text.replace(/^events:\n(?: .*\n)+/m, '');
}

function play(file: string, acts: readonly Act[] = [], options: Partial<RunOptions> = {}) {
  const text = textOf(file);
  const entries: HistoryEntry[] = [];
  let world: World | undefined;
  let preCopyAt: number | undefined;
  const waiting = [...acts];
  const report = runMove({
    scenario: loadScenario(text, `${file}.yaml`),
    ...options,
    prepare: (made) => {
      world = made;
    },
    observer: {
      observe(entry) {
        entries.push(entry);
        if (entry.event.type === 'move-step' && entry.event.phase === 'pre-copy')
          preCopyAt ??= entry.at;
      },
      see(frame) {
        const [next] = waiting;
        if (preCopyAt === undefined || next === undefined || frame.at < preCopyAt + next.afterNs)
          return;
        waiting.shift();
        next.act(world!);
      },
    },
  });
  const events = entries.map(({ event }) => event);
  const targets = new Set(
    events.flatMap((event) => (event.type === 'io-sent' ? [String(event.target)] : [])),
  );
  return {
    report,
    entries,
    outcome: report.result.outcome,
    reason: 'reason' in report.result ? report.result.reason : '',
    io: { failed: report.io.failed, dropped: report.io.dropped },
    violated: report.verdict.flatMap((one) => (one.result === 'violated' ? [one.invariant] : [])),
    targets: [0, 1, 2, 3].filter((port) => targets.has(arrayWwpn(port))),
    paths: events.filter((event): event is PathChanged => event.type === 'path'),
  };
}

/** Sets the access states of the array's two groups, for all logical units. */
function states(first: number, second: number): Act['act'] {
  return ({ array: { device } }) => {
    for (const lu of device.units) {
      device.setAccessStates(lu, [
        { groupId: 1, state: first },
        { groupId: 2, state: second },
      ]);
    }
  };
}

const SOUND = { failed: 0, dropped: 0 };

describe('c01c: half of the ports in transition', () => {
  test('the paths are kept, the others serve', () => {
    const { outcome, io, targets, violated, paths } = play('c01c-alua-transitioning-half');
    expect({ outcome, io, targets, violated }).toEqual({
      outcome: 'moved',
      io: SOUND,
      targets: [0, 2],
      violated: [],
    });
    const kept = paths.filter(({ state }) => state === 'transitioning');
    expect(new Set(kept.map(({ target }) => String(target)))).toEqual(
      new Set([arrayWwpn(1), arrayWwpn(3)]),
    );
  });
});

describe('c02: the destination sees its disk over standby ports only', () => {
  test('refused, and what is wrong is the state of the paths', () => {
    const { outcome, reason, io } = play('c02-destination-standby-only');
    expect({ outcome, io }).toEqual({ outcome: 'refused', io: SOUND });
    expect(reason).toMatch(
      /h2 has 1 path to data \(LUN 0, 60[0-9a-f]{30}\) as \S+ on fabric A, but in standby state \(ALUA\)/,
    );
    expect(reason).not.toMatch(/zoned|masked/);
  });
});

describe('c03d: two guests of a cluster, each with its key', () => {
  test('one holds the reservation, the other writes as a registrant', () => {
    const { outcome, io, violated, entries } = play('c03d-second-registrant-min');
    expect({ outcome, io, violated }).toEqual({ outcome: 'moved', io: SOUND, violated: [] });
    const done = (vm: string) =>
      entries.filter(({ event }) => event.type === 'io-complete' && event.vm === vm).length;
    expect(done('vm1')).toBeGreaterThan(20);
    expect(done('vm2')).toBeGreaterThan(20);
  });
});

describe('c10: the destination is cabled the other way round', () => {
  test('its ports are told by their fabric', () => {
    const { outcome, io, violated } = play('c10-cross-cabled');
    expect({ outcome, io, violated }).toEqual({ outcome: 'moved', io: SOUND, violated: [] });
  });
});

describe('d02: a controller takes over in the middle of a move', () => {
  test.each([
    [
      'clean: active and standby change places',
      [{ afterNs: 20 * MS, act: states(STANDBY, ACTIVE_OPTIMIZED) }],
    ],
    [
      'after a transition of 10 ms',
      [
        { afterNs: 20 * MS, act: states(TRANSITIONING, TRANSITIONING) },
        { afterNs: 30 * MS, act: states(STANDBY, ACTIVE_OPTIMIZED) },
      ],
    ],
  ])('%s: I/O goes on over the other', (_what, acts) => {
    const { outcome, io, targets, violated, report } = play('d02-alua-failover', acts);
    expect({ outcome, io, targets, violated }).toEqual({
      outcome: 'moved',
      io: SOUND,
      targets: [0, 1, 2, 3],
      violated: [],
    });
    expect(report.io.completed).toBeGreaterThan(100);
  });

  test('back again: I/O goes back too', () => {
    const { io, entries, violated } = play('d02-alua-failover', [
      { afterNs: 15 * MS, act: states(STANDBY, ACTIVE_OPTIMIZED) },
      { afterNs: 30 * MS, act: states(ACTIVE_OPTIMIZED, STANDBY) },
    ]);
    expect({ io, violated }).toEqual({ io: SOUND, violated: [] });
    const order = entries.flatMap(({ event }) =>
      event.type === 'io-sent'
        ? [[arrayWwpn(0), arrayWwpn(2)].includes(String(event.target)) ? 1 : 2]
        : [],
    );
    const runs = order.filter((group, i) => group !== order[i - 1]);
    // A few probes of the group that has just changed are sent before its states are known.
    expect(runs.slice(0, 1)).toEqual([1]);
    expect(runs).toContain(2);
    expect(runs.at(-1)).toBe(1);
  });

  test('nothing serves any more: the guest is told within its time-out', () => {
    const { io, entries } = play('d02-alua-failover', [
      { afterNs: 20 * MS, act: states(UNAVAILABLE, STANDBY) },
    ]);
    expect(io.dropped).toBe(0);
    expect(io.failed).toBeGreaterThan(0);
    const asked = new Map<number, number>();
    for (const { at, event } of entries) {
      if (event.type === 'io-submit') asked.set(event.io, at);
      else if (event.type === 'io-complete' && event.result === 'failed') {
        expect(event.reason).toMatch(/no path to the logical unit/);
        expect(at - asked.get(event.io)!).toBeLessThanOrEqual(30_000 * MS);
      }
    }
  });
});

describe('d01: another logical unit takes the LUN', () => {
  test('the host scans again when it is told, and sends nothing more there', () => {
    const { entries, io, violated } = play('d01-lun-reuse', [
      {
        afterNs: 20 * MS,
        act: ({ array: { device } }) => {
          const foreign = [...device.units][1]!;
          for (const last of ['00', '01']) {
            const name = fcInitiatorDevice(parseWwn(`c0:50:76:00:00:00:01:${last}`));
            device.setMask(name, [{ lun: 0, lu: foreign }]);
          }
        },
      },
    ]);
    expect(io.dropped).toBe(0);
    expect(io.failed).toBeGreaterThan(0);
    // What was under way when the array changed its mask is done to the other unit, and named.
    expect(violated).toContain('I21');
    // On each host: I/O of vm1 that was sent after that host's path had gone.
    for (const host of ['h1', 'h2']) {
      const here = entries.filter(({ node }) => node === host);
      const removedAt = here.findIndex(
        ({ event }) => event.type === 'path' && event.vm === 'vm1' && event.state === 'removed',
      );
      expect(removedAt).toBeGreaterThan(0);
      const sent = here.slice(removedAt).filter(({ event }) => event.type === 'io-sent');
      expect(sent).toEqual([]);
    }
    const reasons = entries.flatMap(({ event }) =>
      event.type === 'io-complete' && event.result === 'failed' ? [event.reason] : [],
    );
    expect(new Set(reasons)).toEqual(
      new Set(["not done within the guest's time-out (no path to the logical unit)"]),
    );
  });
});

describe('d04: all paths down for 150 s, and back', () => {
  test.each([
    ['a host that queues: when the guest gives it up, after 60 s', 'queue', 60],
    ['a host with no_path_retry of 10 s: after that', 10_000, 10],
  ])('%s', (_what, noPathRetryMs, afterS) => {
    const { fabrics, array, vms } = parse(textOf('d04-apd'));
    const hosts = ['h1', 'h2'].map((name) => ({ name, ports: ['A', 'B'], noPathRetryMs }));
    const san = new San({
      fabrics,
      hosts,
      array,
      vms: [{ ...vms[0], name: 'vm', workload: { queueDepth: 2, thinkUs: 50_000 } }],
    });
    san.link('array', 1, true);
    for (const host of ['h1', 'h2']) san.link(host, 1, true);
    san.run(2);
    san.start();
    san.run(0.1);
    const ends = () => san.told<{ type: string; result: string; reason?: string }>('io-complete');
    const failed = () => ends().filter(({ result }) => result === 'failed');
    const both = (up: boolean) => [0, 1].forEach((port) => void san.link('array', port, up));
    both(false);
    san.run(afterS - 2);
    expect(failed()).toEqual([]);
    // The fabric hears nothing of the array's links; it misses its keep-alives after 20 s.
    san.run(35);
    expect(failed().length).toBeGreaterThanOrEqual(2);
    expect(failed()[0]?.reason).toMatch(/no path to the logical unit/);
    san.run(115 - afterS);
    both(true);
    const before = ends().length - failed().length;
    san.run(30);
    expect(ends().length - failed().length).toBeGreaterThan(before);
    expect(ends().at(-1)?.result).toBe('good');
  });
});
