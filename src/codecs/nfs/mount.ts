/** MOUNT version 3: from the path of an export to its file handle. Source: RFC 1813, appendix I. */
import { codec, embed, type Infer, named, optional, u32, when } from '../layout/index.ts';
import { AuthFlavor } from '../rpc/codes.ts';
import { xdrArray, xdrList, xdrOpaque, xdrString } from '../rpc/xdr.ts';
import { MountStat3 } from './codes.ts';

const SOURCE = 'RFC 1813, appendix I, 5.1';

/** Bytes of a path, at most. */
export const MOUNT_PATH_BYTES_MAX = 1024;
/** Bytes of a client's name, at most. */
export const MOUNT_NAME_BYTES_MAX = 255;
/** Bytes of a file handle, at most. */
export const FILE_HANDLE_BYTES_MAX = 64;

/** A path on the server. Shape: 4 bytes and the path in units of 4. Errors: `bad-length` above 1,024. */
export const mountPath = codec('dirpath', SOURCE, { ...xdrString('path', MOUNT_PATH_BYTES_MAX) });

/** Shape: 8 bytes and the file handle in units of 4; 4 bytes for each flavor of credentials. */
export const mountResultOk = codec('mountres3_ok', SOURCE, {
  ...xdrOpaque('fileHandle', FILE_HANDLE_BYTES_MAX),
  ...xdrArray('authFlavors', named(u32, AuthFlavor)),
});

/** What MNT answers. Shape: 4 bytes; those of `mountResultOk` where it went well. */
export const mountResult = codec('mountres3', SOURCE, {
  status: named(u32, MountStat3),
  resok: optional(
    when<{ status: number }>((v) => v.status === MountStat3.MNT3_OK),
    embed(mountResultOk),
  ),
});
/** What `mountResult` decodes. */
export type MountResult = Infer<typeof mountResult>;

/** Who mounted what. Shape: 8 bytes, a name and a path in units of 4. */
export const mountEntry = codec('mountbody', SOURCE, {
  ...xdrString('hostname', MOUNT_NAME_BYTES_MAX),
  ...xdrString('directory', MOUNT_PATH_BYTES_MAX),
});

/** What DUMP answers. Shape: 4 bytes, and 4 in front of each entry. */
export const mountList = codec('mountlist', SOURCE, {
  mounts: xdrList('mountlist', SOURCE, mountEntry),
});

/** Clients that may mount an export. Shape: 4 bytes and a name in units of 4. */
export const exportGroup = codec('groupnode', SOURCE, {
  ...xdrString('name', MOUNT_NAME_BYTES_MAX),
});

/** An export, and who may mount it: everybody where it names none. Shape: 8 bytes, path and groups. */
export const exportEntry = codec('exportnode', SOURCE, {
  ...xdrString('directory', MOUNT_PATH_BYTES_MAX),
  groups: xdrList('groups', SOURCE, exportGroup),
});

/** What EXPORT answers. Shape: 4 bytes, and 4 in front of each export. */
export const exportList = codec('exports', SOURCE, {
  exports: xdrList('exports', SOURCE, exportEntry),
});
