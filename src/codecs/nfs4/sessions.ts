/** NFS version 4.1: clients and sessions. Source: RFC 8881, 18.33 to 18.37, 18.46, 18.50, 18.51. */
import {
  bytes,
  codec,
  embed,
  fixedTail,
  flags,
  named,
  optional,
  u32,
  u64,
  when,
} from '../layout/index.ts';
import { authSys } from '../rpc/auth.ts';
import { AuthFlavor } from '../rpc/codes.ts';
import { xdrArray, xdrBool, xdrOpaque, xdrString } from '../rpc/xdr.ts';
import {
  ChannelDirFromClient4,
  ChannelDirFromServer4,
  CreateSessionFlags4,
  ExchangeIdFlags4,
  SequenceStatus4,
  StateProtect4,
} from './codes.ts';
import {
  bitmap4,
  clientId4,
  nfsTime4,
  OPAQUE4_BYTES_MAX,
  okResult,
  operation,
  plainResult,
  SESSION_ID_BYTES,
  VERIFIER4_BYTES,
} from './parts.ts';

const algorithm = codec('sec_oid4', 'RFC 8881, 18.35', { ...xdrOpaque('oid') });
const protectedOps = {
  ...bitmap4('mustEnforce'),
  ...bitmap4('mustAllow'),
};
const protectOps = codec('state_protect_ops4', 'RFC 8881, 18.35', protectedOps);
const ssvParameters = codec('ssv_sp_parms4', 'RFC 8881, 18.35', {
  ...protectedOps,
  ...xdrArray('hashAlgorithms', algorithm, 64),
  ...xdrArray('encryptionAlgorithms', algorithm, 64),
  window: fixedTail(u32),
  gssHandles: fixedTail(u32),
});
const gssHandle = codec('gsshandle4_t', 'RFC 8881, 18.33', { ...xdrOpaque('handle') });
const ssvInfo = codec('ssv_prot_info4', 'RFC 8881, 18.35', {
  ...protectedOps,
  hashAlgorithm: u32,
  encryptionAlgorithm: u32,
  ssvLengthBytes: u32,
  window: u32,
  ...xdrArray('handles', gssHandle, 64),
});
const how = (value: number) => when<{ protect: number }>((v) => v.protect === value);

/** Whose program it is, of which day. Shape: 20 bytes at least. */
export const implId4 = codec('nfs_impl_id4', 'RFC 8881, 3.3.21', {
  ...xdrString('domain', OPAQUE4_BYTES_MAX),
  ...xdrString('name', OPAQUE4_BYTES_MAX),
  date: embed(nfsTime4),
});
const implIds = xdrArray('implId', implId4, 1);

/** What one way of a session takes. Shape: 28 bytes; 32 with an RDMA depth. Units: bytes. */
export const channelAttrs4 = codec('channel_attrs4', 'RFC 8881, 18.36', {
  headerPadBytes: u32,
  maxRequestBytes: u32,
  maxResponseBytes: u32,
  maxResponseCachedBytes: u32,
  maxOperations: u32,
  maxRequests: u32,
  ...xdrArray('rdmaIrd', u32, 1),
});
const channels = { fore: embed(channelAttrs4), back: embed(channelAttrs4) };

const gssHandles = codec('gss_cb_handles4', 'RFC 8881, 18.33', {
  service: u32,
  ...xdrOpaque('fromServer'),
  ...xdrOpaque('fromClient'),
});
const flavorIs = (value: number) => when<{ flavor: number }>((v) => v.flavor === value);
/** By whom calls of the server to the client are made. Shape: 4 bytes at least. */
export const callbackSecParms4 = codec('callback_sec_parms4', 'RFC 8881, 18.33', {
  flavor: named(u32, AuthFlavor),
  sys: optional(flavorIs(AuthFlavor.AUTH_SYS), embed(authSys)),
  gss: optional(flavorIs(AuthFlavor.RPCSEC_GSS), embed(gssHandles)),
});
const callbackSecurity = xdrArray('security', callbackSecParms4, 64);

const sessionId = bytes(SESSION_ID_BYTES);

/** Operations on clients and sessions. */
export const sessionOperations = {
  BACKCHANNEL_CTL: operation('BACKCHANNEL_CTL', 'RFC 8881, 18.33', {
    callbackProgram: u32,
    ...callbackSecurity,
  }),
  BIND_CONN_TO_SESSION: operation('BIND_CONN_TO_SESSION', 'RFC 8881, 18.34', {
    sessionId,
    direction: named(u32, ChannelDirFromClient4),
    useRdma: xdrBool,
  }),
  EXCHANGE_ID: operation('EXCHANGE_ID', 'RFC 8881, 18.35', {
    verifier: bytes(VERIFIER4_BYTES),
    ...xdrOpaque('ownerId', OPAQUE4_BYTES_MAX),
    flags: fixedTail(flags(u32, ExchangeIdFlags4)),
    protect: fixedTail(named(u32, StateProtect4)),
    protectOps: optional(how(StateProtect4.SP4_MACH_CRED), embed(protectOps)),
    ssv: optional(how(StateProtect4.SP4_SSV), embed(ssvParameters)),
    ...implIds,
  }),
  CREATE_SESSION: operation('CREATE_SESSION', 'RFC 8881, 18.36', {
    clientId: clientId4,
    sequence: u32,
    flags: flags(u32, CreateSessionFlags4),
    ...channels,
    callbackProgram: fixedTail(u32),
    ...callbackSecurity,
  }),
  DESTROY_SESSION: operation('DESTROY_SESSION', 'RFC 8881, 18.37', { sessionId }),
  SEQUENCE: operation('SEQUENCE', 'RFC 8881, 18.46', {
    sessionId,
    sequenceId: u32,
    slotId: u32,
    highestSlotId: u32,
    cacheThis: xdrBool,
  }),
  DESTROY_CLIENTID: operation('DESTROY_CLIENTID', 'RFC 8881, 18.50', { clientId: clientId4 }),
  RECLAIM_COMPLETE: operation('RECLAIM_COMPLETE', 'RFC 8881, 18.51', { oneFs: xdrBool }),
} as const;

/** What they answer. */
export const sessionResults = {
  BACKCHANNEL_CTL: plainResult('BACKCHANNEL_CTL', 'RFC 8881, 18.33', {}),
  BIND_CONN_TO_SESSION: okResult('BIND_CONN_TO_SESSION', 'RFC 8881, 18.34', {
    sessionId,
    direction: named(u32, ChannelDirFromServer4),
    useRdma: xdrBool,
  }),
  EXCHANGE_ID: okResult('EXCHANGE_ID', 'RFC 8881, 18.35', {
    clientId: clientId4,
    sequence: u32,
    flags: flags(u32, ExchangeIdFlags4),
    protect: named(u32, StateProtect4),
    protectOps: optional(how(StateProtect4.SP4_MACH_CRED), embed(protectOps)),
    ssv: optional(how(StateProtect4.SP4_SSV), embed(ssvInfo)),
    serverMinorId: fixedTail(u64),
    ...xdrOpaque('serverMajorId', OPAQUE4_BYTES_MAX),
    ...xdrOpaque('serverScope', OPAQUE4_BYTES_MAX),
    ...implIds,
  }),
  CREATE_SESSION: okResult('CREATE_SESSION', 'RFC 8881, 18.36', {
    sessionId,
    sequence: u32,
    flags: flags(u32, CreateSessionFlags4),
    ...channels,
  }),
  DESTROY_SESSION: plainResult('DESTROY_SESSION', 'RFC 8881, 18.37', {}),
  SEQUENCE: okResult('SEQUENCE', 'RFC 8881, 18.46', {
    sessionId,
    sequenceId: u32,
    slotId: u32,
    highestSlotId: u32,
    targetHighestSlotId: u32,
    statusFlags: flags(u32, SequenceStatus4),
  }),
  DESTROY_CLIENTID: plainResult('DESTROY_CLIENTID', 'RFC 8881, 18.50', {}),
  RECLAIM_COMPLETE: plainResult('RECLAIM_COMPLETE', 'RFC 8881, 18.51', {}),
} as const;
