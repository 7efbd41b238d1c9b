/** Any iSCSI PDU, and the digests around it. Source: RFC 7143, clause 11 and 13.1. */
import { crc32c } from '../crc32c.ts';
import {
  CodecError,
  type FamilyCodec,
  family,
  type Infer,
  type InferInput,
  u24,
  u32le,
} from '../layout/index.ts';
import { initiatorPdus } from './initiator.ts';
import { BHS_BYTES, DIGEST_BYTES, type IscsiDigests, NO_DIGESTS } from './parts.ts';
import { targetPdus } from './target.ts';

const AHS_LENGTH_AT = 4;
const DATA_LENGTH_AT = 5;
const OPCODE_MASK = 0x3f;

/** Bytes of a PDU's header, the basic one and the additional ones; 48 bytes must be there. */
export const headerBytesAt = (bytes: Uint8Array, at: number): number =>
  BHS_BYTES + bytes[at + AHS_LENGTH_AT]! * 4;

/** Bytes of its data segment, padding included. */
export const paddedDataBytesAt = (bytes: Uint8Array, at: number): number =>
  (u24.read(bytes, at + DATA_LENGTH_AT, 0) + 3) & ~3;

/** Bytes that the PDU takes on a connection with these digests; its basic header must be there. */
export function pduBytesAt(bytes: Uint8Array, at: number, digests: IscsiDigests): number {
  const data = paddedDataBytesAt(bytes, at);
  return (
    headerBytesAt(bytes, at) +
    (digests.header ? DIGEST_BYTES : 0) +
    data +
    (digests.data && data > 0 ? DIGEST_BYTES : 0)
  );
}

type Members = ReturnType<typeof initiatorPdus> & ReturnType<typeof targetPdus>;

function pduFamily(digests: IscsiDigests): FamilyCodec<Members> {
  const members = { ...initiatorPdus(digests), ...targetPdus(digests) } as const;
  type Key = keyof typeof members;
  return family('iSCSI PDU', 'RFC 7143, clause 11', {
    members,
    select(bytes, at) {
      const opcode = bytes[at]! & OPCODE_MASK;
      return Object.hasOwn(members, opcode) ? (opcode as Key) : undefined;
    },
    peekBytes: BHS_BYTES,
    extent: (bytes, at) => pduBytesAt(bytes, at, digests),
  });
}

/** Any PDU of a connection without digests: its `kind` is its name. Shape: 48 bytes and more. */
export const iscsiPdu: FamilyCodec<Members> = pduFamily(NO_DIGESTS);
export type IscsiPdu = Infer<typeof iscsiPdu>;
export type IscsiPduInput = InferInput<typeof iscsiPdu>;
/** A PDU of one kind. */
export type IscsiPduOf<K extends IscsiPdu['kind']> = Extract<IscsiPdu, { kind: K }>;

const withDigests = new Map<number, typeof iscsiPdu>([[0, iscsiPdu]]);

/** The codec of PDUs on a connection with these digests. `encode` takes digests as they are given. */
export function iscsiPduWith(digests: IscsiDigests): typeof iscsiPdu {
  const key = (digests.header ? 1 : 0) + (digests.data ? 2 : 0);
  let made = withDigests.get(key);
  if (made === undefined) {
    made = pduFamily(digests);
    withDigests.set(key, made);
  }
  return made;
}

/**
 * The bytes of a PDU for a connection with these digests, which are computed.
 * Errors: `CodecError` for a value that does not fit its field.
 */
export function encodeIscsiPdu(pdu: IscsiPduInput, digests: IscsiDigests): Uint8Array {
  const plain = iscsiPdu.encode(pdu);
  if (!digests.header && !digests.data) return plain;
  const whole = new Uint8Array(pduBytesAt(plain, 0, digests));
  const headerEnd = headerBytesAt(plain, 0);
  whole.set(plain.subarray(0, headerEnd));
  let at = headerEnd;
  if (digests.header) {
    u32le.write(whole, at, 0, crc32c(plain, 0, headerEnd));
    at += DIGEST_BYTES;
  }
  whole.set(plain.subarray(headerEnd), at);
  if (digests.data && plain.length > headerEnd)
    u32le.write(whole, whole.length - DIGEST_BYTES, 0, crc32c(plain, headerEnd));
  return whole;
}

/** What digests say of a PDU; `absent` where it has none. */
export type DigestState = 'good' | 'bad' | 'absent';

/** Whether the header digest of a whole PDU is right. */
export function headerDigestAt(bytes: Uint8Array, at: number, digests: IscsiDigests): DigestState {
  if (!digests.header) return 'absent';
  const end = at + headerBytesAt(bytes, at);
  return crc32c(bytes, at, end) === u32le.read(bytes, end, 0) ? 'good' : 'bad';
}

/** Whether the data digest of a whole PDU is right. */
export function dataDigestAt(bytes: Uint8Array, at: number, digests: IscsiDigests): DigestState {
  const length = paddedDataBytesAt(bytes, at);
  if (!digests.data || length === 0) return 'absent';
  const from = at + headerBytesAt(bytes, at) + (digests.header ? DIGEST_BYTES : 0);
  const end = from + length;
  return crc32c(bytes, from, end) === u32le.read(bytes, end, 0) ? 'good' : 'bad';
}

/** Errors: `CodecError` unless both digests of a whole PDU are right, where it has them. */
export function checkDigests(bytes: Uint8Array, at: number, digests: IscsiDigests): void {
  if (headerDigestAt(bytes, at, digests) === 'bad')
    throw new CodecError(
      'bad-value',
      'iSCSI PDU',
      'headerDigest',
      at,
      'is no CRC-32C of the header',
    );
  if (dataDigestAt(bytes, at, digests) === 'bad')
    throw new CodecError('bad-value', 'iSCSI PDU', 'dataDigest', at, 'is no CRC-32C of the data');
}
