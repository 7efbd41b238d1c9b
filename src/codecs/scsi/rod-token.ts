/**
 * ROD tokens: what a copy manager gives for blocks that it keeps, and takes back for them.
 *
 * Source: SPC-4, ROD token format; SBC-3, block device zero ROD token; as ddptctl reads them.
 */
import {
  bytes,
  codec,
  named,
  reserved16,
  reservedBits,
  reservedBytes,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { option } from './parts.ts';

/** ROD TYPE: what a representation of data is, and what becomes of it when the blocks change. */
export const RodType = {
  COPY_MANAGER_INTERNAL: 0x0000_0000,
  ACCESS_UPON_REFERENCE: 0x0001_0000,
  POINT_IN_TIME_DEFAULT: 0x0080_0000,
  POINT_IN_TIME_CHANGE_VULNERABLE: 0x0080_0001,
  POINT_IN_TIME_PERSISTENT: 0x0080_0002,
  POINT_IN_TIME_ANY: 0x0080_ffff,
  BLOCK_DEVICE_ZERO: 0xffff_0001,
} as const;

/** Bytes of a ROD token. */
export const ROD_TOKEN_BYTES = 512;
/** ROD TOKEN LENGTH: the bytes behind it. */
export const ROD_TOKEN_LENGTH_BYTES = ROD_TOKEN_BYTES - 8;

/**
 * ROD token of a block device. That of zeros has its type and its length alone, the rest is 0.
 *
 * Shape: 512 bytes.
 */
export const rodToken = codec('ROD token', 'SPC-4, ROD token format; SBC-3, ROD tokens', {
  rodType: named(u32, RodType),
  reserved1: reserved16,
  rodTokenLengthBytes: withDefault(u16, ROD_TOKEN_LENGTH_BYTES),
  copyManagerRodTokenIdentifier: withDefault(u64, 0n),
  /** A CSCD descriptor: `cscdDescriptor`. */
  creatorLogicalUnitDescriptor: reservedBytes(32),
  /** The upper half of a number of 16 bytes. */
  numberOfBytesRepresentedUpper: withDefault(u64, 0n),
  numberOfBytesRepresented: withDefault(u64, 0n),
  rodTokenSpecificData: reservedBytes(32),
  /** What READ CAPACITY(16) tells of the blocks, from here to `lowestAlignedLba`. */
  blockLengthBytes: withDefault(u32, 0),
  reserved2: reservedBits(4),
  pType: option(3),
  protEn: option(1),
  piExponent: option(4),
  logicalBlocksPerPhysicalBlockExponent: option(4),
  lbpme: option(1),
  lbprz: option(1),
  lowestAlignedLba: option(14),
  reserved3: reservedBytes(24),
  /** A designation descriptor: `designation`. */
  targetDeviceDescriptor: reservedBytes(128),
  extendedRodTokenData: withDefault(bytes(256), new Uint8Array(256)),
});
