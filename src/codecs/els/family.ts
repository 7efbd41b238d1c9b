/** All ELS as families: requests by their command byte, replies by the request they answer. */
import { type Codec, family, type Infer, type InferInput, nameOf } from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { rec, recAccept, rrq, rrqAccept, rtv, rtvAccept } from './exchange.ts';
import {
  fdisc,
  fdiscAccept,
  flogi,
  flogiAccept,
  pdisc,
  pdiscAccept,
  plogi,
  plogiAccept,
} from './login.ts';
import { prli, prliAccept, prlo, prloAccept } from './process-login.ts';
import { adisc, adiscAccept, logo, logoAccept, lsAcc, lsRjt } from './session.ts';
import { rscn, rscnAccept, scr, scrAccept } from './state-change.ts';

const requests = {
  PLOGI: plogi,
  FLOGI: flogi,
  LOGO: logo,
  RTV: rtv,
  RRQ: rrq,
  REC: rec,
  PRLI: prli,
  PRLO: prlo,
  PDISC: pdisc,
  FDISC: fdisc,
  ADISC: adisc,
  RSCN: rscn,
  SCR: scr,
  LS_RJT: lsRjt,
} as const;

const accepts = {
  PLOGI: plogiAccept,
  FLOGI: flogiAccept,
  LOGO: logoAccept,
  RTV: rtvAccept,
  RRQ: rrqAccept,
  REC: recAccept,
  PRLI: prliAccept,
  PRLO: prloAccept,
  PDISC: pdiscAccept,
  FDISC: fdiscAccept,
  ADISC: adiscAccept,
  RSCN: rscnAccept,
  SCR: scrAccept,
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
 */
export const elsRequest = family('ELS', 'FC-LS-3, LS_Command codes', {
  members: requests,
  select: (bytes, at) => keyIn(requests, bytes[at]!),
  peekBytes: 1,
});
export type ElsRequest = Infer<typeof elsRequest>;
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
export type ElsReply = Infer<ReturnType<typeof elsReply>>;
