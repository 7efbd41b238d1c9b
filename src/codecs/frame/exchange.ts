/** Requests and their exchanges, as the readers of payloads see them. */
import type { FcHeader } from '../fc/header.ts';
import type { ExchangeRecord } from './conversation.ts';
import type { FrameReader } from './reader.ts';

/** A frame's place in its sequence. */
export interface SequencePlace {
  readonly first: boolean;
  readonly last: boolean;
}

/** Opens the exchange of a request in the reader's conversation. */
export function openExchange(
  reader: FrameReader,
  header: FcHeader,
  more: Partial<ExchangeRecord>,
): void {
  const { sId, dId, oxId, type } = header;
  const record: ExchangeRecord = {
    sId,
    dId,
    oxId,
    type,
    code: undefined,
    gsType: undefined,
    gsSubtype: undefined,
    command: undefined,
    ...more,
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
