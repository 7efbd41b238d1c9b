/** What a generic service makes of a request: the bytes of an accept, or why not. */
import { CtResponse, ctAcc, ctPreambleFor, nameServer } from '../../codecs/ct/index.ts';

/** The bytes of an accept, preamble included, or reason and explanation of a reject. */
export type CtAnswer =
  | { readonly accept: Uint8Array }
  | { readonly reason: number; readonly explanation: number };

/** An accept of the name server: encoded with its body, or without any. */
export function accepted(encoded?: Uint8Array): CtAnswer {
  return { accept: encoded ?? EMPTY };
}

/** A refusal with reason and explanation. */
export function refused(reason: number, explanation = 0): CtAnswer {
  return { reason, explanation };
}

const EMPTY = ctAcc.encode({
  preamble: ctPreambleFor({ ...nameServer, command: CtResponse.CT_ACC }),
});
