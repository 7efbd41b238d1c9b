/** FC frames: extended headers, header, optional headers, data field, fill bytes. */
import { DfCtl, FCTL_FILL_MASK, RCtl } from '../fc/codes.ts';
import { encHeader, ifrHeader, vftHeader } from '../fc/extended.ts';
import { type FcHeader, fcHeader } from '../fc/header.ts';
import { espHeader, optionalHeaders } from '../fc/optional.ts';
import { CodecError } from '../layout/index.ts';
import { readPayload } from './payload.ts';
import type { FrameReader } from './reader.ts';

/** Reads the extended headers; true when an ESP_Header of the link comes next. */
function readExtendedHeaders(reader: FrameReader): boolean {
  for (;;) {
    switch (reader.bytes[reader.at]) {
      case RCtl.VFT_Header:
        if (reader.take('vft', vftHeader).espFollows === 1) return true;
        break;
      case RCtl.IFR_Header:
        reader.take('ifr', ifrHeader);
        break;
      case RCtl.Enc_Header:
        if (reader.take('enc', encHeader).dfCtl & DfCtl.ESP_Header) return true;
        break;
      default:
        return false;
    }
  }
}

/** Reads the optional headers; true when what follows may be encrypted. */
function readOptionalHeaders(reader: FrameReader, dfCtl: number): boolean {
  let encrypted = false;
  for (const by of optionalHeaders(dfCtl)) {
    reader.take('optional-header', by);
    if (by === espHeader) {
      encrypted = true;
      break;
    }
  }
  return encrypted;
}

/** Where the payload ends and its fill bytes begin. */
function payloadEnd(reader: FrameReader, header: FcHeader, wireEnd: number): number {
  const fill = header.fCtl & FCTL_FILL_MASK;
  const end = wireEnd - fill;
  if (end >= reader.at) return end < reader.end ? end : reader.end;
  const what = `${fill} fill bytes in a data field of ${reader.end - reader.at}`;
  reader.fail(new CodecError('bad-length', fcHeader.name, 'fCtl', reader.at - 15, what));
  return reader.end;
}

/**
 * Reads an FC frame up to the reader's end, which is where its CRC begins or the capture was cut.
 * `initiate`: the SOF said whether this is the first frame of its sequence; `undefined` without one.
 */
export function readFc(reader: FrameReader, initiate: boolean | undefined, wireEnd: number): void {
  if (readExtendedHeaders(reader)) {
    reader.take('optional-header', espHeader);
    reader.protocol = 'fc';
    reader.raw('payload');
    return;
  }
  const header = reader.take('fc', fcHeader);
  const parameterAt = reader.at - 4;
  const encrypted = header.dfCtl !== 0 && readOptionalHeaders(reader, header.dfCtl);
  const end = payloadEnd(reader, header, wireEnd);
  const outer = reader.end;
  reader.end = end;
  if (encrypted) {
    reader.protocol = 'fc';
    reader.raw('payload');
  } else readPayload(reader, header, initiate, parameterAt);
  reader.end = outer;
  reader.raw('fill');
}
