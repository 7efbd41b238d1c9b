/** FC-SP authentication messages: the envelope that ELS and SW_ILS share, and the payloads of DH-CHAP. */
import {
  type AnyCodec,
  codec,
  derived,
  type FixedField,
  flags,
  type Infer,
  list,
  named,
  of,
  rest,
  sized,
  type TailField,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';

/** Messages. Source: FC-SP, authentication message codes. */
export const AuthMessage = {
  AUTH_Reject: 0x0a,
  AUTH_Negotiate: 0x0b,
  AUTH_Done: 0x0c,
  DHCHAP_Challenge: 0x10,
  DHCHAP_Reply: 0x11,
  DHCHAP_Success: 0x12,
  FCAP_Request: 0x13,
  FCAP_Acknowledge: 0x14,
  FCAP_Confirm: 0x15,
  FCPAP_Init: 0x16,
  FCPAP_Accept: 0x17,
  FCPAP_Complete: 0x18,
} as const;

/** Fragments of one message. Source: FC-SP, AUTH_ELS flags. */
export const AuthFlags = { MORE_FRAGMENTS: 0x80, SEQUENCE_NUMBER: 0x40 } as const;

type AuthEnvelope = {
  flags: FixedField<number, true>;
  messageCode: FixedField<number>;
  protocolVersion: FixedField<number, true>;
  payloadLengthBytes: FixedField<number, true>;
  transactionId: FixedField<number>;
  payload: TailField<Uint8Array, true>;
};

/** What follows the command byte of an AUTH_ELS or AUTH_ILS. Source: FC-SP, authentication message. */
export const authEnvelope: AuthEnvelope = {
  flags: withDefault(flags(u8, AuthFlags), 0),
  messageCode: named(u8, AuthMessage),
  protocolVersion: withDefault(u8, 1),
  payloadLengthBytes: derived(u32, (_value, sizeOf) => sizeOf('payload')),
  transactionId: u32,
  payload: sized(
    of<{ payloadLengthBytes: number }>((value) => value.payloadLengthBytes),
    rest,
  ),
};

/** Why authentication ends. Source: FC-SP, AUTH_Reject reason codes. */
export const AuthRejectReason = { AUTHENTICATION_FAILURE: 1, LOGICAL_ERROR: 2 } as const;
/** Details of a rejection. Source: FC-SP, AUTH_Reject explanations. */
export const AuthRejectExplanation = {
  MECHANISM_NOT_USABLE: 0x01,
  DH_GROUP_NOT_USABLE: 0x02,
  HASH_NOT_USABLE: 0x03,
  TRANSACTION_ALREADY_STARTED: 0x04,
  AUTHENTICATION_FAILED: 0x05,
  INCORRECT_PAYLOAD: 0x06,
  INCORRECT_PROTOCOL_MESSAGE: 0x07,
  RESTART_AUTHENTICATION: 0x08,
} as const;

/** AUTH_Reject payload. Shape: 4 bytes. Source: FC-SP, AUTH_Reject. */
export const authReject = codec('AUTH_Reject', 'FC-SP, AUTH_Reject', {
  reason: named(u8, AuthRejectReason),
  explanation: named(u8, AuthRejectExplanation),
  reserved1: withDefault(u16, 0),
});
/** What `authReject` decodes. */
export type AuthReject = Infer<typeof authReject>;

/** How a name is written. Source: FC-SP, name tags. */
export const AuthNameTag = { WWN: 1 } as const;
/** Hash functions of DH-CHAP. Source: FC-SP, hash identifiers. */
export const DhChapHash = { MD5: 5, SHA1: 6 } as const;
/** Groups of DH-CHAP; 0 is plain CHAP. Source: FC-SP, DH group identifiers. */
export const DhChapGroup = { NULL: 0, DH_1024: 1, DH_1280: 2, DH_1536: 3, DH_2048: 4 } as const;
/** Authentication protocols. Source: FC-SP, protocol identifiers. */
export const AuthProtocol = { 'DH-CHAP': 1, FCAP: 2, FCPAP: 3 } as const;

const nameOfEntity: {
  nameTag: FixedField<number, true>;
  nameLengthBytes: FixedField<number, true>;
  name: TailField<Uint8Array, true>;
} = {
  nameTag: withDefault(named(u16, AuthNameTag), AuthNameTag.WWN),
  nameLengthBytes: derived(u16, (_value, sizeOf) => sizeOf('name')),
  name: sized(
    of<{ nameLengthBytes: number }>((value) => value.nameLengthBytes),
    rest,
  ),
};

/** Value of variable length behind its length word. */
const counted = (lengthKey: string): TailField<Uint8Array, true> =>
  sized(
    of<Record<string, number>>((value) => value[lengthKey] ?? 0),
    rest,
  );
const lengthOf = (key: string): FixedField<number, true> =>
  derived(u32, (_value, sizeOf) => sizeOf(key));

/** One protocol that an initiator offers. Shape: 8 bytes and parameters. Source: FC-SP, AUTH_Negotiate. */
export const authProtocolOffer = codec('authentication protocol offer', 'FC-SP, AUTH_Negotiate', {
  offerLengthBytes: derived(u32, (_value, sizeOf) => 4 + sizeOf('parameters')),
  protocol: named(u32, AuthProtocol),
  parameters: sized(
    of<{ offerLengthBytes: number }>((value) => value.offerLengthBytes - 4),
    rest,
  ),
});
/** What `authProtocolOffer` decodes. */
export type AuthProtocolOffer = Infer<typeof authProtocolOffer>;

/** AUTH_Negotiate payload. Shape: 8 bytes, the name, and the offers. Source: FC-SP, AUTH_Negotiate. */
export const authNegotiate = codec('AUTH_Negotiate', 'FC-SP, AUTH_Negotiate', {
  ...nameOfEntity,
  protocolCount: derived(u32, (value) =>
    Array.isArray(value.protocols) ? value.protocols.length : 0,
  ),
  protocols: list(authProtocolOffer, {
    count: of<{ protocolCount: number }>((value) => value.protocolCount),
  }),
});
/** What `authNegotiate` decodes. */
export type AuthNegotiate = Infer<typeof authNegotiate>;

/** DHCHAP_Challenge payload. Shape: 20 bytes, the name, challenge and DH value. Source: FC-SP, DHCHAP_Challenge. */
export const dhChapChallenge = codec('DHCHAP_Challenge', 'FC-SP, DHCHAP_Challenge', {
  ...nameOfEntity,
  hash: named(u32, DhChapHash),
  group: named(u32, DhChapGroup),
  challengeLengthBytes: lengthOf('challenge'),
  challenge: counted('challengeLengthBytes'),
  dhValueLengthBytes: lengthOf('dhValue'),
  dhValue: counted('dhValueLengthBytes'),
});
/** What `dhChapChallenge` decodes. */
export type DhChapChallenge = Infer<typeof dhChapChallenge>;

/** DHCHAP_Reply payload. Shape: 12 bytes, response, DH value and challenge. Source: FC-SP, DHCHAP_Reply. */
export const dhChapReply = codec('DHCHAP_Reply', 'FC-SP, DHCHAP_Reply', {
  responseLengthBytes: lengthOf('response'),
  response: counted('responseLengthBytes'),
  dhValueLengthBytes: lengthOf('dhValue'),
  dhValue: counted('dhValueLengthBytes'),
  challengeLengthBytes: lengthOf('challenge'),
  challenge: counted('challengeLengthBytes'),
});
/** What `dhChapReply` decodes. */
export type DhChapReply = Infer<typeof dhChapReply>;

/** DHCHAP_Success payload. Shape: 4 bytes and the response. Source: FC-SP, DHCHAP_Success. */
export const dhChapSuccess = codec('DHCHAP_Success', 'FC-SP, DHCHAP_Success', {
  responseLengthBytes: lengthOf('response'),
  response: counted('responseLengthBytes'),
});
/** What `dhChapSuccess` decodes. */
export type DhChapSuccess = Infer<typeof dhChapSuccess>;

/** AUTH_Done payload: nothing, or padding. */
const authDone = codec('AUTH_Done', 'FC-SP, AUTH_Done', { padding: rest });
/** Payloads that are certificates and the like, kept as they are. */
const opaque = codec('authentication payload', 'FC-SP, authentication payloads', { raw: rest });

const payloads = new Map<number, AnyCodec>([
  [AuthMessage.AUTH_Reject, authReject],
  [AuthMessage.AUTH_Negotiate, authNegotiate],
  [AuthMessage.AUTH_Done, authDone],
  [AuthMessage.DHCHAP_Challenge, dhChapChallenge],
  [AuthMessage.DHCHAP_Reply, dhChapReply],
  [AuthMessage.DHCHAP_Success, dhChapSuccess],
]);

/** The codec of the payload of a message; `{raw}` for FCAP, FCPAP and what is unknown. */
export function authPayload(messageCode: number): AnyCodec {
  return payloads.get(messageCode) ?? opaque;
}
