/** The moves that a capture shows, as a person reads them. */
import pc from 'picocolors';
import type { MoveEnd, MoveIo, MoveRow, OpenAcross } from '../audit/ledger/move-finder.ts';
import { count, counted, duration, table, terminalColumns, wrap } from './output.ts';

/** Exchanges shown of one move; the JSON has them all. */
const OPEN_SHOWN = 10;

/** Lines about the moves; none where the capture shows none. */
export function moveLines(moves: readonly MoveRow[]): string[] {
  return moves.flatMap((move) => ['', ...linesOf(move)]);
}

function linesOf(move: MoveRow): string[] {
  const { kind, because, from, to, lastIo, firstIo, blackoutNs, writeBlackoutNs, open } = move;
  const title = kind === 'same' ? 'the same WWPN' : 'the other WWPN of a pair';
  return [
    below(`${pc.bold('move')}       ${timeText(to.login?.timeNs)}${title}: ${because}`),
    table([
      ['', 'WWPN', 'N_Port_ID', 'MAC', 'ENode', 'login', 'logout'].map(pc.dim),
      ['  from', ...endCells(from)],
      ['  to', ...endCells(to)],
    ]),
    below(
      `  blackout ${pauseText(blackoutNs)}: ${ioText('last', lastIo)} on the old port, ${ioText('first', firstIo)} on the new`,
    ),
    ...(writeBlackoutNs === undefined
      ? []
      : [`           ${pauseText(writeBlackoutNs)} between the last write and the first`]),
    ...openLines(open),
  ];
}

/** A line that goes on below its own words. */
const below = (text: string): string => wrap(text, terminalColumns(), '  blackout '.length);

function endCells({ wwpn, nPortId, mac, place, login, logout }: MoveEnd): string[] {
  return [
    wwpn,
    nPortId,
    mac ?? '-',
    place,
    login === undefined ? 'before the capture' : `frame ${count(login.frame)}`,
    logout === undefined ? '-' : `frame ${count(logout.frame)} (${logout.by})`,
  ];
}

/** When the new port logged in. */
function timeText(ns: bigint | undefined): string {
  return ns === undefined ? '' : `${new Date(Number(ns / 1_000_000n)).toISOString()} `;
}

function pauseText(ns: bigint | undefined): string {
  return ns === undefined ? pc.yellow('not observable') : duration(Number(ns));
}

function ioText(which: string, io: MoveIo | undefined): string {
  return io === undefined
    ? 'no I/O done'
    : `${which} I/O done (${io.command}) in frame ${count(io.frame)}`;
}

function openLines(open: readonly OpenAcross[]): string[] {
  if (open.length === 0) return ['  no exchange was open when the old login ended'];
  const lines = open.slice(0, OPEN_SHOWN).map((one) => {
    const place = one.lba === undefined ? '' : ` LBA ${one.lba}, ${one.blocks ?? '?'} blocks`;
    const fate =
      one.end === 'unanswered' ? 'never answered' : `${one.end} in frame ${count(one.endFrame)}`;
    return `    frame ${count(one.frame)}: ${one.command}${place}, OX_ID ${one.oxId.toString(16).padStart(4, '0')}, to ${one.responder}: ${fate}`;
  });
  const more = open.length - lines.length;
  return [
    `  ${counted(open.length, 'exchange')} ${open.length === 1 ? 'was' : 'were'} open when the old login ended`,
    ...lines,
    ...(more > 0 ? [pc.dim(`    and ${count(more)} more (--json has them)`)] : []),
  ];
}
