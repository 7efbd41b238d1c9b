/** NFS version 4.1: opens, delegations and locks. Source: RFC 8881, 18.2, 18.6, 18.10 to 18.12, 18.16, 18.18, 18.38, 18.48. */
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
import { XdrBool, xdrArray, xdrBool, xdrString } from '../rpc/xdr.ts';
import {
  CreateMode4,
  NfsStat4,
  OpenClaim4,
  OpenDelegation4,
  OpenResult4,
  OpenType4,
  WhyNoDelegation4,
} from './codes.ts';
import {
  bitmap4,
  changeInfo4,
  fattr4Part,
  okResult,
  operation,
  plainResult,
  stateid4Part,
  stateOwner4,
  VERIFIER4_BYTES,
  whenOk,
} from './parts.ts';

const SOURCE = 'RFC 8881, 18.16';

type Mode = { readonly mode: number };
const createHow = codec('createhow4', SOURCE, {
  mode: named(u32, CreateMode4),
  verifier: optional(
    when<Mode>((v) => v.mode === CreateMode4.EXCLUSIVE4 || v.mode === CreateMode4.EXCLUSIVE4_1),
    fixedTail(bytes(VERIFIER4_BYTES)),
  ),
  attributes: optional(
    when<Mode>((v) => v.mode !== CreateMode4.EXCLUSIVE4),
    fattr4Part,
  ),
});

const fileName = codec('component4', SOURCE, { ...xdrString('name') });
type Claim = { readonly claim: number };
const claims = (...some: number[]) => when<Claim>((v) => some.includes(v.claim));
const openClaim = codec('open_claim4', SOURCE, {
  claim: named(u32, OpenClaim4),
  delegateType: optional(claims(OpenClaim4.CLAIM_PREVIOUS), fixedTail(named(u32, OpenDelegation4))),
  stateid: optional(
    claims(OpenClaim4.CLAIM_DELEGATE_CUR, OpenClaim4.CLAIM_DELEG_CUR_FH),
    fixedTail(stateid4Part),
  ),
  file: optional(
    claims(OpenClaim4.CLAIM_NULL, OpenClaim4.CLAIM_DELEGATE_CUR, OpenClaim4.CLAIM_DELEGATE_PREV),
    embed(fileName),
  ),
});

const ace = codec('nfsace4', 'RFC 8881, 6.2.1', {
  type: u32,
  flag: u32,
  accessMask: u32,
  ...xdrString('who'),
});
const spaceLimit = codec('nfs_space_limit4', SOURCE, { limitBy: u32, limit: u64 });

type Given = { readonly delegationType: number };
const gives = (...some: number[]) => when<Given>((v) => some.includes(v.delegationType));
const { OPEN_DELEGATE_READ, OPEN_DELEGATE_WRITE, OPEN_DELEGATE_NONE_EXT } = OpenDelegation4;
const isGiven = gives(OPEN_DELEGATE_READ, OPEN_DELEGATE_WRITE);
const whyNone = codec('open_none_delegation4', SOURCE, {
  why: named(u32, WhyNoDelegation4),
  willTell: optional(
    when<{ why: number }>(
      (v) => v.why === WhyNoDelegation4.WND4_CONTENTION || v.why === WhyNoDelegation4.WND4_RESOURCE,
    ),
    fixedTail(xdrBool),
  ),
});
/** What else an open gives. Shape: 4 bytes at least. */
export const openDelegation4 = codec('open_delegation4', SOURCE, {
  delegationType: named(u32, OpenDelegation4),
  stateid: optional(isGiven, fixedTail(stateid4Part)),
  recall: optional(isGiven, fixedTail(xdrBool)),
  spaceLimit: optional(gives(OPEN_DELEGATE_WRITE), embed(spaceLimit)),
  permissions: optional(isGiven, embed(ace)),
  none: optional(gives(OPEN_DELEGATE_NONE_EXT), embed(whyNone)),
});

const openOwner = embed(stateOwner4);
const denied = codec('LOCK4denied', 'RFC 8881, 18.10', {
  offset: u64,
  length: u64,
  lockType: u32,
  owner: openOwner,
});
const whenDenied = optional(
  when<{ status: number }>((v) => v.status === NfsStat4.NFS4ERR_DENIED),
  embed(denied),
);
const isNew = when<{ isNewOwner: number }>((v) => v.isNewOwner !== XdrBool.FALSE);
const isOld = when<{ isNewOwner: number }>((v) => v.isNewOwner === XdrBool.FALSE);
const newOwner = codec('open_to_lock_owner4', 'RFC 8881, 18.10', {
  openSeqid: u32,
  openStateid: stateid4Part,
  lockSeqid: u32,
  owner: openOwner,
});
const oldOwner = codec('exist_lock_owner4', 'RFC 8881, 18.10', {
  lockStateid: stateid4Part,
  lockSeqid: u32,
});

/** Operations on opens, delegations and locks. */
export const openOperations = {
  CLOSE: operation('CLOSE', 'RFC 8881, 18.2', { seqid: u32, stateid: stateid4Part }),
  DELEGRETURN: operation('DELEGRETURN', 'RFC 8881, 18.6', { stateid: stateid4Part }),
  LOCK: operation('LOCK', 'RFC 8881, 18.10', {
    lockType: u32,
    reclaim: xdrBool,
    offset: u64,
    length: u64,
    isNewOwner: xdrBool,
    newOwner: optional(isNew, embed(newOwner)),
    oldOwner: optional(isOld, embed(oldOwner)),
  }),
  LOCKT: operation('LOCKT', 'RFC 8881, 18.11', {
    lockType: u32,
    offset: u64,
    length: u64,
    owner: openOwner,
  }),
  LOCKU: operation('LOCKU', 'RFC 8881, 18.12', {
    lockType: u32,
    seqid: u32,
    stateid: stateid4Part,
    offset: u64,
    length: u64,
  }),
  OPEN: operation('OPEN', SOURCE, {
    seqid: u32,
    shareAccess: u32,
    shareDeny: u32,
    owner: openOwner,
    openType: named(u32, OpenType4),
    how: optional(
      when<{ openType: number }>((v) => v.openType === OpenType4.OPEN4_CREATE),
      embed(createHow),
    ),
    claim: embed(openClaim),
  }),
  OPEN_DOWNGRADE: operation('OPEN_DOWNGRADE', 'RFC 8881, 18.18', {
    stateid: stateid4Part,
    seqid: u32,
    shareAccess: u32,
    shareDeny: u32,
  }),
  FREE_STATEID: operation('FREE_STATEID', 'RFC 8881, 18.38', { stateid: stateid4Part }),
  TEST_STATEID: operation('TEST_STATEID', 'RFC 8881, 18.48', {
    ...xdrArray('stateids', stateid4Part, 1024),
  }),
} as const;

/** What they answer. */
export const openResults = {
  CLOSE: okResult('CLOSE', 'RFC 8881, 18.2', { stateid: stateid4Part }),
  DELEGRETURN: plainResult('DELEGRETURN', 'RFC 8881, 18.6', {}),
  LOCK: plainResult('LOCK', 'RFC 8881, 18.10', {
    resok: whenOk(codec('LOCK4resok', 'RFC 8881, 18.10', { stateid: stateid4Part })),
    denied: whenDenied,
  }),
  LOCKT: plainResult('LOCKT', 'RFC 8881, 18.11', { denied: whenDenied }),
  LOCKU: okResult('LOCKU', 'RFC 8881, 18.12', { stateid: stateid4Part }),
  OPEN: okResult('OPEN', SOURCE, {
    stateid: stateid4Part,
    cinfo: struct(changeInfo4),
    resultFlags: flags(u32, OpenResult4),
    ...bitmap4('attributesSet'),
    delegation: embed(openDelegation4),
  }),
  OPEN_DOWNGRADE: okResult('OPEN_DOWNGRADE', 'RFC 8881, 18.18', { stateid: stateid4Part }),
  FREE_STATEID: plainResult('FREE_STATEID', 'RFC 8881, 18.38', {}),
  TEST_STATEID: okResult('TEST_STATEID', 'RFC 8881, 18.48', {
    ...xdrArray('statuses', named(u32, NfsStat4), 1024),
  }),
} as const;
