/** NFS version 4.1: files and directories. Source: RFC 8881, 18.1 to 18.32. */
import {
  bytes,
  codec,
  embed,
  fixedTail,
  flags,
  named,
  optional,
  struct,
  u32,
  u64,
  when,
} from '../layout/index.ts';
import { AuthFlavor } from '../rpc/codes.ts';
import { xdrArray, xdrBool, xdrList, xdrOpaque, xdrString } from '../rpc/xdr.ts';
import { Access4, NfsFtype4, SecinfoStyle4, StableHow4 } from './codes.ts';
import {
  bitmap4,
  changeInfo4,
  FILE_HANDLE4_BYTES_MAX,
  fattr4Part,
  okResult,
  operation,
  plainResult,
  stateid4Part,
  VERIFIER4_BYTES,
} from './parts.ts';

const isLink = when<{ type: number }>((v) => v.type === NfsFtype4.NF4LNK);
const isDevice = when<{ type: number }>(
  (v) => v.type === NfsFtype4.NF4BLK || v.type === NfsFtype4.NF4CHR,
);
const linkText = codec('linktext4', 'RFC 8881, 18.4', { ...xdrString('text') });
const specData = codec('specdata4', 'RFC 8881, 18.4', { major: u32, minor: u32 });

/** An entry of a directory, with the attributes that were asked for. Shape: 20 bytes at least. */
export const entry4 = codec('entry4', 'RFC 8881, 18.23', {
  cookie: u64,
  ...xdrString('name'),
  attributes: fattr4Part,
});

const gssInfo = codec('rpcsec_gss_info', 'RFC 8881, 18.29', {
  ...xdrOpaque('oid'),
  qop: u32,
  service: u32,
});
/** Credentials that a server takes. Shape: 4 bytes; more for RPCSEC_GSS. */
export const secinfo4 = codec('secinfo4', 'RFC 8881, 18.29', {
  flavor: named(u32, AuthFlavor),
  gss: optional(
    when<{ flavor: number }>((v) => v.flavor === AuthFlavor.RPCSEC_GSS),
    embed(gssInfo),
  ),
});
const secinfos = xdrArray('flavors', secinfo4, 64);
const name = xdrString('name');
const cinfo = struct(changeInfo4);

/** Operations on files and directories that take something. */
export const fileOperations = {
  ACCESS: operation('ACCESS', 'RFC 8881, 18.1', { access: flags(u32, Access4) }),
  COMMIT: operation('COMMIT', 'RFC 8881, 18.3', { offset: u64, count: u32 }),
  CREATE: operation('CREATE', 'RFC 8881, 18.4', {
    type: named(u32, NfsFtype4),
    link: optional(isLink, embed(linkText)),
    device: optional(isDevice, embed(specData)),
    ...name,
    attributes: fattr4Part,
  }),
  GETATTR: operation('GETATTR', 'RFC 8881, 18.7', bitmap4('attributes')),
  GETFH: operation('GETFH', 'RFC 8881, 18.8', {}),
  LINK: operation('LINK', 'RFC 8881, 18.9', { ...name }),
  LOOKUP: operation('LOOKUP', 'RFC 8881, 18.13', { ...name }),
  LOOKUPP: operation('LOOKUPP', 'RFC 8881, 18.14', {}),
  NVERIFY: operation('NVERIFY', 'RFC 8881, 18.15', { attributes: fattr4Part }),
  OPENATTR: operation('OPENATTR', 'RFC 8881, 18.17', { createDirectory: xdrBool }),
  PUTFH: operation('PUTFH', 'RFC 8881, 18.19', xdrOpaque('object', FILE_HANDLE4_BYTES_MAX)),
  PUTPUBFH: operation('PUTPUBFH', 'RFC 8881, 18.20', {}),
  PUTROOTFH: operation('PUTROOTFH', 'RFC 8881, 18.21', {}),
  READ: operation('READ', 'RFC 8881, 18.22', { stateid: stateid4Part, offset: u64, count: u32 }),
  READDIR: operation('READDIR', 'RFC 8881, 18.23', {
    cookie: u64,
    cookieVerifier: bytes(VERIFIER4_BYTES),
    dirCount: u32,
    maxCount: u32,
    ...bitmap4('attributes'),
  }),
  READLINK: operation('READLINK', 'RFC 8881, 18.24', {}),
  REMOVE: operation('REMOVE', 'RFC 8881, 18.25', { ...name }),
  RENAME: operation('RENAME', 'RFC 8881, 18.26', {
    ...xdrString('oldName'),
    ...xdrString('newName'),
  }),
  RESTOREFH: operation('RESTOREFH', 'RFC 8881, 18.27', {}),
  SAVEFH: operation('SAVEFH', 'RFC 8881, 18.28', {}),
  SECINFO: operation('SECINFO', 'RFC 8881, 18.29', { ...name }),
  SETATTR: operation('SETATTR', 'RFC 8881, 18.30', {
    stateid: stateid4Part,
    attributes: fattr4Part,
  }),
  VERIFY: operation('VERIFY', 'RFC 8881, 18.31', { attributes: fattr4Part }),
  WRITE: operation('WRITE', 'RFC 8881, 18.32', {
    stateid: stateid4Part,
    offset: u64,
    stable: named(u32, StableHow4),
    ...xdrOpaque('data'),
  }),
  SECINFO_NO_NAME: operation('SECINFO_NO_NAME', 'RFC 8881, 18.45', {
    style: named(u32, SecinfoStyle4),
  }),
} as const;

/** What they answer. */
export const fileResults = {
  ACCESS: okResult('ACCESS', 'RFC 8881, 18.1', {
    supported: flags(u32, Access4),
    access: flags(u32, Access4),
  }),
  COMMIT: okResult('COMMIT', 'RFC 8881, 18.3', { writeVerifier: bytes(VERIFIER4_BYTES) }),
  CREATE: okResult('CREATE', 'RFC 8881, 18.4', { cinfo, ...bitmap4('attributesSet') }),
  GETATTR: okResult('GETATTR', 'RFC 8881, 18.7', { attributes: fattr4Part }),
  GETFH: okResult('GETFH', 'RFC 8881, 18.8', xdrOpaque('object', FILE_HANDLE4_BYTES_MAX)),
  LINK: okResult('LINK', 'RFC 8881, 18.9', { cinfo }),
  LOOKUP: plainResult('LOOKUP', 'RFC 8881, 18.13', {}),
  LOOKUPP: plainResult('LOOKUPP', 'RFC 8881, 18.14', {}),
  NVERIFY: plainResult('NVERIFY', 'RFC 8881, 18.15', {}),
  OPENATTR: plainResult('OPENATTR', 'RFC 8881, 18.17', {}),
  PUTFH: plainResult('PUTFH', 'RFC 8881, 18.19', {}),
  PUTPUBFH: plainResult('PUTPUBFH', 'RFC 8881, 18.20', {}),
  PUTROOTFH: plainResult('PUTROOTFH', 'RFC 8881, 18.21', {}),
  READ: okResult('READ', 'RFC 8881, 18.22', { eof: xdrBool, ...xdrOpaque('data') }),
  READDIR: okResult('READDIR', 'RFC 8881, 18.23', {
    cookieVerifier: bytes(VERIFIER4_BYTES),
    entries: xdrList('dirlist4', 'RFC 8881, 18.23', entry4),
    eof: fixedTail(xdrBool),
  }),
  READLINK: okResult('READLINK', 'RFC 8881, 18.24', xdrString('link')),
  REMOVE: okResult('REMOVE', 'RFC 8881, 18.25', { cinfo }),
  RENAME: okResult('RENAME', 'RFC 8881, 18.26', { sourceCinfo: cinfo, targetCinfo: cinfo }),
  RESTOREFH: plainResult('RESTOREFH', 'RFC 8881, 18.27', {}),
  SAVEFH: plainResult('SAVEFH', 'RFC 8881, 18.28', {}),
  SECINFO: okResult('SECINFO', 'RFC 8881, 18.29', secinfos),
  SETATTR: plainResult('SETATTR', 'RFC 8881, 18.30', bitmap4('attributesSet')),
  VERIFY: plainResult('VERIFY', 'RFC 8881, 18.31', {}),
  WRITE: okResult('WRITE', 'RFC 8881, 18.32', {
    count: u32,
    committed: named(u32, StableHow4),
    writeVerifier: bytes(VERIFIER4_BYTES),
  }),
  SECINFO_NO_NAME: okResult('SECINFO_NO_NAME', 'RFC 8881, 18.45', secinfos),
} as const;
