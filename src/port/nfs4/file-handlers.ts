/** Operations on files, the directory and opens. Source: RFC 8881, 18.1 to 18.32, 18.38, 18.45, 18.48. */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  Access4,
  CreateMode4,
  type DecodedAttributes4,
  decodeAttributes,
  entry4,
  type Fattr4,
  maskOf,
  type NfsResOp4Input,
  NfsStat4,
  OpenClaim4,
  OpenDelegation4,
  OpenResult4,
  OpenType4,
  VERIFIER4_BYTES,
  WhyNoDelegation4,
} from '../../codecs/nfs4/index.ts';
import { AuthFlavor, linksOf } from '../../codecs/rpc/index.ts';
import type { FileOperationsOptions } from '../nfs/file-operations.ts';
import { checkWritable, type FileOperations, NfsFault } from '../nfs/file-operations.ts';
import { isFileName, type NfsNode } from '../nfs/file-system.ts';
import { NAME_BYTES_MAX } from '../nfs/file-system-info.ts';
import { attributesFor, changeOf } from './attributes.ts';
import type { CompoundCall } from './compound-call.ts';
import type { Opens4 } from './opens.ts';
import type { Handlers4, Op4 } from './session-handlers.ts';

/** What carries out operations on files. */
export type FileHandlers = Handlers4<
  | 'ACCESS'
  | 'CLOSE'
  | 'COMMIT'
  | 'FREE_STATEID'
  | 'GETATTR'
  | 'GETFH'
  | 'LOOKUP'
  | 'LOOKUPP'
  | 'OPEN'
  | 'OPEN_DOWNGRADE'
  | 'PUTFH'
  | 'PUTPUBFH'
  | 'PUTROOTFH'
  | 'READ'
  | 'READDIR'
  | 'REMOVE'
  | 'RESTOREFH'
  | 'SAVEFH'
  | 'SECINFO'
  | 'SECINFO_NO_NAME'
  | 'SETATTR'
  | 'TEST_STATEID'
  | 'WRITE'
>;

const status = NfsStat4.NFS4_OK;
const FILE_ACCESS = Access4.READ | Access4.MODIFY | Access4.EXTEND;
const DIRECTORY_ACCESS = Access4.READ | Access4.LOOKUP;
const READING = Access4.READ | Access4.LOOKUP;
const COOKIE_VERIFIER = new Uint8Array(VERIFIER4_BYTES);
/** What stands around the entries of READDIR. */
const AROUND_BYTES = 32;
const LINK_BYTES = 4;
const SECURITY = [{ flavor: AuthFlavor.AUTH_SYS }, { flavor: AuthFlavor.AUTH_NONE }];

/** Makes them. */
export function fileHandlers(
  opens: Opens4,
  operations: FileOperations,
  options: FileOperationsOptions,
  layoutType?: number,
): FileHandlers {
  const { fileSystem: files, transferBytesMax, writeVerifier } = options;
  const told = { transferBytesMax, layoutType };

  const checkName = (name: string): void => {
    if (name.length > NAME_BYTES_MAX) throw new NfsFault(NfsStat4.NFS4ERR_NAMETOOLONG);
    if (name === '') throw new NfsFault(NfsStat4.NFS4ERR_INVAL);
    if (!isFileName(name)) throw new NfsFault(NfsStat4.NFS4ERR_BADNAME);
  };
  const named = (name: string): NfsNode => {
    checkName(name);
    const node = files.lookup(name);
    if (node === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOENT);
    return node;
  };

  /** The file of an OPEN, which is made where that is asked for; and what was set of it. */
  function opened(args: Op4<'OPEN'>, call: CompoundCall): { node: NfsNode; set: number[] } {
    const { claim, openType, how } = args;
    const { CLAIM_NULL, CLAIM_FH, CLAIM_PREVIOUS } = OpenClaim4;
    if (claim.claim === CLAIM_FH) return { node: call.file, set: [] };
    if (claim.claim === CLAIM_PREVIOUS) {
      // There are no locks and no denials that another client could have taken in between.
      if (call.client.reclaimed) throw new NfsFault(NfsStat4.NFS4ERR_NO_GRACE);
      return { node: call.file, set: [] };
    }
    if (claim.claim !== CLAIM_NULL || claim.file === undefined)
      throw new NfsFault(NfsStat4.NFS4ERR_NOTSUPP);
    call.checkDirectory();
    const { name } = claim.file;
    checkName(name);
    const there = files.lookup(name);
    if (openType !== OpenType4.OPEN4_CREATE || how === undefined)
      return { node: there ?? named(name), set: [] };
    if (there !== undefined) {
      if (how.mode !== CreateMode4.UNCHECKED4) throw new NfsFault(NfsStat4.NFS4ERR_EXIST);
      const { attributes } = attributesIn(how.attributes);
      if (attributes.size === 0n) resize(there, 0n, call);
      return { node: there, set: attributes.size === 0n ? maskOf(['size']) : [] };
    }
    checkWritable(call.caller);
    if (!files.takesFiles) throw new NfsFault(NfsStat4.NFS4ERR_ACCESS);
    const node = files.create(name, call.caller.now);
    if (node === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOSPC);
    return { node, set: [] };
  }

  function resize(node: NfsNode, size: bigint, call: CompoundCall): void {
    checkWritable(call.caller);
    operations.resize(node, size, call.caller.now);
  }

  /** SETATTR: what was set. */
  function setAttributes(node: NfsNode, wanted: Fattr4, call: CompoundCall): number[] {
    checkWritable(call.caller);
    const { attributes, unread } = attributesIn(wanted);
    if (unread) throw new NfsFault(NfsStat4.NFS4ERR_ATTRNOTSUPP);
    const is = files.attributesOf(node);
    const { mode, owner, owner_group: group, size } = attributes;
    if ((mode ?? is.mode) !== is.mode || (owner ?? '0') !== '0' || (group ?? '0') !== '0')
      throw new NfsFault(NfsStat4.NFS4ERR_PERM);
    if (size !== undefined) resize(node, size, call);
    files.touchAttributes(node, call.caller.now);
    const { time_access_set: atime, time_modify_set: mtime } = attributes;
    if (atime !== undefined) node.atime = timeOf(atime.time) ?? node.ctime;
    if (mtime !== undefined) node.mtime = timeOf(mtime.time) ?? node.ctime;
    return [...wanted.mask];
  }

  return {
    PUTROOTFH: (_, call) => {
      call.go(files.root);
      return { kind: 'PUTROOTFH', status };
    },
    PUTPUBFH: (_, call) => {
      call.go(files.root);
      return { kind: 'PUTPUBFH', status };
    },
    PUTFH: ({ object }, call) => {
      call.go(operations.nodeOf(object));
      return { kind: 'PUTFH', status };
    },
    GETFH: (_, call) => ({ kind: 'GETFH', status, resok: { object: call.current.handle } }),
    SAVEFH: (_, call) => {
      call.saved = call.current;
      return { kind: 'SAVEFH', status };
    },
    RESTOREFH: (_, call) => {
      if (call.saved === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOFILEHANDLE);
      call.go(call.saved);
      return { kind: 'RESTOREFH', status };
    },
    LOOKUP: ({ name }, call) => {
      call.checkDirectory();
      call.go(named(name));
      return { kind: 'LOOKUP', status };
    },
    LOOKUPP: (_, call) => {
      call.checkDirectory();
      // There is nothing above the root.
      throw new NfsFault(NfsStat4.NFS4ERR_NOENT);
    },
    GETATTR: ({ attributes }, call) => ({
      kind: 'GETATTR',
      status,
      resok: {
        attributes: attributesFor(files, call.current, attributes, told),
      },
    }),
    SETATTR: ({ stateid, attributes }, call) => {
      const node = call.current;
      if (node.file !== undefined)
        opens.check(call.client, call.stateidOf(stateid), node, namesSize(attributes));
      return { kind: 'SETATTR', status, attributesSet: setAttributes(node, attributes, call) };
    },
    ACCESS: ({ access }, call) => {
      const may = call.current.file === undefined ? DIRECTORY_ACCESS : FILE_ACCESS;
      const granted = call.caller.access === 'read-write' ? may : may & READING;
      const supported = access & (FILE_ACCESS | DIRECTORY_ACCESS);
      return { kind: 'ACCESS', status, resok: { supported, access: access & granted } };
    },
    OPEN: (args, call) => {
      const { owner, shareAccess } = args;
      const before = changeOf(files.root);
      const { node, set } = opened(args, call);
      if (node.file === undefined) throw new NfsFault(NfsStat4.NFS4ERR_ISDIR);
      if ((shareAccess & 2) !== 0) checkWritable(call.caller);
      const stateid = opens.open(call.client, owner.owner, node, shareAccess);
      call.go(node);
      call.stateid = stateid;
      const delegation = {
        delegationType: OpenDelegation4.OPEN_DELEGATE_NONE_EXT,
        none: { why: WhyNoDelegation4.WND4_NOT_WANTED },
      };
      return {
        kind: 'OPEN',
        status,
        resok: {
          stateid,
          cinfo: { atomic: 1, before, after: changeOf(files.root) },
          resultFlags: OpenResult4.LOCKTYPE_POSIX,
          attributesSet: set,
          // Who has said what delegation is wanted is told why there is none.
          delegation:
            (shareAccess & 0xff00) === 0
              ? { delegationType: OpenDelegation4.OPEN_DELEGATE_NONE }
              : delegation,
        },
      };
    },
    OPEN_DOWNGRADE: ({ stateid, shareAccess }, call) => {
      const left = opens.downgrade(call.client, call.stateidOf(stateid), shareAccess);
      call.stateid = left;
      return { kind: 'OPEN_DOWNGRADE', status, resok: { stateid: left } };
    },
    CLOSE: ({ stateid }, call) => {
      const closed = opens.close(call.client, call.stateidOf(stateid));
      return { kind: 'CLOSE', status, resok: { stateid: closed } };
    },
    TEST_STATEID: ({ stateids }, call) => ({
      kind: 'TEST_STATEID',
      status,
      resok: { statuses: stateids.map((one) => opens.test(call.client, one)) },
    }),
    FREE_STATEID: ({ stateid }, call) => {
      // Only locks can be freed: an open is closed.
      const isOpen = opens.test(call.client, stateid) === NfsStat4.NFS4_OK;
      throw new NfsFault(isOpen ? NfsStat4.NFS4ERR_LOCKS_HELD : NfsStat4.NFS4ERR_BAD_STATEID);
    },
    READ: ({ stateid, offset, count }, call) => {
      const node = call.file;
      opens.check(call.client, call.stateidOf(stateid), node, false);
      const { data, eof } = operations.read(node, offset, count);
      return { kind: 'READ', status, resok: { eof, data } };
    },
    WRITE: ({ stateid, offset, stable, data }, call) => {
      const node = call.file;
      opens.check(call.client, call.stateidOf(stateid), node, true);
      const written = operations.write(node, { offset, stable, data }, call.caller);
      return { kind: 'WRITE', status, resok: { ...written, writeVerifier } };
    },
    COMMIT: (_, call) => {
      operations.flush(call.file);
      return { kind: 'COMMIT', status, resok: { writeVerifier } };
    },
    REMOVE: ({ name }, call) => {
      const directory = call.directory;
      const before = changeOf(directory);
      const node = named(name);
      checkWritable(call.caller);
      if (!node.isMade) throw new NfsFault(NfsStat4.NFS4ERR_ACCESS);
      files.remove(node, call.caller.now);
      const cinfo = { atomic: 1, before, after: changeOf(directory) };
      return { kind: 'REMOVE', status, resok: { cinfo } };
    },
    READDIR: (args, call) => readDirectory(args, call),
    SECINFO: ({ name }, call) => {
      call.checkDirectory();
      named(name);
      call.consume();
      return { kind: 'SECINFO', status, resok: { flavors: SECURITY } };
    },
    SECINFO_NO_NAME: (_, call) => {
      call.consume();
      return { kind: 'SECINFO_NO_NAME', status, resok: { flavors: SECURITY } };
    },
  };

  /** As many entries as there is room for. Cookies are those of version 3: a file's number and one more. */
  function readDirectory(args: Op4<'READDIR'>, call: CompoundCall): NfsResOp4Input {
    const { cookie, cookieVerifier, maxCount, attributes } = args;
    call.checkDirectory();
    if (cookie > 0n && cookieVerifier.some((byte) => byte !== 0))
      throw new NfsFault(NfsStat4.NFS4ERR_BAD_COOKIE);
    const behind = files.files.filter((one) => one.fileid + 1n > cookie);
    const entries = [];
    let left = maxCount - AROUND_BYTES;
    for (const node of behind) {
      const entry = {
        cookie: node.fileid + 1n,
        name: node.name,
        attributes: attributesFor(files, node, attributes, told),
      };
      left -= LINK_BYTES + entry4.sizeOf(entry);
      if (left < 0) break;
      entries.push(entry);
    }
    if (entries.length === 0 && behind.length > 0) throw new NfsFault(NfsStat4.NFS4ERR_TOOSMALL);
    return {
      kind: 'READDIR',
      status,
      resok: {
        cookieVerifier: COOKIE_VERIFIER,
        entries: linksOf(entries),
        eof: entries.length === behind.length ? 1 : 0,
      },
    };
  }
}

/** Attributes of a call. Errors: `NfsFault` where their values do not fit. */
function attributesIn(attributes: Fattr4 | undefined): DecodedAttributes4 {
  if (attributes === undefined) return { attributes: {}, unread: false };
  try {
    return decodeAttributes(attributes);
  } catch (error) {
    if (error instanceof CodecError) throw new NfsFault(NfsStat4.NFS4ERR_BADXDR);
    throw error;
  }
}

/** True where the size is among the attributes: that is a write. */
const namesSize = ({ mask }: Fattr4): boolean => ((mask[0] ?? 0) & 0x10) !== 0;

const timeOf = (time: { readonly seconds: bigint; readonly nseconds: number } | undefined) =>
  time === undefined
    ? undefined
    : { seconds: Number(BigInt.asUintN(32, time.seconds)), nseconds: time.nseconds };
