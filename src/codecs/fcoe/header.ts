import {
  bit,
  codec,
  type Infer,
  type InferInput,
  named,
  reserved24,
  reserved32,
  reservedBits,
  u8,
  u32le,
  withDefault,
} from '../layout/index.ts';
import { Eof, Sof } from './codes.ts';

/**
 * FCoE header, between the Ethernet header and the FC frame.
 *
 * Shape: 14 bytes: version, 100 reserved bits, SOF.
 * Source: FC-BB-5, FCoE frame format.
 */
export const fcoeHeader = codec('FCoE header', 'FC-BB-5, FCoE frame format', {
  version: withDefault(bit(4), 0),
  reserved1: reservedBits(4),
  reserved2: reserved32,
  reserved3: reserved32,
  reserved4: reserved32,
  sof: named(u8, Sof),
});
/** What `fcoeHeader` decodes. */
export type FcoeHeader = Infer<typeof fcoeHeader>;
/** What `fcoeHeader` encodes. */
export type FcoeHeaderInput = InferInput<typeof fcoeHeader>;

/**
 * FCoE trailer: the FC frame's CRC and EOF.
 *
 * Shape: 8 bytes. The CRC covers the FC frame from its header to its last fill byte, and is
 * stored least significant byte first, unlike everything else in the frame.
 * Source: FC-BB-5, FCoE frame format; Linux scsi/fc/fc_fcoe.h.
 */
export const fcoeTrailer = codec('FCoE trailer', 'FC-BB-5, FCoE frame format', {
  crc: u32le,
  eof: named(u8, Eof),
  reserved: reserved24,
});
/** What `fcoeTrailer` decodes. */
export type FcoeTrailer = Infer<typeof fcoeTrailer>;
/** What `fcoeTrailer` encodes. */
export type FcoeTrailerInput = InferInput<typeof fcoeTrailer>;

/** Bytes of the FCoE header. */
export const FCOE_HEADER_BYTES = 14;
/** Bytes of the FCoE trailer. */
export const FCOE_TRAILER_BYTES = 8;
/** Largest Ethernet payload of an FCoE frame: 14 + 24 + 2112 + 8. */
export const FCOE_MTU_BYTES = 2158;
