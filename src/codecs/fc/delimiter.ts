/**
 * SOF and EOF as ordered sets of 4 transmission characters, the way captures of native Fibre
 * Channel show them: K28.5 as BCh, data characters as their bytes.
 * Source: FC-FS, frame delimiters; Wireshark epan/dissectors/packet-fc.c for the byte values.
 */
import { codec, type Infer, type InferInput, named, u32, u32le } from '../layout/index.ts';

/** Start of frame ordered sets. */
export const SofOrderedSet = {
  SOFc1: 0xbcb5_1717,
  SOFi1: 0xbcb5_5757,
  SOFn1: 0xbcb5_3737,
  SOFi2: 0xbcb5_5555,
  SOFn2: 0xbcb5_3535,
  SOFi3: 0xbcb5_5656,
  SOFn3: 0xbcb5_3636,
  SOFc4: 0xbcb5_1919,
  SOFi4: 0xbcb5_5959,
  SOFn4: 0xbcb5_3939,
  SOFf: 0xbcb5_5858,
} as const;

/** End of frame ordered sets, for negative (-) and positive (+) running disparity. */
export const EofOrderedSet = {
  'EOFt-': 0xbc95_7575,
  'EOFt+': 0xbcb5_7575,
  'EOFdt-': 0xbc95_9595,
  'EOFdt+': 0xbcb5_9595,
  'EOFa-': 0xbc95_f5f5,
  'EOFa+': 0xbcb5_f5f5,
  'EOFn-': 0xbc95_d5d5,
  'EOFn+': 0xbcb5_d5d5,
  'EOFni-': 0xbc8a_d5d5,
  'EOFni+': 0xbcaa_d5d5,
  'EOFdti-': 0xbc8a_9595,
  'EOFdti+': 0xbcaa_9595,
  'EOFrt-': 0xbc95_9999,
  'EOFrt+': 0xbcb5_9999,
  'EOFrti-': 0xbc8a_9999,
  'EOFrti+': 0xbcaa_9999,
} as const;

/** Start of frame. Shape: 4 bytes. */
export const sofDelimiter = codec('SOF', 'FC-FS, frame delimiters', {
  sof: named(u32, SofOrderedSet),
});
/** What `sofDelimiter` decodes. */
export type SofDelimiter = Infer<typeof sofDelimiter>;
/** What `sofDelimiter` encodes. */
export type SofDelimiterInput = InferInput<typeof sofDelimiter>;

/**
 * CRC and end of frame.
 *
 * Shape: 8 bytes. The CRC is stored least significant byte first, as in FCoE: its bits go out in the
 * order in which they are computed.
 * Source: FC-FS, frame delimiters; Wireshark epan/dissectors/packet-fcsof.c for the order in captures.
 */
export const fcTrailer = codec('FC trailer', 'FC-FS, frame delimiters', {
  crc: u32le,
  eof: named(u32, EofOrderedSet),
});
/** What `fcTrailer` decodes. */
export type FcTrailer = Infer<typeof fcTrailer>;
/** What `fcTrailer` encodes. */
export type FcTrailerInput = InferInput<typeof fcTrailer>;
