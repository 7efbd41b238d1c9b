/** NFS version 4.1: layouts of files (pNFS). Source: RFC 8881, 18.40 to 18.44; clause 12. */
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
import { XdrBool, xdrArray, xdrBool, xdrOpaque } from '../rpc/xdr.ts';
import { LayoutIomode4, LayoutReturnType4, LayoutType4, NfsStat4 } from './codes.ts';
import {
  bitmap4,
  nfsTime4,
  okResult,
  operation,
  plainResult,
  stateid4Part,
  whenOk,
} from './parts.ts';

/** Bytes of the name of a device. Source: RFC 8881, 3.3.14. */
export const DEVICE_ID_BYTES = 16;

const layoutType = named(u32, LayoutType4);
const iomode = named(u32, LayoutIomode4);

/** A part of a file, and where its data is. Shape: 28 bytes at least. Units: bytes. */
export const layout4 = codec('layout4', 'RFC 8881, 3.3.16', {
  offset: u64,
  length: u64,
  iomode,
  type: layoutType,
  ...xdrOpaque('body'),
});

const returned = codec('layoutreturn_file4', 'RFC 8881, 18.44', {
  offset: u64,
  length: u64,
  stateid: stateid4Part,
  ...xdrOpaque('body'),
});

const flagged = (key: string) =>
  when<Readonly<Record<string, number>>>((v) => v[key] !== XdrBool.FALSE);
const statusIs = (status: number) => when<{ status: number }>((v) => v.status === status);

/** Operations on layouts. */
export const layoutOperations = {
  GETDEVICEINFO: operation('GETDEVICEINFO', 'RFC 8881, 18.40', {
    deviceId: bytes(DEVICE_ID_BYTES),
    type: layoutType,
    maxCount: u32,
    ...bitmap4('notify'),
  }),
  GETDEVICELIST: operation('GETDEVICELIST', 'RFC 8881, 18.41', {
    type: layoutType,
    maxDevices: u32,
    cookie: u64,
    cookieVerifier: bytes(8),
  }),
  LAYOUTCOMMIT: operation('LAYOUTCOMMIT', 'RFC 8881, 18.42', {
    offset: u64,
    length: u64,
    reclaim: xdrBool,
    stateid: stateid4Part,
    hasLastWriteOffset: xdrBool,
    lastWriteOffset: optional(flagged('hasLastWriteOffset'), fixedTail(u64)),
    hasTimeModify: fixedTail(xdrBool),
    timeModify: optional(flagged('hasTimeModify'), embed(nfsTime4)),
    type: fixedTail(layoutType),
    ...xdrOpaque('body'),
  }),
  LAYOUTGET: operation('LAYOUTGET', 'RFC 8881, 18.43', {
    signalAvailable: xdrBool,
    type: layoutType,
    iomode,
    offset: u64,
    length: u64,
    minLength: u64,
    stateid: stateid4Part,
    maxCount: u32,
  }),
  LAYOUTRETURN: operation('LAYOUTRETURN', 'RFC 8881, 18.44', {
    reclaim: xdrBool,
    type: layoutType,
    iomode,
    returnType: named(u32, LayoutReturnType4),
    file: optional(
      when<{ returnType: number }>((v) => v.returnType === LayoutReturnType4.LAYOUTRETURN4_FILE),
      embed(returned),
    ),
  }),
} as const;

/** What they answer. */
export const layoutResults = {
  GETDEVICEINFO: plainResult('GETDEVICEINFO', 'RFC 8881, 18.40', {
    resok: whenOk(
      codec('GETDEVICEINFO4resok', 'RFC 8881, 18.40', {
        type: layoutType,
        ...xdrOpaque('body'),
        ...bitmap4('notification'),
      }),
    ),
    minCount: optional(statusIs(NfsStat4.NFS4ERR_TOOSMALL), fixedTail(u32)),
  }),
  GETDEVICELIST: okResult('GETDEVICELIST', 'RFC 8881, 18.41', {
    cookie: u64,
    cookieVerifier: bytes(8),
    ...xdrArray('devices', bytes(DEVICE_ID_BYTES), 4096),
    eof: fixedTail(xdrBool),
  }),
  LAYOUTCOMMIT: okResult('LAYOUTCOMMIT', 'RFC 8881, 18.42', {
    hasNewSize: xdrBool,
    newSize: optional(flagged('hasNewSize'), fixedTail(u64)),
  }),
  LAYOUTGET: plainResult('LAYOUTGET', 'RFC 8881, 18.43', {
    resok: whenOk(
      codec('LAYOUTGET4resok', 'RFC 8881, 18.43', {
        returnOnClose: xdrBool,
        stateid: stateid4Part,
        ...xdrArray('layouts', layout4, 1024),
      }),
    ),
    willSignal: optional(statusIs(NfsStat4.NFS4ERR_LAYOUTTRYLATER), fixedTail(xdrBool)),
  }),
  LAYOUTRETURN: okResult('LAYOUTRETURN', 'RFC 8881, 18.44', {
    hasStateid: xdrBool,
    stateid: optional(flagged('hasStateid'), fixedTail(stateid4Part)),
  }),
} as const;
