/** The handshake of NBD: a greeting, options and what is answered to them. Source: doc/proto.md of NBD. */
import {
  codec,
  derived,
  embed,
  type FamilyCodec,
  family,
  fixedTail,
  flags,
  hex,
  type Infer,
  type InferInput,
  list,
  named,
  rest,
  restText,
  sized,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import {
  NBD_ERROR_REPLY,
  NBD_MAGIC,
  NBD_OPTION_MAGIC,
  NBD_OPTION_REPLY_MAGIC,
  NbdHandshakeFlags,
  NbdInfo,
  NbdOption,
  NbdOptionReply,
  NbdTransmissionFlags,
} from './codes.ts';
import { codeOf, countedText, dataBytes, dataLength, magic64 } from './parts.ts';

const SOURCE = 'NBD, doc/proto.md, "Newstyle negotiation"';
const OPTIONS = 'NBD, doc/proto.md, "Option types"';
const REPLIES = 'NBD, doc/proto.md, "Option reply types"';
const TRANSMISSION_FLAGS = 'NBD, doc/proto.md, "Transmission flags"';

/** A server's first words. Shape: 18 bytes. */
export const nbdGreeting = codec('NBD greeting', SOURCE, {
  magic: magic64(NBD_MAGIC),
  optionMagic: magic64(NBD_OPTION_MAGIC),
  flags: flags(hex(u16), NbdHandshakeFlags),
});

/** A client's first words. Shape: 4 bytes. */
export const nbdClientFlags = codec('NBD client flags', SOURCE, {
  flags: flags(hex(u32), NbdHandshakeFlags),
});

/**
 * The head of any option, whatever its data is. Shape: 16 bytes. Units: `lengthBytes` counts the data
 * behind it.
 */
export const nbdOptionHead = codec('NBD option head', SOURCE, {
  magic: magic64(NBD_OPTION_MAGIC),
  option: named(u32, NbdOption),
  lengthBytes: u32,
});
/** Bytes of an option in front of its data. */
export const NBD_OPTION_HEAD_BYTES = 16;
/** Bytes of the reply to an option in front of its data. */
export const NBD_OPTION_REPLY_HEAD_BYTES = 20;

/** An export that is asked about, and what of it. Shape: 6 bytes, the name, 2 bytes for each kind of information. */
export const nbdInfoRequest = codec('NBD information request', OPTIONS, {
  ...countedText('exportName'),
  informationCount: fixedTail(
    derived(u16, (value) => (value.informations as readonly number[] | undefined)?.length ?? 0),
  ),
  informations: list(named(u16, NbdInfo), {
    count: (owner: { readonly informationCount: number }) => owner.informationCount,
  }),
});

/** One meta context that is asked for: its name, or the beginning of many. Shape: 4 bytes and the query. */
export const nbdMetaQuery = codec('NBD meta context query', OPTIONS, countedText('query'));

/** Meta contexts of an export that are asked for. Shape: 8 bytes, the name and the queries. */
export const nbdMetaQueries = codec('NBD meta context queries', OPTIONS, {
  ...countedText('exportName'),
  queryCount: fixedTail(
    derived(u32, (value) => (value.queries as readonly unknown[] | undefined)?.length ?? 0),
  ),
  queries: list(nbdMetaQuery, {
    count: (owner: { readonly queryCount: number }) => owner.queryCount,
  }),
});

const optionHead = (option: number) => ({
  magic: magic64(NBD_OPTION_MAGIC),
  option: codeOf(NbdOption, option),
  lengthBytes: dataLength,
});

const plainOption = <const K extends keyof typeof NbdOption>(kind: K) =>
  codec(
    `NBD_OPT_${kind}`,
    OPTIONS,
    { ...optionHead(NbdOption[kind]), data: sized(dataBytes, rest) },
    kind,
  );
const infoOption = <const K extends 'INFO' | 'GO'>(kind: K) =>
  codec(
    `NBD_OPT_${kind}`,
    OPTIONS,
    { ...optionHead(NbdOption[kind]), data: sized(dataBytes, embed(nbdInfoRequest)) },
    kind,
  );
const metaOption = <const K extends 'LIST_META_CONTEXT' | 'SET_META_CONTEXT'>(kind: K) =>
  codec(
    `NBD_OPT_${kind}`,
    OPTIONS,
    { ...optionHead(NbdOption[kind]), data: sized(dataBytes, embed(nbdMetaQueries)) },
    kind,
  );

const options = {
  [NbdOption.EXPORT_NAME]: codec(
    'NBD_OPT_EXPORT_NAME',
    OPTIONS,
    { ...optionHead(NbdOption.EXPORT_NAME), data: sized(dataBytes, restText) },
    'EXPORT_NAME',
  ),
  [NbdOption.ABORT]: plainOption('ABORT'),
  [NbdOption.LIST]: plainOption('LIST'),
  [NbdOption.STARTTLS]: plainOption('STARTTLS'),
  [NbdOption.INFO]: infoOption('INFO'),
  [NbdOption.GO]: infoOption('GO'),
  [NbdOption.STRUCTURED_REPLY]: plainOption('STRUCTURED_REPLY'),
  [NbdOption.LIST_META_CONTEXT]: metaOption('LIST_META_CONTEXT'),
  [NbdOption.SET_META_CONTEXT]: metaOption('SET_META_CONTEXT'),
} as const;

const u32At = (bytes: Uint8Array, at: number): number => u32.read(bytes, at, 0);

/** An option of a client. Shape: 16 bytes and its data. Others than these are `unknown`. */
export const nbdOption: FamilyCodec<typeof options> = family('NBD option', OPTIONS, {
  members: options,
  peekBytes: NBD_OPTION_HEAD_BYTES,
  select(bytes, at) {
    const option = u32At(bytes, at + 8);
    return Object.hasOwn(options, option) ? (option as keyof typeof options) : undefined;
  },
  extent: (bytes, at) => NBD_OPTION_HEAD_BYTES + u32At(bytes, at + 12),
});
/** What `nbdOption` decodes. */
export type NbdOptionValue = Infer<typeof nbdOption>;
/** What `nbdOption` encodes. */
export type NbdOptionInput = InferInput<typeof nbdOption>;

/** The kinds of information on an export. */
const informations = {
  [NbdInfo.EXPORT]: codec(
    'NBD_INFO_EXPORT',
    REPLIES,
    {
      information: withDefault(named(u16, NbdInfo), NbdInfo.EXPORT),
      sizeBytes: u64,
      flags: flags(hex(u16), NbdTransmissionFlags),
    },
    'EXPORT',
  ),
  [NbdInfo.NAME]: codec(
    'NBD_INFO_NAME',
    REPLIES,
    { information: withDefault(named(u16, NbdInfo), NbdInfo.NAME), name: restText },
    'NAME',
  ),
  [NbdInfo.DESCRIPTION]: codec(
    'NBD_INFO_DESCRIPTION',
    REPLIES,
    { information: withDefault(named(u16, NbdInfo), NbdInfo.DESCRIPTION), description: restText },
    'DESCRIPTION',
  ),
  [NbdInfo.BLOCK_SIZE]: codec(
    'NBD_INFO_BLOCK_SIZE',
    REPLIES,
    {
      information: withDefault(named(u16, NbdInfo), NbdInfo.BLOCK_SIZE),
      minimumBytes: u32,
      preferredBytes: u32,
      maximumBytes: u32,
    },
    'BLOCK_SIZE',
  ),
} as const;

/** One piece of information on an export. Shape: 2 bytes and what it is. */
export const nbdInformation: FamilyCodec<typeof informations> = family('NBD information', REPLIES, {
  members: informations,
  peekBytes: 2,
  select(bytes, at) {
    const kind = u16.read(bytes, at, 0);
    return Object.hasOwn(informations, kind) ? (kind as keyof typeof informations) : undefined;
  },
});

/** An export of a list. Shape: 4 bytes, its name, and what else there is to say of it. */
export const nbdServerEntry = codec('NBD export', REPLIES, {
  ...countedText('exportName'),
  details: restText,
});

/** A meta context and the number by which it is meant. Shape: 4 bytes and its name. */
export const nbdMetaContext = codec('NBD meta context', REPLIES, {
  contextId: u32,
  context: restText,
});

const replyHead = (reply: number) => ({
  magic: magic64(NBD_OPTION_REPLY_MAGIC),
  option: named(u32, NbdOption),
  reply: codeOf(NbdOptionReply, reply),
  lengthBytes: dataLength,
});

const replies = {
  ACK: codec(
    'NBD_REP_ACK',
    REPLIES,
    { ...replyHead(NbdOptionReply.ACK), data: sized(dataBytes, rest) },
    'ACK',
  ),
  SERVER: codec(
    'NBD_REP_SERVER',
    REPLIES,
    { ...replyHead(NbdOptionReply.SERVER), data: sized(dataBytes, embed(nbdServerEntry)) },
    'SERVER',
  ),
  INFO: codec(
    'NBD_REP_INFO',
    REPLIES,
    { ...replyHead(NbdOptionReply.INFO), data: sized(dataBytes, embed(nbdInformation)) },
    'INFO',
  ),
  META_CONTEXT: codec(
    'NBD_REP_META_CONTEXT',
    REPLIES,
    { ...replyHead(NbdOptionReply.META_CONTEXT), data: sized(dataBytes, embed(nbdMetaContext)) },
    'META_CONTEXT',
  ),
  ERROR: codec(
    'NBD_REP_ERR',
    REPLIES,
    { ...replyHead(NbdOptionReply.ERR_UNSUP), data: sized(dataBytes, restText) },
    'ERROR',
  ),
} as const;

const REPLY_KINDS: Readonly<Record<number, keyof typeof replies>> = {
  [NbdOptionReply.ACK]: 'ACK',
  [NbdOptionReply.SERVER]: 'SERVER',
  [NbdOptionReply.INFO]: 'INFO',
  [NbdOptionReply.META_CONTEXT]: 'META_CONTEXT',
};

/** What a server answers to an option. Shape: 20 bytes and its data; an error's data is a text. */
export const nbdOptionReply: FamilyCodec<typeof replies> = family('NBD option reply', REPLIES, {
  members: replies,
  peekBytes: NBD_OPTION_REPLY_HEAD_BYTES,
  select(bytes, at) {
    const reply = u32At(bytes, at + 12);
    return reply >= NBD_ERROR_REPLY ? 'ERROR' : REPLY_KINDS[reply];
  },
  extent: (bytes, at) => NBD_OPTION_REPLY_HEAD_BYTES + u32At(bytes, at + 16),
});
/** What `nbdOptionReply` decodes. */
export type NbdOptionReplyValue = Infer<typeof nbdOptionReply>;
/** What `nbdOptionReply` encodes. */
export type NbdOptionReplyInput = InferInput<typeof nbdOptionReply>;

/**
 * What a server answers to EXPORT_NAME. Shape: 10 bytes; 124 zeros behind them unless both ends said `NO_ZEROES`.
 */
export const nbdExportReply = codec('NBD export reply', TRANSMISSION_FLAGS, {
  sizeBytes: u64,
  flags: flags(hex(u16), NbdTransmissionFlags),
  zeros: rest,
});
/** Zeros behind the answer to EXPORT_NAME. */
export const NBD_EXPORT_ZEROS = 124;
