/** FIP messages, and the FC frames inside their descriptors. */

import { ElsCommand } from '../els/codes.ts';
import { elsReply, elsRequest } from '../els/index.ts';
import { RCtl } from '../fc/codes.ts';
import { FC_HEADER_BYTES, fcHeader } from '../fc/header.ts';
import { type FipDescriptor, fipMessage } from '../fip/index.ts';
import { openExchange } from './exchange.ts';
import type { FrameReader } from './reader.ts';

const FIP_HEADER_BYTES = 10;
/** Type, length and reserved bytes in front of an encapsulated FC frame. */
const ENCAPSULATION_BYTES = 4;

const COMMANDS: Readonly<Record<string, number>> = {
  flogi: ElsCommand.FLOGI,
  fdisc: ElsCommand.FDISC,
  logo: ElsCommand.LOGO,
};

function showEncapsulated(reader: FrameReader, one: FipDescriptor, at: number, end: number): void {
  const command = COMMANDS[one.kind];
  if (one.kind !== 'flogi' && one.kind !== 'fdisc' && one.kind !== 'logo' && one.kind !== 'elp')
    return;
  const fcAt = at + ENCAPSULATION_BYTES;
  const payloadAt = fcAt + FC_HEADER_BYTES;
  reader.inside('fc', fcHeader, fcAt, payloadAt);
  if (payloadAt >= end || command === undefined) return;
  if (one.header.rCtl === RCtl['ELS Reply']) {
    reader.exchange = reader.conversation?.of(one.header);
    reader.inside('els', elsReply(command), payloadAt, end);
    return;
  }
  openExchange(reader, one.header, { code: reader.bytes[payloadAt]! });
  reader.inside('els', elsRequest, payloadAt, end);
}

/** Reads a FIP message up to the reader's end. */
export function readFip(reader: FrameReader): void {
  reader.protocol = 'fip';
  let at = reader.at + FIP_HEADER_BYTES;
  const message = reader.body('fip', fipMessage);
  for (const one of message?.descriptors ?? []) {
    const end = at + reader.bytes[at + 1]! * 4;
    showEncapsulated(reader, one, at, end);
    at = end;
  }
}
