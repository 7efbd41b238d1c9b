/**
 * Fibre Channel in a byte stream: what stands around a frame, and the special frame that opens a
 * connection. Nearly every field is there twice, the second time as its one's complement.
 * Source: RFC 3643 (encapsulation), RFC 3821 (FCIP).
 */

import { Eof, Sof } from '../fcoe/codes.ts';
import {
  bit,
  bytes,
  codec,
  derived,
  type FixedField,
  flags,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved8,
  reserved16,
  u8,
  u16,
  u32,
  u32le,
  withDefault,
  wwn,
} from '../layout/index.ts';

/** TCP port of FCIP. Source: RFC 3821, IANA. */
export const FCIP_TCP_PORT = 3225;

/** Protocols that use the encapsulation. Source: RFC 3643, appendix C. */
export const FcEncapsulation = { FCIP: 1, iFCP: 2 } as const;

/** Protocol specific flags: `Ch`: the special frame was changed; `SF`: this is one. */
export const FcipFlags = { Ch: 0x80, SF: 0x01 } as const;

/** Which SOF a connection is meant for. */
export const FcipConnectionUsage = { SOFf: 0x80, SOF2: 0x40, SOF3: 0x20, SOF4: 0x10 } as const;

const VERSION = 1;
const WORD_BYTES = 4;

/** A field that is the one's complement of another. */
const complementOf = (field: FixedField<number>, other: string): FixedField<number, true> =>
  derived(
    hex(field),
    (value) => ~((value[other] as number | undefined) ?? 0) & (2 ** field.bits - 1),
  );

const word0 = (value: Readonly<Record<string, unknown>>): number => {
  const { protocol = FcEncapsulation.FCIP, version = VERSION } = value as Partial<
    Record<'protocol' | 'version', number>
  >;
  return ((protocol << 24) | (version << 16) | ((~protocol & 0xff) << 8) | (~version & 0xff)) >>> 0;
};

/**
 * FC encapsulation header of FCIP.
 *
 * Shape: 28 bytes.
 * Units: `frameLengthWords` counts 32-bit words from this header to the EOF.
 */
export const fcipHeader = codec('FCIP header', 'RFC 3643, 3.1, and RFC 3821, 5.6.1', {
  protocol: withDefault(named(u8, FcEncapsulation), FcEncapsulation.FCIP),
  version: withDefault(u8, VERSION),
  protocolComplement: derived(hex(u8), (v) => (word0(v) >>> 8) & 0xff),
  versionComplement: derived(hex(u8), (v) => word0(v) & 0xff),
  /** The first word once more. */
  word0Again: derived(hex(u32), word0),
  pFlags: withDefault(flags(u8, FcipFlags), 0),
  reserved1: reserved8,
  pFlagsComplement: complementOf(u8, 'pFlags'),
  reserved1Complement: complementOf(u8, 'reserved1'),
  flags: withDefault(bit(6), 0),
  frameLengthWords: bit(10),
  flagsComplement: complementOf(bit(6), 'flags'),
  frameLengthComplement: complementOf(bit(10), 'frameLengthWords'),
  timeStampSeconds: withDefault(u32, 0),
  timeStampFraction: withDefault(hex(u32), 0),
  crc: withDefault(hex(u32), 0),
});
export type FcipHeader = Infer<typeof fcipHeader>;
export type FcipHeaderInput = InferInput<typeof fcipHeader>;

/** SOF of an encapsulated frame. Shape: 4 bytes. */
export const fcipSof = codec('FCIP SOF', 'RFC 3643, 5.3', {
  sof: named(u8, Sof),
  sofAgain: derived(hex(u8), (v) => v.sof as number),
  sofComplement: complementOf(u8, 'sof'),
  sofComplementAgain: complementOf(u8, 'sof'),
});
export type FcipSof = Infer<typeof fcipSof>;

/** FC CRC, stored as in FCoE, and EOF of an encapsulated frame. Shape: 8 bytes. */
export const fcipTrailer = codec('FCIP trailer', 'RFC 3643, 5.1 and 5.3', {
  crc: u32le,
  eof: named(u8, Eof),
  eofAgain: derived(hex(u8), (v) => v.eof as number),
  eofComplement: complementOf(u8, 'eof'),
  eofComplementAgain: complementOf(u8, 'eof'),
});
export type FcipTrailer = Infer<typeof fcipTrailer>;

/**
 * What an FCIP special frame says behind its header: who opens the connection, and for what.
 *
 * Shape: 48 bytes. Units: `kATovMs` counts milliseconds.
 */
export const fcipSpecialFrame = codec('FCIP special frame', 'RFC 3821, 7.1', {
  reserved1: reserved16,
  reserved1Complement: complementOf(u16, 'reserved1'),
  sourceFabricEntityName: wwn,
  sourceEntityId: bytes(8),
  connectionNonce: bytes(8),
  connectionUsageFlags: withDefault(flags(u8, FcipConnectionUsage), 0),
  reserved2: reserved8,
  connectionUsageCode: withDefault(hex(u16), 0),
  destinationFabricEntityName: wwn,
  kATovMs: u32,
  reserved3: reserved16,
  reserved3Complement: complementOf(u16, 'reserved3'),
});
export type FcipSpecialFrame = Infer<typeof fcipSpecialFrame>;
export type FcipSpecialFrameInput = InferInput<typeof fcipSpecialFrame>;

/** Words of a frame: its header alone at least, and the largest FC frame at most. */
const WORDS_MIN = fcipHeader.headBytes / WORD_BYTES;

/**
 * Bytes of the encapsulated frame whose header begins at a place; `undefined` where none does. The
 * header's 28 bytes must be there.
 */
export function fcipBytesAt(bytes: Uint8Array, at: number): number | undefined {
  const isHeader =
    bytes[at] === FcEncapsulation.FCIP &&
    bytes[at + 1] === VERSION &&
    bytes[at + 2] === (~FcEncapsulation.FCIP & 0xff) &&
    bytes[at + 3] === (~VERSION & 0xff);
  const length = u16.read(bytes, at + 12, 0);
  if (!isHeader || (length ^ u16.read(bytes, at + 14, 0)) !== 0xffff) return undefined;
  const words = length & 0x3ff;
  return words < WORDS_MIN ? undefined : words * WORD_BYTES;
}
