/** NFS version 3: what a file system is able to do. Source: RFC 1813, 3.3.18 to 3.3.20. */
import { codec, flags, struct, u32, u64 } from '../layout/index.ts';
import { xdrBool } from '../rpc/xdr.ts';
import { nfsTime3, postOpAttrPart } from './attributes.ts';
import { FsInfoProperties } from './codes.ts';
import { objectAttributes } from './files.ts';
import { result } from './result.ts';

/** What FSSTAT answers. Shape: 8 to 144 bytes. Units: total, free and available bytes; files; `invarsec` in seconds. */
export const fsstat3res = result(
  'FSSTAT3res',
  'RFC 1813, 3.3.18',
  codec('FSSTAT3resok', 'RFC 1813, 3.3.18', {
    objAttributes: postOpAttrPart,
    tbytes: u64,
    fbytes: u64,
    abytes: u64,
    tfiles: u64,
    ffiles: u64,
    afiles: u64,
    invarsec: u32,
  }),
  objectAttributes,
);

/** What FSINFO answers. Shape: 8 to 140 bytes. Units: most, preferred and multiple bytes of READ, WRITE and READDIR. */
export const fsinfo3res = result(
  'FSINFO3res',
  'RFC 1813, 3.3.19',
  codec('FSINFO3resok', 'RFC 1813, 3.3.19', {
    objAttributes: postOpAttrPart,
    rtmax: u32,
    rtpref: u32,
    rtmult: u32,
    wtmax: u32,
    wtpref: u32,
    wtmult: u32,
    dtpref: u32,
    maxfilesize: u64,
    timeDelta: struct(nfsTime3),
    properties: flags(u32, FsInfoProperties),
  }),
  objectAttributes,
);

/** What PATHCONF answers. Shape: 8 to 116 bytes. */
export const pathconf3res = result(
  'PATHCONF3res',
  'RFC 1813, 3.3.20',
  codec('PATHCONF3resok', 'RFC 1813, 3.3.20', {
    objAttributes: postOpAttrPart,
    linkmax: u32,
    nameMax: u32,
    noTrunc: xdrBool,
    chownRestricted: xdrBool,
    caseInsensitive: xdrBool,
    casePreserving: xdrBool,
  }),
  objectAttributes,
);
