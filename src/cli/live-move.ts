/** `sanmotion move --live`: a move between two Linux guests of a running `serve`. */
import pc from 'picocolors';
import { askControl } from '../live/control/client.ts';
import { wwpnText } from '../live/control/command.ts';
import type { LiveMoveReport } from '../live/move/live-move.ts';
import { type OptionModes, refuseIdle } from './modes.ts';
import type { MoveOptions } from './move.ts';
import { count, Exit, table, toJson, UsageError, verdictLines } from './output.ts';

/** Options of `sanmotion move --live`, as they were typed. */
export interface LiveMoveOptions {
  readonly control?: string;
  readonly from?: string;
  readonly to?: string;
  readonly wwpn: readonly string[];
  readonly pair: readonly string[];
  readonly strategy?: string;
  readonly underLoad?: boolean;
  readonly json?: boolean;
}

type EveryMoveOption = Partial<LiveMoveOptions & MoveOptions & { readonly live: boolean }>;
type Place = 'simulated' | 'live';

const LIVE: readonly Place[] = ['live'];
const SIMULATED: readonly Place[] = ['simulated'];
const PLACES: OptionModes<EveryMoveOption, Place> = {
  live: 'every',
  strategy: 'every',
  json: 'every',
  control: LIVE,
  from: LIVE,
  to: LIVE,
  wwpn: LIVE,
  pair: LIVE,
  underLoad: LIVE,
  seed: SIMULATED,
  protocol: SIMULATED,
  nfsVersion: SIMULATED,
  profile: SIMULATED,
  drain: SIMULATED,
  defences: SIMULATED,
  settings: SIMULATED,
  lan: SIMULATED,
  order: SIMULATED,
  announcement: SIMULATED,
  late: SIMULATED,
  pcap: SIMULATED,
  report: SIMULATED,
  all: SIMULATED,
};

/** Refuses the options of one kind of move at the other. Errors: `UsageError`. */
export function checkPlace(file: string | undefined, options: EveryMoveOption): void {
  const place = options.live === true ? 'live' : 'simulated';
  if (place === 'live' && file !== undefined)
    throw new UsageError(`a scenario (${file}) does nothing with --live: leave it out`);
  refuseIdle(options, place, { simulated: 'without --live', live: 'with --live' }, PLACES);
}

const STRATEGIES = ['same-wwpn', 'wwpn-pair'];

/** What the server would refuse is told before anybody looks for one. Errors: `UsageError`. */
function checkNames({ pair, strategy = 'same-wwpn', wwpn }: LiveMoveOptions): void {
  for (const [option, names] of Object.entries({ wwpn, pair })) {
    for (const name of names) {
      const issue = wwpnText.safeParse(name).error?.issues[0];
      if (issue !== undefined) throw new UsageError(`--${option} ${name}: ${issue.message}`);
    }
  }
  if (!STRATEGIES.includes(strategy))
    throw new UsageError(
      `--strategy ${strategy}: allowed with --live are ${STRATEGIES.join(', ')}`,
    );
  if (strategy === 'wwpn-pair' && pair.length !== wwpn.length)
    throw new UsageError('--strategy wwpn-pair needs a --pair for each --wwpn');
  if (strategy !== 'wwpn-pair' && pair.length > 0)
    throw new UsageError(`--pair does nothing with --strategy ${strategy}: leave it out`);
}

/** Asks the server for the move and shows what came of it. Errors: `UsageError`, `ListenError`. */
export async function liveMoveCommand(options: LiveMoveOptions): Promise<number> {
  const { control, from, to, wwpn, pair, strategy = 'same-wwpn', underLoad = false } = options;
  for (const [option, value] of Object.entries({ control, from, to, wwpn: wwpn[0] }))
    if (value === undefined) throw new UsageError(`move --live needs --${option}`);
  checkNames(options);
  if (from === to) throw new UsageError(`--from and --to are the same guest: ${from}`);
  const request = { command: 'move', from, to, wwpn, strategy, underLoad };
  const text = await askControl(
    control!,
    JSON.stringify(pair.length === 0 ? request : { ...request, pair }),
  );
  const answer = JSON.parse(text) as LiveMoveReport & {
    readonly ok: boolean;
    readonly error?: string;
  };
  if (!answer.ok) throw new UsageError(answer.error ?? 'the server refused the move');
  process.stdout.write(options.json === true ? `${toJson(answer, 2)}\n` : textOf(answer));
  return isClean(answer) ? Exit.clean : Exit.violated;
}

function isClean({ result, check, lateWrites, capture }: LiveMoveReport): boolean {
  return (
    result.outcome === 'moved' &&
    check !== undefined &&
    check.lost + check.old + check.torn + check.unread === 0 &&
    lateWrites === 0 &&
    capture.verdict.every((one) => one.result !== 'violated')
  );
}

function textOf(report: LiveMoveReport): string {
  const { result, phases, check, legs, lateWrites, capture, blackoutMs, uncertaintyMs } = report;
  const outcome =
    result.outcome === 'moved' ? pc.green('moved') : pc.red(`${result.outcome}: ${result.reason}`);
  const start = phases[0]?.atMs ?? 0;
  const pause =
    blackoutMs === undefined
      ? 'not observable: no block was acknowledged on both hosts'
      : `${pc.bold(`${blackoutMs.toFixed(0)} ms`)} between the last block acknowledged on the old host and the first on the new, +/- ${uncertaintyMs.toFixed(1)} ms`;
  const ledger =
    check === undefined
      ? 'not observable: the virtual machine has no disk'
      : `${count(check.blocks)} acknowledged blocks read back: ${check.lost} lost, ${check.old} old, ${check.torn} torn, ${check.unread} unreadable`;
  return [
    `live move  ${report.strategy}: ${outcome}`,
    '',
    table(
      phases.map(({ phase, detail, atMs }) => [
        `+${(atMs - start).toFixed(0)} ms`,
        pc.bold(phase),
        detail,
      ]),
      [0],
    ),
    '',
    table(
      [
        ['host', 'blocks acknowledged', 'longest gap', 'ended by'].map(pc.dim),
        ...legs.map((leg) => [
          leg.host,
          count(leg.acknowledged),
          `${leg.longestGapMs.toFixed(0)} ms`,
          leg.error ?? 'us',
        ]),
      ],
      [1, 2],
    ),
    '',
    `blackout  ${pause}`,
    `ledger    ${ledger}; ${lateWrites} written late`,
    '',
    ...verdictLines(capture.verdict.filter(({ result: one }) => one !== 'not-observable')),
    '',
    `${count(capture.capture.frames)} frames at the switches, ${count(capture.codec.identical)} identical when encoded again`,
    '',
  ].join('\n');
}
