/** iSCSI: PDUs, additional headers, text keys, digests. Source: RFC 7143, RFC 7144. */
export * from './ahs.ts';
export * from './codes.ts';
export * from './framer.ts';
export {
  BHS_BYTES,
  DIGEST_BYTES,
  type IscsiDigests,
  NO_DIGESTS,
  type SenseSegment,
  senseSegment,
} from './parts.ts';
export * from './pdu.ts';
export * from './text.ts';
