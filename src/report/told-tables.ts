/** What a capture tells besides the verdict, as tables: for a terminal and for a page. */
import type { CaptureReport } from '../audit/capture-judge.ts';
import type { UnseenRow } from '../audit/told/identities.ts';
import type { NamedPort } from '../audit/told/port-names.ts';
import type { ReservationState } from '../audit/told/reservations.ts';
import type { StreamRow } from '../audit/told/stream-rows.ts';
import { STREAM_NAMES } from '../codecs/index.ts';
import { count } from './markup.ts';

/** A line below a table. */
export interface ToldNote {
  readonly text: string;
  readonly isBad: boolean;
}

/** A table; cells of the columns in `right` stand on the right. Texts are as the capture has them: not escaped. */
export interface ToldTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly right: readonly number[];
  readonly notes: readonly ToldNote[];
}

/** A port by its name, or by its address where no login tells the name. */
const portText = ({ nPortId, wwpn, name }: NamedPort): string => name ?? wwpn ?? nPortId;
const framesText = ({
  firstFrame,
  lastFrame,
}: {
  firstFrame: number;
  lastFrame: number;
}): string =>
  firstFrame === lastFrame ? count(firstFrame) : `${count(firstFrame)}-${count(lastFrame)}`;

/** A table; none where it has no rows. */
function section(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): ToldTable[] {
  return rows.length === 0 ? [] : [{ head, rows, right, notes: [] }];
}

/** The same with lines below; the lines alone where there is no table. */
function noted(tables: readonly ToldTable[], notes: readonly ToldNote[]): ToldTable[] {
  if (notes.length === 0) return [...tables];
  const [table = { head: [], rows: [], right: [] }] = tables;
  return [{ ...table, notes }];
}

/** What is said of a login in few words. */
const loginText = ({ login }: StreamRow): string[] => [
  login?.initiatorName === undefined ? '-' : login.initiatorName,
  login?.isid ?? '-',
  login?.targetName ?? login?.sessionType ?? '-',
  login?.result ?? '-',
];

/** Connections of iSCSI, FCIP, RPC and BGP, and what of them could not be read. */
function streamTables({ streams, streamsLeft }: CaptureReport): ToldTable[] {
  const told = section(
    [
      'stream',
      'client',
      'server',
      'initiator',
      'ISID',
      'target',
      'login',
      'PDUs',
      'open',
      'lost',
      'unread',
      'frames',
    ],
    streams.map((one) => [
      STREAM_NAMES[one.protocol],
      one.client,
      one.server,
      ...loginText(one),
      count(Object.values(one.pdus).reduce((sum, n) => sum + n, 0)),
      one.openTasks === undefined ? '-' : count(one.openTasks),
      bytesText(one.lostBytes),
      bytesText(one.skippedBytes),
      framesText(one),
    ]),
    [7, 8, 9, 10],
  );
  const notes: ToldNote[] = [];
  for (const one of streams) {
    const { checksumBad, digestBad, malformed, client, server } = one;
    const wrong = [
      ...(digestBad + malformed === 0
        ? []
        : [`${count(digestBad)} with a bad digest or CRC, ${count(malformed)} malformed`]),
      ...(checksumBad === 0 ? [] : [`${count(checksumBad)} segments with a bad checksum`]),
    ].join(', ');
    if (wrong !== '') notes.push({ text: `${client} → ${server}: ${wrong}`, isBad: true });
  }
  if (streamsLeft > 0)
    notes.push({
      text: `${count(streamsLeft)} PDUs of more connections are in no row`,
      isBad: false,
    });
  return noted(told, notes);
}

/** Sessions of iSCSI and NFS, a row for each unit that they used. */
function sessionTables({ sessions }: CaptureReport): ToldTable[] {
  const rows = sessions.flatMap((one) => {
    const { units } = one;
    const head = [
      one.carrier,
      one.initiator ?? one.client,
      one.target ?? one.server,
      one.ended === undefined ? '-' : `${one.ended} (${count(one.endedFrame ?? 0)})`,
    ];
    const listed = units.length === 0 ? [undefined] : units;
    return listed.map((unit, i) => [
      ...(i === 0 ? head : ['', '', '', '']),
      unit?.lun ?? '-',
      unit?.identity ?? '-',
      ...[unit?.reads, unit?.writes, unit?.others].map((n) => (n ? count(n) : '-')),
    ]);
  });
  const managed = sessions.flatMap(({ taskManagement, client }) =>
    Object.entries(taskManagement).map(([what, n]) => `${what} (${client}, ${count(n)})`),
  );
  const notes =
    managed.length === 0 ? [] : [{ text: `task management: ${managed.join('; ')}`, isBad: false }];
  return noted(
    section(
      ['session', 'initiator', 'target', 'ended', 'unit', 'name', 'reads', 'writes', 'others'],
      rows,
      [6, 7, 8],
    ),
    notes,
  );
}

const bytesText = (bytes: number): string => (bytes === 0 ? '-' : count(bytes));

function statusTables({ statuses }: CaptureReport): ToldTable[] {
  return section(
    ['status', 'initiator', 'target', 'LUN', 'sense', 'count', 'frames'],
    statuses.map((one) => [
      one.status,
      portText(one.initiator),
      portText(one.target),
      one.lun ?? '-',
      one.sense ?? '',
      count(one.count),
      framesText(one),
    ]),
    [5],
  );
}

function rejectTables({ rejects }: CaptureReport): ToldTable[] {
  return section(
    ['refused', 'by', 'from', 'to', 'reason', 'count', 'frames'],
    rejects.map((one) => [
      one.command ?? '-',
      one.by,
      one.from,
      one.to,
      one.reason + (one.explanation === '' ? '' : `, ${one.explanation}`),
      count(one.count),
      framesText(one),
    ]),
    [5],
  );
}

function loopTables({ loginLoops }: CaptureReport): ToldTable[] {
  return section(
    ['login in circles', 'WWPN', 'to', 'requests', 'refused', 'cleared', 'from', 'frames'],
    loginLoops.map((one) => [
      one.by,
      one.wwpn,
      one.to,
      ...[one.requests, one.rejects, one.clears].map(count),
      one.places.join(' '),
      framesText(one),
    ]),
    [3, 4, 5],
  );
}

function latencyTables(
  { latencies, latenciesLeft }: CaptureReport,
  duration: (ns: number) => string,
): ToldTable[] {
  const told = section(
    ['latency', 'initiator', 'target', 'LUN', 'count', 'median', '95 %', '99 %', 'longest'],
    latencies.map((one) => [
      one.what,
      portText(one.initiator),
      portText(one.target),
      one.lun ?? '-',
      count(one.count),
      ...[one.p50Ns, one.p95Ns, one.p99Ns, one.maxNs].map(duration),
    ]),
    [4, 5, 6, 7, 8],
  );
  if (latenciesLeft === 0) return told;
  const text = `${count(latenciesLeft)} answers of more initiators and units are in no row`;
  return noted(told, [{ text, isBad: false }]);
}

function holderText({ holder, registered }: ReservationState): string {
  if (holder !== undefined)
    return `held by ${portText(holder.initiator)}${holder.type === undefined ? '' : `, ${holder.type}`}`;
  return registered.length > 0 ? 'no reservation' : 'none seen';
}

function reservationTables({ reservations }: CaptureReport): ToldTable[] {
  return section(
    ['reservation', 'unit', 'LUN', 'registered', 'conflicts'],
    reservations.units.map((one) => [
      holderText(one),
      one.identity ?? `at ${portText(one.target)}`,
      [...new Set(one.ports.map(({ lun }) => lun))].join(' or '),
      registeredText(one),
      count(one.conflicts),
    ]),
    [4],
  );
}

/** Initiators that are named with their keys; of more, how many they are. */
const REGISTERED_SHOWN = 2;

/** Each initiator and its key once: it registers over every target port. */
function registeredText({ registered }: ReservationState): string {
  const names = new Set(registered.map(({ initiator, key }) => `${portText(initiator)} ${key}`));
  if (names.size <= REGISTERED_SHOWN) return [...names].join(' ') || '-';
  const keys = new Set(registered.map(({ key }) => key)).size;
  return `${names.size} initiators, ${keys === 1 ? 'one key' : `${keys} keys`}`;
}

/** Units that hosts used, or looked at, behind a warning that they may be others. */
function identityTables({ identities }: CaptureReport): ToldTable[] {
  const rows = identities.flatMap((one) => {
    const { heeded, unseen } = one;
    const now = one.identity ?? 'unknown';
    const told: { time: UnseenRow; unit: string }[] = heeded
      .filter(({ commands, from, to }) => commands > 0 || from !== to)
      .map((time) => ({ time, unit: `${time.from ?? 'unknown'}, then ${time.to ?? 'unknown'}` }));
    if ((unseen?.commands ?? 0) > 0) told.push({ time: unseen!, unit: `${now}, not asked again` });
    return told.map(({ time, unit }) => [
      unit,
      portText(one.initiator),
      portText(one.target),
      one.lun ?? '-',
      `${time.warning} in frame ${count(time.warningFrame)}`,
      count(time.commands),
      time.firstFrame === undefined
        ? '-'
        : framesText({ firstFrame: time.firstFrame, lastFrame: time.lastFrame! }),
    ]);
  });
  const head = ['unit', 'initiator', 'target', 'LUN', 'warning', 'unseen', 'frames'];
  return section(head, rows, [5]);
}

/** Tables of what was answered, refused and reserved, and of how long it took; `duration` says nanoseconds. */
export function toldTables(
  report: CaptureReport,
  duration: (ns: number) => string,
): readonly ToldTable[] {
  return [
    ...streamTables(report),
    ...sessionTables(report),
    ...statusTables(report),
    ...rejectTables(report),
    ...loopTables(report),
    ...reservationTables(report),
    ...identityTables(report),
    ...latencyTables(report, duration),
  ];
}
