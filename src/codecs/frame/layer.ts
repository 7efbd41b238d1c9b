/** What a decoded frame is: bytes, and layers that cover them. */
import type { AnyCodec, Codec, CodecError } from '../layout/index.ts';
import { codec, type Infer, rest, wholeOf } from '../layout/index.ts';
import type { CommandRecord, ExchangeRecord } from './requests.ts';

/** Names of layers. `raw` holds what no codec claims or what is malformed. */
export type LayerName =
  | 'ethernet'
  | 'llc'
  | 'vlan'
  | 'vn-tag'
  | 'cn-tag'
  | 'sll'
  | 'sll2'
  | 'arp'
  | 'rarp'
  | 'mac-control'
  | 'lldp'
  | 'ecp'
  | 'vdp'
  | 'ipv4'
  | 'ipv6'
  | 'ipv6-extension'
  | 'null'
  | 'udp'
  | 'tcp'
  | 'icmpv6'
  | 'gre'
  | 'erspan'
  | 'vxlan'
  | 'geneve'
  | 'r-tag'
  | 'cmd'
  | 'mds'
  | 'mds-trailer'
  | 'fip'
  | 'fcoe'
  | 'fcoe-trailer'
  | 'sof'
  | 'fc-trailer'
  | 'vft'
  | 'ifr'
  | 'enc'
  | 'fc'
  | 'optional-header'
  | 'link-control'
  | 'bls'
  | 'els'
  | 'ct'
  | 'swils'
  | 'fcp'
  | 'scsi'
  | 'sense'
  | 'nvme'
  | 'iscsi'
  | 'iscsi-text'
  | 'fcip'
  | 'fcip-special'
  | 'rpc-record'
  | 'rpc'
  | 'authsys'
  | 'rpc-body'
  | 'bgp'
  | 'payload'
  | 'data'
  | 'fill'
  | 'fcs'
  | 'pad'
  | 'raw';

/** A part of a frame that one codec reads. Plain layers tile the frame, in wire order. */
export interface Layer<T = unknown> {
  readonly layer: LayerName;
  readonly codec: AnyCodec;
  /** First byte, in the frame's array. */
  readonly offset: number;
  /** Bytes of the layer. */
  readonly length: number;
  readonly value: T;
  /**
   * True for a layer that shows bytes of the layer before it once more, decoded: the CDB of an
   * FCP_CMND, the ELS in a FIP descriptor. `encodeFrame` leaves it out.
   */
  readonly inside: boolean;
}

/**
 * `good` or `bad`: the FC CRC, or the digests of an iSCSI PDU; `absent`: the frame carries none, or it was not asked for; `cut`:
 * the capture cut the frame, so nobody can tell.
 */
export type CrcState = 'good' | 'bad' | 'absent' | 'cut';

/** A link type or an EtherType that nothing here reads. */
export interface Unread {
  readonly what: 'link type' | 'EtherType';
  readonly code: number;
}

/** What a frame carries, for counting and for choosing. */
export type Protocol =
  | 'fip'
  | 'bls'
  | 'link-control'
  | 'els'
  | 'ct'
  | 'swils'
  | 'fcp'
  | 'nvme'
  | 'fc'
  | 'lldp'
  | 'ecp'
  | 'arp'
  | 'rarp'
  | 'mac-control'
  | 'icmpv6'
  | 'tcp'
  | 'iscsi'
  | 'fcip'
  | 'rpc'
  | 'bgp'
  | 'other';

/** A decoded frame. */
export interface Frame {
  /** The bytes that were decoded; layers and their values alias them. */
  readonly bytes: Uint8Array;
  readonly layers: readonly Layer[];
  readonly protocol: Protocol;
  /** The first fault; the bytes it concerns are a `raw` layer. */
  readonly malformed: CodecError | undefined;
  readonly crc: CrcState;
  /** True when the capture kept fewer bytes than were on the wire. */
  readonly cut: boolean;
  /** Where it ended on the wire, counted as `bytes` are; behind their end where it was cut. */
  readonly wireEnd: number;
  /** What kept the frame from being read, where it was a type that nothing here knows. */
  readonly unread: Unread | undefined;
  /** The request that the frame belongs to, where the conversation knew it. */
  readonly exchange: ExchangeRecord | undefined;
  /** The command that an iSCSI PDU belongs to, where the conversation knew it. */
  readonly command: CommandRecord | undefined;
  /** The procedure that an RPC message is of, such as `NFS READ`, where the conversation knew it. */
  readonly procedure: string | undefined;
  /** The version of its program. */
  readonly programVersion: number | undefined;
}

/** Bytes that nothing is known of. Shape: 0 bytes or more. */
export const rawBytes = codec('bytes', 'none', { bytes: rest });

/** True for a layer of bytes as they are. */
export function isRaw(layer: Layer): layer is Layer<Infer<typeof rawBytes>> {
  return layer.codec === (rawBytes as AnyCodec);
}

/** The first layer of a name, `undefined` where the frame has none. */
export function layerOf(frame: Frame, name: LayerName): Layer | undefined {
  return frame.layers.find((one) => one.layer === name);
}

/** The value of the first layer that this codec read: `layerValue(frame, fcHeader)?.sId`. */
export function layerValue<T, I>(frame: Frame, by: Codec<T, I>): T | undefined {
  const found = frame.layers.find((one) => one.codec === (by as AnyCodec));
  return found?.value as T | undefined;
}

/**
 * What is there of the first layer that this codec read, whole or cut: every field of a cut message
 * may be missing.
 */
export function layerPart<T, I>(frame: Frame, by: Codec<T, I>): Partial<T> | undefined {
  const whole = by as AnyCodec;
  const found = frame.layers.find((one) => one.codec === whole || wholeOf(one.codec) === whole);
  return found?.value as Partial<T> | undefined;
}

/** Bytes of CRC and EOF behind the payload of FCoE. */
const TRAILER_BYTES = 8;
const FILL_MASK = 0x03;

/** Bytes of FCP or NVMe data that a frame carried on the wire, also where the capture cut them. */
export function dataBytesOf(frame: Frame): number {
  const data = frame.layers.find(
    ({ layer, inside }) => layer === 'data' || (layer === 'scsi' && !inside),
  );
  if (!frame.cut) return data?.length ?? 0;
  const header = frame.layers.find(({ layer, inside }) => layer === 'fc' && !inside);
  const hasTrailer = frame.layers.some(({ layer }) => layer === 'fcoe' || layer === 'sof');
  if (header === undefined) return 0;
  const start = data?.offset ?? header.offset + header.length;
  const fill = ((header.value as { fCtl?: number }).fCtl ?? 0) & FILL_MASK;
  return Math.max(0, frame.wireEnd - start - (hasTrailer ? TRAILER_BYTES : 0) - fill);
}

/** The bytes of a layer. */
export function bytesOf(frame: Frame, layer: Layer): Uint8Array {
  return frame.bytes.subarray(layer.offset, layer.offset + layer.length);
}
