/** `sanmotion decode`: prints the frames of a capture. */
import pc from 'picocolors';
import { type ExchangeRow, ExchangeTracker } from '../audit/seen/exchange-table.ts';
import { CaptureError, openCapture, type TimedFrame } from '../capture/index.ts';
import {
  Conversation,
  decodeFrame,
  detailLines,
  type Frame,
  formatFcId,
  formatLun,
  formatSense,
  formatWwn,
  hexLines,
  summarize,
} from '../codecs/index.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { Exit, tellError, toJson, UsageError } from './output.ts';

/** Options of `sanmotion decode`, as they were typed. */
export interface DecodeCliOptions {
  readonly details?: boolean;
  readonly hex?: boolean;
  readonly json?: boolean;
  readonly exchanges?: boolean;
  readonly frame?: string;
}

/** Output is written in pieces of this size, and a full pipe is waited for. */
const PIECE_CHARACTERS = 65_536;

/** Collects lines and writes them in large pieces. */
class LineWriter {
  #text = '';

  async line(text: string): Promise<void> {
    this.#text += `${text}\n`;
    if (this.#text.length >= PIECE_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text === '' || process.stdout.write(text)) return;
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  }
}

/** Runs the command. Returns the exit status: 1 when a frame is malformed or the capture is cut. */
export async function decodeCommand(file: string, options: DecodeCliOptions): Promise<number> {
  const only = options.frame === undefined ? undefined : frameNumber(options.frame);
  const out = new LineWriter();
  let status: number = Exit.clean;
  let seen = 0;
  const conversation = new Conversation();
  const rows: ExchangeRow[] = [];
  const exchanges = new ExchangeTracker((row) => rows.push(row));
  try {
    const capture = await openCapture(file);
    let firstNs: bigint | undefined;
    for await (const batch of capture.frames) {
      for (const timed of batch) {
        seen++;
        const { linkType, originalLength, fcsBytes } = timed;
        firstNs ??= timed.timeNs;
        const frame = decodeFrame(timed.bytes, {
          linkType,
          originalLength,
          fcsBytes,
          conversation,
        });
        if (frame.malformed !== undefined && !frame.cut) status = Exit.violated;
        if (options.exchanges === true) {
          exchanges.add(frame, timed.index, timed.timeNs, timed.interfaceId);
          for (const row of rows.splice(0))
            await out.line(exchangeLine(row, firstNs, options.json === true));
        } else if (only === undefined || timed.index === only)
          await print(out, frame, timed, firstNs, options);
      }
      if (only !== undefined && seen >= only && options.exchanges !== true) break;
    }
    exchanges.finish();
    for (const row of rows.splice(0))
      await out.line(exchangeLine(row, firstNs ?? 0n, options.json === true));
    if (only !== undefined && seen < only) {
      throw new UsageError(`${file}: --frame ${only}: the capture has ${seen} frames`);
    }
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    await out.flush();
    tellError(error.message);
    return seen === 0 ? Exit.unusable : Exit.violated;
  }
  await out.flush();
  return status;
}

function frameNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new UsageError(`--frame ${text}: frames are numbered from 1`);
  return number;
}

async function print(
  out: LineWriter,
  frame: Frame,
  timed: TimedFrame,
  firstNs: bigint,
  options: DecodeCliOptions,
): Promise<void> {
  if (options.json === true) {
    await out.line(toJson(jsonOf(frame, timed)));
    return;
  }
  const at = seconds(timed.timeNs - firstNs);
  const where =
    timed.interfaceName === undefined ? '' : ` ${pc.dim(escapeText(timed.interfaceName))}`;
  const note = timed.comment === undefined ? '' : pc.cyan(`  # ${escapeText(timed.comment)}`);
  await out.line(
    `${String(timed.index).padStart(6)} ${at.padStart(13)}${where} ${summarize(frame)}${note}`,
  );
  if (options.details === true)
    for (const line of detailLines(frame)) await out.line(`       ${line}`);
  if (options.hex === true) for (const line of hexLines(frame)) await out.line(`       ${line}`);
}

/** Nanoseconds as seconds with all nine places. */
function seconds(ns: bigint): string {
  const negative = ns < 0n;
  const text = (negative ? -ns : ns).toString().padStart(10, '0');
  return `${negative ? '-' : ''}${text.slice(0, -9)}.${text.slice(-9)}`;
}

/** One object of `decode --json`. */
function jsonOf(frame: Frame, timed: TimedFrame): unknown {
  const { malformed } = frame;
  return {
    frame: timed.index,
    timeNs: timed.timeNs.toString(),
    interface: timed.interfaceName ?? null,
    length: timed.originalLength,
    summary: summarize(frame),
    layers: frame.layers.map(({ layer, offset, length, value, codec, inside }) => ({
      layer,
      name: codec.name,
      offset,
      length,
      ...(inside ? { inside } : {}),
      fields: plain(value),
    })),
    crc: frame.crc,
    malformed:
      malformed === undefined
        ? null
        : {
            layer: malformed.layer,
            field: malformed.field,
            offset: malformed.offset,
            fault: malformed.fault,
          },
  };
}

/** Values for JSON: bytes as hex digits, World Wide Names in their own form. */
function plain(value: unknown, key = ''): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return /name$/i.test(key) ? formatWwn(value) : value.toString();
  if (Array.isArray(value)) return value.map((one) => plain(one, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, name)]));
  }
  return value;
}

/** Data seen of what was asked for; of a bidirectional command each direction apart. */
function dataText({ dataBytes, expectedBytes, readBytes, expectedReadBytes }: ExchangeRow): string {
  if (expectedBytes === undefined) return '';
  if (readBytes === undefined) return `${dataBytes}/${expectedBytes} bytes`;
  return `${dataBytes}/${expectedBytes} bytes out  ${readBytes}/${expectedReadBytes} bytes in`;
}

function exchangeLine(row: ExchangeRow, firstNs: bigint, json: boolean): string {
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
