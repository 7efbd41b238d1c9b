/** All ELS as families: requests by their command byte, replies by the request they answer. */
import {
  type Codec,
  type FamilyCodec,
  family,
  type Infer,
  type InferInput,
  nameOf,
} from '../layout/index.ts';
import * as alias from './alias.ts';
import * as avionics from './avionics.ts';
import { rnc, rncAccept } from './capability.ts';
import { qosr, qosrAccept, rvcs, rvcsAccept } from './class-4.ts';
import { ElsCommand } from './codes.ts';
import * as diagnostics from './diagnostics.ts';
import { rec, recAccept, rrq, rrqAccept, rtv, rtvAccept } from './exchange.ts';
import * as incident from './link-incident.ts';
import * as link from './link-status.ts';
import * as login from './login.ts';
import * as loop from './loop.ts';
import * as node from './node.ts';
import * as other from './other.ts';
import * as port from './port-report.ts';
import * as process from './process-login.ts';
import * as sequence from './sequence-status.ts';
import { adisc, adiscAccept, logo, logoAccept, lsAcc, lsRjt } from './session.ts';
import { cbind, unbind } from './session-control.ts';
import { rscn, rscnAccept, scn, scnAccept, scr, scrAccept } from './state-change.ts';

const requests = {
  LS_RJT: lsRjt,
  PLOGI: login.plogi,
  FLOGI: login.flogi,
  LOGO: logo,
  ABTX: sequence.abtx,
  RCS: sequence.rcs,
  RES: sequence.res,
  RSS: sequence.rss,
  RSI: sequence.rsi,
  ESTS: other.ests,
  ESTC: other.estc,
  ADVC: other.advc,
  RTV: rtv,
  RLS: link.rls,
  ECHO: other.echo,
  TEST: other.testEls,
  RRQ: rrq,
  REC: rec,
  SRR: sequence.srr,
  FPIN: diagnostics.fpin,
  EDC: diagnostics.edc,
  RDP: diagnostics.rdp,
  RDF: diagnostics.rdf,
  PRLI: process.prli,
  PRLO: process.prlo,
  TPLS: process.tpls,
  TPRLO: process.tprlo,
  PDISC: login.pdisc,
  FDISC: login.fdisc,
  ADISC: adisc,
  'FARP-REQ': node.farpReq,
  'FARP-REPLY': node.farpReply,
  RPS: link.rps,
  RPL: link.rpl,
  RPBC: port.rpbc,
  GAID: alias.gaid,
  FACT: alias.fact,
  FDACT: alias.fdact,
  NACT: alias.nact,
  NDACT: alias.ndact,
  QoSR: qosr,
  RVCS: rvcs,
  RNC: rnc,
  FAN: node.fan,
  SCN: scn,
  RSCN: rscn,
  SCR: scr,
  RNFT: node.rnft,
  CSR: other.csr,
  CSU: other.csu,
  LINIT: loop.linit,
  LSTS: loop.lsts,
  RNID: node.rnid,
  RLIR: incident.rlir,
  LIRR: incident.lirr,
  SRL: incident.srl,
  SBRP: port.sbrp,
  RPSC: link.rpsc,
  EVFP: other.evfp,
  LKA: other.lka,
  LCB: diagnostics.lcb,
  AUTH_ELS: other.authEls,
  FFI_DTM: avionics.ffiDtm,
  FFI_RTM: avionics.ffiRtm,
  FFI_PSS: avionics.ffiPss,
  FFI_MUR: avionics.ffiMur,
  FFI_RMUN: avionics.ffiRmun,
  FFI_SMU: avionics.ffiSmu,
  FFI_RMU: avionics.ffiRmu,
  QFPA: diagnostics.qfpa,
  UVEM: diagnostics.uvem,
  CBIND: cbind,
  UNBIND: unbind,
  ...other.bareRequests,
} as const;

const accepts = {
  PLOGI: login.plogiAccept,
  FLOGI: login.flogiAccept,
  LOGO: logoAccept,
  ABTX: sequence.abtxAccept,
  RCS: sequence.rcsAccept,
  RES: sequence.resAccept,
  RSS: sequence.rssAccept,
  RSI: sequence.rsiAccept,
  ESTS: other.estsAccept,
  ADVC: other.advcAccept,
  RTV: rtvAccept,
  RLS: link.rlsAccept,
  ECHO: other.echoAccept,
  RRQ: rrqAccept,
  REC: recAccept,
  SRR: sequence.srrAccept,
  EDC: diagnostics.edcAccept,
  RDP: diagnostics.rdpAccept,
  RDF: diagnostics.rdfAccept,
  PRLI: process.prliAccept,
  PRLO: process.prloAccept,
  TPLS: process.tplsAccept,
  TPRLO: process.tprloAccept,
  PDISC: login.pdiscAccept,
  FDISC: login.fdiscAccept,
  ADISC: adiscAccept,
  'FARP-REPLY': node.farpReplyAccept,
  RPS: link.rpsAccept,
  RPL: link.rplAccept,
  RPBC: port.rpbcAccept,
  GAID: alias.gaidAccept,
  FACT: alias.factAccept,
  FDACT: alias.fdactAccept,
  NACT: alias.nactAccept,
  NDACT: alias.ndactAccept,
  QoSR: qosrAccept,
  RVCS: rvcsAccept,
  RNC: rncAccept,
  SCN: scnAccept,
  RSCN: rscnAccept,
  SCR: scrAccept,
  RNFT: node.rnftAccept,
  CSR: other.csrAccept,
  LINIT: loop.linitAccept,
  LSTS: loop.lstsAccept,
  RNID: node.rnidAccept,
  RLIR: incident.rlirAccept,
  LIRR: incident.lirrAccept,
  SRL: incident.srlAccept,
  SBRP: port.sbrpAccept,
  RPSC: link.rpscAccept,
  EVFP: other.evfpAccept,
  LKA: other.lkaAccept,
  LCB: diagnostics.lcbAccept,
  AUTH_ELS: other.authElsAccept,
  FFI_DTM: avionics.ffiDtmAccept,
  FFI_RTM: avionics.ffiRtmAccept,
  FFI_PSS: avionics.ffiPssAccept,
  FFI_MUR: avionics.ffiMurAccept,
  FFI_SMU: avionics.ffiSmuAccept,
  FFI_RMU: avionics.ffiRmuAccept,
  QFPA: diagnostics.qfpaAccept,
  UVEM: diagnostics.uvemAccept,
  ...other.bareAccepts,
} as const;

type Requests = typeof requests;
type Accepts = typeof accepts;

function keyIn<T extends object>(members: T, command: number): keyof T | undefined {
  const name = nameOf(ElsCommand, command);
  return name !== undefined && Object.hasOwn(members, name) ? (name as keyof T) : undefined;
}

/**
 * Any ELS request, and LS_RJT, by its command byte; `kind` is the command's name.
 *
 * LS_ACC does not say what it accepts: read it with `elsAccept` or `elsReply`.
 *
 * Shape: 1 byte, the command, then what it asks for.
 */
export const elsRequest: FamilyCodec<Requests> = family('ELS', 'FC-LS-3, LS_Command codes', {
  members: requests,
  select: (bytes, at) => keyIn(requests, bytes[at]!),
  peekBytes: 1,
});
/** What `elsRequest` decodes. */
export type ElsRequest = Infer<typeof elsRequest>;
/** What `elsRequest` encodes. */
export type ElsRequestInput = InferInput<typeof elsRequest>;

/** The accept of any request. */
export type ElsAccept =
  | { [K in keyof Accepts]: Infer<Accepts[K]> }[keyof Accepts]
  | Infer<typeof lsAcc>;
/** What the accept of any request is encoded from. */
export type ElsAcceptInput =
  | { [K in keyof Accepts]: InferInput<Accepts[K]> & { kind: Accepts[K]['kind'] } }[keyof Accepts]
  | InferInput<typeof lsAcc>;

/** The LS_ACC codec for the request with this command; for one without its own, `lsAcc`. */
export function elsAccept(command: number): Codec<ElsAccept, ElsAcceptInput> {
  const key = keyIn(accepts, command);
  const found: unknown = key === undefined ? lsAcc : accepts[key];
  return found as Codec<ElsAccept, ElsAcceptInput>;
}

/** The names of the requests whose accepts are known, for tables and documentation. */
export const elsAccepts: Accepts = accepts;
/** The requests by name. */
export const elsRequests: Requests = requests;

function replyTo(command: number) {
  const accept = elsAccept(command) as Codec<ElsAccept, ElsAcceptInput>;
  return family('ELS reply', 'FC-LS-3, LS_ACC and LS_RJT', {
    members: { accept, reject: lsRjt },
    select(bytes, at) {
      if (bytes[at] === ElsCommand.LS_ACC) return 'accept';
      return bytes[at] === ElsCommand.LS_RJT ? 'reject' : undefined;
    },
    peekBytes: 1,
  });
}

const replies = new Map<number, ReturnType<typeof replyTo>>();

/** The codec of what may answer the request with this command: its LS_ACC or LS_RJT. */
export function elsReply(command: number): ReturnType<typeof replyTo> {
  let reply = replies.get(command);
  if (reply === undefined) {
    reply = replyTo(command);
    replies.set(command, reply);
  }
  return reply;
}
/** What may answer an ELS: its LS_ACC or LS_RJT. */
export type ElsReply = Infer<ReturnType<typeof elsReply>>;
