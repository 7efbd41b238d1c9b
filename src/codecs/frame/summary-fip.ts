/** Summary lines of FIP messages. */

import type { FcHeader } from '../fc/header.ts';
import { formatFcMap } from '../fcoe/address.ts';
import {
  type FipDescriptor,
  FipFlags,
  type FipMessage,
  fipDescriptorOf,
  fipElsOf,
  fipMessage,
  fipMessageName,
} from '../fip/index.ts';
import { escapeText, formatFcId, formatWwn, isCutValue, namesOf } from '../layout/index.ts';
import { type Frame, layerOf, layerPart } from './layer.ts';
import { addresses, elsWords, line } from './summary-words.ts';

function describe(one: FipDescriptor): string {
  // Of a descriptor that was cut no more is known than that it is there.
  if (isCutValue(one)) return '';
  switch (one.kind) {
    case 'priority':
      return `priority ${one.priority}`;
    case 'mac':
      return one.mac;
    case 'fcMap':
      return `FC-MAP ${formatFcMap(one.fcMap)}`;
    case 'nameIdentifier':
      return `name ${formatWwn(one.name)}`;
    case 'fabric':
      return `fabric ${formatWwn(one.fabricName)} FC-MAP ${formatFcMap(one.fcMap)} VF_ID ${one.vfId}`;
    case 'maxFcoeSize':
      return `max FCoE size ${one.maxFcoeSizeBytes}`;
    case 'vxPort':
      return `${formatFcId(one.nPortId)} WWPN ${formatWwn(one.portName)}`;
    case 'fkaAdvPeriod':
      return `FKA ${one.fkaAdvPeriodMs} ms${one.flags & 1 ? ' D' : ''}`;
    case 'vendorId':
      return `vendor ${escapeText(one.vendorId.trimEnd())}`;
    case 'vlan':
      return `VLAN ${one.vid}`;
    default:
      return '';
  }
}

const COMMANDS = { flogi: 0x04, fdisc: 0x51, logo: 0x05, elp: undefined } as const;

function describeEls(frame: Frame, message: FipMessage): string {
  const one = fipElsOf(message);
  const els = layerOf(frame, 'els');
  if (one?.header === undefined || els === undefined) return '';
  const granted = fipDescriptorOf(message, 'mac')?.mac;
  const where = addresses(one.header as FcHeader);
  return line(elsWords(els.value, where, COMMANDS[one.kind]), granted && `MAC ${granted}`);
}

/** A FIP message in one line: its name, its descriptors, its flags. */
export function summarizeFip(frame: Frame): string {
  const part = layerPart(frame, fipMessage);
  if (part?.operation === undefined || part.subcode === undefined) return 'FIP';
  const message = { flags: 0, descriptors: [], ...part } as unknown as FipMessage;
  const els = describeEls(frame, message);
  if (els !== '') return line('FIP', els);
  const name = fipMessageName(message);
  const clears = name === 'FIP Clear Virtual Links' && !fipDescriptorOf(message, 'vxPort');
  const flags = namesOf(FipFlags, message.flags);
  return line(
    name.startsWith('FIP ') ? name : `FIP ${name}`,
    ...message.descriptors.map(describe),
    clears && 'all VN_Ports',
    flags.length > 0 && `[${flags.join(' ')}]`,
  );
}
