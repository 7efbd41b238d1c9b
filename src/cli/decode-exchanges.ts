/** An exchange of `sanmotion decode --exchanges`: as a line, as JSON, as a row of CSV. */
import pc from 'picocolors';
import type { ExchangeRow } from '../audit/seen/exchange-row.ts';
import { formatFcId, formatLun, formatSense } from '../codecs/index.ts';
import { csvLine } from './csv.ts';
import { toJson } from './output.ts';

/** Nanoseconds as seconds with all nine places. */
function seconds(ns: bigint): string {
  const negative = ns < 0n;
  const text = (negative ? -ns : ns).toString().padStart(10, '0');
  return `${negative ? '-' : ''}${text.slice(0, -9)}.${text.slice(-9)}`;
}

/** Data seen of what was asked for; of a bidirectional command each direction apart. */
function dataText({ dataBytes, expectedBytes, readBytes, expectedReadBytes }: ExchangeRow): string {
  if (expectedBytes === undefined) return '';
  if (readBytes === undefined) return `${dataBytes}/${expectedBytes} bytes`;
  return `${dataBytes}/${expectedBytes} bytes out  ${readBytes}/${expectedReadBytes} bytes in`;
}

/** A line for a person, or one of JSON. `firstNs`: the stamp of the capture's first frame. */
export function exchangeLine(row: ExchangeRow, firstNs: bigint, json: boolean): string {
  const { originator, responder, oxId, rxId, command, lun, lba, blocks, status, residual, end } =
    row;
  if (json) {
    return toJson({
      ...row,
      originator: formatFcId(originator),
      responder: formatFcId(responder),
      lun: lun === undefined ? null : formatLun(lun),
      sense: row.sense === undefined ? null : formatSense(row.sense),
    });
  }
  const took = Number(row.endNs - row.startNs) / 1e6;
  return [
    `${row.firstFrame}-${row.lastFrame}`.padEnd(13),
    seconds(row.startNs - firstNs).padStart(13),
    `${formatFcId(originator)} → ${formatFcId(responder)}`,
    `OX ${oxId.toString(16).padStart(4, '0')}`,
    `RX ${rxId === undefined ? '----' : rxId.toString(16).padStart(4, '0')}`,
    command.padEnd(18),
    lun === undefined ? '' : `LUN ${formatLun(lun)}`,
    lba === undefined ? '' : `LBA ${lba}${blocks === undefined ? '' : `+${blocks}`}`,
    dataText(row),
    end === 'completed' ? pc.green(status ?? 'answered') : pc.yellow(end),
    residual === 0 ? '' : `residual ${residual}`,
    row.readResidual === 0 ? '' : `read residual ${row.readResidual}`,
    row.recovered ? 'recovered' : '',
    row.sense === undefined ? '' : formatSense(row.sense),
    end === 'unanswered' ? '' : pc.dim(`${took.toFixed(3)} ms`),
  ]
    .filter((one) => one !== '')
    .join('  ');
}

/** The columns of `--exchanges --csv`. */
export const EXCHANGE_COLUMNS = [
  'first_frame',
  'last_frame',
  'time',
  'took_ms',
  'originator',
  'responder',
  'ox_id',
  'rx_id',
  'command',
  'lun',
  'lba',
  'blocks',
  'data_bytes',
  'expected_bytes',
  'end',
  'status',
  'sense',
] as const;

/** A row of CSV; its cells are those of `EXCHANGE_COLUMNS`. */
export function exchangeCsv(row: ExchangeRow, firstNs: bigint): string {
  const { lun, oxId, rxId, sense } = row;
  const hex = (id: number): string => id.toString(16).padStart(4, '0');
  return csvLine([
    row.firstFrame,
    row.lastFrame,
    seconds(row.startNs - firstNs),
    row.end === 'unanswered' ? undefined : (Number(row.endNs - row.startNs) / 1e6).toFixed(6),
    formatFcId(row.originator),
    formatFcId(row.responder),
    hex(oxId),
    rxId === undefined ? undefined : hex(rxId),
    row.command,
    lun === undefined ? undefined : formatLun(lun),
    row.lba,
    row.blocks,
    row.dataBytes,
    row.expectedBytes,
    row.end,
    row.status,
    sense === undefined ? undefined : formatSense(sense),
  ]);
}
