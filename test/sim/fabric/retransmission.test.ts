/**
 * Single frames that are lost: with RETRY agreed at PRLI the exchange itself brings them again (REC
 * and SRR), without it the host aborts and sends the command anew. Either way the I/O ends once.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { locateFc } from '../../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../../src/codecs/layout/index.ts';
import type { FaultRule } from '../../../src/link/faults.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';

const TEXT = readFileSync(
  new URL('../../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);

const CMND = 0x06;
const XFER_RDY = 0x05;
const DATA = 0x01;
const RSP = 0x07;
const CONF = 0x03;
const SRR = 0x32;
const REC_OPCODE = 0x13;

interface Setting {
  readonly retry?: boolean;
  readonly confirm?: 'never' | 'always';
  readonly readPercent?: number;
}

/** A slow guest; only REC can be what brings a lost frame back before 20 s are over. */
function scenarioOf({ retry = true, confirm = 'never', readPercent = 50 }: Setting): Scenario {
  const scenario = loadScenario(TEXT, 'two-host-move.yaml', { seed: 5 });
  return {
    ...scenario,
    array: { ...scenario.array, retry, confirm },
    vms: scenario.vms.map((vm) => ({
      ...vm,
      workload: { ...vm.workload, queueDepth: 4, thinkUs: 2000, readPercent },
    })),
    move: { ...scenario.move, drainTimeoutMs: 30_000 },
    timing: {
      ...scenario.timing,
      beforeMs: 40,
      commandTimeoutMs: retry ? 20_000 : 100,
      blackoutBudgetMs: 60_000,
    },
  };
}

/** Frames of type FCP, and ELS of one kind, by R_CTL and the first byte behind the header. */
function matching(rCtl: number, firstByte?: number) {
  return (frame: Uint8Array): boolean => {
    const place = locateFc(frame);
    if (place instanceof CodecError || frame[place.fcAt] !== rCtl) return false;
    return firstByte === undefined
      ? frame[place.fcAt + 8] === 0x08
      : frame[place.fcAt + 24] === firstByte;
  };
}

/** Fault rules that count what passes, too: how often the recovery's own frames were seen. */
function run(setting: Setting, faults: FaultRule[]) {
  const seen = { rec: 0, srr: 0, conf: 0, abts: 0 };
  const counting = (rCtl: number, what: keyof typeof seen, firstByte?: number): FaultRule => ({
    link: 'array.0-A',
    matches: (frame: Uint8Array) => {
      if (matching(rCtl, firstByte)(frame)) seen[what]++;
      return false;
    },
    action: { kind: 'drop' },
  });
  const report = runMove({
    scenario: scenarioOf(setting),
    rules: [
      ...faults,
      counting(0x22, 'rec', REC_OPCODE),
      counting(SRR, 'srr'),
      counting(CONF, 'conf'),
      {
        link: 'array.0-A',
        matches: (frame) => {
          const place = locateFc(frame);
          if (!(place instanceof CodecError) && frame[place.fcAt] === 0x81) seen.abts++;
          return false;
        },
        action: { kind: 'drop' },
      },
    ],
  });
  return {
    outcome: report.result.outcome,
    dropped: report.io.dropped,
    failed: report.io.failed,
    requeued: report.io.requeued,
    violated: report.verdict
      .filter((one) => one.result === 'violated')
      .map((one) => `${one.invariant}: ${one.detail}`),
    ...seen,
  };
}

const lose = (rCtl: number, nth = 20): FaultRule => ({
  link: 'array.0-A',
  matches: matching(rCtl),
  nth,
  action: { kind: 'drop' },
});
const sound = { outcome: 'moved', dropped: 0, failed: 0, violated: [] };

describe('with RETRY', () => {
  test.each([
    ['XFER_RDY', XFER_RDY, 0],
    ['a frame of write data', DATA, 0],
    ['the response to a write', RSP, 0],
    ['a frame of read data', DATA, 100],
    ['the response to a read', RSP, 100],
  ])('%s that is lost comes again within the exchange', (_what, rCtl, readPercent) => {
    const found = run({ readPercent }, [lose(rCtl)]);
    expect(found).toMatchObject({ ...sound, requeued: 0, abts: 0, srr: 1 });
  });

  test.each([
    ['write', 0],
    ['read', 100],
  ])(
    'a lost %s command is unknown to the target: it is ended and sent anew',
    (_what, readPercent) => {
      const found = run({ readPercent }, [lose(CMND)]);
      expect(found).toMatchObject({ ...sound, requeued: 1, abts: 1, srr: 0, rec: 1 });
    },
  );

  test('every frame of write data lost for a while: REC tells from where on', () => {
    const faults = [20, 21, 22, 23].map((nth) => lose(DATA, nth));
    expect(run({ readPercent: 0 }, faults)).toMatchObject({ ...sound, requeued: 0, abts: 0 });
  });

  test('a lost SRR is sent again', () => {
    const found = run({ readPercent: 0 }, [lose(RSP), lose(SRR, 1)]);
    expect(found).toMatchObject({ ...sound, requeued: 0, abts: 0, srr: 2 });
  });

  test('the response that was sent again is lost too', () => {
    const found = run({ readPercent: 0 }, [lose(RSP, 20), lose(RSP, 21)]);
    expect(found).toMatchObject({ ...sound, requeued: 0, abts: 0 });
  });
});

describe('without RETRY', () => {
  test.each([
    ['command', CMND, 50],
    ['XFER_RDY', XFER_RDY, 0],
    ['write data', DATA, 0],
    ['read data', DATA, 100],
    ['response', RSP, 50],
  ])(
    'a lost %s costs the command a new exchange, and nothing asks by REC',
    (_what, rCtl, readPercent) => {
      const found = run({ retry: false, readPercent }, [lose(rCtl)]);
      expect(found).toMatchObject({ ...sound, rec: 0, srr: 0 });
      expect(found.requeued).toBeGreaterThanOrEqual(1);
    },
  );
});

describe('FCP_CONF', () => {
  test('is sent for every response that asks for it', () => {
    const found = run({ confirm: 'always' }, []);
    expect(found).toMatchObject({ ...sound, requeued: 0, rec: 0, abts: 0 });
    expect(found.conf).toBeGreaterThan(20);
  });

  test('that is lost changes nothing for the I/O', () => {
    const found = run({ confirm: 'always' }, [lose(CONF)]);
    expect(found).toMatchObject({ ...sound, requeued: 0, abts: 0 });
  });

  test('a lost response that asked for it comes again', () => {
    const found = run({ confirm: 'always', readPercent: 0 }, [lose(RSP)]);
    expect(found).toMatchObject({ ...sound, requeued: 0, abts: 0, srr: 1 });
  });
});
