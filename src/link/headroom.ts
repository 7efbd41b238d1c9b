/**
 * How much may still come after a pause was decided on: the headroom that a no-drop priority needs at a port.
 *
 * The PFC frame waits for the largest frame that its sender may just have begun, goes over the cable, is read and
 * obeyed; meanwhile the other end sends on, and may just have begun a frame of the priority; all that is then on
 * the cable comes in. Source: IEEE 802.1Q, annex on the buffer requirements of PFC; 802.3, annex 31B, response times.
 */
import type { Instant } from '../machine/machine.ts';
import { ETHERNET_FRAME_BYTES_MIN, ETHERNET_OVERHEAD_BYTES } from './channel.ts';

/** What the headroom of a port depends on. */
export interface HeadroomOptions {
  readonly rateBitsPerSecond: number;
  /** One way. */
  readonly propagationNs: Instant;
  /** The largest frame of any class that may be under way back, without preamble, FCS and gap. */
  readonly largestBytes: number;
  /** The largest frame of the priority. */
  readonly largestNoDropBytes: number;
}

/** How long the two ends of a link take over a pause, in bit times, from its rate on. */
interface Delays {
  readonly rateBitsPerSecond: number;
  /** MAC and PHY of both ends. */
  readonly interfaceBits: number;
  /** From a PFC frame that was read to the last frame that begins. */
  readonly responseBits: number;
}

const DELAYS: readonly Delays[] = [
  { rateBitsPerSecond: 100e9, interfaceBits: 122_880, responseBits: 201_728 },
  { rateBitsPerSecond: 40e9, interfaceBits: 24_576, responseBits: 60_416 },
  { rateBitsPerSecond: 25e9, interfaceBits: 6_144, responseBits: 40_960 },
  { rateBitsPerSecond: 0, interfaceBits: 8_192, responseBits: 30_720 },
];

/** Bit times in which a pause is heard and obeyed. */
export function responseBits(rateBitsPerSecond: number): number {
  const { interfaceBits, responseBits: bits } = delaysOf(rateBitsPerSecond);
  return interfaceBits + bits;
}

/** The same in nanoseconds, rounded down: whole bits. */
export function responseNs(rateBitsPerSecond: number): Instant {
  return Math.floor((responseBits(rateBitsPerSecond) * 1e9) / rateBitsPerSecond);
}

const delaysOf = (rate: number): Delays =>
  DELAYS.find(({ rateBitsPerSecond }) => rate >= rateBitsPerSecond)!;

const wireBits = (bytes: number): number =>
  (Math.max(bytes, ETHERNET_FRAME_BYTES_MIN) + ETHERNET_OVERHEAD_BYTES) * 8;

/** Headroom in bit times of the wire. */
export function headroomBits(options: HeadroomOptions): number {
  const { largestBytes, largestNoDropBytes, propagationNs, rateBitsPerSecond } = options;
  const bothWays = (2 * propagationNs * rateBitsPerSecond) / 1e9;
  const pfcFrame = wireBits(ETHERNET_FRAME_BYTES_MIN);
  return Math.ceil(
    wireBits(largestBytes) +
      pfcFrame +
      responseBits(rateBitsPerSecond) +
      bothWays +
      wireBits(largestNoDropBytes),
  );
}

/** Headroom in bytes. */
export const headroomBytes = (options: HeadroomOptions): number =>
  Math.ceil(headroomBits(options) / 8);
