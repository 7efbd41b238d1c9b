/** Makes a move by the very code of the command, and draws it. */
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
  type RunInside,
  RunRecord,
  type RunSource,
  remedyOf,
  reportBody,
  reportTitle,
  stepTable,
  type TimeWindow,
  timelineOf,
  verdictTables,
} from '../../../src/report/index.ts';
import { safeWith } from '../../../src/run/alternatives.ts';
import type { FrameNote } from '../../../src/run/frame-comments.ts';
import { type Headline, headlineOf } from '../../../src/run/headline.ts';
import { lateFrames } from '../../../src/run/late-frames.ts';
import { type RunReport, runMove } from '../../../src/run/run.ts';
import { storyOf } from '../../../src/run/story.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { optionWords, type ScenarioOverrides } from '../../../src/scenario/overrides.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import type { Tell } from '../progress.ts';
import type { FrameFunctions } from './frame-functions.ts';
import { RunStore } from './run-store.ts';

/** A breach: what was broken, when its first frame passed, and its frames as a ladder. */
export interface Breach extends Pick<Verdict, 'invariant' | 'sentence' | 'detail'> {
  readonly atNs: number | undefined;
  readonly drawing: string;
}

/** A move that was made. Parts are markup: the report's own, escaped there. */
export interface MadeMove {
  readonly name: string;
  /** What a page of it is called. */
  readonly title: string;
  /** What makes it again. */
  readonly inside: RunInside;
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

/** What a worker with a move offers. */
export interface MoveFunctions extends FrameFunctions {
  make(wanted: RunSource): MadeMove;
  timeline(window: TimeWindow): string;
  flows(window: TimeWindow, columns: number): Flows;
  /** The run as markup, for a page of its own. */
  report(): string;
}

/** A run as the worker keeps it. */
export interface Run {
  readonly source: RunSource;
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

/** Makes the move. Errors: `ScenarioError`, `RunError`. */
export function run(source: RunSource, tell: Tell): Run {
  const { file, late, overrides, text } = source;
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
    source,
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

/** A run as the page draws it. */
export function told({
  command,
  headline,
  marks,
  notes,
  record,
  report,
  scenario,
  source,
  store,
}: Run): MadeMove {
  const { move, vms } = scenario;
  const from = vms.find((one) => one.name === move.vm)?.host;
  return {
    name: report.scenario,
    title: reportTitle(report),
    inside: { ...source, digest: report.digest, frames: report.frames },
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

/** The frames a second over each cable of a run. */
export const flowsOf = ({ record }: Run, { fromNs, untilNs }: TimeWindow, columns: number): Flows =>
  Object.fromEntries(
    [...record.taps].map(([name, { overTime }]) => [
      name,
      overTime.rates(fromNs, untilNs, columns),
    ]),
  );

/** The timeline of a run. */
export const timelineOfRun = ({ marks, record }: Run, window: TimeWindow): string =>
  timelineOf(record, window, marks).text;

/** What the report of a run says without a script. */
export const reportOfRun = ({ command, headline, notes, record, report, scenario }: Run): string =>
  reportBody(scenario, report, record, { command, headline, notes }).text;
