/** What the frames of a capture bring of streams, ready to be printed with the frame in which it ends. */
import type { ExchangeTracker } from '../audit/seen/exchange-table.ts';
import type { FramePlace } from '../capture/index.ts';
import {
  type Conversation,
  detailLines,
  type Frame,
  hexLines,
  STREAM_NAMES,
  type StreamGap,
  type StreamPdu,
  summarizePdu,
  TcpStreams,
} from '../codecs/index.ts';
import { type CsvUnit, csvUnit } from './decode-csv.ts';
import { gapJson, pduJson, type StreamJson } from './decode-json.ts';

/** A unit of a stream: its line, and the lines that were asked for below it. */
interface PduLines {
  readonly text: string;
  readonly more: readonly string[];
}

/** How units are wanted. */
interface Wanted {
  readonly details?: boolean;
  readonly hex?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** Follows the streams of a capture for `decode`. */
export class DecodedStreams {
  /** Of the frame taken last. */
  pdus: PduLines[] = [];
  /** The same as they were decoded: a filter looks at them too. */
  units: Frame[] = [];
  gaps: string[] = [];
  /** A unit was malformed. */
  foundFault = false;
  readonly #wanted: Wanted;
  readonly #exchanges: ExchangeTracker | undefined;
  readonly #streams: TcpStreams;
  #json: { pdus: string[]; gaps: string[] } = { pdus: [], gaps: [] };
  #csv: CsvUnit[] = [];
  #place: FramePlace | undefined;

  /** `exchanges` hears of the Fibre Channel frames, instead of their being printed. */
  constructor(wanted: Wanted, conversation: Conversation, exchanges: ExchangeTracker | undefined) {
    this.#wanted = wanted;
    this.#exchanges = exchanges;
    const listener = {
      pdu: (pdu: StreamPdu) => this.#pdu(pdu),
      gap: (gap: StreamGap) => this.#gap(gap),
    };
    this.#streams = new TcpStreams(listener, conversation);
  }

  /** The same for rows of CSV. */
  get csv(): { readonly units: readonly CsvUnit[]; readonly gaps: readonly string[] } {
    return { units: this.#csv, gaps: this.gaps };
  }

  /** The same as JSON. */
  get json(): StreamJson {
    return this.#json;
  }

  /** Takes the next frame. */
  take(frame: Frame, place: FramePlace): void {
    if (this.pdus.length + this.#json.pdus.length + this.#json.gaps.length > 0) {
      this.pdus = [];
      this.#json = { pdus: [], gaps: [] };
    }
    if (this.gaps.length > 0) this.gaps = [];
    if (this.#csv.length > 0) this.#csv = [];
    if (this.units.length > 0) this.units = [];
    this.#place = place;
    this.#streams.take(frame, place.index);
  }

  #pdu(pdu: StreamPdu): void {
    const { frame } = pdu;
    if (frame.malformed !== undefined && !frame.cut) this.foundFault = true;
    if (this.#exchanges !== undefined) {
      const { index, timeNs, interfaceId } = this.#place!;
      this.#exchanges.add(frame, index, timeNs, interfaceId);
      return;
    }
    this.units.push(frame);
    const text = summarizePdu(pdu);
    const { csv, json, details, hex } = this.#wanted;
    if (csv === true) {
      this.#csv.push(csvUnit(pdu, text));
      return;
    }
    if (json === true) {
      this.#json.pdus.push(pduJson(pdu, text));
      return;
    }
    const more = [
      ...(details === true ? detailLines(frame) : []),
      ...(hex === true ? hexLines(frame) : []),
    ];
    this.pdus.push({ text, more });
  }

  #gap(gap: StreamGap): void {
    if (this.#wanted.json === true) this.#json.gaps.push(gapJson(gap));
    else this.gaps.push(gapText(gap));
  }
}

/** What a gap means to a reader of the lines. */
function gapText({ connection, fromClient, what, bytes }: StreamGap): string {
  const { client, server, protocol } = connection;
  const where = fromClient ? `${client} → ${server}` : `${server} → ${client}`;
  const name = STREAM_NAMES[protocol];
  if (what === 'lost')
    return `${name} ${where} [${bytes} bytes of the stream are not in the capture]`;
  return `${name} ${where} [${bytes} bytes in front of this cannot be read: where they begin is not in the capture]`;
}
