/** A whole FIP frame from values. */
import { ETHERTYPE_FIP, ETHERTYPE_VLAN } from '../ethernet/index.ts';
import { CodecError, type Mac, putMac } from '../layout/index.ts';
import { type FipMessageInput, fipMessage } from './message.ts';

const ETHERNET_HEADER_BYTES = 14;
const VLAN_TAG_BYTES = 4;
/** Shortest Ethernet frame without FCS. Source: IEEE 802.3, minFrameSize. */
const ETHERNET_BYTES_MIN = 60;

/** The parts of a FIP frame that its sender decides. */
export interface FipFrameInput {
  readonly destination: Mac;
  readonly source: Mac;
  /** Left out, or `vid` 0: untagged. */
  readonly vlan?: { readonly vid: number; readonly priority?: number } | undefined;
  /** Operation, subcode, flags and descriptors; every length is computed. */
  readonly message: Omit<FipMessageInput, 'descriptorWords'>;
  /** The Ethernet payload is padded to so many bytes, such as the size of the largest FCoE frame. */
  readonly payloadBytesMin?: number;
}

/**
 * A whole FIP frame without FCS, padded to the shortest frame that Ethernet has.
 *
 * Shape: Ethernet 14, VLAN tag 4 if asked, the message, padding.
 * Errors: `bad-value` and `out-of-range` for what is no MAC address or fits no field.
 * Source: FC-BB-5, FIP encapsulation.
 *
 * @example
 * const frame = encodeFipFrame({
 *   destination: '01:10:18:01:00:02',
 *   source: '02:00:00:00:00:01',
 *   message: { operation: 1, subcode: 1, descriptors: [{ kind: 'mac', mac: '02:00:00:00:00:01' }] },
 * });
 */
export function encodeFipFrame(input: FipFrameInput): Uint8Array {
  const { destination, message, payloadBytesMin = 0, source, vlan } = input;
  const { priority = 0, vid = 0 } = vlan ?? {};
  const head = ETHERNET_HEADER_BYTES + (vid === 0 ? 0 : VLAN_TAG_BYTES);
  const size = head + Math.max(payloadBytesMin, fipMessage.sizeOf(message as FipMessageInput));
  const frame = new Uint8Array(Math.max(size, ETHERNET_BYTES_MIN));
  if (!putMac(frame, 0, destination)) throw refusal('destination', 0, destination);
  if (!putMac(frame, 6, source)) throw refusal('source', 6, source);
  if (vid !== 0) {
    checkBits('vlan.vid', vid, 12);
    checkBits('vlan.priority', priority, 3);
    put16(frame, 12, ETHERTYPE_VLAN);
    put16(frame, 14, (priority << 13) | vid);
  }
  put16(frame, head - 2, ETHERTYPE_FIP);
  fipMessage.write(frame, head, message as FipMessageInput);
  return frame;
}

function put16(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 8;
  target[at + 1] = value;
}

const refusal = (field: string, at: number, value: unknown): CodecError =>
  new CodecError('bad-value', 'FIP frame', field, at, `${String(value)} is no MAC address`);

function checkBits(field: string, value: number, bits: number): void {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** bits) return;
  const what = `${value} does not fit ${bits} bits`;
  throw new CodecError('out-of-range', 'FIP frame', field, 14, what);
}
