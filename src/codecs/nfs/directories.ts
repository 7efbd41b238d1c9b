/** NFS version 3: names in directories. Source: RFC 1813, 3.3.8 to 3.3.17. */
import {
  bytes,
  codec,
  embed,
  fixedTail,
  named,
  optional,
  u32,
  u64,
  when,
} from '../layout/index.ts';
import { xdrBool, xdrList, xdrString } from '../rpc/xdr.ts';
import {
  dirOpArgs3Part,
  fileHandle,
  postOpAttrPart,
  postOpFh3Part,
  sattr3Part,
  specData3,
  VERIFIER_BYTES,
  wccDataPart,
} from './attributes.ts';
import { CreateMode3, FType3 } from './codes.ts';
import { result } from './result.ts';

/** A directory before and behind the call, and nothing else. Shape: 8 to 116 bytes. */
export const directoryWcc = codec('CREATE3resfail', 'RFC 1813, 3.3.8', { dirWcc: wccDataPart });

const made = codec('CREATE3resok', 'RFC 1813, 3.3.8', {
  obj: postOpFh3Part,
  objAttributes: postOpAttrPart,
  dirWcc: wccDataPart,
});

/** CREATE: a file, with attributes, or with a verifier that makes a second CREATE find the first one's. Shape: 16 bytes and more. */
export const create3args = codec('CREATE3args', 'RFC 1813, 3.3.8', {
  where: dirOpArgs3Part,
  mode: named(u32, CreateMode3),
  objAttributes: optional(
    when<{ mode: number }>(
      (v) => v.mode === CreateMode3.UNCHECKED || v.mode === CreateMode3.GUARDED,
    ),
    sattr3Part,
  ),
  verf: optional(
    when<{ mode: number }>((v) => v.mode === CreateMode3.EXCLUSIVE),
    fixedTail(bytes(VERIFIER_BYTES)),
  ),
});
/** What CREATE answers. Shape: 12 bytes at least. */
export const create3res = result('CREATE3res', 'RFC 1813, 3.3.8', made, directoryWcc);

/** MKDIR. Shape: 32 bytes and more. */
export const mkdir3args = codec('MKDIR3args', 'RFC 1813, 3.3.9', {
  where: dirOpArgs3Part,
  attributes: sattr3Part,
});
/** What MKDIR answers. Shape: 12 bytes at least. */
export const mkdir3res = result('MKDIR3res', 'RFC 1813, 3.3.9', made, directoryWcc);

/** SYMLINK. Shape: 36 bytes and more. */
export const symlink3args = codec('SYMLINK3args', 'RFC 1813, 3.3.10', {
  where: dirOpArgs3Part,
  symlinkAttributes: sattr3Part,
  ...xdrString('symlinkData'),
});
/** What SYMLINK answers. Shape: 12 bytes at least. */
export const symlink3res = result('SYMLINK3res', 'RFC 1813, 3.3.10', made, directoryWcc);

type Node = { readonly type: number };
const isDevice = when<Node>((v) => v.type === FType3.NF3CHR || v.type === FType3.NF3BLK);
const isPipe = when<Node>((v) => v.type === FType3.NF3SOCK || v.type === FType3.NF3FIFO);

/** MKNOD. Shape: 12 bytes and more. */
export const mknod3args = codec('MKNOD3args', 'RFC 1813, 3.3.11', {
  where: dirOpArgs3Part,
  type: named(u32, FType3),
  devAttributes: optional(isDevice, sattr3Part),
  spec: optional(isDevice, embed(specData3)),
  pipeAttributes: optional(isPipe, sattr3Part),
});
/** What MKNOD answers. Shape: 12 bytes at least. */
export const mknod3res = result('MKNOD3res', 'RFC 1813, 3.3.11', made, directoryWcc);

/** REMOVE and RMDIR: a name. Shape: 8 bytes, handle and name in units of 4. */
export const remove3args = codec('REMOVE3args', 'RFC 1813, 3.3.12', { object: dirOpArgs3Part });
/** What REMOVE and RMDIR answer. Shape: 12 to 120 bytes. */
export const remove3res = result('REMOVE3res', 'RFC 1813, 3.3.12', directoryWcc, directoryWcc);

/** RENAME. Shape: 16 bytes, handles and names in units of 4. */
export const rename3args = codec('RENAME3args', 'RFC 1813, 3.3.14', {
  from: dirOpArgs3Part,
  to: dirOpArgs3Part,
});
const bothWcc = codec('RENAME3resok', 'RFC 1813, 3.3.14', {
  fromDirWcc: wccDataPart,
  toDirWcc: wccDataPart,
});
/** What RENAME answers. Shape: 20 to 236 bytes. */
export const rename3res = result('RENAME3res', 'RFC 1813, 3.3.14', bothWcc, bothWcc);

/** LINK: another name for a file. Shape: 12 bytes, handles and name in units of 4. */
export const link3args = codec('LINK3args', 'RFC 1813, 3.3.15', {
  ...fileHandle('file'),
  link: dirOpArgs3Part,
});
const linked = codec('LINK3resok', 'RFC 1813, 3.3.15', {
  fileAttributes: postOpAttrPart,
  linkDirWcc: wccDataPart,
});
/** What LINK answers. Shape: 16 to 208 bytes. */
export const link3res = result('LINK3res', 'RFC 1813, 3.3.15', linked, linked);

const directoryAttributes = codec('READDIR3resfail', 'RFC 1813, 3.3.16', {
  dirAttributes: postOpAttrPart,
});

/** READDIR: from where on, and how many bytes the answer may have. Shape: 24 bytes and the handle. */
export const readdir3args = codec('READDIR3args', 'RFC 1813, 3.3.16', {
  ...fileHandle('dir'),
  cookie: u64,
  cookieVerf: bytes(VERIFIER_BYTES),
  count: u32,
});
/** A name that a directory has. Shape: 20 bytes and the name in units of 4. */
export const entry3 = codec('entry3', 'RFC 1813, 3.3.16', {
  fileid: u64,
  ...xdrString('name'),
  cookie: u64,
});
/** What READDIR answers. Shape: 8 bytes at least. */
export const readdir3res = result(
  'READDIR3res',
  'RFC 1813, 3.3.16',
  codec('READDIR3resok', 'RFC 1813, 3.3.16', {
    dirAttributes: postOpAttrPart,
    cookieVerf: bytes(VERIFIER_BYTES),
    entries: xdrList('dirlist3', 'RFC 1813, 3.3.16', entry3),
    eof: xdrBool,
  }),
  directoryAttributes,
);

/** READDIRPLUS: `dircount` bounds the names, `maxcount` the whole answer. Shape: 28 bytes and the handle. */
export const readdirplus3args = codec('READDIRPLUS3args', 'RFC 1813, 3.3.17', {
  ...fileHandle('dir'),
  cookie: u64,
  cookieVerf: bytes(VERIFIER_BYTES),
  dircount: u32,
  maxcount: u32,
});
/** A name that a directory has, with what it names. Shape: 28 bytes at least. */
export const entryPlus3 = codec('entryplus3', 'RFC 1813, 3.3.17', {
  fileid: u64,
  ...xdrString('name'),
  cookie: u64,
  nameAttributes: postOpAttrPart,
  nameHandle: postOpFh3Part,
});
/** What READDIRPLUS answers. Shape: 8 bytes at least. */
export const readdirplus3res = result(
  'READDIRPLUS3res',
  'RFC 1813, 3.3.17',
  codec('READDIRPLUS3resok', 'RFC 1813, 3.3.17', {
    dirAttributes: postOpAttrPart,
    cookieVerf: bytes(VERIFIER_BYTES),
    entries: xdrList('dirlistplus3', 'RFC 1813, 3.3.17', entryPlus3),
    eof: xdrBool,
  }),
  directoryAttributes,
);
