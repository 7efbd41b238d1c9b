/** Requests and their exchanges, as the readers of payloads see them. */
import type { FcHeader } from '../fc/header.ts';
import type { FrameReader } from './reader.ts';
import type { ExchangeRecord } from './requests.ts';

/** A frame's place in its sequence. */
export interface SequencePlace {
  readonly first: boolean;
  readonly last: boolean;
}

/** What a request says of itself beyond its header. */
export type RequestParts = Pick<
  ExchangeRecord,
  'code' | 'subCode' | 'gsType' | 'gsSubtype' | 'command'
>;

/** To begin with, so that the parts of all requests are objects of one shape. */
export const NO_PARTS: RequestParts = {
  code: undefined,
  subCode: undefined,
  gsType: undefined,
  gsSubtype: undefined,
  command: undefined,
};

/** Opens the exchange of a request in the reader's conversation. */
export function openExchange(reader: FrameReader, header: FcHeader, parts: RequestParts): void {
  const record: ExchangeRecord = {
    sId: header.sId,
    dId: header.dId,
    oxId: header.oxId,
    type: header.type,
    code: parts.code,
    subCode: parts.subCode,
    gsType: parts.gsType,
    gsSubtype: parts.gsSubtype,
    command: parts.command,
  };
  reader.exchange = record;
  reader.conversation?.open(record);
}

/** The request of an answer, if it was one of this TYPE. */
export function requestOf(reader: FrameReader, header: FcHeader): ExchangeRecord | undefined {
  const found = reader.conversation?.of(header);
  if (found === undefined || found.type !== header.type) return undefined;
  reader.exchange = found;
  return found;
}
