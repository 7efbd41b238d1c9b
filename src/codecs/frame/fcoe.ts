/** FCoE in today's format and in the one before August 2007; native FC with its delimiters. */
import { crc32, crc32Around } from '../crc32.ts';
import { fcTrailer, sofDelimiter } from '../fc/delimiter.ts';
import { FC_HEADER_BYTES } from '../fc/header.ts';
import { Eof } from '../fcoe/codes.ts';
import { FCOE_HEADER_BYTES, FCOE_TRAILER_BYTES, fcoeHeader, fcoeTrailer } from '../fcoe/header.ts';
import { fcoeHeaderPreT11, fcoeTrailerPreT11, sofPreT11 } from '../fcoe/pre-t11.ts';
import { CodecError } from '../layout/index.ts';
import { readFc } from './fc.ts';
import { isRaw } from './layer.ts';
import type { FrameReader } from './reader.ts';

/** SOF codes below this one start a sequence. */
const SOF_NORMAL = 0x30;
/** Bytes of the Ethernet frame check sequence. */
export const FCS_BYTES = 4;
/** A shorter FCoE frame has no room for both. */
export const FCS_FROM_BYTES = 60;
const EOF_FROM_END = 4;

/** Native delimiters whose second character pair says "initiate". */
const isInitiate = (sof: number): boolean => {
  const pair = sof & 0xff;
  return pair === 0x55 || pair === 0x56 || pair === 0x57 || pair === 0x59;
};

function readFrameBody(reader: FrameReader, initiate: boolean | undefined, crcAt: number): void {
  reader.within(crcAt < reader.end ? crcAt : reader.end, readFc, initiate, crcAt);
}

/** Called when the trailer is the last layer; in front of it is mostly the payload, as an array. */
function judgeCrc(reader: FrameReader, stored: number, from: number, to: number): void {
  if (!reader.checkCrc) return;
  const { bytes, layers } = reader;
  const last = layers[layers.length - 2];
  const crc =
    last !== undefined && isRaw(last)
      ? crc32Around(bytes, from, to, last.value.bytes, last.offset)
      : crc32(bytes, from, to);
  reader.crc = crc === stored ? 'good' : 'bad';
}

const isEof = new Uint8Array(256);
for (const code of Object.values(Eof)) isEof[code] = 1;

/** Some captures keep the Ethernet FCS: the EOF then lies 4 bytes further in front. */
export function hasFcs(bytes: Uint8Array, end: number): boolean {
  const eofAt = end - EOF_FROM_END;
  return isEof[bytes[eofAt]!] === 0 && isEof[bytes[eofAt - FCS_BYTES]!] === 1;
}

function needFrame(reader: FrameReader, crcAt: number): void {
  const need = FC_HEADER_BYTES + FCOE_TRAILER_BYTES;
  if (reader.cut || crcAt - reader.at >= FC_HEADER_BYTES) return;
  const what = `needs ${need} bytes, ${reader.end - reader.at} remain`;
  throw new CodecError('truncated', 'FCoE frame', 'header', reader.at, what);
}

/** The format of before August 2007: its second byte is never zero, today's always is. */
function readFcoePreT11(reader: FrameReader): void {
  const header = reader.take('fcoe', fcoeHeaderPreT11);
  const from = reader.at;
  const crcAt = from + header.lengthWords * 4 - 4;
  needFrame(reader, crcAt);
  if (crcAt + 5 > reader.end && !reader.cut) {
    const what = `says its FC frame has ${header.lengthWords} words, ${reader.end - from} bytes remain`;
    throw new CodecError('bad-length', fcoeHeaderPreT11.name, 'lengthWords', from - 2, what);
  }
  readFrameBody(reader, sofPreT11(header.sof) < SOF_NORMAL, crcAt);
  if (crcAt + 5 > reader.end) return;
  const { crc } = reader.take('fcoe-trailer', fcoeTrailerPreT11);
  judgeCrc(reader, crc, from, crcAt);
  reader.raw('pad');
}

/** Reads an FCoE frame up to the reader's end. */
export function readFcoe(reader: FrameReader): void {
  if (reader.end - reader.at >= 2 && reader.bytes[reader.at + 1] !== 0) {
    readFcoePreT11(reader);
    return;
  }
  const mayHaveFcs = !reader.cut && reader.end - reader.at > FCS_FROM_BYTES;
  const fcs = mayHaveFcs && hasFcs(reader.bytes, reader.end) ? FCS_BYTES : 0;
  const crcAt = reader.wireEnd - FCOE_TRAILER_BYTES - fcs;
  if (reader.end - reader.at >= FCOE_HEADER_BYTES) {
    const { sof } = reader.take('fcoe', fcoeHeader);
    const from = reader.at;
    needFrame(reader, crcAt);
    readFrameBody(reader, sof < SOF_NORMAL, crcAt);
    if (reader.cut) return;
    const { crc } = reader.take('fcoe-trailer', fcoeTrailer);
    judgeCrc(reader, crc, from, crcAt);
    reader.raw('pad');
  } else reader.take('fcoe', fcoeHeader);
}

/** Native FC without delimiters and CRC (link type 224). */
export function readFc2(reader: FrameReader): void {
  readFc(reader, undefined, reader.wireEnd);
}

/** Native FC with SOF, CRC and EOF (link type 225). */
export function readFc2WithDelimiters(reader: FrameReader): void {
  const { sof } = reader.take('sof', sofDelimiter);
  const from = reader.at;
  const crcAt = reader.wireEnd - fcTrailer.headBytes;
  needFrame(reader, crcAt);
  readFrameBody(reader, isInitiate(sof), crcAt);
  if (reader.cut) return;
  const { crc } = reader.take('fc-trailer', fcTrailer);
  judgeCrc(reader, crc, from, crcAt);
}
