/** FCoE in today's format and in the one before August 2007; native FC with its delimiters. */
import { crc32, crc32Around } from '../crc32.ts';
import { fcTrailer, sofDelimiter } from '../fc/delimiter.ts';
import { FC_HEADER_BYTES } from '../fc/header.ts';
import { isMdsInitiate, mdsHeader, mdsTrailer } from '../fc/mds.ts';
import { FcipFlags, fcipHeader, fcipSof, fcipSpecialFrame, fcipTrailer } from '../fcip/header.ts';
import { Eof } from '../fcoe/codes.ts';
import { fcCrcAt } from '../fcoe/frame.ts';
import { FCOE_HEADER_BYTES, FCOE_TRAILER_BYTES, fcoeHeader, fcoeTrailer } from '../fcoe/header.ts';
import { fcoeHeaderPreT11, fcoeTrailerPreT11, sofPreT11 } from '../fcoe/pre-t11.ts';
import { CodecError } from '../layout/index.ts';
import { readFc } from './fc.ts';
import { isRaw } from './layer.ts';
import type { FrameReader } from './reader.ts';

/** SOF codes below this one start a sequence. */
const SOF_NORMAL = 0x30;
/** Bytes of the Ethernet frame check sequence. */
const FCS_BYTES = 4;
/** A shorter FCoE frame has no room for an FC header, its trailer and an FCS. */
const FCS_FROM_BYTES = FCOE_HEADER_BYTES + FC_HEADER_BYTES + FCOE_TRAILER_BYTES + FCS_BYTES;
const EOF_FROM_END = 4;

/** Native delimiters whose second character pair says "initiate". */
const isInitiate = (sof: number): boolean => {
  const pair = sof & 0xff;
  return pair === 0x55 || pair === 0x56 || pair === 0x57 || pair === 0x59;
};

function readFrameBody(reader: FrameReader, initiate: boolean | undefined, crcAt: number): void {
  reader.within(crcAt < reader.end ? crcAt : reader.end, readFc, initiate, crcAt);
}

/** True for a frame whose CRC nobody can judge, because the capture cut it. */
function leavesCrc(reader: FrameReader): boolean {
  if (reader.cut && reader.checkCrc) reader.crc = 'cut';
  return reader.cut;
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

/**
 * Bytes of Ethernet FCS behind the FCoE frame `bytes[fcoeAt, end)`, where no one says whether the
 * capture kept it: the EOF lies 4 bytes further in front then. Where both places could hold one,
 * the FC CRC decides.
 */
export function fcsBytesBehind(bytes: Uint8Array, fcoeAt: number, end: number): number {
  const eofAt = end - EOF_FROM_END;
  if (end - fcoeAt < FCS_FROM_BYTES || isEof[bytes[eofAt - FCS_BYTES]!] === 0) return 0;
  if (isEof[bytes[eofAt]!] === 0) return FCS_BYTES;
  const crcAt = end - FCOE_TRAILER_BYTES - FCS_BYTES;
  const crc = crc32(bytes, fcoeAt + FCOE_HEADER_BYTES, crcAt);
  return crc === fcCrcAt(bytes, crcAt) ? FCS_BYTES : 0;
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
  if (crcAt + 5 > reader.end) {
    leavesCrc(reader);
    return;
  }
  const { crc } = reader.take('fcoe-trailer', fcoeTrailerPreT11);
  judgeCrc(reader, crc, from, crcAt);
  reader.raw('pad');
}

/** Native FC behind the header of a Cisco MDS switch's analyser. */
export function readMds(reader: FrameReader): void {
  const { sof } = reader.take('mds', mdsHeader);
  const from = reader.at;
  const crcAt = reader.wireEnd - mdsTrailer.headBytes;
  needFrame(reader, crcAt);
  readFrameBody(reader, isMdsInitiate(sof), crcAt);
  if (leavesCrc(reader)) return;
  const { crc } = reader.take('mds-trailer', mdsTrailer);
  judgeCrc(reader, crc, from, crcAt);
}

/** Reads an FCoE frame up to the reader's end. */
export function readFcoe(reader: FrameReader): void {
  if (reader.end - reader.at >= 2 && reader.bytes[reader.at + 1] !== 0) {
    readFcoePreT11(reader);
    return;
  }
  const declared = reader.cut || reader.fcsBytes !== undefined;
  const fcs = declared ? 0 : fcsBytesBehind(reader.bytes, reader.at, reader.end);
  const crcAt = reader.wireEnd - FCOE_TRAILER_BYTES - fcs;
  if (reader.end - reader.at >= FCOE_HEADER_BYTES) {
    const { sof } = reader.take('fcoe', fcoeHeader);
    const from = reader.at;
    needFrame(reader, crcAt);
    readFrameBody(reader, sof < SOF_NORMAL, crcAt);
    if (leavesCrc(reader)) return;
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
  if (leavesCrc(reader)) return;
  const { crc } = reader.take('fc-trailer', fcTrailer);
  judgeCrc(reader, crc, from, crcAt);
}

/** A frame of an FCIP connection, or the special one that opens it. */
export function readFcip(reader: FrameReader): void {
  const { pFlags } = reader.take('fcip', fcipHeader);
  if ((pFlags & FcipFlags.SF) !== 0) {
    reader.protocol = 'fcip';
    reader.body('fcip-special', fcipSpecialFrame);
    return;
  }
  const { sof } = reader.take('sof', fcipSof);
  const from = reader.at;
  const crcAt = reader.wireEnd - fcipTrailer.headBytes;
  needFrame(reader, crcAt);
  readFrameBody(reader, sof < SOF_NORMAL, crcAt);
  if (leavesCrc(reader)) return;
  const { crc } = reader.take('fc-trailer', fcipTrailer);
  judgeCrc(reader, crc, from, crcAt);
}
