/** Moves of the zoo's scenario for tests: with other parts, with late frames, and what was on the wire. */
import { readFileSync } from 'node:fs';
import { locateFc } from '../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../src/codecs/layout/index.ts';
import { lateFrames } from '../../src/run/late-frames.ts';
import type { LateSchedule } from '../../src/run/late-schedules.ts';
import { type RunReport, runMove } from '../../src/run/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/schema.ts';

type Overrides = NonNullable<Parameters<typeof loadScenario>[2]>;

export function scenarioText(name: string): string {
  return readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
}

export function scenarioOf(overrides: Overrides, name = 'zoo'): Scenario {
  return loadScenario(scenarioText(name), `${name}.yaml`, overrides);
}

/** Runs a move; with a schedule, under late frames. */
export function run(scenario: Scenario, late?: LateSchedule): RunReport {
  const undisturbed = runMove({ scenario });
  if (late === undefined) return undisturbed;
  const rules = lateFrames(late, scenario, undisturbed);
  if (rules.length === 0) throw new Error(`${scenario.name}: no move to disturb`);
  return runMove({ scenario, rules });
}

/** Invariants that were violated. */
export function broken(report: RunReport): string[] {
  return report.verdict.filter((one) => one.result === 'violated').map((one) => one.invariant);
}

/** An FC frame as a tap saw it. */
export interface Seen {
  readonly at: number;
  readonly tap: string;
  readonly toFcf: boolean;
  readonly rCtl: number;
  readonly type: number;
  readonly sId: number;
  readonly dId: number;
  readonly oxId: number;
  readonly payload: Uint8Array;
}

/** An Ethernet frame that is no FC frame: FIP. */
export interface FipSeen {
  readonly at: number;
  readonly tap: string;
  readonly toFcf: boolean;
  readonly operation: number;
  readonly subcode: number;
  /** First byte of the ELS inside, where there is one. */
  readonly els: number | undefined;
}

export interface Recorded {
  readonly report: RunReport;
  readonly fc: readonly Seen[];
  readonly fip: readonly FipSeen[];
  /** When a step of the move began. */
  at(phase: string): number;
}

/** Runs a move and keeps every frame. */
export function record(scenario: Scenario): Recorded {
  const fc: Seen[] = [];
  const fip: FipSeen[] = [];
  const report = runMove({
    scenario,
    observer: {
      see: ({ at, tap, direction, bytes }) => {
        const toFcf = direction === 'in';
        const seen = fcOf(bytes);
        if (seen !== undefined) fc.push({ at, tap, toFcf, ...seen });
        else fip.push({ at, tap, toFcf, ...fipOf(bytes) });
      },
    },
  });
  const at = (phase: string): number => {
    const entry = report.timeline.find((one) => one.phase === phase);
    if (entry === undefined) throw new Error(`no step ${phase}`);
    return entry.atNs;
  };
  return { report, fc, fip, at };
}

function fcOf(bytes: Uint8Array): Omit<Seen, 'at' | 'tap' | 'toFcf'> | undefined {
  const place = locateFc(bytes);
  if (place instanceof CodecError) return undefined;
  const { fcAt, payloadAt, payloadEnd } = place;
  const u24 = (i: number) =>
    (bytes[fcAt + i]! << 16) | (bytes[fcAt + i + 1]! << 8) | bytes[fcAt + i + 2]!;
  return {
    rCtl: bytes[fcAt]!,
    type: bytes[fcAt + 8]!,
    dId: u24(1),
    sId: u24(5),
    oxId: (bytes[fcAt + 16]! << 8) | bytes[fcAt + 17]!,
    payload: bytes.slice(payloadAt, payloadEnd),
  };
}

/** VLAN tag, then FIP: operation at byte 2, subcode at byte 5, an ELS descriptor's FC frame behind. */
function fipOf(bytes: Uint8Array): Omit<FipSeen, 'at' | 'tap' | 'toFcf'> {
  const at = bytes[12] === 0x81 ? 18 : 14;
  const operation = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const els = operation === 2 ? bytes[at + 10 + 4 + 24] : undefined;
  return { operation, subcode: bytes[at + 5]!, els };
}

/** R_CTL of frames, and first bytes of ELS requests. Source: FC-FS-3 and FC-LS-3. */
export const Wire = {
  ABTS: 0x81,
  COMMAND: 0x06,
  ELS_REQUEST: 0x22,
  LOGO: 0x05,
  PLOGI: 0x03,
  FDISC: 0x51,
  TYPE_FCP: 0x08,
  TYPE_ELS: 0x01,
  FIP_CONTROL: 3,
  CLEAR_VIRTUAL_LINKS: 2,
} as const;

export const isEls = (one: Seen, command: number): boolean =>
  one.type === Wire.TYPE_ELS && one.rCtl === Wire.ELS_REQUEST && one.payload[0] === command;

/** Addresses from here on are services of the fabric. */
export const WELL_KNOWN_FIRST = 0xff_fc00;
