/** NFS version 3: attributes, access, and what is in files. Source: RFC 1813, 3.3.1 to 3.3.7, 3.3.21. */
import { bytes, codec, flags, type Infer, named, struct, u32, u64 } from '../layout/index.ts';
import { optionalData, xdrBool, xdrOpaque, xdrString, xdrVoid } from '../rpc/xdr.ts';
import {
  dirOpArgs3Part,
  fattr3,
  fileHandle,
  nfsTime3,
  postOpAttrPart,
  sattr3Part,
  VERIFIER_BYTES,
  wccDataPart,
} from './attributes.ts';
import { Access3, StableHow } from './codes.ts';
import { result } from './result.ts';

const SOURCE = 'RFC 1813, 3.3';

/** One file, by its handle: what many procedures take. Shape: 4 bytes and the handle in units of 4. */
export const fileArgs3 = codec('nfs_fh3 args', SOURCE, { ...fileHandle('object') });

/** Attributes of a file, or none: what many procedures answer when they fail. Shape: 4 or 88 bytes. */
export const objectAttributes = codec('resfail', SOURCE, { objAttributes: postOpAttrPart });

/** A file before and behind the call, and nothing else. Shape: 8 to 116 bytes. */
export const objectWcc = codec('wcc_data result', SOURCE, { objWcc: wccDataPart });

/** What GETATTR answers. Shape: 4 bytes; 88 where it went well. */
export const getattr3res = result(
  'GETATTR3res',
  'RFC 1813, 3.3.1',
  codec('GETATTR3resok', 'RFC 1813, 3.3.1', { objAttributes: struct(fattr3) }),
  xdrVoid,
);

/** SETATTR: what shall change, and the ctime that it must have for that. Shape: 32 bytes and more. */
export const setattr3args = codec('SETATTR3args', 'RFC 1813, 3.3.2', {
  ...fileHandle('object'),
  newAttributes: sattr3Part,
  ...optionalData('guard', nfsTime3),
});
/** What SETATTR answers. Shape: 12 to 120 bytes. */
export const setattr3res = result('SETATTR3res', 'RFC 1813, 3.3.2', objectWcc, objectWcc);

/** What LOOKUP answers: the handle of a name. Shape: 8 bytes at least. */
export const lookup3res = result(
  'LOOKUP3res',
  'RFC 1813, 3.3.3',
  codec('LOOKUP3resok', 'RFC 1813, 3.3.3', {
    ...fileHandle('object'),
    objAttributes: postOpAttrPart,
    dirAttributes: postOpAttrPart,
  }),
  codec('LOOKUP3resfail', 'RFC 1813, 3.3.3', { dirAttributes: postOpAttrPart }),
);

/** LOOKUP and what else takes a name in a directory. Shape: 8 bytes, handle and name in units of 4. */
export const lookup3args = codec('LOOKUP3args', 'RFC 1813, 3.3.3', { what: dirOpArgs3Part });

/** ACCESS: which rights are asked for. Shape: 8 bytes and the handle in units of 4. */
export const access3args = codec('ACCESS3args', 'RFC 1813, 3.3.4', {
  ...fileHandle('object'),
  access: flags(u32, Access3),
});
/** What ACCESS answers: those of them that the caller has. Shape: 8 to 96 bytes. */
export const access3res = result(
  'ACCESS3res',
  'RFC 1813, 3.3.4',
  codec('ACCESS3resok', 'RFC 1813, 3.3.4', {
    objAttributes: postOpAttrPart,
    access: flags(u32, Access3),
  }),
  objectAttributes,
);

/** What READLINK answers. Shape: 8 bytes at least. */
export const readlink3res = result(
  'READLINK3res',
  'RFC 1813, 3.3.5',
  codec('READLINK3resok', 'RFC 1813, 3.3.5', {
    symlinkAttributes: postOpAttrPart,
    ...xdrString('data'),
  }),
  codec('READLINK3resfail', 'RFC 1813, 3.3.5', { symlinkAttributes: postOpAttrPart }),
);

/** READ: a range of a file. Shape: 16 bytes and the handle in units of 4. Units: bytes. */
export const read3args = codec('READ3args', 'RFC 1813, 3.3.6', {
  ...fileHandle('file'),
  offset: u64,
  count: u32,
});
/** What READ answers. Shape: 8 bytes at least; data in units of 4. */
export const read3res = result(
  'READ3res',
  'RFC 1813, 3.3.6',
  codec('READ3resok', 'RFC 1813, 3.3.6', {
    fileAttributes: postOpAttrPart,
    count: u32,
    eof: xdrBool,
    ...xdrOpaque('data'),
  }),
  codec('READ3resfail', 'RFC 1813, 3.3.6', { fileAttributes: postOpAttrPart }),
);

/** WRITE: data for a range of a file. Shape: 24 bytes, handle and data in units of 4. Units: bytes. */
export const write3args = codec('WRITE3args', 'RFC 1813, 3.3.7', {
  ...fileHandle('file'),
  offset: u64,
  count: u32,
  stable: named(u32, StableHow),
  ...xdrOpaque('data'),
});
/** What `write3args` decodes. */
export type Write3Args = Infer<typeof write3args>;

const fileWcc = codec('WRITE3resfail', 'RFC 1813, 3.3.7', { fileWcc: wccDataPart });

/** What WRITE answers: how much, how far it has come, and who wrote it. Shape: 12 to 136 bytes. */
export const write3res = result(
  'WRITE3res',
  'RFC 1813, 3.3.7',
  codec('WRITE3resok', 'RFC 1813, 3.3.7', {
    fileWcc: wccDataPart,
    count: u32,
    committed: named(u32, StableHow),
    verf: bytes(VERIFIER_BYTES),
  }),
  fileWcc,
);

/** COMMIT: what of a file must survive a restart; `count` 0 means to its end. Shape: 16 bytes and the handle. */
export const commit3args = codec('COMMIT3args', 'RFC 1813, 3.3.21', {
  ...fileHandle('file'),
  offset: u64,
  count: u32,
});
/** What COMMIT answers. Shape: 12 to 128 bytes. */
export const commit3res = result(
  'COMMIT3res',
  'RFC 1813, 3.3.21',
  codec('COMMIT3resok', 'RFC 1813, 3.3.21', {
    fileWcc: wccDataPart,
    verf: bytes(VERIFIER_BYTES),
  }),
  fileWcc,
);
