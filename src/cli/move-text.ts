/** What `sanmotion move` says: a page of text, or one document. */
import pc from 'picocolors';
import { unitText } from '../history/index.ts';
import type { FrameNote } from '../run/frame-comments.ts';
import type { Headline } from '../run/headline.ts';
import type { LanTalk } from '../run/lan-account.ts';
import type { RunReport } from '../run/run.ts';
import {
  count,
  counted,
  duration,
  size,
  table,
  terminalColumns,
  verdictLines,
  wrap,
} from './output.ts';
import { readsAs, type SmallCapture } from './small-captures.ts';

/** A move that was made, and what is known of it. */
export interface MadeMove {
  readonly report: RunReport;
  readonly headline: Headline;
  /** Words of the command line that make it safe, where they were found. */
  readonly remedy: string | undefined;
  /** What its frames mean, where something is violated. */
  readonly notes: ReadonlyMap<number, FrameNote>;
  readonly capture: MoveCapture | undefined;
  /** Why there is none, where one of an unsafe move cannot be written. */
  readonly captureFault?: string | undefined;
  /** Of what is violated, where hosts and array are stations of a LAN. */
  readonly evidence?: readonly SmallCapture[];
}

/** A capture that was written. */
export interface MoveCapture {
  readonly path: string;
  readonly bytes: number;
}

/** The document of `move --json`. */
export function moveJson({ capture, evidence = [], headline, remedy, report }: MadeMove): unknown {
  const { blackoutNs, digest, frames, io, result, scenario, seed, strategy } = report;
  const {
    backups,
    captured,
    eventsLeft,
    failures,
    lan,
    moves,
    timeline,
    units,
    verdict,
    virtualTimeNs,
  } = report;
  return {
    scenario,
    seed,
    strategy,
    headline: headline.text,
    safeWith: remedy ?? null,
    digest,
    virtualTimeNs,
    frames,
    io,
    failures,
    blackoutNs,
    verdict,
    result,
    moves,
    eventsLeft,
    backups,
    timeline,
    ...(lan === undefined ? {} : { lan }),
    units,
    capture: capture?.path ?? null,
    captured: capture === undefined ? 0 : captured,
    ...(evidence.length === 0 ? {} : { evidence }),
  };
}

/** What a person reads below the line that says what is moved: first and last what it came to, between them how. */
export function moveText(
  { capture, captureFault, evidence = [], headline, report }: MadeMove,
  { all }: { readonly all: boolean },
): string {
  const columns = terminalColumns();
  const line = headlineLine(headline);
  const blackout = `blackout  ${blackoutText(report)}`;
  return [
    wrap(line, columns, 2),
    ...moveLines(report),
    ...report.eventsLeft.map((words) =>
      wrap(pc.yellow(`did not happen: ${words}: its step or its time never came`), columns, 2),
    ),
    '',
    stepTable(report),
    '',
    accountTable(report),
    ...failureLines(report),
    ...backupLines(report),
    '',
    wrap(blackout, columns, 'blackout  '.length),
    ...lanLines(report).map((words) => wrap(words, columns, 'blackout  '.length)),
    '',
    ...verdictLines(report.verdict, {
      folded: !all,
      captures: new Map(evidence.map(({ invariant, path }) => [invariant, path])),
    }),
    '',
    `${count(report.frames)} frames in ${duration(report.virtualTimeNs)} of virtual time, digest ${report.digest}`,
    ...(capture === undefined
      ? [wrap(`capture   none: ${captureFault ?? noCapture(headline, report)}`, columns, 10)]
      : [`capture   ${capture.path}, ${size(capture.bytes)}${captureNote(report)}`]),
    ...evidence.map(
      (one) =>
        `${one.invariant.padEnd(9)} ${one.path}, ${counted(one.frames, 'frame')}, ${readsAs(one)}`,
    ),
    wrap(line, columns, 2),
    '',
  ].join('\n');
}

function headlineLine({ kind, text }: Headline): string {
  return kind === 'moved' ? pc.green(text) : pc.red(text);
}

/** How each of several moves ended. */
function moveLines({ moves }: RunReport): string[] {
  if (moves.length < 2) return [];
  return moves.map((one) => {
    const why = one.outcome === 'moved' ? '' : `: ${one.reason}`;
    return `${one.vm} from ${one.from} to ${one.to}, ${one.strategy}: ${one.outcome}${why}`;
  });
}

/** What became of the LAN's half. */
function lanLines({ lan }: RunReport): string[] {
  if (lan === undefined) return [];
  const { apartNs, fromGuest, toGuest, vm } = lan;
  const talk = ({ lost, pauseNs, sent }: LanTalk, whom: string): string =>
    `${count(lost)} of ${count(sent)} datagrams ${whom} lost, longest pause ${duration(pauseNs)}`;
  const talks = [
    talk(toGuest, `to ${vm}`),
    ...(fromGuest.sent === 0 ? [] : [talk(fromGuest, 'from it')]),
  ];
  const apart = apartNs === null ? 'to the end' : `for ${duration(apartNs)} at most`;
  const flags = lan.duplicates.map(
    ({ mac, moves, vtep }) => `${vtep} flags ${mac} as a duplicate at its move ${moves}`,
  );
  return [`lan       ${[...talks, `halves apart ${apart}`, ...flags].join('; ')}`];
}

/** The steps; of several moves, each with whose it is. With a LAN, both halves beside each other. */
function stepTable({ lan, moves, timeline }: RunReport): string {
  const start = timeline[0]?.atNs ?? 0;
  const isOfSeveral = moves.length > 1;
  const halves = (words: readonly string[]): readonly string[] => (lan === undefined ? [] : words);
  const hosts = (names: readonly string[] = []): string => names.join(' ') || '–';
  const shift = isOfSeveral ? 1 : 0;
  const whose = (words: string): string[] => (isOfSeveral ? [words] : []);
  return table(
    [
      [
        'at',
        'took',
        ...whose('guest'),
        'step',
        lan === undefined ? 'frames' : 'lost',
        lan === undefined ? 'I/Os done' : 'I/Os',
        ...halves(['SAN', 'LAN']),
        '',
      ].map(pc.dim),
      ...timeline.map((one) => [
        `+${duration(one.atNs - start)}`,
        duration(one.durationNs),
        ...whose(one.vm),
        pc.bold(one.phase),
        count(one.lan?.lost ?? one.frames),
        count(one.completed),
        ...halves([hosts(one.lan?.san), hosts(one.lan?.lan)]),
        one.detail,
      ]),
    ],
    [0, 1, 3 + shift, 4 + shift],
  );
}

function accountTable({ io }: RunReport): string {
  return table(
    [
      ['submitted', 'completed', 'requeued', 'failed', 'dropped'].map(pc.dim),
      [io.submitted, io.completed, io.requeued, io.failed, io.dropped].map(count),
    ],
    [0, 1, 2, 3, 4],
  );
}

/** Which I/Os failed, and why. */
function failureLines({ failures, timeline, units }: RunReport): string[] {
  if (failures.length === 0) return [];
  const start = timeline[0]?.atNs ?? 0;
  const since = (at: number): string =>
    `${at < start ? '-' : '+'}${duration(Math.abs(at - start))}`;
  const rows = failures.map((one) => [
    pc.red(count(one.count)),
    `${one.op} of ${one.vm}`,
    unitText(
      one.luName,
      units.find(({ luName }) => luName === one.luName),
    ),
    one.reason,
    one.count === 1 ? since(one.firstAtNs) : `${since(one.firstAtNs)} to ${since(one.lastAtNs)}`,
  ]);
  return ['', table([['failed', 'I/O', 'on', 'reason', 'when'].map(pc.dim), ...rows], [0])];
}

/** The backups that were made, and what came of each. */
function backupLines({ backups, timeline, units }: RunReport): string[] {
  if (backups.length === 0) return [];
  const start = timeline[0]?.atNs ?? 0;
  const named = (words: string): string =>
    units.reduce((text, { luName, name }) => text.replace(luName, name), words);
  const rows = backups.map(({ atNs, consistency, kind, outcome, snapshot, vm }) => [
    snapshot,
    vm,
    `${atNs < start ? '-' : '+'}${duration(Math.abs(atNs - start))}`,
    kind ?? '–',
    consistency === undefined ? '–' : `${consistency}-consistent`,
    outcome === 'identical' ? 'restored, identical' : pc.red(named(outcome)),
  ]);
  const head = ['backup', 'of', 'cut at', 'kind', 'is', 'came to'].map(pc.dim);
  return ['', table([head, ...rows], [2])];
}

/** Why there is none. */
const noCapture = ({ kind }: Headline, { frames }: RunReport): string =>
  kind === 'unsafe'
    ? `${count(frames)} frames are more than are written unasked, --pcap FILE writes them`
    : '--pcap FILE writes one';

function captureNote({ captured, frames }: RunReport): string {
  if (captured === frames) return '';
  return pc.yellow(
    `, its first ${count(captured)} frames: it came to its bound, and the rest was not written`,
  );
}

/** Of several moves, that of the first. */
function blackoutText({ blackoutNs, moves }: RunReport): string {
  const { outcome, to, vm } = moves[0]!;
  const whose = moves.length > 1 ? ` of ${vm}` : '';
  if (blackoutNs > 0) {
    return `${pc.bold(duration(blackoutNs))} between the last I/O${whose} on the old ports and the first on the new`;
  }
  return outcome === 'moved'
    ? `${pc.bold('not over')}: no I/O${whose} on the new ports has ended well`
    : `${pc.bold('none')}: ${vm} has done no I/O on ${to}`;
}
