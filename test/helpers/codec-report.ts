/**
 * What the codec library makes of frames, as text: a page and Node are given the same frames, and must
 * say the same. Uses nothing of Node.
 */
import * as codecs from '../../src/codecs/index.ts';

export interface GivenFrame {
  readonly linkType: number;
  /** Hex digits. */
  readonly bytes: string;
}

export interface CodecReport {
  /** True where the host lets a program make code from text. */
  readonly codeCanBeMade: boolean;
  /** A line for each frame: everything that was decoded. */
  readonly frames: readonly string[];
  /** Frames whose encoding is what was decoded. */
  readonly identical: number;
  /** Views, spans and encodings of single messages. */
  readonly messages: readonly string[];
}

function codeCanBeMade(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (one instanceof Uint8Array) return codecs.formatHex(one);
    return typeof one === 'bigint' ? `${one}n` : one;
  });
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

function frameLine(frame: codecs.Frame): string {
  const { crc, layers, malformed, protocol } = frame;
  const values = layers.map(({ layer, value }) => [layer, value]);
  const words = [codecs.summarize(frame), ...codecs.detailLines(frame), ...codecs.hexLines(frame)];
  return show({ protocol, crc, malformed: malformed?.message, values, words });
}

/** One header in each way that there is to read and write it. */
function messageLines(bytes: Uint8Array): string[] {
  const { fcHeader } = codecs;
  const view = fcHeader.view(bytes);
  const seen = Object.keys(fcHeader.table).map((key) => view[key as keyof typeof view]);
  const value = fcHeader.decode(bytes);
  let refused = '';
  try {
    fcHeader.encode({ ...value, dId: 2 ** 24 });
  } catch (error) {
    refused = error instanceof codecs.CodecError ? error.message : `no CodecError: ${error}`;
  }
  return [
    show(seen),
    show(value),
    show(fcHeader.encode(value)),
    show(fcHeader.spans(bytes)),
    refused,
  ];
}

/** Decodes, describes and encodes the frames, in one conversation. */
export function codecReport(given: readonly GivenFrame[]): CodecReport {
  const conversation = new codecs.Conversation();
  const frames: string[] = [];
  const messages: string[] = [];
  let identical = 0;
  for (const { linkType, bytes: digits } of given) {
    const bytes = codecs.parseHex(digits);
    const frame = codecs.decodeFrame(bytes, { linkType, conversation });
    if (sameBytes(codecs.encodeFrame(frame), bytes)) identical += 1;
    frames.push(frameLine(frame));
    const header = codecs.layerOf(frame, 'fc');
    if (header !== undefined) messages.push(...messageLines(codecs.bytesOf(frame, header)));
  }
  return { codeCanBeMade: codeCanBeMade(), frames, identical, messages };
}
