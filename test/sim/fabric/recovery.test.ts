/** Frames that are lost, doubled, late or damaged while I/O runs: it ends all the same, and right. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { locateFc } from '../../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../../src/codecs/layout/index.ts';
import type { FaultAction, FaultRule } from '../../../src/link/faults.ts';
import { type RunReport, runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const TEXT = readFileSync(
  new URL('../../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);

/** Nothing is sent again within an exchange. A slow guest, so that time-outs of seconds cost few I/Os; commands are aborted after 100 ms. */
function scenarioOf(seed: number) {
  const scenario = loadScenario(TEXT, 'two-host-move.yaml', { seed });
  return {
    ...scenario,
    array: { ...scenario.array, retry: false },
    vms: scenario.vms.map((vm) => ({
      ...vm,
      workload: { ...vm.workload, queueDepth: 4, thinkUs: 2000 },
    })),
    timing: { ...scenario.timing, beforeMs: 40, afterMs: 40, commandTimeoutMs: 100 },
  };
}

/** Frames of type FCP with this R_CTL: 06 command, 05 XFER_RDY, 01 data, 07 response; or BLS. */
const withRCtl =
  (...rCtls: number[]) =>
  (frame: Uint8Array): boolean => {
    const place = locateFc(frame);
    if (place instanceof CodecError) return false;
    const type = frame[place.fcAt + 8];
    return (type === 0x08 || type === 0x00) && rCtls.includes(frame[place.fcAt]!);
  };

/** What the verdict says of the guest's pause; it blames nobody for what a fault caused. */
function pauseOf(report: RunReport): string {
  return report.verdict.find((one) => one.invariant === 'I29')!.detail;
}

function outcome(faults: FaultRule[], seed = 3) {
  const report = runMove({ scenario: scenarioOf(seed), rules: faults });
  const violated = report.verdict.filter((one) => one.result === 'violated');
  return {
    result: report.result.outcome,
    dropped: report.io.dropped,
    failed: report.io.failed,
    violated: violated.map((one) => `${one.invariant}: ${one.detail}`),
    requeued: report.io.requeued,
    pause: pauseOf(report),
  };
}

const sound = { result: 'moved', dropped: 0, failed: 0, violated: [] };

describe.each([
  ['command', 0x06, true],
  ['XFER_RDY', 0x05, true],
  ['data', 0x01, true],
  ['response', 0x07, true],
] as const)('a lost %s', (_what, rCtl, again) => {
  test.each(['h1.0-A', 'array.0-A', 'array.2-B'])(
    'on %s: the I/O is aborted and sent again',
    (link) => {
      const faults: FaultRule[] = [
        { link, matches: withRCtl(rCtl), nth: 30, action: { kind: 'drop' } },
      ];
      const found = outcome(faults);
      expect(found).toMatchObject(sound);
      expect(found.requeued > 0).toBe(again);
    },
  );
});

describe('worse', () => {
  const lost: FaultAction = { kind: 'drop' };
  test.each<[string, FaultRule[]]>([
    [
      'one frame in fifty of one link is lost',
      [
        {
          link: 'h1.0-A',
          matches: withRCtl(0x01, 0x05, 0x06, 0x07),
          chance: 0.02,
          action: lost,
        },
      ],
    ],
    [
      'a damaged data frame',
      [
        {
          link: 'array.0-A',
          matches: withRCtl(0x01),
          nth: 20,
          action: { kind: 'corrupt', bits: 3 },
        },
      ],
    ],
    [
      'a link stands still for a while',
      [
        {
          link: 'h1.0-A',
          matches: withRCtl(0x06),
          nth: 30,
          action: { kind: 'clog', forNs: 30_000_000 },
        },
      ],
    ],
  ])('%s', (_what, faults) => {
    expect(outcome(faults)).toMatchObject(sound);
  });

  // Without an answer to ABTS the port logs in anew after 2 x R_A_TOV, which ends the exchange at
  // the target; the guest stands still so long.
  test.each<[string, FaultRule[]]>([
    [
      'the response and then the ABTS are lost',
      [
        { link: 'h1.0-A', matches: withRCtl(0x07), nth: 30, action: lost },
        { link: 'h1.0-A', matches: withRCtl(0x81), nth: 1, action: lost },
      ],
    ],
    [
      'the command and then the answer to its ABTS are lost',
      [
        { link: 'h1.0-A', matches: withRCtl(0x06), nth: 30, action: lost },
        { link: 'h1.0-A', matches: withRCtl(0x84, 0x85), nth: 1, action: lost },
      ],
    ],
  ])('%s: no data is wrong, only the pause is long', (_what, faults) => {
    const found = outcome(faults);
    expect(found).toMatchObject({ result: 'moved', dropped: 0, failed: 0 });
    expect(found.violated).toEqual([]);
    expect(found.pause).toMatch(
      /^longest pause 20\d{3}\.\d{3} ms, excused by frames that were lost or changed on the link of h1, budget/,
    );
  });
});

describe('a link that goes', () => {
  test('the switch tells, the target ends the login, and I/O goes on over the other fabric', () => {
    const events: string[] = [];
    const cut: FaultRule = {
      link: 'h1.0-A',
      matches: withRCtl(0x06),
      nth: 40,
      action: { kind: 'cut', forNs: 60_000_000_000 },
    };
    const report = runMove({
      scenario: scenarioOf(3),
      rules: [cut],
      prepare: ({ array }) => {
        const poll = array.poll.bind(array);
        array.poll = () => {
          const output = poll();
          if (output !== undefined && 'event' in output && output.event.type === 'nexus') {
            events.push(`${output.event.state} ${output.event.nexus.address >> 16}`);
          }
          return output;
        };
      },
    });
    expect(report.io.dropped).toBe(0);
    expect(report.io.failed).toBe(0);
    // Writes that were on the lost link wait for R_A_TOV before they are sent again: the drain of
    // the move waits for them, and nothing breaks.
    const violated = report.verdict.filter((one) => one.result === 'violated');
    expect(violated).toEqual([]);
    expect(pauseOf(report)).toMatch(
      /^longest pause \d{4,5}\.\d{3} ms, excused by the link of h1 that was down/,
    );
    expect(events.filter((one) => one === 'ended 1').length).toBeGreaterThanOrEqual(2);
  });
});
