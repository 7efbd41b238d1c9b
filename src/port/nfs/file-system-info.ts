/** What a file system says of itself: FSSTAT, FSINFO, PATHCONF. */
import { FsInfoProperties } from '../../codecs/nfs/index.ts';
import type { NfsFileSystem } from './file-system.ts';

/** Bytes of a name, at most. */
export const NAME_BYTES_MAX = 255;
/** Units that transfers should be multiples of: blocks. */
const TRANSFER_MULTIPLE = 512;
const DIRECTORY_PREFERRED_BYTES = 4096;

/** What FSSTAT tells: all space is taken by the files that are there; some more may be made. */
export const statisticsOf = ({ files, freeFiles, totalBytes }: NfsFileSystem) => ({
  tbytes: totalBytes,
  fbytes: 0n,
  abytes: 0n,
  tfiles: BigInt(files.length + freeFiles),
  ffiles: BigInt(freeFiles),
  afiles: BigInt(freeFiles),
  invarsec: 0,
});

/** What FSINFO tells. */
export const abilitiesOf = (transferBytesMax: number) => ({
  rtmax: transferBytesMax,
  rtpref: transferBytesMax,
  rtmult: TRANSFER_MULTIPLE,
  wtmax: transferBytesMax,
  wtpref: transferBytesMax,
  wtmult: TRANSFER_MULTIPLE,
  dtpref: DIRECTORY_PREFERRED_BYTES,
  maxfilesize: BigInt(Number.MAX_SAFE_INTEGER),
  timeDelta: { seconds: 0, nseconds: 1 },
  properties: FsInfoProperties.HOMOGENEOUS | FsInfoProperties.CANSETTIME,
});

/** What PATHCONF tells. */
export const NAME_RULES = {
  linkmax: 1,
  nameMax: NAME_BYTES_MAX,
  noTrunc: 1,
  chownRestricted: 1,
  caseInsensitive: 0,
  casePreserving: 1,
} as const;
