/** The text of Login and Text PDUs: `key=value` pairs. Source: RFC 7143, clause 6.1. */
import { codec, type Infer, type InferInput, list, textToZero } from '../layout/index.ts';

/** One pair. Shape: its characters and a byte of zero. */
const textPair = codec('text pair', 'RFC 7143, 6.1', { pair: textToZero });

/** Pairs that one negotiation may have. */
export const TEXT_PAIRS_MAX = 1024;

/**
 * All pairs of one request or response, its PDUs joined: a pair may begin in one and end in the next.
 *
 * Shape: 0 bytes and more; each pair ends in a byte of zero, the last one too.
 * Errors: `truncated` where the last one does not.
 */
export const iscsiText = codec('iSCSI text', 'RFC 7143, 6.1', {
  pairs: list(textPair, { max: TEXT_PAIRS_MAX }),
});
export type IscsiText = Infer<typeof iscsiText>;
export type IscsiTextInput = InferInput<typeof iscsiText>;

/** A key and its value; a pair without `=` is a key with no value. */
export interface TextKey {
  readonly key: string;
  readonly value: string;
}

/** The keys of a text, in order. Errors: `CodecError` for what is no text. */
export function textKeysOf(bytes: Uint8Array): TextKey[] {
  return iscsiText.decode(bytes).pairs.map(({ pair }) => keyOf(pair));
}

/** A pair at its first `=`. */
export function keyOf(pair: string): TextKey {
  const at = pair.indexOf('=');
  return at < 0 ? { key: pair, value: '' } : { key: pair.slice(0, at), value: pair.slice(at + 1) };
}

/** The bytes of keys. Errors: `CodecError` for characters that take more than a byte. */
export function encodeTextKeys(keys: Iterable<TextKey>): Uint8Array {
  return iscsiText.encode({
    pairs: [...keys].map(({ key, value }) => ({ pair: `${key}=${value}` })),
  });
}

/** Keys that RFC 7143 defines, as they are written. Source: clauses 12 and 13. */
export const ISCSI_KEYS: ReadonlySet<string> = new Set([
  'AuthMethod',
  'CHAP_A',
  'CHAP_I',
  'CHAP_C',
  'CHAP_N',
  'CHAP_R',
  'HeaderDigest',
  'DataDigest',
  'MaxConnections',
  'SendTargets',
  'TargetName',
  'InitiatorName',
  'TargetAlias',
  'InitiatorAlias',
  'TargetAddress',
  'TargetPortalGroupTag',
  'InitialR2T',
  'ImmediateData',
  'MaxRecvDataSegmentLength',
  'MaxBurstLength',
  'FirstBurstLength',
  'DefaultTime2Wait',
  'DefaultTime2Retain',
  'MaxOutstandingR2T',
  'DataPDUInOrder',
  'DataSequenceInOrder',
  'ErrorRecoveryLevel',
  'SessionType',
  'TaskReporting',
  'iSCSIProtocolLevel',
]);
