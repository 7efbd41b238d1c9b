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
  dirOpArgs3,
  fileHandle,
  postOpAttr,
  postOpFh3,
  sattr3,
  specData3,
  VERIFIER_BYTES,
  wccData,
} from './attributes.ts';
import { CreateMode3, FType3 } from './codes.ts';
import { result } from './result.ts';

/** A directory before and behind the call, and nothing else. Shape: 8 to 116 bytes. */
export const directoryWcc = codec('CREATE3resfail', 'RFC 1813, 3.3.8', { dirWcc: embed(wccData) });

const made = codec('CREATE3resok', 'RFC 1813, 3.3.8', {
  obj: embed(postOpFh3),
  objAttributes: embed(postOpAttr),
  dirWcc: embed(wccData),
});

/** CREATE: a file, with attributes, or with a verifier that makes a second CREATE find the first one's. Shape: 16 bytes and more. */
export const create3args = codec('CREATE3args', 'RFC 1813, 3.3.8', {
  where: embed(dirOpArgs3),
  mode: named(u32, CreateMode3),
  objAttributes: optional(
    when<{ mode: number }>(
      (v) => v.mode === CreateMode3.UNCHECKED || v.mode === CreateMode3.GUARDED,
    ),
    embed(sattr3),
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
  where: embed(dirOpArgs3),
  attributes: embed(sattr3),
});
/** What MKDIR answers. Shape: 12 bytes at least. */
export const mkdir3res = result('MKDIR3res', 'RFC 1813, 3.3.9', made, directoryWcc);

/** SYMLINK. Shape: 36 bytes and more. */
export const symlink3args = codec('SYMLINK3args', 'RFC 1813, 3.3.10', {
  where: embed(dirOpArgs3),
  symlinkAttributes: embed(sattr3),
  ...xdrString('symlinkData'),
});
/** What SYMLINK answers. Shape: 12 bytes at least. */
export const symlink3res = result('SYMLINK3res', 'RFC 1813, 3.3.10', made, directoryWcc);

type Node = { readonly type: number };
const isDevice = when<Node>((v) => v.type === FType3.NF3CHR || v.type === FType3.NF3BLK);
const isPipe = when<Node>((v) => v.type === FType3.NF3SOCK || v.type === FType3.NF3FIFO);

/** MKNOD. Shape: 12 bytes and more. */
export const mknod3args = codec('MKNOD3args', 'RFC 1813, 3.3.11', {
  where: embed(dirOpArgs3),
  type: named(u32, FType3),
  devAttributes: optional(isDevice, embed(sattr3)),
  spec: optional(isDevice, embed(specData3)),
  pipeAttributes: optional(isPipe, embed(sattr3)),
});
/** What MKNOD answers. Shape: 12 bytes at least. */
export const mknod3res = result('MKNOD3res', 'RFC 1813, 3.3.11', made, directoryWcc);

/** REMOVE and RMDIR: a name. Shape: 8 bytes, handle and name in units of 4. */
export const remove3args = codec('REMOVE3args', 'RFC 1813, 3.3.12', { object: embed(dirOpArgs3) });
/** What REMOVE and RMDIR answer. Shape: 12 to 120 bytes. */
export const remove3res = result('REMOVE3res', 'RFC 1813, 3.3.12', directoryWcc, directoryWcc);

/** RENAME. Shape: 16 bytes, handles and names in units of 4. */
export const rename3args = codec('RENAME3args', 'RFC 1813, 3.3.14', {
  from: embed(dirOpArgs3),
  to: embed(dirOpArgs3),
});
const bothWcc = codec('RENAME3resok', 'RFC 1813, 3.3.14', {
  fromDirWcc: embed(wccData),
  toDirWcc: embed(wccData),
});
/** What RENAME answers. Shape: 20 to 236 bytes. */
export const rename3res = result('RENAME3res', 'RFC 1813, 3.3.14', bothWcc, bothWcc);

/** LINK: another name for a file. Shape: 12 bytes, handles and name in units of 4. */
export const link3args = codec('LINK3args', 'RFC 1813, 3.3.15', {
  ...fileHandle('file'),
  link: embed(dirOpArgs3),
});
const linked = codec('LINK3resok', 'RFC 1813, 3.3.15', {
  fileAttributes: embed(postOpAttr),
  linkDirWcc: embed(wccData),
});
/** What LINK answers. Shape: 16 to 208 bytes. */
export const link3res = result('LINK3res', 'RFC 1813, 3.3.15', linked, linked);

const directoryAttributes = codec('READDIR3resfail', 'RFC 1813, 3.3.16', {
  dirAttributes: embed(postOpAttr),
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
    dirAttributes: embed(postOpAttr),
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
  nameAttributes: embed(postOpAttr),
  nameHandle: embed(postOpFh3),
});
/** What READDIRPLUS answers. Shape: 8 bytes at least. */
export const readdirplus3res = result(
  'READDIRPLUS3res',
  'RFC 1813, 3.3.17',
  codec('READDIRPLUS3resok', 'RFC 1813, 3.3.17', {
    dirAttributes: embed(postOpAttr),
    cookieVerf: bytes(VERIFIER_BYTES),
    entries: xdrList('dirlistplus3', 'RFC 1813, 3.3.17', entryPlus3),
    eof: xdrBool,
  }),
  directoryAttributes,
);
