/** Requests of NBD and what is answered to them. Source: doc/proto.md of NBD, "Transmission". */
import {
  codec,
  derived,
  embed,
  type FamilyCodec,
  family,
  flags,
  hex,
  type Infer,
  type InferInput,
  list,
  named,
  optional,
  rest,
  sized,
  u16,
  u32,
  u64,
  when,
  withDefault,
} from '../layout/index.ts';
import {
  NBD_CHUNK_MAGIC,
  NBD_ERROR_CHUNK,
  NBD_REQUEST_MAGIC,
  NBD_SIMPLE_REPLY_MAGIC,
  NbdChunk,
  NbdChunkFlags,
  NbdCommand,
  NbdCommandFlags,
  NbdError,
} from './codes.ts';
import { countedText, dataBytes, dataLength, hex64, magic32 } from './parts.ts';

const SOURCE = 'NBD, doc/proto.md, "Transmission"';
const CHUNKS = 'NBD, doc/proto.md, "Structured reply types"';

type Asked = { readonly command: number; readonly lengthBytes: number };

/**
 * A request. Shape: 28 bytes; the data of a WRITE behind them.
 * Units: `offset` and `lengthBytes` count bytes of the export.
 */
export const nbdRequest = codec('NBD request', SOURCE, {
  magic: magic32(NBD_REQUEST_MAGIC),
  flags: withDefault(flags(hex(u16), NbdCommandFlags), 0),
  command: named(u16, NbdCommand),
  cookie: hex64,
  offset: withDefault(u64, 0n),
  lengthBytes: derived(u32, (_v, sizeOf) => sizeOf('data')),
  data: optional(
    when<Asked>(({ command }) => command === NbdCommand.WRITE),
    sized((owner: Asked) => owner.lengthBytes, rest),
  ),
});
/** What `nbdRequest` decodes. */
export type NbdRequest = Infer<typeof nbdRequest>;
/** What `nbdRequest` encodes. */
export type NbdRequestInput = InferInput<typeof nbdRequest>;
/** Bytes of a request in front of the data of a WRITE. */
export const NBD_REQUEST_BYTES = 28;

/**
 * A simple reply. Shape: 16 bytes; to a READ that went well, so many bytes behind them as it asked for.
 */
export const nbdSimpleReply = codec('NBD simple reply', SOURCE, {
  magic: magic32(NBD_SIMPLE_REPLY_MAGIC),
  error: withDefault(named(u32, NbdError), 0),
  cookie: hex64,
  data: rest,
});
/** Bytes of a simple reply in front of what was read. */
export const NBD_SIMPLE_REPLY_BYTES = 16;
/** Bytes of a chunk in front of its data. */
export const NBD_CHUNK_HEAD_BYTES = 20;

/** What was read. Shape: 8 bytes and the data. */
export const nbdOffsetData = codec('NBD_REPLY_TYPE_OFFSET_DATA', CHUNKS, {
  offset: u64,
  content: rest,
});
/** What was read is zeros. Shape: 12 bytes. */
export const nbdOffsetHole = codec('NBD_REPLY_TYPE_OFFSET_HOLE', CHUNKS, {
  offset: u64,
  holeBytes: u32,
});
/** What a meta context says of the bytes that are next. Shape: 8 bytes. */
export const nbdExtent = codec('NBD extent', CHUNKS, { lengthBytes: u32, flags: hex(u32) });
/** What one meta context says of a range. Shape: 4 bytes, and 8 for each extent. */
export const nbdBlockStatus = codec('NBD_REPLY_TYPE_BLOCK_STATUS', CHUNKS, {
  contextId: u32,
  extents: list(nbdExtent),
});
/** Why a request failed. Shape: 6 bytes and a text. */
export const nbdErrorPayload = codec('NBD_REPLY_TYPE_ERROR', CHUNKS, {
  error: named(u32, NbdError),
  ...countedText('message', u16),
});

const chunkHead = (type: number) => ({
  magic: magic32(NBD_CHUNK_MAGIC),
  flags: withDefault(flags(hex(u16), NbdChunkFlags), NbdChunkFlags.DONE),
  type: withDefault(named(u16, NbdChunk), type),
  cookie: hex64,
  lengthBytes: dataLength,
});

const chunks = {
  NONE: codec(
    'NBD_REPLY_TYPE_NONE chunk',
    CHUNKS,
    { ...chunkHead(NbdChunk.NONE), data: sized(dataBytes, rest) },
    'NONE',
  ),
  OFFSET_DATA: codec(
    'NBD_REPLY_TYPE_OFFSET_DATA chunk',
    CHUNKS,
    { ...chunkHead(NbdChunk.OFFSET_DATA), data: sized(dataBytes, embed(nbdOffsetData)) },
    'OFFSET_DATA',
  ),
  OFFSET_HOLE: codec(
    'NBD_REPLY_TYPE_OFFSET_HOLE chunk',
    CHUNKS,
    { ...chunkHead(NbdChunk.OFFSET_HOLE), data: sized(dataBytes, embed(nbdOffsetHole)) },
    'OFFSET_HOLE',
  ),
  BLOCK_STATUS: codec(
    'NBD_REPLY_TYPE_BLOCK_STATUS chunk',
    CHUNKS,
    { ...chunkHead(NbdChunk.BLOCK_STATUS), data: sized(dataBytes, embed(nbdBlockStatus)) },
    'BLOCK_STATUS',
  ),
  ERROR: codec(
    'NBD_REPLY_TYPE_ERROR chunk',
    CHUNKS,
    { ...chunkHead(NbdChunk.ERROR), data: sized(dataBytes, embed(nbdErrorPayload)) },
    'ERROR',
  ),
} as const;

const CHUNK_KINDS: Readonly<Record<number, keyof typeof chunks>> = {
  [NbdChunk.NONE]: 'NONE',
  [NbdChunk.OFFSET_DATA]: 'OFFSET_DATA',
  [NbdChunk.OFFSET_HOLE]: 'OFFSET_HOLE',
  [NbdChunk.BLOCK_STATUS]: 'BLOCK_STATUS',
};

/** A chunk of a structured reply. Shape: 20 bytes and its data. Others than these are `unknown`. */
export const nbdChunk: FamilyCodec<typeof chunks> = family('NBD chunk', CHUNKS, {
  members: chunks,
  peekBytes: NBD_CHUNK_HEAD_BYTES,
  select(bytes, at) {
    const type = u16.read(bytes, at + 6, 0);
    return type >= NBD_ERROR_CHUNK ? 'ERROR' : CHUNK_KINDS[type];
  },
  extent: (bytes, at) => NBD_CHUNK_HEAD_BYTES + u32.read(bytes, at + 16, 0),
});
/** What `nbdChunk` decodes. */
export type NbdChunkValue = Infer<typeof nbdChunk>;
/** What `nbdChunk` encodes. */
export type NbdChunkInput = InferInput<typeof nbdChunk>;
