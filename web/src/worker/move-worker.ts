/** Makes a move in a worker, by the very code of the command, and draws it. */
import type { Verdict } from '../../../src/audit/verdict.ts';
import {
  drawTopology,
  failureTable,
  figures,
  followedOf,
  ladderOf,
  latencyTable,
  loginTable,
  moveWindow,
  pathTable,
  RunRecord,
  remedyOf,
  renderReport,
  stepTable,
  type TimeWindow,
  timelineOf,
  verdictTables,
} from '../../../src/report/index.ts';
import { safeWith } from '../../../src/run/alternatives.ts';
import type { FrameNote } from '../../../src/run/frame-comments.ts';
import { type Headline, headlineOf } from '../../../src/run/headline.ts';
import { lateFrames } from '../../../src/run/late-frames.ts';
import type { LateSchedule } from '../../../src/run/late-schedules.ts';
import { type RunReport, runMove } from '../../../src/run/run.ts';
import { storyOf } from '../../../src/run/story.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { optionWords, type ScenarioOverrides } from '../../../src/scenario/overrides.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import type { Tell } from '../progress.ts';
import { serveCalls } from '../rpc.ts';
import { type FrameFunctions, frameFunctions } from './frame-functions.ts';
import { RunStore } from './run-store.ts';

/** What is to be moved, and how. */
export interface WantedMove {
  readonly file: string;
  readonly text: string;
  readonly overrides: ScenarioOverrides;
  readonly late: LateSchedule | undefined;
}

/** A breach: what was broken, when its first frame passed, and its frames as a ladder. */
export interface Breach extends Pick<Verdict, 'invariant' | 'sentence' | 'detail'> {
  readonly atNs: number | undefined;
  readonly drawing: string;
}

/** A move that was made. Parts are markup: the report's own, escaped there. */
export interface MadeMove {
  readonly name: string;
  readonly words: string;
  readonly description: string;
  readonly headline: Headline;
  readonly command: string;
  readonly breaches: readonly Breach[];
  readonly steps: readonly { readonly atNs: number; readonly text: string; readonly vm: string }[];
  readonly window: TimeWindow;
  readonly whole: TimeWindow;
  readonly frames: number;
  readonly kept: number;
  readonly digest: string;
  readonly virtualTimeNs: number;
  readonly parts: Readonly<
    Record<
      | 'figures'
      | 'failures'
      | 'verdict'
      | 'steps'
      | 'paths'
      | 'cables'
      | 'latency'
      | 'topology'
      | 'logins',
      string
    >
  >;
}

/** Frames a second over each cable, in equal parts of a time. */
export type Flows = Readonly<Record<string, readonly number[]>>;

/** The functions of this worker. */
export interface MoveFunctions extends FrameFunctions {
  make(wanted: WantedMove): MadeMove;
  timeline(window: TimeWindow): string;
  flows(window: TimeWindow, columns: number): Flows;
  page(): string;
}

interface Run {
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly record: RunRecord;
  readonly notes: ReadonlyMap<number, FrameNote>;
  readonly headline: Headline;
  readonly command: string;
  readonly store: RunStore;
  readonly marks: readonly { readonly atNs: number; readonly text: string }[];
}

const milliseconds = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms of virtual time`;

function run({ file, late, overrides, text }: WantedMove, tell: Tell): Run {
  const withParts = (others: ScenarioOverrides): Scenario =>
    loadScenario(text, file, { ...overrides, ...others });
  const scenario = withParts({});
  const record = new RunRecord(followedOf(scenario));
  tell({ share: undefined, words: 'making the move' });
  const rules =
    late === undefined ? {} : { rules: lateFrames(late, scenario, runMove({ scenario })) };
  const report = runMove({
    scenario,
    ...rules,
    observer: record,
    progress: (timeNs, frames) =>
      tell({
        share: undefined,
        words: `${milliseconds(timeNs)}, ${frames.toLocaleString('en-US')} frames`,
      }),
  });
  tell({ share: undefined, words: 'what its frames mean' });
  const notes = storyOf({ scenario, ...rules }, report);
  const isUnsafe = report.verdict.some(({ result }) => result === 'violated');
  const remedy = isUnsafe
    ? safeWith({
        scenario,
        late,
        report,
        withParts,
        progress: (words) => () => tell({ share: undefined, words: `trying ${words}` }),
      })
    : undefined;
  const lateWords = late === undefined ? '' : ` --late ${late}`;
  const { seed: _, ...said } = overrides;
  const marks = report.verdict.flatMap(({ frames, invariant, result }) => {
    const first = result === 'violated' ? record.frames.get(frames[0] ?? -1) : undefined;
    return first === undefined ? [] : [{ atNs: first.at, text: invariant }];
  });
  return {
    scenario,
    report,
    record,
    notes,
    headline: headlineOf(report, remedy),
    command: `sanmotion move ${file} --seed ${scenario.seed}${optionWords(said)}${lateWords}`,
    store: new RunStore(record.frames.values(), notes),
    marks,
  };
}

function told({ command, headline, marks, notes, record, report, scenario, store }: Run): MadeMove {
  const { move, vms } = scenario;
  const from = vms.find((one) => one.name === move.vm)?.host;
  return {
    name: report.scenario,
    words: `${move.vm} from ${from} to ${move.to}, ${move.strategy}, seed ${scenario.seed}`,
    description: scenario.description,
    headline,
    command,
    breaches: report.verdict
      .filter(({ result }) => result === 'violated')
      .map((one) => ({
        invariant: one.invariant,
        sentence: one.sentence,
        detail: one.detail,
        atNs: marks.find(({ text }) => text === one.invariant)?.atNs,
        drawing: textOf(remedyOf(one)) + ladderOf(record, one.frames, notes).text,
      })),
    steps: report.timeline.map(({ atNs, detail, phase, vm }) => ({
      atNs,
      vm,
      text: detail === '' ? phase : `${phase}: ${detail}`,
    })),
    window: moveWindow(record),
    whole: { fromNs: 0, untilNs: record.lastNs },
    frames: report.frames,
    kept: store.count,
    digest: report.digest,
    virtualTimeNs: report.virtualTimeNs,
    parts: {
      figures: figures(report).text,
      failures: textOf(failureTable(report)),
      verdict: verdictTables(report.verdict).text,
      steps: stepTable(report).text,
      paths: pathTable('path of the I/O', 'I/Os', record.paths).text,
      cables: pathTable('cable', 'frames', record.taps).text,
      latency: latencyTable(record).text,
      topology: drawTopology(topologyOf(scenario)).text,
      logins: loginTable(record).text,
    },
  };
}

const textOf = (part: { readonly text: string } | ''): string => (part === '' ? '' : part.text);

serveCalls((tell) => {
  let made: Run | undefined;
  const known = (): Run => {
    if (made === undefined) throw new Error('no move was made');
    return made;
  };
  return {
    make(wanted: WantedMove) {
      made = run(wanted, tell);
      return told(made);
    },
    timeline: (window: TimeWindow) => timelineOf(known().record, window, known().marks).text,
    flows: ({ fromNs, untilNs }: TimeWindow, columns: number): Flows =>
      Object.fromEntries(
        [...known().record.taps].map(([name, { overTime }]) => [
          name,
          overTime.rates(fromNs, untilNs, columns),
        ]),
      ),
    page() {
      const { command, headline, notes, record, report, scenario } = known();
      return renderReport(scenario, report, record, { command, headline, notes });
    },
    ...frameFunctions(
      () => made?.store,
      (number) => made?.store.placeOf(number) ?? -1,
      tell,
    ),
  };
});
