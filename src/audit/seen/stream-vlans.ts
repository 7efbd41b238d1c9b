/**
 * The VLANs in which the frames of TCP connections are: all of one direction between two MAC addresses are in one.
 *
 * Frames without a tag say nothing, for a switch takes tags away at a port; nor does the same segment in two VLANs, for
 * then a tap sees both sides of a device that changes them. Source: IEEE 802.1Q, 6.9.
 */
import type { Ethernet, Frame, Ipv4, Ipv6, Tcp, VlanTag } from '../../codecs/index.ts';
import { formatHex } from '../../codecs/layout/index.ts';
import { remember } from '../ledger/remember.ts';
import { ORDER_NS, type SeenMoment, type SessionListener } from './session.ts';

/** Ways that are remembered, frames in another VLAN of which a copy may still come, and segments of each way. */
const WAYS_MAX = 4096;
const STRAYS_MAX = 64;
const SEGMENTS_MAX = 64;

interface Way {
  /** Names the direction of the connection, wherever it is seen. */
  readonly name: string;
  readonly vlan: string;
  /** When each of the latest segments passed, by its sequence number. */
  readonly segments: Map<number, number>;
  strays: (SeenMoment & { readonly vlan: string; readonly sequence: number })[];
}

/** Follows them. */
export class StreamVlans {
  readonly #tell: SessionListener;
  readonly #ways = new Map<string, Way>();

  constructor(tell: SessionListener) {
    this.#tell = tell;
  }

  /** A frame of a connection that is followed, and where it was seen. */
  take({ layers }: Frame, { at, frame }: SeenMoment, tap: string): void {
    let i = 0;
    if (layers[i]?.layer !== 'ethernet') return;
    const { destination, source } = layers[i++]!.value as Ethernet;
    const vids: number[] = [];
    for (; layers[i]?.layer === 'vlan'; i++) vids.push((layers[i]!.value as VlanTag).vid);
    const [ip, tcp] = [layers[i], layers[i + 1]];
    const isIp = ip?.layer === 'ipv4' || ip?.layer === 'ipv6';
    // Vid 0 is a priority and no VLAN.
    const vlan = vids.filter((vid) => vid > 0).join('.');
    if (!isIp || tcp?.layer !== 'tcp' || vlan === '') return;
    const packet = ip.value as Partial<Ipv4 | Ipv6>;
    const segment = tcp.value as Partial<Tcp>;
    const { sequenceNumber: sequence, sourcePort, destinationPort } = segment;
    if (sequence === undefined || !(packet.source instanceof Uint8Array)) return;
    if (!(packet.destination instanceof Uint8Array)) return;
    const ends = [packet.source, packet.destination].map((one) => formatHex(one)).join(' ');
    const name = `${ends} ${sourcePort} ${destinationPort}`;
    const key = `${tap} ${source} ${destination} ${name}`;
    const way = this.#ways.get(key);
    if (way === undefined) {
      const segments = new Map([[sequence, at]]);
      this.#put(key, { name, vlan, segments, strays: [] });
      return;
    }
    if (way.vlan === vlan) {
      this.#settle(way, at, sequence);
      remember(way.segments, sequence, at, SEGMENTS_MAX);
    } else if (!isCopy(way.segments.get(sequence), at) && way.strays.length < STRAYS_MAX)
      way.strays.push({ at, frame, vlan, sequence });
  }

  #put(key: string, way: Way): void {
    if (this.#ways.size >= WAYS_MAX) {
      const [oldest, one] = this.#ways.entries().next().value!;
      this.#settle(one, Number.POSITIVE_INFINITY, -1);
      this.#ways.delete(oldest);
    }
    this.#ways.set(key, way);
  }

  /** Tells of strays of which no copy can come any more. */
  #settle(way: Way, at: number, sequence: number): void {
    if (way.strays.length === 0) return;
    way.strays = way.strays.filter((one) => {
      if (one.sequence === sequence && isCopy(one.at, at)) return false;
      if (isCopy(one.at, at)) return true;
      const what = `frame ${one.frame} is in VLAN ${one.vlan}, the frames of its connection between the same MAC addresses are in VLAN ${way.vlan}`;
      this.#tell({ type: 'stray', what, frame: one.frame });
      return false;
    });
  }

  /** The capture is over. */
  finish(): void {
    for (const way of this.#ways.values()) this.#settle(way, Number.POSITIVE_INFINITY, -1);
    const count = new Set([...this.#ways.values()].map(({ name }) => name)).size;
    if (count > 0) this.#tell({ type: 'checked', kind: 'vlan', count });
  }
}

/** True where one segment may have been seen twice. */
const isCopy = (before: number | undefined, at: number): boolean =>
  before !== undefined && Math.abs(at - before) <= ORDER_NS;
