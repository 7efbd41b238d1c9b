/** Mode pages of block devices. Source: SBC-4, 6.5. */
import {
  codec,
  list,
  reserved8,
  reserved16,
  reserved24,
  reservedBits,
  reservedBytes,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ModePageCode, page, subpage } from './mode-page-parts.ts';
import { option, optionByte } from './parts.ts';

/**
 * How often a read or a write is tried, and what is done with bad blocks.
 *
 * Shape: 12 bytes.
 * Units: the time limit in milliseconds.
 */
export const readWriteErrorRecovery = page(
  'read-write error recovery',
  ModePageCode.READ_WRITE_ERROR_RECOVERY,
  'SBC-4, Read-Write Error Recovery mode page',
  {
    awre: option(1),
    arre: option(1),
    tb: option(1),
    rc: option(1),
    eer: option(1),
    per: option(1),
    dte: option(1),
    dcr: option(1),
    readRetryCount: optionByte,
    obsolete1: reserved24,
    lbpere: option(1),
    reserved1: reservedBits(7),
    writeRetryCount: optionByte,
    reserved2: reserved8,
    recoveryTimeLimitMs: withDefault(u16, 0),
  },
);

/** How often a verification is tried. Shape: 12 bytes. Units: the time limit in milliseconds. */
export const verifyErrorRecovery = page(
  'verify error recovery',
  ModePageCode.VERIFY_ERROR_RECOVERY,
  'SBC-4, Verify Error Recovery mode page',
  {
    reserved1: reservedBits(4),
    eer: option(1),
    per: option(1),
    dte: option(1),
    dcr: option(1),
    verifyRetryCount: optionByte,
    obsolete1: reserved8,
    reserved2: reservedBytes(5),
    verifyRecoveryTimeLimitMs: withDefault(u16, 0),
  },
);

/**
 * What the cache does. WCE: a write is done when it is in the cache; RCD: reads do not use it.
 *
 * Shape: 20 bytes.
 */
export const caching = page('caching', ModePageCode.CACHING, 'SBC-4, Caching mode page', {
  ic: option(1),
  abpf: option(1),
  cap: option(1),
  disc: option(1),
  size: option(1),
  wce: option(1),
  mf: option(1),
  rcd: option(1),
  demandReadRetentionPriority: option(4),
  writeRetentionPriority: option(4),
  disablePrefetchTransferLengthBlocks: withDefault(u16, 0),
  minimumPrefetchBlocks: withDefault(u16, 0),
  maximumPrefetchBlocks: withDefault(u16, 0),
  maximumPrefetchCeilingBlocks: withDefault(u16, 0),
  fsw: option(1),
  lbcss: option(1),
  dra: option(1),
  vendorSpecific: option(2),
  syncProg: option(2),
  nvDis: option(1),
  numberOfCacheSegments: optionByte,
  cacheSegmentSize: withDefault(u16, 0),
  reserved1: reserved8,
  obsolete1: reserved24,
});

const thresholdDescriptor = codec(
  'Threshold descriptor',
  'SBC-4, Logical Block Provisioning mode page',
  {
    enabled: option(1),
    reserved1: reservedBits(1),
    thresholdType: option(3),
    thresholdArming: option(3),
    thresholdResource: u8,
    reserved2: reserved16,
    thresholdCount: u32,
  },
);

/** At which fill levels a thin unit warns. Shape: 16 bytes and 8 a threshold. */
export const logicalBlockProvisioning = subpage(
  'logical block provisioning',
  ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL,
  0x02,
  'SBC-4, Logical Block Provisioning mode page',
  {
    reserved1: reservedBits(7),
    situa: option(1),
    reserved2: reservedBytes(11),
    thresholds: list(thresholdDescriptor),
  },
);
