/** Credentials and verifiers. Source: RFC 5531, 8.2 and appendix A. */
import {
  CodecError,
  codec,
  hex,
  type Infer,
  type InferInput,
  named,
  u32,
  withDefault,
} from '../layout/index.ts';
import { AuthFlavor } from './codes.ts';
import { xdrArray, xdrOpaque, xdrString } from './xdr.ts';

/** Bytes of a credential or verifier, at most. Source: RFC 5531, 8.2. */
export const AUTH_BODY_BYTES_MAX = 400;

/**
 * A credential or a verifier: its kind and what that kind has.
 *
 * Shape: 8 bytes, then a body of at most 400 in units of 4.
 * Errors: `bad-length` for a longer body.
 */
export const opaqueAuth = codec('opaque_auth', 'RFC 5531, 8.2', {
  flavor: withDefault(named(u32, AuthFlavor), AuthFlavor.AUTH_NONE),
  ...xdrOpaque('body', AUTH_BODY_BYTES_MAX),
});
/** What `opaqueAuth` decodes. */
export type OpaqueAuth = Infer<typeof opaqueAuth>;
/** What `opaqueAuth` encodes. */
export type OpaqueAuthInput = InferInput<typeof opaqueAuth>;

/** Groups in a credential, at most. Source: RFC 5531, appendix A. */
export const AUTH_SYS_GIDS_MAX = 16;

/**
 * The body of an AUTH_SYS credential: who calls, as a Unix system says it.
 *
 * Shape: 20 bytes, the machine's name of at most 255, 4 for each of at most 16 groups.
 * Errors: `bad-length` for a longer name or more groups.
 */
export const authSys = codec('authsys_parms', 'RFC 5531, appendix A', {
  stamp: withDefault(hex(u32), 0),
  ...xdrString('machineName', 255),
  uid: u32,
  gid: u32,
  ...xdrArray('gids', u32, AUTH_SYS_GIDS_MAX),
});
/** What `authSys` decodes. */
export type AuthSys = Infer<typeof authSys>;
/** What `authSys` encodes. */
export type AuthSysInput = InferInput<typeof authSys>;

/** The credential of a caller who is somebody on a Unix system. */
export function authSysCredential(caller: AuthSysInput): OpaqueAuthInput {
  return { flavor: AuthFlavor.AUTH_SYS, body: authSys.encode(caller) };
}

/** Who calls by AUTH_SYS; `undefined` for another kind, and for a body that is none. */
export function callerOf({ flavor, body }: OpaqueAuth): AuthSys | undefined {
  if (flavor !== AuthFlavor.AUTH_SYS) return undefined;
  try {
    const caller = authSys.decode(body);
    return caller.trailing === undefined ? caller : undefined;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
