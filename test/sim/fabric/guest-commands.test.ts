/**
 * What guests send besides plain reads and writes: COMPARE AND WRITE whose answer is lost, and
 * persistent reservations that have to move with their guest.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ArrayEvent } from '../../../src/array/storage-array.ts';
import { locateFc } from '../../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../../src/codecs/layout/index.ts';
import { fcInitiatorPort, type InitiatorPort, wwpnOf } from '../../../src/history/port-name.ts';
import type { HostEvent } from '../../../src/host/host.ts';
import type { FaultRule } from '../../../src/link/faults.ts';
import { runMove } from '../../../src/run/run.ts';
import type { World } from '../../../src/scenario/build.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';

const TEXT = readFileSync(
  new URL('../../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);

type VmScenario = Scenario['vms'][number];

interface Changes {
  readonly workload?: Partial<VmScenario['workload']>;
  readonly reservation?: VmScenario['reservation'];
  readonly array?: Partial<Scenario['array']>;
  readonly move?: Partial<Scenario['move']>;
  readonly commandTimeoutMs?: number;
}

function scenarioOf(changes: Changes): Scenario {
  const { workload, reservation, array, move, commandTimeoutMs = 100 } = changes;
  const scenario = loadScenario(TEXT, 'two-host-move.yaml', { seed: 7 });
  return {
    ...scenario,
    array: { ...scenario.array, ...array },
    vms: scenario.vms.map((vm) => ({
      ...vm,
      workload: { ...vm.workload, queueDepth: 4, thinkUs: 1000, ...workload },
      ...(reservation === undefined ? {} : { reservation }),
    })),
    move: { ...scenario.move, ...move },
    timing: { ...scenario.timing, beforeMs: 60, afterMs: 60, commandTimeoutMs },
  };
}

function run(changes: Changes, rules: FaultRule[] = []) {
  const array: ArrayEvent[] = [];
  const hosts: HostEvent[] = [];
  const listen = (machine: { poll(): unknown }, events: unknown[]): void => {
    const poll = machine.poll.bind(machine);
    machine.poll = () => {
      const output = poll();
      if (typeof output === 'object' && output !== null && 'event' in output) {
        events.push(output.event);
      }
      return output;
    };
  };
  const report = runMove({
    scenario: scenarioOf(changes),
    rules,
    prepare: (world: World) => {
      listen(world.array, array);
      for (const host of world.hosts.values()) listen(host, hosts);
    },
  });
  const verdict = report.verdict.filter((one) => one.result === 'violated');
  return {
    report,
    array,
    hosts,
    violated: verdict.map((one) => `${one.invariant}: ${one.detail}`),
    outcome: {
      result: report.result.outcome,
      dropped: report.io.dropped,
      failed: report.io.failed,
    },
  };
}

const sound = { result: 'moved', dropped: 0, failed: 0 };

/** The response to the first command with this operation code, counted from the fourth on. */
function responseTo(opcode: number): FaultRule[] {
  let wanted: number | undefined;
  let commands = 0;
  return ['array.0-A'].map((link) => ({
    link,
    matches: (frame: Uint8Array) => {
      const place = locateFc(frame);
      if (place instanceof CodecError || frame[place.fcAt + 8] !== 0x08) return false;
      const oxId = frame[place.fcAt + 16]! * 256 + frame[place.fcAt + 17]!;
      const rCtl = frame[place.fcAt]!;
      if (rCtl === 0x06 && frame[place.fcAt + 24 + 12] === opcode && wanted === undefined) {
        commands++;
        if (commands === 4) wanted = oxId;
      }
      if (rCtl !== 0x07 || oxId !== wanted) return false;
      wanted = -1;
      return true;
    },
    action: { kind: 'drop' as const },
  }));
}

describe('commands of guests', () => {
  test('all kinds together keep every promise', () => {
    const { outcome, violated, array, hosts } = run({
      workload: {
        compareAndWritePercent: 20,
        unmapPercent: 10,
        writeSamePercent: 10,
        synchronizePercent: 10,
        fuaPercent: 30,
      },
      array: { writeCache: 'volatile' },
    });
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
    const applied = array.flatMap((one) => (one.type === 'apply' ? [one.change] : []));
    expect(new Set(applied)).toEqual(
      new Set(['write', 'compare-and-write', 'unmap', 'write-same']),
    );
    const fua = hosts.filter((one) => one.type === 'io-submit' && one.fua).length;
    expect(fua).toBeGreaterThan(10);
    expect(array.some((one) => one.type === 'flushed')).toBe(true);
    expect(array.some((one) => one.type === 'apply' && !one.durable)).toBe(true);
  });

  const compare = {
    workload: { compareAndWritePercent: 60, readPercent: 10 },
    array: { retry: false },
  };

  test('a COMPARE AND WRITE without answer, sent again blindly: the guest is told a miscompare that is none', () => {
    const { outcome, violated } = run(
      { ...compare, workload: { ...compare.workload, retryNonIdempotent: true } },
      responseTo(0x89),
    );
    expect(outcome).toMatchObject({ dropped: 0, failed: 1 });
    expect(violated).toEqual([expect.stringMatching(/^I4: /)]);
  });

  test('one whose block is looked at first ends right', () => {
    const { outcome, violated, hosts } = run(compare, responseTo(0x89));
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
    const compares = new Set(
      hosts.flatMap((one) =>
        one.type === 'io-submit' && one.op === 'compare-and-write' ? [one.io] : [],
      ),
    );
    const looks = hosts.filter(
      (one) => one.type === 'io-sent' && compares.has(one.io) && one.command === 'READ(10)',
    );
    expect(looks).toHaveLength(1);
  });

  test('with RETRY its answer comes again, and nobody has to look', () => {
    const { outcome, violated } = run(
      {
        array: { retry: true },
        workload: { ...compare.workload, retryNonIdempotent: true },
        move: { drainTimeoutMs: 20_000 },
        commandTimeoutMs: 20_000,
      },
      responseTo(0x89),
    );
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
  });
});

const HOLDERS = {
  // As the scenario makes them from its names: the first WWPN of a fabric, and the second.
  source: fcInitiatorPort(0xc050_7600_0000_0100n),
  destination: fcInitiatorPort(0xc050_7600_0000_0101n),
};
/** Second names of a pair are odd. */
const isSecond = (initiator: InitiatorPort) => (wwpnOf(initiator)! & 1n) === 1n;

describe('a persistent reservation moves with its guest', () => {
  const reservation = (
    handover: NonNullable<VmScenario['reservation']>['handover'],
    type: NonNullable<VmScenario['reservation']>['type'] = 'write-exclusive-registrants-only',
  ) => ({ type, key: 'a0', aptpl: false, handover });

  function last(array: ArrayEvent[]) {
    const changes = array.flatMap((one) => (one.type === 'reservation' ? [one] : []));
    return changes.at(-1);
  }

  test.each(['preempt', 'preempt-and-abort', 'register-and-move'] as const)(
    'by %s to the second name of a pair',
    (handover) => {
      const { outcome, violated, array } = run({ reservation: reservation(handover) });
      expect(outcome).toEqual(sound);
      expect(violated).toEqual([]);
      const causes = new Set(
        array.flatMap((one) => (one.type === 'reservation' ? [one.cause] : [])),
      );
      expect(causes.has(handover)).toBe(true);
      const end = last(array)!;
      // Both fabrics, whichever took it: the second of a pair is odd.
      expect(isSecond(end.holder!.initiator)).toBe(true);
      const { registrations } = end;
      expect(
        registrations.every(({ initiator, key }) => isSecond(initiator) && key === 0xa1n),
      ).toBe(true);
    },
  );

  test('with the same names it stays, and is reserved again without harm', () => {
    const { outcome, violated, array } = run({
      reservation: reservation('none'),
      move: { strategy: 'same-wwpn' },
    });
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
    expect(last(array)?.holder?.initiator).toBe(HOLDERS.source);
    expect(last(array)?.registrations.every(({ key }) => key === 0xa0n)).toBe(true);
  });

  test('for registrants that nobody hands over stays where it was; a registrant may write', () => {
    const { outcome, array } = run({ reservation: reservation('none') });
    expect(outcome).toEqual(sound);
    expect(last(array)?.holder?.initiator).toBe(HOLDERS.source);
  });

  test('for its holder alone that nobody hands over refuses every write of the second name', () => {
    const { outcome, hosts } = run({ reservation: reservation('none', 'write-exclusive') });
    expect(outcome).toMatchObject({ result: 'moved', dropped: 0 });
    expect(outcome.failed).toBeGreaterThan(5);
    const reasons = hosts.flatMap((one) =>
      one.type === 'io-complete' && one.result === 'failed' ? [one.reason] : [],
    );
    expect(new Set(reasons)).toEqual(new Set(['RESERVATION CONFLICT']));
  });

  test('of a type for one path only: every write finds its way to that path', () => {
    const { outcome, violated } = run({ reservation: reservation('preempt', 'write-exclusive') });
    expect(outcome).toEqual(sound);
    expect(violated).toEqual([]);
  });

  test('late writes of a name that was preempted are refused', () => {
    const { array } = run({ reservation: reservation('preempt-and-abort') });
    const taken = array.findIndex(
      (one) => one.type === 'reservation' && one.cause === 'preempt-and-abort',
    );
    const after = array.slice(taken).flatMap((one) => (one.type === 'apply' ? [one] : []));
    expect(after.length).toBeGreaterThan(10);
    const lu = (array[taken] as Extract<ArrayEvent, { type: 'reservation' }>).luName;
    const old = after.filter((one) => one.luName === lu && !isSecond(one.nexus.initiator));
    expect(old).toEqual([]);
    expect(after.every((one) => one.heldWhenEnabled !== undefined)).toBe(true);
  });
});
