/** FIP messages, and the FC frames inside their descriptors. */

import { ElsCommand } from '../els/codes.ts';
import { elsReply, elsRequest } from '../els/index.ts';
import { FCTL_EXCHANGE_CONTEXT, RCtl } from '../fc/codes.ts';
import { FC_HEADER_BYTES, fcHeader } from '../fc/header.ts';
import { type FipEncapsulated, fipMessage } from '../fip/index.ts';
import type { AnyCodec } from '../layout/index.ts';
import { SwIlsCommand, swIlsReply, swIlsRequest } from '../swils/index.ts';
import { NO_PARTS, openExchange } from './exchange.ts';
import type { FrameReader } from './reader.ts';

const FIP_HEADER_BYTES = 10;
/** Type, length and reserved bytes in front of an encapsulated FC frame. */
const ENCAPSULATION_BYTES = 4;

const COMMANDS = {
  flogi: ElsCommand.FLOGI,
  fdisc: ElsCommand.FDISC,
  logo: ElsCommand.LOGO,
} as const;

/** What the descriptor's FC frame carries: the service the descriptor is named for, or its reply. */
function encapsulatedBy(one: FipEncapsulated): AnyCodec {
  if (one.kind === 'elp') {
    const isReply = one.header.rCtl === RCtl['Solicited Control'];
    return isReply ? swIlsReply(SwIlsCommand.ELP) : swIlsRequest;
  }
  return one.header.rCtl === RCtl['ELS Reply'] ? elsReply(COMMANDS[one.kind]) : elsRequest;
}

function showEncapsulated(
  reader: FrameReader,
  one: FipEncapsulated,
  at: number,
  end: number,
): void {
  const fcAt = at + ENCAPSULATION_BYTES;
  const payloadAt = fcAt + FC_HEADER_BYTES;
  reader.inside('fc', fcHeader, fcAt, payloadAt);
  if (payloadAt >= end) return;
  if ((one.header.fCtl & FCTL_EXCHANGE_CONTEXT) === 0)
    openExchange(reader, one.header, { ...NO_PARTS, code: reader.bytes[payloadAt]! });
  else reader.exchange = reader.conversation?.of(one.header);
  reader.inside(one.kind === 'elp' ? 'swils' : 'els', encapsulatedBy(one), payloadAt, end);
}

/** Reads a FIP message up to the reader's end. */
export function readFip(reader: FrameReader): void {
  reader.protocol = 'fip';
  let at = reader.at + FIP_HEADER_BYTES;
  const message = reader.body('fip', fipMessage);
  for (const one of message?.descriptors ?? []) {
    const end = at + reader.bytes[at + 1]! * 4;
    if ('header' in one) showEncapsulated(reader, one, at, end);
    at = end;
  }
}
