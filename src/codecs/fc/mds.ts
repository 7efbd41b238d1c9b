/**
 * What a Cisco MDS switch's analyser puts around the FC frames that it sends over Ethernet.
 * Source: Wireshark epan/dissectors/packet-mdshdr.c.
 */
import {
  bit,
  bytes,
  codec,
  hex,
  type Infer,
  type InferInput,
  named,
  reserved8,
  reservedBits,
  u8,
  u32le,
  withDefault,
} from '../layout/index.ts';

/** Start of frame. */
export const MdsSof = {
  SOFc1: 0x1,
  SOFi1: 0x2,
  SOFn1: 0x3,
  SOFi2: 0x4,
  SOFn2: 0x5,
  SOFi3: 0x6,
  SOFn3: 0x7,
  SOFf: 0x8,
} as const;

/** EtherType of these frames; older analysers write 0. */
export const ETHERTYPE_MDS = 0xfcfc;

/** True for a code that starts a sequence. */
export const isMdsInitiate = (sof: number): boolean => sof !== 0x3 && sof !== 0x5 && sof !== 0x7;

/** Header in front of the FC frame. Shape: 16 bytes. Units: `lengthBytes` counts FC frame and trailer. */
export const mdsHeader = codec('Cisco MDS header', 'Wireshark packet-mdshdr.c', {
  version: withDefault(u8, 0),
  sof: named(u8, MdsSof),
  reserved1: reservedBits(3),
  lengthBytes: bit(13),
  reserved2: reserved8,
  reserved3: reservedBits(4),
  destinationIndex: withDefault(bit(10), 0),
  sourceIndex: withDefault(bit(10), 0),
  reserved4: withDefault(bytes(5), new Uint8Array(5)),
  span: withDefault(bit(4), 0),
  vsan: bit(12),
  reserved5: reserved8,
});
/** What `mdsHeader` decodes. */
export type MdsHeader = Infer<typeof mdsHeader>;
/** What `mdsHeader` encodes. */
export type MdsHeaderInput = InferInput<typeof mdsHeader>;

/** Trailer behind the FC frame: end of frame and CRC, in FCoE's byte order. Shape: 6 bytes. */
export const mdsTrailer = codec('Cisco MDS trailer', 'Wireshark packet-mdshdr.c', {
  eof: hex(u8),
  reserved: reserved8,
  crc: u32le,
});
/** What `mdsTrailer` decodes. */
export type MdsTrailer = Infer<typeof mdsTrailer>;
/** What `mdsTrailer` encodes. */
export type MdsTrailerInput = InferInput<typeof mdsTrailer>;
