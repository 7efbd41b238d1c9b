/** What NFS version 3 says of a file. Source: RFC 1813, 2.5 and 2.6. */
import {
  codec,
  derived,
  embed,
  type FixedField,
  type Infer,
  type InferInput,
  named,
  octal,
  optional,
  struct,
  type TailField,
  u32,
  u64,
  when,
} from '../layout/index.ts';
import { optionalData, optionalField, xdrOpaque, xdrString } from '../rpc/xdr.ts';
import { FType3, TimeHow } from './codes.ts';
import { FILE_HANDLE_BYTES_MAX } from './mount.ts';

const SOURCE = 'RFC 1813, 2.6';

/** The fields of a file handle: xdrOpaque to everybody but its server. Source: RFC 1813, 2.3.3. */
export const fileHandle = <const K extends string>(key: K) => xdrOpaque(key, FILE_HANDLE_BYTES_MAX);

/** Bytes of a cookie or write verifier. Source: RFC 1813, 2.4. */
export const VERIFIER_BYTES = 8;

/** Seconds since 1970 and nanoseconds. Shape: 8 bytes. */
export const nfsTime3 = codec('nfstime3', SOURCE, { seconds: u32, nseconds: u32 });
/** What `nfsTime3` decodes. */
export interface NfsTime3 extends Infer<typeof nfsTime3> {}
/** What `nfsTime3` encodes. */
export interface NfsTime3Input extends InferInput<typeof nfsTime3> {}
/** `nfsTime3` as a field. Shape: 8 bytes. */
export const nfsTime3Part: FixedField<NfsTime3, false, NfsTime3Input> = struct(nfsTime3);

/** Major and minor number of a device. Shape: 8 bytes. */
export const specData3 = codec('specdata3', SOURCE, { specdata1: u32, specdata2: u32 });

/** Attributes of a file. Shape: 84 bytes. Units: `size` and `used` count bytes. */
export const fattr3 = codec('fattr3', SOURCE, {
  type: named(u32, FType3),
  mode: octal(u32),
  nlink: u32,
  uid: u32,
  gid: u32,
  size: u64,
  used: u64,
  rdev: struct(specData3),
  fsid: u64,
  fileid: u64,
  atime: nfsTime3Part,
  mtime: nfsTime3Part,
  ctime: nfsTime3Part,
});
/** What `fattr3` decodes. */
export type Fattr3 = Infer<typeof fattr3>;

/** Attributes of a file as they are behind the call, where the server tells. Shape: 4 or 88 bytes. */
export const postOpAttr = codec('post_op_attr', SOURCE, { ...optionalData('attributes', fattr3) });
/** What `postOpAttr` decodes. */
export interface PostOpAttr extends Infer<typeof postOpAttr> {}
/** What `postOpAttr` encodes. */
export interface PostOpAttrInput extends InferInput<typeof postOpAttr> {}
/** `postOpAttr` as a field. */
export const postOpAttrPart: TailField<PostOpAttr, false, PostOpAttrInput> = embed(postOpAttr);

/** What tells whether somebody else changed a file. Shape: 24 bytes. */
export const wccAttr = codec('wcc_attr', SOURCE, {
  size: u64,
  mtime: nfsTime3Part,
  ctime: nfsTime3Part,
});

/** That of a file before the call. Shape: 4 or 28 bytes. */
export const preOpAttr = codec('pre_op_attr', SOURCE, { ...optionalData('attributes', wccAttr) });

/** A file before and behind the call ("weak cache consistency"). Shape: 8 to 116 bytes. */
export const wccData = codec('wcc_data', SOURCE, {
  before: embed(preOpAttr),
  after: postOpAttrPart,
});
/** What `wccData` decodes. */
export interface WccData extends Infer<typeof wccData> {}
/** What `wccData` encodes. */
export interface WccDataInput extends InferInput<typeof wccData> {}
/** `wccData` as a field. */
export const wccDataPart: TailField<WccData, false, WccDataInput> = embed(wccData);

const fileHandle3 = codec('nfs_fh3', SOURCE, { ...fileHandle('data') });

/** The file handle of what was made, where the server tells. Shape: 4 bytes, or 8 and the handle in units of 4. */
export const postOpFh3 = codec('post_op_fh3', SOURCE, { ...optionalData('handle', fileHandle3) });
/** What `postOpFh3` decodes. */
export interface PostOpFh3 extends Infer<typeof postOpFh3> {}
/** What `postOpFh3` encodes. */
export interface PostOpFh3Input extends InferInput<typeof postOpFh3> {}
/** `postOpFh3` as a field. */
export const postOpFh3Part: TailField<PostOpFh3, false, PostOpFh3Input> = embed(postOpFh3);

const timeHow = (key: string) =>
  derived(named(u32, TimeHow), (value) =>
    value[key] === undefined ? TimeHow.DONT_CHANGE : TimeHow.SET_TO_CLIENT_TIME,
  );

/** Attributes that shall change. Shape: 24 bytes, and those of each value that is given. */
export const sattr3 = codec('sattr3', SOURCE, {
  ...optionalField('mode', octal(u32)),
  ...optionalField('uid', u32),
  ...optionalField('gid', u32),
  ...optionalField('size', u64),
  setAtime: timeHow('atime'),
  atime: optional(
    when<{ setAtime: number }>((v) => v.setAtime === TimeHow.SET_TO_CLIENT_TIME),
    embed(nfsTime3),
  ),
  setMtime: timeHow('mtime'),
  mtime: optional(
    when<{ setMtime: number }>((v) => v.setMtime === TimeHow.SET_TO_CLIENT_TIME),
    embed(nfsTime3),
  ),
});
/** What `sattr3` decodes. */
export interface Sattr3 extends Infer<typeof sattr3> {}
/** What `sattr3` encodes. */
export interface Sattr3Input extends InferInput<typeof sattr3> {}
/** `sattr3` as a field. */
export const sattr3Part: TailField<Sattr3, false, Sattr3Input> = embed(sattr3);

/** A name in a directory. Shape: 8 bytes, handle and name in units of 4. */
export const dirOpArgs3 = codec('diropargs3', SOURCE, {
  ...fileHandle('dir'),
  ...xdrString('name'),
});
/** What `dirOpArgs3` decodes. */
export interface DirOpArgs3 extends Infer<typeof dirOpArgs3> {}
/** What `dirOpArgs3` encodes. */
export interface DirOpArgs3Input extends InferInput<typeof dirOpArgs3> {}
/** `dirOpArgs3` as a field. */
export const dirOpArgs3Part: TailField<DirOpArgs3, false, DirOpArgs3Input> = embed(dirOpArgs3);
