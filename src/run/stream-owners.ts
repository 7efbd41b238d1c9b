/**
 * Whose the segments of a run are: which task of iSCSI, by its initiator task tag, or which call of RPC, by its xid, the
 * bytes of each belong to. A segment may have bytes of several; one without bytes acknowledges those of the other way, and is theirs.
 *
 * Segments of each direction of a connection are read where they pass one tap. Those that come twice are whosever the
 * bytes before them were; behind a gap units are looked for anew.
 */
import { ISCSI_TCP_PORT, IscsiFramer } from '../codecs/iscsi/index.ts';
import { RPC_TCP_PORTS, rpcFramer } from '../codecs/rpc/index.ts';
import type { Framer } from '../codecs/stream/index.ts';
import type { Segment } from '../net/index.ts';

/** Directions of connections that are followed at once, at all taps together. */
const STREAMS_MAX = 4096;
/** An iSCSI PDU's initiator task tag, and the xid behind the mark of a record. Source: RFC 7143, 11.2.1.8; RFC 5531, 9 and 11. */
const ITT_AT = 16;
const XID_AT = 4;
const XID_END = 8;

/** Whose a share of a segment is. */
export interface SegmentShare {
  /** The connection that it is on: the same for both directions, at every tap. */
  readonly connection: string;
  readonly tag: number;
  /** Of the segment, 0 to 1. */
  readonly share: number;
}

/** A segment read. */
export interface OwnedSegment {
  readonly connection: string;
  /** From whoever opened the connection. */
  readonly isRequest: boolean;
  readonly hasBytes: boolean;
  readonly shares: readonly SegmentShare[];
}

/** A direction of a connection at one tap. */
interface Direction {
  readonly framer: Framer;
  readonly headBytes: number;
  readonly tagAt: number;
  next: number | undefined;
  /** The beginning of a unit, while its head is not whole. */
  head: Uint8Array;
  /** Bytes that the unit has still. */
  left: number;
  tag: number | undefined;
}

const u32At = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

const NOTHING = new Uint8Array(0);

function directionOf(serverPort: number): Direction | undefined {
  const begun = { next: undefined, head: NOTHING, left: 0, tag: undefined };
  if (serverPort === ISCSI_TCP_PORT) {
    const framer = new IscsiFramer();
    return { framer, headBytes: framer.headBytes, tagAt: ITT_AT, ...begun };
  }
  if (!RPC_TCP_PORTS.includes(serverPort)) return undefined;
  return { framer: rpcFramer, headBytes: XID_END, tagAt: XID_AT, ...begun };
}

const isServed = (tcpPort: number): boolean =>
  tcpPort === ISCSI_TCP_PORT || RPC_TCP_PORTS.includes(tcpPort);

/** Reads the segments at the taps of one run. */
export class StreamOwners {
  readonly #directions = new Map<string, Direction>();

  /** Whose a segment is that passes a tap; `undefined` where it is of no protocol that is known. */
  read(tap: string, segment: Segment): OwnedSegment | undefined {
    const { destination, destinationPort, payload, source, sourcePort } = segment;
    const isRequest = isServed(destinationPort);
    const serverPort = isRequest ? destinationPort : sourcePort;
    const one = `${source}:${sourcePort}`;
    const other = `${destination}:${destinationPort}`;
    const connection = isRequest ? `${one} ${other}` : `${other} ${one}`;
    const way = this.#at(`${tap} ${one} ${other}`, serverPort);
    if (way === undefined) return undefined;
    if (payload.length === 0) {
      const back = this.#directions.get(`${tap} ${other} ${one}`);
      const tag = back?.tag;
      const shares = tag === undefined ? [] : [{ connection, tag, share: 1 }];
      return { connection, isRequest, hasBytes: false, shares };
    }
    const bytes = bytesByTag(way, segment.seq, payload);
    const shares = [...bytes].map(([tag, count]) => ({
      ...{ connection, tag },
      share: count / payload.length,
    }));
    return { connection, isRequest, hasBytes: true, shares };
  }

  #at(key: string, serverPort: number): Direction | undefined {
    const known = this.#directions.get(key);
    if (known !== undefined) return known;
    const made = directionOf(serverPort);
    if (made === undefined) return undefined;
    this.#directions.set(key, made);
    if (this.#directions.size > STREAMS_MAX)
      this.#directions.delete(this.#directions.keys().next().value!);
    return made;
  }
}

/** How many of the bytes belong to whom. */
function bytesByTag(way: Direction, seq: number, payload: Uint8Array): Map<number, number> {
  const found = new Map<number, number>();
  const give = (count: number): void => {
    if (way.tag !== undefined && count > 0) found.set(way.tag, (found.get(way.tag) ?? 0) + count);
  };
  const ahead = way.next === undefined ? 0 : (seq - way.next) | 0;
  if (ahead < 0) {
    give(payload.length);
    return found;
  }
  if (ahead > 0) Object.assign(way, { head: NOTHING, left: 0, tag: undefined });
  const isLost = ahead > 0 || way.next === undefined;
  way.next = (seq + payload.length) >>> 0;
  if (isLost && !way.framer.begins(payload, 0, payload.length)) {
    way.next = undefined;
    return found;
  }
  for (let at = 0; at < payload.length; ) {
    if (way.left === 0) {
      const taken = Math.min(way.headBytes - way.head.length, payload.length - at);
      way.head = joined(way.head, payload.subarray(at, at + taken));
      at += taken;
      if (way.head.length < way.headBytes) {
        // Whose these are shows in the next segment: until then they are of whoever was before.
        give(taken);
        break;
      }
      const length = way.framer.lengthAt(way.head, 0);
      if (length === undefined || length < way.headBytes) {
        Object.assign(way, { next: undefined, head: NOTHING, tag: undefined });
        break;
      }
      way.tag = u32At(way.head, way.tagAt);
      way.left = length - way.headBytes;
      way.head = NOTHING;
      give(taken);
      continue;
    }
    const taken = Math.min(way.left, payload.length - at);
    way.left -= taken;
    at += taken;
    give(taken);
  }
  return found;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
