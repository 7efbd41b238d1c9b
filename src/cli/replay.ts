/** `sanmotion replay`: decodes and re-encodes captures, rebuilds what happened, and judges it. */
import pc from 'picocolors';
import { CaptureJudge, type CaptureReport } from '../audit/capture-judge.ts';
import type { Verdict } from '../audit/verdict.ts';
import { CaptureError, openCapture } from '../capture/index.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { eventJson, eventLines } from './events.ts';
import { FrameFilter, filterOf } from './frame-filter.ts';
import { moveLines } from './moves.ts';
import {
  count,
  Exit,
  Progress,
  table,
  tellError,
  terminalColumns,
  toJson,
  UsageError,
  verdictLines,
  wrap,
} from './output.ts';
import { judgeWithHistory } from './replay-history.ts';
import { replayPairCommand } from './replay-pair.ts';
import { Stop } from './stop.ts';
import { judgeTogether, type TogetherRow, togetherLines } from './together.ts';
import { otherLines, toldLines, unreadLines } from './told.ts';

/** Options of `sanmotion replay`, as they were typed. */
export interface ReplayOptions {
  readonly json?: boolean;
  /** Every invariant with what was found, not what is violated alone. */
  readonly all?: boolean;
  /** List the events instead of the verdict. */
  readonly events?: boolean;
  /** A display filter: only frames that pass are judged. */
  readonly filter?: string;
  /** Captures of one event: merged by time, judged as one. */
  readonly together?: boolean;
  /** What `serve --history` wrote while the capture was made. */
  readonly history?: string;
  /** The files are histories of two servers with a leg each. */
  readonly pair?: boolean;
}

/** Logins and faults shown to a person; the JSON has them all. */
const ROWS_SHOWN = 20;

/** Protocols whose frames the invariants are about. */
const JUDGED = ['fip', 'els', 'ct', 'bls', 'link-control', 'swils', 'fcp', 'nvme', 'fc'] as const;

/** Runs the command. Returns the exit status; the worst of several captures counts. */
export async function replayCommand(
  files: readonly string[],
  options: ReplayOptions,
): Promise<number> {
  if (options.pair === true) {
    const others = (['together', 'history', 'filter', 'events'] as const).filter(
      (one) => options[one] !== undefined,
    );
    if (others.length > 0)
      throw new UsageError(`--pair is of histories, not of captures: leave --${others[0]} out`);
    return replayPairCommand(files, options);
  }
  let status: number = Exit.clean;
  if (options.history !== undefined && files.length > 1)
    throw new UsageError('--history is of one capture: give the tap that was written beside it');
  const { filter } = options;
  if (filter !== undefined && (options.together === true || options.history !== undefined))
    throw new UsageError(
      '--filter is of captures that are judged by themselves: leave --together and --history out',
    );
  if (filter !== undefined) filterOf(filter);
  const all = options.together === true ? [files] : files.map((file) => [file]);
  for (const each of all) {
    const judged = await (options.together === true ? judgeAll(each) : judge(each[0]!, filter));
    if (judged === undefined) {
      status = Exit.unusable;
      continue;
    }
    const { report } = judged;
    if (options.history !== undefined && report.error === undefined)
      report.verdict = await judgeWithHistory(each[0]!, options.history);
    process.stdout.write(printed(judged, options));
    if (judged.isInterrupted === true) return Exit.interrupted;
    const wrong =
      report.error !== undefined ||
      report.codec.malformed.length > 0 ||
      report.codec.crcBad > 0 ||
      report.codec.identical !== report.capture.frames ||
      report.verdict.some((one) => one.result === 'violated');
    if (wrong && status === Exit.clean) status = Exit.violated;
  }
  return status;
}

/** Thrown when somebody has asked for what was found so far. */
const INTERRUPTED = new Error('interrupted');

interface Judged {
  readonly isInterrupted?: boolean;
  readonly together?: readonly TogetherRow[];
  readonly report: CaptureReport;
  readonly judge: CaptureJudge;
  readonly filter?: FrameFilter | undefined;
}

/** Captures of one event; one that cannot be opened is told, and gives `undefined`. */
async function judgeAll(files: readonly string[]): Promise<Judged | undefined> {
  try {
    const { judge, rows } = await judgeTogether(files);
    return { report: judge.finish(), judge, together: rows };
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    tellError(error.message);
    return undefined;
  }
}

function printed(
  { filter, report, judge, together }: Judged,
  { all, events, json }: ReplayOptions,
): string {
  if (events !== true && json === true)
    return `${toJson({
      ...report,
      ...(together === undefined ? {} : { together }),
      ...(filter === undefined ? {} : { filter: filterJson(filter) }),
    })}\n`;
  if (events !== true) return textOf(report, all === true, together, filter);
  const { rows, left, startNs } = judge.events();
  if (json !== true)
    return `${[headLine(report), '', ...eventLines(rows, left, startNs)].join('\n')}\n\n`;
  const { capture, error } = report;
  return `${toJson({ capture, events: rows.map(eventJson), left, error })}\n`;
}

/** A capture that cannot be opened is told on standard error, and gives `undefined`. */
async function judge(file: string, expression: string | undefined): Promise<Judged | undefined> {
  const progress = new Progress();
  const stop = new Stop();
  let judge: CaptureJudge | undefined;
  const filter = expression === undefined ? undefined : new FrameFilter(expression);
  try {
    const capture = await openCapture(file);
    const taken = new CaptureJudge(capture.info);
    judge = taken;
    let frames = 0;
    await capture.visitAll(
      (place) => {
        frames = place.index;
        if (filter === undefined || filter.takes(place)) taken.visit(place);
      },
      () => {
        progress.show(() => `${file}: ${count(frames)} frames`);
        if (stop.reason !== undefined) throw INTERRUPTED;
      },
    );
    progress.end();
    return { report: taken.finish(), judge: taken, filter };
  } catch (error) {
    progress.end();
    if (error === INTERRUPTED && judge !== undefined)
      return { report: judge.finish('interrupted'), judge, filter, isInterrupted: true };
    if (!(error instanceof CaptureError)) throw error;
    tellError(error.message);
    return judge && { report: judge.finish(error.message), judge, filter };
  } finally {
    stop.end();
  }
}

/** What the reader of the file has to know of the order of its frames; nothing, mostly. */
function arrivalLines(capture: CaptureReport['capture']): string[] {
  const { copies, cut, cutAtBytes, sorted, late, forgotten } = capture;
  const lines: string[] = [];
  if (cut > 0)
    lines.push(
      `${count(cut)} frames were cut when they were captured, to ${count(cutAtBytes)} bytes at most: what was behind is not judged`,
    );
  if (copies > 0)
    lines.push(
      `${count(copies)} frames are copies of others, as from a mirror port for both directions: none is judged twice`,
    );
  if (sorted > 0) lines.push(`${count(sorted)} frames were put in the order of their stamps`);
  if (late > 0)
    lines.push(
      `${count(late)} frames are stamped so much earlier than frames before them that they were not put in order`,
    );
  if (forgotten > 0)
    lines.push(
      `${count(forgotten)} exchanges were forgotten while they were open, too many at once to be kept: what came of them is not judged`,
    );
  return lines;
}

const headLine = ({ capture }: CaptureReport): string =>
  `${pc.bold(escapeText(capture.file))}  ${capture.format}, ${count(capture.frames)} frames`;

function textOf(
  report: CaptureReport,
  all: boolean,
  together: readonly TogetherRow[] = [],
  filter?: FrameFilter,
): string {
  const { capture, codec, protocols, logins, exchanges, verdict, error } = report;
  const perfect = codec.identical === capture.frames;
  const lines = [
    headLine(report),
    wrap(
      `codec      ${count(codec.decoded)} decoded, ${(perfect ? pc.green : pc.red)(`${count(codec.identical)} identical`)} when encoded again, ${codec.malformed.length} malformed, ${codec.crcBad} with a bad FC CRC, ${codec.cut} cut`,
      terminalColumns(),
      'codec      '.length,
    ),
    wrap(
      `protocols  ${
        Object.entries(protocols)
          .map(([name, n]) => `${name} ${count(n)}`)
          .join(', ') || 'none'
      }`,
      terminalColumns(),
      'protocols  '.length,
    ),
  ];
  lines.splice(1, 0, ...togetherLines(together), ...filterLines(filter), ...arrivalLines(capture));
  lines.push(...otherLines(report), ...unreadLines(report));
  for (const one of codec.malformed.slice(0, ROWS_SHOWN)) {
    lines.push(
      pc.red(
        `  frame ${one.frame}: ${one.layer}: ${one.field} at byte ${one.offset}: ${one.fault}`,
      ),
    );
  }
  const isForeign =
    JUDGED.every((name) => protocols[name] === undefined) && report.sessions.length === 0;
  if (JUDGED.some((name) => protocols[name] !== undefined))
    lines.push('', exchangeTable(exchanges));
  if (logins.length > 0) {
    lines.push(
      '',
      table(
        [
          ['login', 'WWPN', 'N_Port_ID', 'frame', ''].map(pc.dim),
          ...logins
            .slice(0, ROWS_SHOWN)
            .map((one) => [one.by, one.wwpn, one.nPortId || '-', count(one.frame), one.result]),
        ],
        [3],
      ),
    );
    if (logins.length > ROWS_SHOWN)
      lines.push(pc.dim(`and ${logins.length - ROWS_SHOWN} more (--json has them)`));
  }
  lines.push(...toldLines(report), ...moveLines(report.moves), '');
  const told = verdictLines(verdict, { folded: !all });
  lines.push(...(isForeign ? foreignLines(verdict) : told));
  if (error !== undefined) lines.push(pc.red(`ended early: ${escapeText(error)}`));
  return `${lines.join('\n')}\n\n`;
}

/** What was left out is not judged, and cannot be held against anybody. */
const filterLines = (filter: FrameFilter | undefined): string[] =>
  filter === undefined
    ? []
    : [
        wrap(
          `filter     ${filter.expression}: ${count(filter.leftOut)} frames do not pass, and what only they show is not judged`,
          terminalColumns(),
          'filter     '.length,
        ),
      ];

const filterJson = ({ expression, leftOut }: FrameFilter) => ({ expression, leftOut });

function exchangeTable(exchanges: CaptureReport['exchanges']): string {
  return table(
    [
      ['exchanges', 'opened', 'completed', 'aborted', 'unanswered'].map(pc.dim),
      ...Object.entries(exchanges)
        .filter(([kind, { opened }]) => kind !== 'nvme' || opened > 0)
        .map(([kind, one]) => [
          kind,
          ...[one.opened, one.completed, one.aborted, one.unanswered].map(count),
        ]),
    ],
    [1, 2, 3, 4],
  );
}

/** Where there is nothing to judge that is said, and not once for each invariant. */
function foreignLines(verdict: readonly Verdict[]): string[] {
  const some = verdict.filter(({ result }) => result !== 'not-observable');
  const words =
    'nothing is judged: no frame of Fibre Channel or FIP is here, and no session (--json has each invariant)';
  return some.length > 0 ? verdictLines(verdict) : [pc.yellow(words)];
}
