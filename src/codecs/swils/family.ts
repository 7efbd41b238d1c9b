/** All SW_ILS as families: requests by their command, replies by the request they answer. */
import {
  type AnyCodec,
  type Codec,
  type FamilyCodec,
  family,
  type Infer,
  type InferInput,
  nameOf,
} from '../layout/index.ts';
import { EnhancedCommit, SwIlsCommand } from './codes.ts';
import * as fabric from './fabric.ts';
import { hlo, lsa, lsu } from './fspf.ts';
import * as link from './link.ts';
import * as notify from './notify.ts';
import { swAcc, swRjt } from './parts.ts';
import * as support from './support.ts';
import * as zoning from './zoning.ts';

/** SW_ILS requests by name. */
export const swIlsRequests = {
  SW_RJT: swRjt,
  ELP: link.elp,
  EFP: fabric.efp,
  DIA: fabric.dia,
  RDI: fabric.rdi,
  HLO: hlo,
  LSU: lsu,
  LSA: lsa,
  BF: fabric.bf,
  RCF: fabric.rcf,
  SW_RSCN: notify.swRscn,
  DRLIR: notify.drlir,
  DSCN: notify.dscn,
  LOOPD: notify.loopd,
  MR: zoning.mr,
  ACA: zoning.aca,
  RCA: zoning.rca,
  SFC: zoning.sfc,
  UFC: zoning.ufc,
  CEC: support.cec,
  EACA: zoning.eaca,
  ESFC: zoning.esfc,
  EUFC: zoning.eufc,
  ERCA: zoning.erca,
  TCO: zoning.tco,
  ESC: link.esc,
  ESS: support.ess,
  MRRA: zoning.mrra,
  STR: support.str,
  EVFP: link.swEvfp,
  AUTH_ILS: support.authIls,
  FFI: support.ffi,
} as const;

/** Accepts by the name of the request. HLO, LSU and LSA have none. */
export const swIlsAccepts = {
  ELP: link.elpAccept,
  EFP: fabric.efpAccept,
  DIA: fabric.diaAccept,
  RDI: fabric.rdiAccept,
  BF: fabric.bfAccept,
  RCF: fabric.rcfAccept,
  SW_RSCN: notify.swRscnAccept,
  DRLIR: notify.drlirAccept,
  DSCN: notify.dscnAccept,
  LOOPD: notify.loopdAccept,
  MR: zoning.mrAccept,
  ACA: zoning.acaAccept,
  RCA: zoning.rcaAccept,
  SFC: zoning.sfcAccept,
  UFC: zoning.ufcAccept,
  CEC: support.cecAccept,
  EACA: zoning.eacaAccept,
  ESFC: zoning.esfcAccept,
  EUFC: zoning.eufcAccept,
  ERCA: zoning.ercaAccept,
  TCO: zoning.tcoAccept,
  ESC: link.escAccept,
  ESS: support.essAccept,
  MRRA: zoning.mrraAccept,
  STR: support.strAccept,
  EVFP: link.swEvfpAccept,
  AUTH_ILS: support.authIlsAccept,
  FFI: support.ffiAccept,
} as const;

type Requests = typeof swIlsRequests;
type Accepts = typeof swIlsAccepts;

/**
 * The name of a request: `ELP`, `EACA`. The second byte tells the enhanced commit services
 * apart (command 2Ah) and does not matter otherwise.
 */
export function swIlsName(command: number, subCommand = 0): string | undefined {
  return command === SwIlsCommand.ENHANCED_COMMIT
    ? nameOf(EnhancedCommit, subCommand)
    : nameOf(SwIlsCommand, command);
}

/**
 * Any SW_ILS request, and SW_RJT; `kind` is its name. An SW_ACC is read with `swIlsAccept` or
 * `swIlsReply`.
 *
 * Shape: 4 bytes and more, as its member has.
 */
export const swIlsRequest: FamilyCodec<typeof swIlsRequests> = family('SW_ILS', 'FC-SW-6, SW_ILS', {
  members: swIlsRequests,
  select(bytes, at, end) {
    const name = swIlsName(bytes[at]!, end - at > 1 ? bytes[at + 1]! : 0);
    return name !== undefined && Object.hasOwn(swIlsRequests, name)
      ? (name as keyof Requests)
      : undefined;
  },
  peekBytes: 1,
});
export type SwIlsRequest = Infer<typeof swIlsRequest>;
export type SwIlsRequestInput = InferInput<typeof swIlsRequest>;

/** The accept of any request. */
export type SwIlsAccept =
  | { [K in keyof Accepts]: Infer<Accepts[K]> }[keyof Accepts]
  | Infer<typeof swAcc>;
/** What the accept of any request is encoded from. */
export type SwIlsAcceptInput =
  | { [K in keyof Accepts]: InferInput<Accepts[K]> & { kind: Accepts[K]['kind'] } }[keyof Accepts]
  | InferInput<typeof swAcc>;

/** The SW_ACC codec for a request; for one without its own, `swAcc`. */
export function swIlsAccept(command: number, subCommand = 0): Codec<SwIlsAccept, SwIlsAcceptInput> {
  const name = swIlsName(command, subCommand);
  const known: Readonly<Record<string, AnyCodec>> = swIlsAccepts;
  const found = name !== undefined && Object.hasOwn(known, name) ? known[name]! : swAcc;
  return found as Codec<SwIlsAccept, SwIlsAcceptInput>;
}

function replyTo(command: number, subCommand: number) {
  return family('SW_ILS reply', 'FC-SW-6, SW_ACC and SW_RJT', {
    members: { accept: swIlsAccept(command, subCommand), reject: swRjt },
    select(bytes, at) {
      if (bytes[at] === SwIlsCommand.SW_ACC) return 'accept';
      return bytes[at] === SwIlsCommand.SW_RJT ? 'reject' : undefined;
    },
    peekBytes: 1,
  });
}

const replies = new Map<number, ReturnType<typeof replyTo>>();

/** The codec of what may answer a request: its SW_ACC or SW_RJT. */
export function swIlsReply(command: number, subCommand = 0): ReturnType<typeof replyTo> {
  const sub = command === SwIlsCommand.ENHANCED_COMMIT ? subCommand : 0;
  const code = command * 0x100 + sub;
  let reply = replies.get(code);
  if (reply === undefined) {
    reply = replyTo(command, sub);
    replies.set(code, reply);
  }
  return reply;
}
/** What a codec of `swIlsReply` decodes to: the accept of the request, or SW_RJT. */
export type SwIlsReply = Infer<ReturnType<typeof swIlsReply>>;
