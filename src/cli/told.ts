/** What a capture tells besides the verdict, as a person reads it. */
import pc from 'picocolors';
import type { CaptureReport } from '../audit/capture-judge.ts';
import type { UnseenRow } from '../audit/told/identities.ts';
import type { NamedPort } from '../audit/told/port-names.ts';
import type { ReservationState } from '../audit/told/reservations.ts';
import type { StreamRow } from '../audit/told/stream-rows.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { count, duration, table } from './output.ts';

/** Rows shown of each table; the JSON has them all. */
const ROWS_SHOWN = 10;

/** A port by its name, or by its address where no login tells the name. */
const portText = ({ nPortId, wwpn }: NamedPort): string => wwpn ?? nPortId;
const framesText = ({
  firstFrame,
  lastFrame,
}: {
  firstFrame: number;
  lastFrame: number;
}): string =>
  firstFrame === lastFrame ? count(firstFrame) : `${count(firstFrame)}-${count(lastFrame)}`;

/** A table under a line of its own; nothing where it has no rows. */
function section(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, ROWS_SHOWN);
  const more = rows.length - shown.length;
  return [
    '',
    table([head.map(pc.dim), ...shown], [...right]),
    ...(more > 0 ? [pc.dim(`and ${count(more)} more (--json has them)`)] : []),
  ];
}

/** Lines about what is not read at all. */
export function unreadLines({ unread }: CaptureReport): string[] {
  return unread.map(({ what, code, frames }) => {
    const name = what === 'EtherType' ? code.toString(16).padStart(4, '0') : String(code);
    return `not read   ${what} ${name}: ${count(frames)} frames`;
  });
}

/** Kinds of other traffic that are told; the JSON has them all. */
const KINDS_SHOWN = 5;

/** What else the capture is of, in one line. */
export function otherLines({ otherTraffic }: CaptureReport): string[] {
  if (otherTraffic.length === 0) return [];
  const named = otherTraffic
    .slice(0, KINDS_SHOWN)
    .map(({ what, frames }) => `${what} ${count(frames)}`);
  const more = otherTraffic.length - named.length;
  return [`other      ${[...named, ...(more > 0 ? [`${more} more kinds`] : [])].join(', ')}`];
}

/** What is said of a login in few words. */
const loginText = ({ login }: StreamRow): string[] => [
  login?.initiatorName === undefined ? '-' : escapeText(login.initiatorName),
  login?.isid ?? '-',
  escapeText(login?.targetName ?? login?.sessionType ?? '-'),
  login?.result ?? '-',
];

/** Connections of iSCSI and FCIP, and what of them could not be read. */
function streamLines({ streams, streamsLeft }: CaptureReport): string[] {
  const lines = section(
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
      one.protocol === 'iscsi' ? 'iSCSI' : 'FCIP',
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
  for (const one of streams) {
    const { digestBad, malformed, client, server } = one;
    if (digestBad + malformed === 0) continue;
    const wrong = `${count(digestBad)} with a bad digest or CRC, ${count(malformed)} malformed`;
    lines.push(pc.red(`${client} → ${server}: ${wrong}`));
  }
  if (streamsLeft > 0) lines.push(`${count(streamsLeft)} PDUs of more connections are in no row`);
  return lines;
}

const bytesText = (bytes: number): string => (bytes === 0 ? '-' : count(bytes));

function statusLines({ statuses }: CaptureReport): string[] {
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

function rejectLines({ rejects }: CaptureReport): string[] {
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

function loopLines({ loginLoops }: CaptureReport): string[] {
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

function latencyLines({ latencies, latenciesLeft }: CaptureReport): string[] {
  const lines = section(
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
  if (latenciesLeft > 0)
    lines.push(`${count(latenciesLeft)} answers of more initiators and units are in no row`);
  return lines;
}

function holderText({ holder, registered }: ReservationState): string {
  if (holder !== undefined)
    return `held by ${portText(holder.initiator)}${holder.type === undefined ? '' : `, ${holder.type}`}`;
  return registered.length > 0 ? 'no reservation' : 'none seen';
}

function reservationLines({ reservations }: CaptureReport): string[] {
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
function identityLines({ identities }: CaptureReport): string[] {
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

/** Tables of what was answered, refused and reserved, and of how long it took. */
export function toldLines(report: CaptureReport): string[] {
  return [
    ...streamLines(report),
    ...statusLines(report),
    ...rejectLines(report),
    ...loopLines(report),
    ...reservationLines(report),
    ...identityLines(report),
    ...latencyLines(report),
  ];
}
