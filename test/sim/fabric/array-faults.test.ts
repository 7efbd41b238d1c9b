/**
 * An array under faults: write data that comes late, a loss of power in the middle of a move, target
 * port groups that cannot serve.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ArrayEvent } from '../../../src/array/storage-array.ts';
import { locateFc } from '../../../src/codecs/fcoe/index.ts';
import { CodecError, parseWwn } from '../../../src/codecs/layout/index.ts';
import { fcTargetPort } from '../../../src/history/port-name.ts';
import type { FaultRule } from '../../../src/link/faults.ts';
import { type RunOptions, runMove } from '../../../src/run/run.ts';
import { arrayWwpn } from '../../../src/scenario/identities.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';

const TEXT = readFileSync(
  new URL('../../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);

type VmScenario = Scenario['vms'][number];

interface Changes {
  readonly array?: Partial<Scenario['array']>;
  readonly vm?: Partial<VmScenario>;
  readonly readPercent?: number;
  readonly commandTimeoutMs?: number;
}

function scenarioOf({ array, vm, readPercent = 30, commandTimeoutMs = 100 }: Changes): Scenario {
  const scenario = loadScenario(TEXT, 'two-host-move.yaml', { seed: 11 });
  return {
    ...scenario,
    array: { ...scenario.array, ...array },
    vms: scenario.vms.map((one) => ({
      ...one,
      ...vm,
      workload: { ...one.workload, queueDepth: 4, thinkUs: 2000, readPercent },
    })),
    move: { ...scenario.move, drainTimeoutMs: 60_000 },
    timing: {
      ...scenario.timing,
      beforeMs: 60,
      afterMs: 60,
      commandTimeoutMs,
      lateWriteWaitMs: 100,
      blackoutBudgetMs: 120_000,
    },
  };
}

function run(changes: Changes, options: Partial<RunOptions> = {}) {
  const events: ArrayEvent[] = [];
  const report = runMove({
    scenario: scenarioOf(changes),
    iosPerStep: 200,
    ...options,
    prepare: (world) => {
      const listen = (array: typeof world.array): void => {
        const poll = array.poll.bind(array);
        array.poll = () => {
          const output = poll();
          if (output !== undefined && 'event' in output) events.push(output.event);
          return output;
        };
      };
      listen(world.array);
      const remake = world.remake.bind(world);
      Object.assign(world, {
        remake: (node: string) => {
          const machine = remake(node);
          if (node === world.array.options.name) listen(machine as typeof world.array);
          return machine;
        },
      });
    },
  });
  return {
    events,
    outcome: { dropped: report.io.dropped, failed: report.io.failed },
    requeued: report.io.requeued,
    violated: report.verdict
      .filter((one) => one.result === 'violated')
      .map((one) => `${one.invariant}: ${one.detail}`),
  };
}

const sound = { dropped: 0, failed: 0 };

describe('write data that is late', () => {
  const late = (delayNs: number): FaultRule => ({
    link: 'array.0-A',
    matches: (frame) => {
      const place = locateFc(frame);
      if (place instanceof CodecError) return false;
      return frame[place.fcAt] === 0x01 && frame[place.fcAt + 8] === 0x08;
    },
    // Nine frames before are data-in of the scan.
    nth: 11,
    action: { kind: 'delay', delayNs },
  });

  test.each([
    ['a little', false, 2_000_000],
    ['for longer than the target waits', false, 6_000_000_000],
    ['for longer than the initiator waits before it asks', true, 3_500_000_000],
  ])('%s: every byte is of one command', (_what, retry, delayNs) => {
    const { outcome, violated } = run(
      { array: { retry }, readPercent: 0, commandTimeoutMs: 30_000 },
      { rules: [late(delayNs)] },
    );
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
  });

  test('that never comes ends the command after twice E_D_TOV, and nothing of it is applied', () => {
    const { outcome, violated, requeued, events } = run(
      { array: { retry: false }, readPercent: 0, commandTimeoutMs: 30_000 },
      { rules: [{ ...late(0), action: { kind: 'drop' } }] },
    );
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
    expect(requeued).toBe(1);
    const aborted = events.filter((one) => one.type === 'task-aborted');
    expect(aborted).toMatchObject([{ cause: 'abort-task' }]);
  });
});

describe('a loss of power in the middle of a move', () => {
  const crash: Partial<RunOptions> = {
    faults: [{ frame: 60, fault: 'crash', node: 'array', forNs: 200_000_000 }],
  };
  const reservation = (aptpl: boolean): NonNullable<VmScenario['reservation']> => ({
    type: 'write-exclusive-registrants-only',
    key: 'a0',
    aptpl,
    handover: 'preempt',
  });

  test.each([
    ['kept', true],
    ['lost, and taken again,', false],
  ])('registrations are %s with APTPL %s', (_what, aptpl) => {
    const { outcome, violated, events } = run({ vm: { reservation: reservation(aptpl) } }, crash);
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
    const at = events.findIndex((one) => one.type === 'power-on');
    expect(at).toBeGreaterThan(0);
    const after = events.slice(at).flatMap((one) => (one.type === 'reservation' ? [one] : []));
    const atPowerOn = after.filter((one) => one.cause === 'power-on');
    expect(atPowerOn).toHaveLength(2);
    for (const { generation, registrations, holder } of atPowerOn) {
      expect(generation).toBe(0);
      expect(registrations.length > 0).toBe(aptpl);
      expect(holder !== undefined).toBe(aptpl);
    }
    expect(after.at(-1)?.holder).toBeDefined();
  });

  test('every login hears of it, once at each logical unit', () => {
    const { events } = run({}, crash);
    const at = events.findIndex((one) => one.type === 'power-on');
    const told = events.slice(at).flatMap((one) =>
      // 29h/01h: POWER ON OCCURRED.
      one.type === 'attention' && one.code === 0x2901 && one.state === 'delivered'
        ? [`${one.luName} ${one.pair.initiator} ${one.pair.target}`]
        : [],
    );
    expect(told.length).toBeGreaterThan(2);
    expect(new Set(told).size).toBe(told.length);
  });

  test('a protected cache keeps what it answered for, a volatile one only what was flushed', () => {
    const kept = run({ array: { writeCache: 'protected' } }, crash);
    expect(kept.outcome).toEqual(sound);
    expect(kept.violated).toEqual([]);
    expect(kept.events.some((one) => one.type === 'cache-lost')).toBe(false);
    const lost = run({ array: { writeCache: 'volatile', destageMs: 60_000 } }, crash);
    expect(lost.events.some((one) => one.type === 'cache-lost' && one.blocks > 0)).toBe(true);
  });
});

describe('target port groups', () => {
  const groups = (state: 'standby' | 'transitioning' | 'unavailable' | 'active-non-optimized') => [
    { id: 1, ports: [0, 2], state: 'active-optimized' as const },
    { id: 2, ports: [1, 3], state },
  ];

  test.each(['active-non-optimized', 'standby', 'transitioning', 'unavailable'] as const)(
    'one that is %s: the other serves, and nothing fails',
    (state) => {
      const { outcome, violated, events } = run({ array: { targetPortGroups: groups(state) } });
      expect(outcome).toEqual(sound);
      expect(violated).toEqual([]);
      const targets = new Set(
        events.flatMap((one) => (one.type === 'apply' ? [one.nexus.target] : [])),
      );
      // Optimized groups go first: the others are used when there are none.
      expect(targets).toEqual(
        new Set([0, 2].map((port) => fcTargetPort(parseWwn(arrayWwpn(port))))),
      );
    },
  );

  test('power on is told to every login where the scenario says so', () => {
    const { outcome, events } = run({ array: { powerOnAttention: true } });
    expect(outcome).toEqual(sound);
    // 29h/00h: POWER ON, RESET, OR BUS DEVICE RESET OCCURRED.
    const told = events.filter(
      (one) => one.type === 'attention' && one.code === 0x2900 && one.state === 'delivered',
    );
    expect(told.length).toBeGreaterThanOrEqual(8);
  });
});
