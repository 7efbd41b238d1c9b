/** `sanmotion decode`: prints the frames of a capture. */
import pc from 'picocolors';
import { ExchangeTracker } from '../audit/seen/exchange-table.ts';
import { CaptureError, type FramePlace, openCapture } from '../capture/index.ts';
import {
  Conversation,
  decodeFrame,
  detailLines,
  type Frame,
  hexLines,
  type PlainParts,
  PlainScanner,
  summarize,
  summarizePlain,
} from '../codecs/index.ts';
import { escapeText } from '../codecs/layout/index.ts';
import type { Predicate } from '../filter/index.ts';
import { terminalColumns, within } from './columns.ts';
import { FRAME_COLUMNS, frameCsv } from './decode-csv.ts';
import { EXCHANGE_COLUMNS, exchangeCsv, exchangeLine } from './decode-exchanges.ts';
import { putJson } from './decode-json.ts';
import { DecodedStreams } from './decode-streams.ts';
import { filterOf, isPassed } from './frame-filter.ts';
import { LineOutput } from './line-output.ts';
import { type OptionModes, refuseIdle } from './modes.ts';
import { Exit, tellError, UsageError } from './output.ts';
import { Stop } from './stop.ts';

/** Options of `sanmotion decode`, as they were typed. */
export interface DecodeCliOptions {
  readonly details?: boolean;
  readonly hex?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly exchanges?: boolean;
  readonly frame?: string;
  /** A display filter. */
  readonly filter?: string;
}

type Form = 'lines' | 'json' | 'csv' | 'exchanges';

const FORMS: OptionModes<DecodeCliOptions, Form> = {
  details: ['lines'],
  hex: ['lines'],
  json: ['json', 'exchanges'],
  csv: ['csv', 'exchanges'],
  exchanges: 'every',
  frame: ['lines', 'json', 'csv'],
  filter: ['lines', 'json', 'csv'],
};
const FORM_WORDS: Readonly<Record<Form, string>> = {
  lines: 'without --json',
  json: 'with --json',
  csv: 'with --csv',
  exchanges: 'with --exchanges',
};

/** Thrown when the one frame that was asked for has been printed, or somebody has had enough. */
const ENOUGH = new Error('enough');

/** Runs the command. Returns the exit status: 1 when a frame is malformed or the capture is cut. */
export async function decodeCommand(file: string, options: DecodeCliOptions): Promise<number> {
  refuseIdle(options, formOf(options), FORM_WORDS, FORMS);
  if (options.json === true && options.csv === true)
    throw new UsageError('--json and --csv exclude each other: give one of them');
  const only = options.frame === undefined ? undefined : frameNumber(options.frame);
  const passes = options.filter === undefined ? undefined : filterOf(options.filter);
  const out = new LineOutput();
  const printer = new Printer(out, options, { only, passes });
  const stop = new Stop();
  try {
    const capture = await openCapture(file);
    await capture.visitAll(
      (place) => printer.visit(place),
      () => {
        if (stop.reason !== undefined) throw ENOUGH;
        return out.taken();
      },
    );
  } catch (error) {
    if (error instanceof CaptureError) {
      printer.finish();
      await out.flush();
      tellError(error.message);
      return printer.seen === 0 ? Exit.unusable : Exit.violated;
    }
    if (error !== ENOUGH) throw error;
  } finally {
    stop.end();
  }
  printer.finish();
  await out.flush();
  if (stop.reason !== undefined) return Exit.interrupted;
  if (only !== undefined && printer.seen < only) {
    throw new UsageError(`${file}: --frame ${only}: the capture has ${printer.seen} frames`);
  }
  return printer.foundFault ? Exit.violated : Exit.clean;
}

function formOf({ csv, exchanges, json }: DecodeCliOptions): Form {
  if (exchanges === true) return 'exchanges';
  if (json === true) return 'json';
  return csv === true ? 'csv' : 'lines';
}

/** Frames that are printed: one, or those that pass a filter; all where neither was asked for. */
interface Wanted {
  readonly only: number | undefined;
  readonly passes: Predicate | undefined;
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
  readonly #passes: Predicate | undefined;
  /** Nothing is asked of a frame but its line. */
  readonly #linesOnly: boolean;
  readonly #conversation = new Conversation();
  readonly #scanner = new PlainScanner();
  readonly #parts: PlainParts = newPlainParts();
  readonly #exchanges = new ExchangeTracker((row) => {
    const { csv, json } = this.#options;
    if (csv === true) this.#out.line(exchangeCsv(row, this.#startNs));
    else if (json === true) this.#out.line(exchangeLine(row, this.#startNs, true));
    else this.#fit(exchangeLine(row, this.#startNs, false), LINE_INDENT);
  });
  #startNs = 0n;
  #startSeconds = 0;
  #startNanoseconds = 0;
  readonly #streams: DecodedStreams;
  readonly #columns = terminalColumns();

  constructor(out: LineOutput, options: DecodeCliOptions, { only, passes }: Wanted) {
    this.#out = out;
    this.#options = options;
    this.#only = only;
    this.#passes = passes;
    const { csv, details, hex, json, exchanges } = options;
    this.#linesOnly =
      [csv, details, hex, json, exchanges].every((one) => one !== true) && passes === undefined;
    if (csv === true) out.line((exchanges === true ? EXCHANGE_COLUMNS : FRAME_COLUMNS).join(','));
    const exchangesOf = exchanges === true ? this.#exchanges : undefined;
    this.#streams = new DecodedStreams(options, this.#conversation, exchangesOf);
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
    this.#streams.take(frame, place);
    if (this.#streams.foundFault) this.foundFault = true;
    if (frame.malformed !== undefined && !frame.cut) this.foundFault = true;
    if (this.#options.exchanges === true) {
      this.#exchanges.add(frame, index, place.timeNs, interfaceId);
    } else if (this.#isWanted(place) && this.#isPassed(place, frame)) this.#print(place, frame);
  }

  #isPassed(place: FramePlace, frame: Frame): boolean {
    if (this.#passes === undefined) return true;
    return isPassed(this.#passes, place, frame, this.#streams.units, this.#startNs);
  }

  #print(place: FramePlace, frame: Frame): void {
    const { csv, json, details, hex } = this.#options;
    if (csv === true) {
      for (const line of frameCsv(place, frame, this.#elapsed(place), this.#streams.csv))
        this.#out.line(line);
      return;
    }
    const { pdus, gaps } = this.#streams;
    if (json === true) {
      putJson(this.#out, frame, place, summarize(frame), this.#streams.json);
      return;
    }
    if (pdus.length === 0 || details === true || hex === true)
      this.#printLine(place, summarize(frame));
    if (details === true) for (const line of detailLines(frame)) this.#below(line);
    if (hex === true) for (const line of hexLines(frame)) this.#below(line);
    for (const gap of gaps) this.#printLine(place, pc.yellow(gap));
    for (const { text, more } of pdus) {
      this.#printLine(place, text);
      for (const line of more) this.#below(line);
    }
  }

  #elapsed({ nanoseconds, seconds: at }: FramePlace): string {
    return elapsed(at - this.#startSeconds, nanoseconds - this.#startNanoseconds);
  }

  #printLine(place: FramePlace, text: string) {
    const { comment, index, interfaceName } = place;
    const time = this.#elapsed(place);
    const where = interfaceName === undefined ? '' : ` ${pc.dim(escapeText(interfaceName))}`;
    const note = comment === undefined ? '' : pc.cyan(`  # ${escapeText(comment)}`);
    this.#fit(
      `${String(index).padStart(6)} ${time.padStart(13)}${where} ${text}${note}`,
      LINE_INDENT,
    );
  }

  /** A line below that of its frame. */
  #below(line: string): void {
    const depth = line.length - line.trimStart().length;
    this.#fit(`${BELOW}${line}`, BELOW.length + depth + MORE_INDENT);
  }

  /** Where a terminal is narrower, the line goes on below, indented. */
  #fit(line: string, indent: number): void {
    this.#out.line(
      this.#columns === Number.POSITIVE_INFINITY ? line : within(line, this.#columns, indent),
    );
  }
}

/** What stands below the line of a frame. */
const BELOW = '       ';
/** Where the text of a line stands: behind number and time. */
const LINE_INDENT = 21;
const MORE_INDENT = 4;

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
