/** CDBs of block devices that move no user data: capacity, cache. Source: SBC-4, clause 5. */
import {
  reserved8,
  reserved16,
  reserved32,
  reservedBits,
  reservedBytes,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { ServiceActionIn16 } from './opcode.ts';
import { command, group, option, serviceAction } from './parts.ts';

/** The LBA and PMI fields are obsolete and zero. */
export const readCapacity10 = command(
  'READ CAPACITY(10)',
  'READ CAPACITY(10)',
  'SBC-4, READ CAPACITY(10)',
  {
    reserved1: reserved8,
    obsoleteLba: reserved32,
    reserved2: reserved16,
    obsoletePmi: reserved8,
  },
);

export const readCapacity16 = command(
  'READ CAPACITY(16)',
  'SERVICE ACTION IN(16)',
  'SBC-4, READ CAPACITY(16)',
  {
    reserved1: reservedBits(3),
    serviceAction: serviceAction(ServiceActionIn16, ServiceActionIn16['READ CAPACITY(16)']),
    obsoleteLba: reservedBytes(8),
    allocationLengthBytes: u32,
    obsoletePmi: reserved8,
  },
);

const cacheFlags = {
  reserved1: reservedBits(5),
  /** SYNC_NV of SBC-3. */
  obsolete1: reservedBits(1),
  immed: option(1),
  obsolete2: reservedBits(1),
} as const;

/** A count of 0 blocks reaches to the end of the medium. */
export const synchronizeCache10 = command(
  'SYNCHRONIZE CACHE(10)',
  'SYNCHRONIZE CACHE(10)',
  'SBC-4, SYNCHRONIZE CACHE(10)',
  { ...cacheFlags, lba: withDefault(u32, 0), ...group, numberOfBlocks: withDefault(u16, 0) },
);

export const synchronizeCache16 = command(
  'SYNCHRONIZE CACHE(16)',
  'SYNCHRONIZE CACHE(16)',
  'SBC-4, SYNCHRONIZE CACHE(16)',
  { ...cacheFlags, lba: withDefault(u64, 0n), numberOfBlocks: withDefault(u32, 0), ...group },
);
