/** A decoded frame as one line of JSON. */
import type { FramePlace } from '../capture/index.ts';
import {
  type Frame,
  formatWwn,
  type Layer,
  type StreamGap,
  type StreamPdu,
} from '../codecs/index.ts';
import type { LineOutput } from './line-output.ts';

/** Texts that stand in JSON as they are. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;
/** A World Wide Name's field. */
const NAME_FIELD = /name$/i;

const quoted = (text: string): string =>
  PLAIN_TEXT.test(text) ? `"${text}"` : JSON.stringify(text);

/** Field names as they stand in front of values, and whether they name a World Wide Name. */
const keys = new Map<string, { readonly text: string; readonly isName: boolean }>();
const KEYS_MAX = 10_000;

function keyOf(name: string) {
  let key = keys.get(name);
  if (key === undefined) {
    if (keys.size >= KEYS_MAX) keys.clear();
    key = { text: `${quoted(name)}:`, isName: NAME_FIELD.test(name) };
    keys.set(name, key);
  }
  return key;
}

const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

/** A value as JSON: bytes as hex digits, World Wide Names in their own form; empty for none. */
function jsonOf(value: unknown, isName: boolean): string {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'string':
      return quoted(value);
    case 'bigint':
      return `"${isName ? formatWwn(value) : value}"`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : objectOf(value, isName);
    default:
      return '';
  }
}

function objectOf(value: object, isName: boolean): string {
  if (value instanceof Uint8Array) return `"${hexOf(value)}"`;
  if (Array.isArray(value)) {
    const members = value.map((one: unknown) => jsonOf(one, isName) || 'null');
    return `[${members.join(',')}]`;
  }
  let text = '';
  for (const name in value) {
    const { text: key, isName: holdsName } = keyOf(name);
    const member = jsonOf((value as Record<string, unknown>)[name], holdsName);
    if (member !== '') text += text === '' ? key + member : `,${key}${member}`;
  }
  return `{${text}}`;
}

function layerOf({ layer, codec, offset, length, inside, value }: Layer): string {
  const place = `"offset":${offset},"length":${length}`;
  const isInside = inside ? ',"inside":true' : '';
  return `{"layer":"${layer}","name":${quoted(codec.name)},${place}${isInside},"fields":${jsonOf(value, false)}}`;
}

/** A unit of a stream as JSON; `summary` is its line of text. */
export function pduJson(pdu: StreamPdu, summary: string): string {
  const { connection, fromClient, frame, lengthBytes, firstFrame } = pdu;
  const { number, protocol } = connection;
  const head = `"protocol":"${protocol}","connection":${number},"fromClient":${fromClient},"firstFrame":${firstFrame}`;
  const layers = frame.layers.map(layerOf).join(',');
  return `{${head},"length":${lengthBytes},"summary":${quoted(summary)},"layers":[${layers}],"crc":"${frame.crc}","malformed":${faultOf(frame)}}`;
}

/** A gap of a stream as JSON. */
export function gapJson({ connection, fromClient, what, bytes }: StreamGap): string {
  const { number, protocol } = connection;
  return `{"protocol":"${protocol}","connection":${number},"fromClient":${fromClient},"what":"${what}","bytes":${bytes}}`;
}

/** What a frame brings of the streams that it is a part of, each as JSON. */
export interface StreamJson {
  readonly pdus: readonly string[];
  readonly gaps: readonly string[];
}

const listOf = (name: string, members: readonly string[]): string =>
  members.length === 0 ? '' : `,"${name}":[${members.join(',')}]`;

/** Puts a decoded frame as one line; `summary` is its line of text. */
export function putJson(
  out: LineOutput,
  frame: Frame,
  place: FramePlace,
  summary: string,
  streams: StreamJson,
): void {
  const { index, timeNs, interfaceName, originalLength } = place;
  const name = interfaceName === undefined ? 'null' : quoted(interfaceName);
  out.put(
    `{"frame":${index},"timeNs":"${timeNs}","interface":${name},"length":${originalLength},"cut":${frame.cut},"summary":`,
  );
  // By itself: an arrow in it would make the whole line one of wide characters.
  out.put(quoted(summary));
  let text = ',"layers":[';
  for (let i = 0; i < frame.layers.length; i++)
    text += (i === 0 ? '' : ',') + layerOf(frame.layers[i]!);
  out.put(`${text}],"crc":"${frame.crc}","malformed":${faultOf(frame)}`);
  out.put(`${listOf('pdus', streams.pdus)}${listOf('gaps', streams.gaps)}}\n`);
}

function faultOf({ malformed }: Frame): string {
  if (malformed === undefined) return 'null';
  const { layer, field, offset, fault } = malformed;
  return `{"layer":${quoted(layer)},"field":${quoted(field)},"offset":${offset},"fault":"${fault}"}`;
}
