/**
 * What hosts say to each other to keep their caches equal, as UDP in IPv4: who writes where, who has let go of what, and
 * until when copies may be believed.
 */
import { crc32 } from '../codecs/crc32.ts';
import { EtherType, IpProtocol } from '../codecs/ethernet/index.ts';
import {
  bytes,
  CodecError,
  codec,
  hex,
  type Infer,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../codecs/layout/index.ts';
import { type Ipv4Address, ipv4At } from '../net/ipv4-address.ts';
import { type LanAddress, lanFrame, udpFrame } from '../net/lan-frame.ts';

/** What a message says. */
export const CacheWord = {
  /** Blocks are being written: let go of them, and keep none until that is over. */
  INVALIDATE: 1,
  /** They are let go of. */
  INVALID: 2,
  /** The write is over. */
  RELEASE: 3,
  /** May copies be believed for `leaseNs` from `number` on, a time of who asks? */
  LEASE: 4,
  /** They may. */
  LEASED: 5,
} as const;
/** A code of `CacheWord`. */
export type CacheWord = (typeof CacheWord)[keyof typeof CacheWord];

const MAGIC = 0x534d_6363;
/** The first port that is nobody's. Source: RFC 6335, clause 6: 49152 to 65535 are for private use. */
const CACHE_UDP_PORT = 49_152;
const IPV4_BYTES = 20;
const UDP_BYTES = 8;
const CRC_BYTES = 4;

/** A message between caches. Shape: 68 bytes. Source: none but this project. */
export const cacheMessage = codec('cache message', 'sanmotion', {
  magic: withDefault(u32, MAGIC),
  word: u8,
  reserved: withDefault(u8, 0),
  reserved2: withDefault(u16, 0),
  /** The logical unit. */
  luId: bytes(16),
  /** Of a write, counting up; of a lease the time at which it was asked for. */
  number: u64,
  lba: u64,
  blocks: u32,
  reserved3: withDefault(u32, 0),
  /** Writes of the sender below this number are over. */
  openFrom: u64,
  leaseNs: u64,
  /** CRC-32 of what stands before it. */
  crc: hex(u32),
});
/** What `cacheMessage` decodes. */
export type CacheMessageBytes = Infer<typeof cacheMessage>;

/** A message between caches, as they take it. Numbers are safe integers. */
export interface CacheMessage {
  readonly word: CacheWord;
  readonly luId: Uint8Array;
  readonly number: number;
  readonly lba: number;
  readonly blocks: number;
  readonly openFrom: number;
  readonly leaseNs: number;
}

/** The frame of a message. */
export function cacheFrame(from: LanAddress, to: LanAddress, message: CacheMessage): Uint8Array {
  const { blocks, lba, leaseNs, luId, number, openFrom, word } = message;
  const payload = cacheMessage.encode({
    ...{ word, luId, blocks, crc: 0 },
    number: BigInt(number),
    lba: BigInt(lba),
    openFrom: BigInt(openFrom),
    leaseNs: BigInt(leaseNs),
  });
  const crcAt = payload.length - CRC_BYTES;
  new DataView(payload.buffer, payload.byteOffset).setUint32(crcAt, crc32(payload, 0, crcAt));
  const ports = { source: CACHE_UDP_PORT, destination: CACHE_UDP_PORT };
  return udpFrame(from, to, { vid: 0, priority: 0 }, ports, payload);
}

const isWord = (code: number): code is CacheWord => Object.values<number>(CacheWord).includes(code);

/** The message of a frame, and the addresses that it goes from and to; `undefined` where there is none. */
export function cacheMessageIn(frame: Uint8Array):
  | {
      readonly source: Ipv4Address;
      readonly destination: Ipv4Address;
      readonly message: CacheMessage;
    }
  | undefined {
  const place = lanFrame(frame);
  if (place?.etherType !== EtherType.IPv4) return undefined;
  const { at } = place;
  const from = at + IPV4_BYTES + UDP_BYTES;
  const end = from + cacheMessage.headBytes;
  if (frame.length < end || frame[at] !== 0x45 || frame[at + 9] !== IpProtocol.UDP)
    return undefined;
  let one: CacheMessageBytes;
  try {
    one = cacheMessage.decode(frame, from, end);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
  const { blocks, crc, luId, magic, word } = one;
  const [number, lba, openFrom, leaseNs] = [one.number, one.lba, one.openFrom, one.leaseNs].map(
    Number,
  ) as [number, number, number, number];
  const areSafe = [number, lba, openFrom, leaseNs].every(Number.isSafeInteger);
  const isWhole = crc === crc32(frame, from, end - CRC_BYTES);
  if (magic !== MAGIC || !isWhole || !isWord(word) || !areSafe) return undefined;
  const source = ipv4At(frame, at + 12);
  const destination = ipv4At(frame, at + 16);
  return {
    source,
    destination,
    message: { word, luId: luId.slice(), number, lba, blocks, openFrom, leaseNs },
  };
}
