/** A decoded frame as one line of JSON. */
import type { FramePlace } from '../capture/index.ts';
import { type Frame, type Layer, type StreamGap, type StreamPdu, toJson } from '../codecs/index.ts';
import { jsonText } from '../codecs/json.ts';
import type { LineOutput } from './line-output.ts';

const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

function layerOf({ layer, codec, offset, length, inside, value }: Layer): string {
  const place = `"offset":${offset},"length":${length}`;
  const isInside = inside ? ',"inside":true' : '';
  return `{"layer":"${layer}","name":${jsonText(codec.name)},${place}${isInside},"fields":${toJson(value, hexOf)}}`;
}

/** A unit of a stream as JSON; `summary` is its line of text. */
export function pduJson(pdu: StreamPdu, summary: string): string {
  const { connection, fromClient, frame, lengthBytes, firstFrame } = pdu;
  const { number, protocol } = connection;
  const head = `"protocol":"${protocol}","connection":${number},"fromClient":${fromClient},"firstFrame":${firstFrame}`;
  const layers = frame.layers.map(layerOf).join(',');
  return `{${head},"length":${lengthBytes},"summary":${jsonText(summary)},"layers":[${layers}],"crc":"${frame.crc}","malformed":${faultOf(frame)}}`;
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
  const name = interfaceName === undefined ? 'null' : jsonText(interfaceName);
  out.put(
    `{"frame":${index},"timeNs":"${timeNs}","interface":${name},"length":${originalLength},"cut":${frame.cut},"summary":`,
  );
  // By itself: an arrow in it would make the whole line one of wide characters.
  out.put(jsonText(summary));
  let text = ',"layers":[';
  for (let i = 0; i < frame.layers.length; i++)
    text += (i === 0 ? '' : ',') + layerOf(frame.layers[i]!);
  out.put(`${text}],"crc":"${frame.crc}","malformed":${faultOf(frame)}`);
  out.put(`${listOf('pdus', streams.pdus)}${listOf('gaps', streams.gaps)}}\n`);
}

function faultOf({ malformed }: Frame): string {
  if (malformed === undefined) return 'null';
  const { layer, field, offset, fault } = malformed;
  return `{"layer":${jsonText(layer)},"field":${jsonText(field)},"offset":${offset},"fault":"${fault}"}`;
}
