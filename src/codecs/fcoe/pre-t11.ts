/**
 * FCoE as it was before August 2007, read for old captures only.
 * Source: Wireshark epan/dissectors/packet-fcoe.c for the layout.
 */
import {
  bit,
  codec,
  type Infer,
  type InferInput,
  named,
  u8,
  u32le,
  withDefault,
} from '../layout/index.ts';
import { Eof } from './codes.ts';

/** Header. Shape: 2 bytes. `lengthWords` counts the FC frame and its CRC; `sof` is a code's low half. */
export const fcoeHeaderPreT11 = codec('FCoE header (pre-T11)', 'FCoE proposal of 2007', {
  version: withDefault(bit(2), 0),
  lengthWords: bit(10),
  sof: bit(4),
});
/** What `fcoeHeaderPreT11` decodes. */
export type FcoeHeaderPreT11 = Infer<typeof fcoeHeaderPreT11>;
/** What `fcoeHeaderPreT11` encodes. */
export type FcoeHeaderPreT11Input = InferInput<typeof fcoeHeaderPreT11>;

/** Trailer. Shape: 5 bytes, nothing behind the EOF. */
export const fcoeTrailerPreT11 = codec('FCoE trailer (pre-T11)', 'FCoE proposal of 2007', {
  crc: u32le,
  eof: named(u8, Eof),
});
/** What `fcoeTrailerPreT11` decodes. */
export type FcoeTrailerPreT11 = Infer<typeof fcoeTrailerPreT11>;
/** What `fcoeTrailerPreT11` encodes. */
export type FcoeTrailerPreT11Input = InferInput<typeof fcoeTrailerPreT11>;

/** The SOF code of today for the 4 bits of then. */
export function sofPreT11(low: number): number {
  return (low < 8 ? 0x30 : 0x20) | low;
}
