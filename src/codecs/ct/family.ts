/** All generic services as families: requests by server and command, answers by what they answer. */
import {
  type AnyCodec,
  type Codec,
  type FamilyCodec,
  family,
  type Infer,
  type InferInput,
  type Names,
  nameOf,
} from '../layout/index.ts';
import {
  ApplicationCommand,
  ApplicationExplanation,
  applicationAccepts,
  applicationRequests,
  applicationServer,
} from './application-server.ts';
import { configurationAccepts, configurationRequests } from './configuration.ts';
import {
  ConfigurationCommand,
  ConfigurationExplanation,
  configurationServer,
} from './configuration-codes.ts';
import { fdmiAccepts, fdmiRequests } from './fdmi.ts';
import { FdmiCommand, FdmiExplanation, fdmiServer } from './fdmi-codes.ts';
import { nameServerAccepts, nameServerRequests } from './name-server.ts';
import { NameServerCommand, NameServerExplanation, nameServer } from './name-server-codes.ts';
import {
  CtResponse,
  type CtServer,
  ctAcc,
  ctReject,
  GsType,
  ManagementSubtype,
  PREAMBLE_BYTES,
} from './preamble.ts';
import { EnhancedZoneCommand, ZoneCommand, ZoneExplanation, zoneServer } from './zone-codes.ts';
import { enhancedZoneAccepts, enhancedZoneRequests } from './zone-enhanced.ts';
import { zoneAccepts, zoneRequests } from './zone-server.ts';

/** Requests of all servers by name. */
export const ctRequests: typeof nameServerRequests &
  typeof fdmiRequests &
  typeof zoneRequests &
  typeof enhancedZoneRequests &
  typeof configurationRequests &
  typeof applicationRequests & { readonly CT_RJT: typeof ctReject } = {
  ...nameServerRequests,
  ...fdmiRequests,
  ...zoneRequests,
  ...enhancedZoneRequests,
  ...configurationRequests,
  ...applicationRequests,
  CT_RJT: ctReject,
} as const;
/** Accepts of all servers by the name of the request. */
export const ctAccepts: typeof nameServerAccepts &
  typeof fdmiAccepts &
  typeof zoneAccepts &
  typeof enhancedZoneAccepts &
  typeof configurationAccepts &
  typeof applicationAccepts = {
  ...nameServerAccepts,
  ...fdmiAccepts,
  ...zoneAccepts,
  ...enhancedZoneAccepts,
  ...configurationAccepts,
  ...applicationAccepts,
} as const;

type RequestName = keyof typeof ctRequests;
type AcceptName = keyof typeof ctAccepts;

interface Served extends CtServer {
  readonly commands: Names;
  readonly explanations: Names;
}

/** Servers and their codes. The unzoned name server understands what the name server does. */
const SERVED: readonly Served[] = [
  { ...nameServer, commands: NameServerCommand, explanations: NameServerExplanation },
  {
    gsType: GsType.MANAGEMENT,
    gsSubtype: ManagementSubtype.UNZONED_NAME_SERVER,
    commands: NameServerCommand,
    explanations: NameServerExplanation,
  },
  { ...fdmiServer, commands: FdmiCommand, explanations: FdmiExplanation },
  {
    ...zoneServer,
    commands: { ...ZoneCommand, ...EnhancedZoneCommand },
    explanations: ZoneExplanation,
  },
  {
    ...configurationServer,
    commands: ConfigurationCommand,
    explanations: ConfigurationExplanation,
  },
  { ...applicationServer, commands: ApplicationCommand, explanations: ApplicationExplanation },
];

/** The name of a refusal's explanation, which each server numbers by itself. */
export function ctExplanationName(
  gsType: number,
  gsSubtype: number,
  explanation: number,
): string | undefined {
  const server = SERVED.find((one) => one.gsType === gsType && one.gsSubtype === gsSubtype);
  return server === undefined ? undefined : nameOf(server.explanations, explanation);
}

const codeOf = (gsType: number, gsSubtype: number, command: number): number =>
  (gsType * 0x100 + gsSubtype) * 0x1_0000 + command;

const names = new Map<number, string>();
for (const { gsType, gsSubtype, commands } of SERVED) {
  for (const [name, command] of Object.entries(commands)) {
    names.set(codeOf(gsType, gsSubtype, command), name);
  }
}

/** The name of a request, such as `GPN_FT`; `undefined` for one that is not known. */
export function ctCommandName(
  gsType: number,
  gsSubtype: number,
  command: number,
): string | undefined {
  return names.get(codeOf(gsType, gsSubtype, command));
}

function requestName(bytes: Uint8Array, at: number): RequestName | undefined {
  const command = (bytes[at + 8]! << 8) | bytes[at + 9]!;
  if (command === CtResponse.CT_RJT) return 'CT_RJT';
  const name = ctCommandName(bytes[at + 4]!, bytes[at + 5]!, command);
  return name !== undefined && Object.hasOwn(ctRequests, name) ? (name as RequestName) : undefined;
}

/**
 * Any CT request, and the reject, by server and command; `kind` is the command's name.
 *
 * An accept does not say what it accepts: read it with `ctAccept` or `ctReply`.
 *
 * Shape: 16 bytes of preamble, then what the command asks for.
 */
export const ctRequest: FamilyCodec<typeof ctRequests> = family('CT_IU', 'FC-GS-7, CT_IU', {
  members: ctRequests,
  select: requestName,
  peekBytes: PREAMBLE_BYTES,
});
/** What `ctRequest` decodes. */
export type CtRequest = Infer<typeof ctRequest>;
/** What `ctRequest` encodes. */
export type CtRequestInput = InferInput<typeof ctRequest>;

type Accepts = typeof ctAccepts;
/** The accept of any request. */
export type CtAccept = { [K in AcceptName]: Infer<Accepts[K]> }[AcceptName] | Infer<typeof ctAcc>;
/** What the accept of any request is encoded from. */
export type CtAcceptInput =
  | { [K in AcceptName]: InferInput<Accepts[K]> & { kind: Accepts[K]['kind'] } }[AcceptName]
  | InferInput<typeof ctAcc>;

/** The accept codec for this request of this server; for one without its own, `ctAcc`. */
export function ctAccept(
  gsType: number,
  gsSubtype: number,
  command: number,
): Codec<CtAccept, CtAcceptInput> {
  const name = ctCommandName(gsType, gsSubtype, command);
  const known: Readonly<Record<string, AnyCodec>> = ctAccepts;
  const found = name !== undefined && Object.hasOwn(known, name) ? known[name]! : ctAcc;
  return found as Codec<CtAccept, CtAcceptInput>;
}

function replyTo(gsType: number, gsSubtype: number, command: number) {
  return family('CT reply', 'FC-GS-7, accept and reject CT_IU', {
    members: { accept: ctAccept(gsType, gsSubtype, command), reject: ctReject },
    select(bytes, at) {
      const response = (bytes[at + 8]! << 8) | bytes[at + 9]!;
      if (response === CtResponse.CT_ACC) return 'accept';
      return response === CtResponse.CT_RJT ? 'reject' : undefined;
    },
    peekBytes: PREAMBLE_BYTES,
  });
}

const replies = new Map<number, ReturnType<typeof replyTo>>();

/** The codec of what may answer this request of this server: its accept or the reject. */
export function ctReply(
  gsType: number,
  gsSubtype: number,
  command: number,
): ReturnType<typeof replyTo> {
  const code = codeOf(gsType, gsSubtype, command);
  let reply = replies.get(code);
  if (reply === undefined) {
    reply = replyTo(gsType, gsSubtype, command);
    // What is unknown shares `ctAcc`: only what is known is worth keeping.
    if (names.has(code)) replies.set(code, reply);
  }
  return reply;
}
/** What may answer a CT request: an accept or the reject. */
export type CtReply = Infer<ReturnType<typeof ctReply>>;
