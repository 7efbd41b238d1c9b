/** What version 4 of NFS says of a file and of its file system. Source: RFC 8881, 5.6 and 5.7. */
import { FType3, type NfsTime3 } from '../../codecs/nfs/index.ts';
import {
  type AttributeName4,
  type Attributes4,
  encodeAttributes,
  type Fattr4Input,
  maskOf,
  NfsFtype4,
  type NfsTime4,
  namesIn,
} from '../../codecs/nfs4/index.ts';
import type { NfsFileSystem, NfsNode } from '../nfs/file-system.ts';
import { NAME_BYTES_MAX } from '../nfs/file-system-info.ts';
import { LEASE4_SECONDS } from './sessions.ts';

const NS_PER_SECOND = 1_000_000_000n;
const MODE_MASK = 0o7777;

/** Attributes that GETATTR and READDIR give. */
const SUPPORTED: readonly AttributeName4[] = [
  'supported_attrs',
  'type',
  'fh_expire_type',
  'change',
  'size',
  'link_support',
  'symlink_support',
  'named_attr',
  'fsid',
  'unique_handles',
  'lease_time',
  'rdattr_error',
  'aclsupport',
  'cansettime',
  'case_insensitive',
  'case_preserving',
  'chown_restricted',
  'filehandle',
  'fileid',
  'files_avail',
  'files_free',
  'files_total',
  'homogeneous',
  'maxfilesize',
  'maxlink',
  'maxname',
  'maxread',
  'maxwrite',
  'mode',
  'no_trunc',
  'numlinks',
  'owner',
  'owner_group',
  'rawdev',
  'space_avail',
  'space_free',
  'space_total',
  'space_used',
  'time_access',
  'time_delta',
  'time_metadata',
  'time_modify',
  'mounted_on_fileid',
  'suppattr_exclcreat',
];
/** What a server with layouts says besides. */
const OF_LAYOUTS: readonly AttributeName4[] = ['fs_layout_types', 'layout_blksize'];
/** Those, and the ones that SETATTR alone takes. */
const SUPPORTED_MASK = maskOf([...SUPPORTED, 'time_access_set', 'time_modify_set']);
const LAYOUTS_MASK = maskOf([...SUPPORTED, ...OF_LAYOUTS, 'time_access_set', 'time_modify_set']);

const time4 = ({ seconds, nseconds }: NfsTime3): NfsTime4 => ({
  seconds: BigInt(seconds),
  nseconds,
});

/** What tells whether a file has changed: it grows with every change. */
export const changeOf = ({ ctime }: NfsNode): bigint =>
  BigInt(ctime.seconds) * NS_PER_SECOND + BigInt(ctime.nseconds);

/** What a server is, as far as attributes tell it. */
export interface AttributeOptions {
  readonly transferBytesMax: number;
  /** `LayoutType4` of the layouts that it gives; left out: none. */
  readonly layoutType?: number | undefined;
}

/** Extents of layouts are multiples of these: a page, which Linux asks for at most. */
const LAYOUT_BLOCK_BYTES = 4096;

/** All attributes of a file. */
function allOf(
  files: NfsFileSystem,
  node: NfsNode,
  { layoutType, transferBytesMax }: AttributeOptions,
): Partial<Attributes4> {
  const { type, mode, nlink, size, used, fsid, fileid, atime, mtime, ctime } =
    files.attributesOf(node);
  const free = BigInt(files.freeFiles);
  return {
    supported_attrs: layoutType === undefined ? SUPPORTED_MASK : LAYOUTS_MASK,
    type: type === FType3.NF3DIR ? NfsFtype4.NF4DIR : NfsFtype4.NF4REG,
    fh_expire_type: 0,
    change: changeOf(node),
    size,
    link_support: 0,
    symlink_support: 0,
    named_attr: 0,
    fsid: { major: fsid, minor: 0n },
    unique_handles: 1,
    lease_time: LEASE4_SECONDS,
    rdattr_error: 0,
    aclsupport: 0,
    cansettime: 1,
    case_insensitive: 0,
    case_preserving: 1,
    chown_restricted: 1,
    filehandle: node.handle,
    fileid,
    files_avail: free,
    files_free: free,
    files_total: BigInt(files.files.length) + free,
    homogeneous: 1,
    maxfilesize: BigInt(Number.MAX_SAFE_INTEGER),
    maxlink: 1,
    maxname: NAME_BYTES_MAX,
    maxread: BigInt(transferBytesMax),
    maxwrite: BigInt(transferBytesMax),
    mode: mode & MODE_MASK,
    no_trunc: 1,
    numlinks: nlink,
    owner: '0',
    owner_group: '0',
    rawdev: { major: 0, minor: 0 },
    space_avail: 0n,
    space_free: 0n,
    space_total: files.totalBytes,
    space_used: used,
    time_access: time4(atime),
    time_delta: { seconds: 0n, nseconds: 1 },
    time_metadata: time4(ctime),
    time_modify: time4(mtime),
    mounted_on_fileid: fileid,
    suppattr_exclcreat: [],
    ...(layoutType === undefined
      ? {}
      : { fs_layout_types: [layoutType], layout_blksize: LAYOUT_BLOCK_BYTES }),
  };
}

/** The attributes of a file that a bitmap asks for, as far as there are any. */
export function attributesFor(
  files: NfsFileSystem,
  node: NfsNode,
  mask: readonly number[],
  options: AttributeOptions,
): Fattr4Input {
  const all = allOf(files, node, options);
  const asked: Partial<Record<AttributeName4, unknown>> = {};
  for (const name of namesIn(mask)) asked[name] = all[name];
  return encodeAttributes(asked as Partial<Attributes4>);
}
