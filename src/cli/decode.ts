/** `sanmotion decode`: prints the frames of a capture. */
import pc from 'picocolors';
import { type ExchangeRow, ExchangeTracker } from '../audit/seen/exchange-table.ts';
import { CaptureError, type FramePlace, openCapture } from '../capture/index.ts';
import {
  Conversation,
  decodeFrame,
  detailLines,
  type Frame,
  formatFcId,
  formatLun,
  formatSense,
  hexLines,
  type PlainParts,
  PlainScanner,
  summarize,
  summarizePlain,
} from '../codecs/index.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { putJson } from './decode-json.ts';
import { LineOutput } from './line-output.ts';
import { type OptionModes, refuseIdle } from './modes.ts';
import { Exit, tellError, toJson, UsageError } from './output.ts';

/** Options of `sanmotion decode`, as they were typed. */
export interface DecodeCliOptions {
  readonly details?: boolean;
  readonly hex?: boolean;
  readonly json?: boolean;
  readonly exchanges?: boolean;
  readonly frame?: string;
}

type Form = 'lines' | 'json' | 'exchanges';

const FORMS: OptionModes<DecodeCliOptions, Form> = {
  details: ['lines'],
  hex: ['lines'],
  json: 'every',
  exchanges: 'every',
  frame: ['lines', 'json'],
};
const FORM_WORDS: Readonly<Record<Form, string>> = {
  lines: 'without --json',
  json: 'with --json',
  exchanges: 'with --exchanges',
};

/** Thrown when the one frame that was asked for has been printed. */
const ENOUGH = new Error('enough');

/** Runs the command. Returns the exit status: 1 when a frame is malformed or the capture is cut. */
export async function decodeCommand(file: string, options: DecodeCliOptions): Promise<number> {
  const form = options.exchanges === true ? 'exchanges' : options.json === true ? 'json' : 'lines';
  refuseIdle(options, form, FORM_WORDS, FORMS);
  const only = options.frame === undefined ? undefined : frameNumber(options.frame);
  const out = new LineOutput();
  const printer = new Printer(out, options, only);
  try {
    const capture = await openCapture(file);
    await capture.visitAll(
      (place) => printer.visit(place),
      () => out.taken(),
    );
  } catch (error) {
    if (error instanceof CaptureError) {
      printer.finish();
      await out.flush();
      tellError(error.message);
      return printer.seen === 0 ? Exit.unusable : Exit.violated;
    }
    if (error !== ENOUGH) throw error;
  }
  printer.finish();
  await out.flush();
  if (only !== undefined && printer.seen < only) {
    throw new UsageError(`${file}: --frame ${only}: the capture has ${printer.seen} frames`);
  }
  return printer.foundFault ? Exit.violated : Exit.clean;
}

/** Prints the frames of a capture, one after the other, or the exchanges that they make. */
class Printer {
  /** Frames so far. */
  seen = 0;
  /** A frame was malformed. */
  foundFault = false;
  readonly #out: LineOutput;
  readonly #options: DecodeCliOptions;
  readonly #only: number | undefined;
  /** Nothing is asked of a frame but its line. */
  readonly #linesOnly: boolean;
  readonly #conversation = new Conversation();
  readonly #scanner = new PlainScanner();
  readonly #parts: PlainParts = newPlainParts();
  readonly #exchanges = new ExchangeTracker((row) =>
    this.#out.line(exchangeLine(row, this.#startNs, this.#options.json === true)),
  );
  #startNs = 0n;
  #startSeconds = 0;
  #startNanoseconds = 0;

  constructor(out: LineOutput, options: DecodeCliOptions, only: number | undefined) {
    this.#out = out;
    this.#options = options;
    this.#only = only;
    const { details, hex, json, exchanges } = options;
    this.#linesOnly = details !== true && hex !== true && json !== true && exchanges !== true;
  }

  /** Takes the next frame where it lies. */
  visit(place: FramePlace): void {
    if (this.seen++ === 0) {
      this.#startNs = place.timeNs;
      this.#startSeconds = place.seconds;
      this.#startNanoseconds = place.nanoseconds;
    }
    if (this.#linesOnly && this.#scanner.scan(place, this.#parts)) {
      const text = summarizePlain(place, this.#parts, this.#conversation);
      if (text !== undefined) {
        if (this.#isWanted(place)) this.#printLine(place, text);
        this.#stopBehind(place);
        return;
      }
    }
    this.#visitLayers(place);
    this.#stopBehind(place);
  }

  /** No frame follows. */
  finish(): void {
    this.#exchanges.finish();
  }

  #isWanted({ index }: FramePlace): boolean {
    return this.#only === undefined || index === this.#only;
  }

  #stopBehind({ index }: FramePlace): void {
    if (index === this.#only && this.#options.exchanges !== true) throw ENOUGH;
  }

  #visitLayers(place: FramePlace): void {
    const { linkType, originalLength, fcsBytes, index, interfaceId } = place;
    const conversation = this.#conversation;
    // By itself, so that places in it are counted from its first byte.
    const bytes = place.bytes.subarray(place.at, place.end);
    const frame = decodeFrame(bytes, { linkType, originalLength, fcsBytes, conversation });
    if (frame.malformed !== undefined && !frame.cut) this.foundFault = true;
    if (this.#options.exchanges === true) {
      this.#exchanges.add(frame, index, place.timeNs, interfaceId);
    } else if (this.#isWanted(place)) this.#print(place, frame);
  }

  #print(place: FramePlace, frame: Frame): void {
    const { json, details, hex } = this.#options;
    if (json === true) {
      putJson(this.#out, frame, place, summarize(frame));
      return;
    }
    this.#printLine(place, summarize(frame));
    if (details === true) for (const line of detailLines(frame)) this.#out.line(`       ${line}`);
    if (hex === true) for (const line of hexLines(frame)) this.#out.line(`       ${line}`);
  }

  #printLine(
    { index, seconds: at, nanoseconds, interfaceName, comment }: FramePlace,
    text: string,
  ) {
    const time = elapsed(at - this.#startSeconds, nanoseconds - this.#startNanoseconds);
    const where = interfaceName === undefined ? '' : ` ${pc.dim(escapeText(interfaceName))}`;
    const note = comment === undefined ? '' : pc.cyan(`  # ${escapeText(comment)}`);
    this.#out.line(`${String(index).padStart(6)} ${time.padStart(13)}${where} ${text}${note}`);
  }
}

const newPlainParts = (): PlainParts => ({
  unit: 'data',
  fcAt: 0,
  payloadAt: 0,
  payloadEnd: 0,
  sof: 0,
  eof: 0,
  vlan: undefined,
});

const SECOND_NS = 1_000_000_000;

/** A difference of stamps as seconds with all nine places. */
function elapsed(seconds: number, nanoseconds: number): string {
  let [whole, rest] =
    nanoseconds < 0 ? [seconds - 1, nanoseconds + SECOND_NS] : [seconds, nanoseconds];
  const isNegative = whole < 0;
  if (isNegative && rest > 0) [whole, rest] = [whole + 1, SECOND_NS - rest];
  return `${isNegative ? '-' : ''}${Math.abs(whole)}.${String(rest).padStart(9, '0')}`;
}

function frameNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new UsageError(`--frame ${text}: frames are numbered from 1`);
  return number;
}

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
