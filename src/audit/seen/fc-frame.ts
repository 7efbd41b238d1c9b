/** The FC frame inside a frame that a tap saw, located and classified once for all observers. */
import {
  FCTL_EXCHANGE_CONTEXT,
  type FcHeader,
  FcType,
  fcHeader,
  RCtl,
} from '../../codecs/fc/index.ts';
import {
  type FcLocation,
  fcCrcIsGood,
  fcoeHeader,
  fcoeTrailer,
  locateFc,
} from '../../codecs/fcoe/index.ts';
import { type Frame, layerValue } from '../../codecs/frame/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import type { FrameSeen } from '../observation.ts';
import type { WireExchange } from './fcp-exchanges.ts';

/**
 * What a frame is for, by R_CTL, TYPE and who sent it. `ba`: BA_ACC or BA_RJT. `fip` stands for
 * every frame that is no FC frame.
 */
export const FRAME_ROLES = [
  'command',
  'xfer-rdy',
  'data-out',
  'data-in',
  'response',
  'abts',
  'ba',
  'els-request',
  'els-reply',
  'ct',
  'other',
  'fip',
] as const;
export type FrameRole = (typeof FRAME_ROLES)[number];

/** Upper 16 bits of the MAC addresses that fabrics provide. Source: FC-BB-5, FC-MAP. */
const FPMA_PREFIX = 0x0efc;

export class FcFrame {
  readonly seen: FrameSeen;
  readonly header: FcHeader;
  /** Delimiters; `undefined` where the frame has none, or in another place than today's. */
  readonly sof: number | undefined;
  readonly eof: number | undefined;
  /** VID of its VLAN tag. */
  readonly vlan: number | undefined;
  readonly payload: Uint8Array;
  readonly role: FrameRole;
  /** The ends of its exchange. */
  readonly originator: number;
  readonly responder: number;
  readonly direction: FrameSeen['direction'];
  /** The fault that hit it on its way, where one did: then it says nothing about its sender. */
  disturbed: string | undefined;
  /** Its FCP exchange, as this tap saw it. */
  exchange: WireExchange | undefined;
  readonly #location: FcLocation | undefined;
  #crcGood: boolean | undefined;

  constructor(
    seen: FrameSeen,
    header: FcHeader,
    parts: {
      readonly payload: Uint8Array;
      readonly sof: number | undefined;
      readonly eof: number | undefined;
      readonly vlan: number | undefined;
      readonly location?: FcLocation;
      readonly crcGood?: boolean;
    },
  ) {
    this.seen = seen;
    this.header = header;
    this.payload = parts.payload;
    this.sof = parts.sof;
    this.eof = parts.eof;
    this.vlan = parts.vlan;
    this.#location = parts.location;
    this.#crcGood = parts.crcGood;
    const fromResponder = (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
    this.originator = fromResponder ? header.dId : header.sId;
    this.responder = fromResponder ? header.sId : header.dId;
    this.role = roleOf(header, fromResponder);
    this.direction = seen.direction === 'unknown' ? directionOf(seen, header) : seen.direction;
    this.disturbed = undefined;
    this.exchange = undefined;
  }

  /** The stored FC CRC is that of the frame; computed when it is first asked for. */
  get crcGood(): boolean {
    this.#crcGood ??= this.#location === undefined || fcCrcIsGood(this.seen.bytes, this.#location);
    return this.#crcGood;
  }
}

/** The FC frame of an FCoE frame; `undefined` for anything else, FIP included. */
export function fcFrameOf(seen: FrameSeen): FcFrame | undefined {
  const { bytes } = seen;
  const location: FcLocation | CodecError = locateFc(bytes);
  if (location instanceof CodecError) return undefined;
  return new FcFrame(seen, fcHeader.decode(bytes, location.fcAt, location.payloadAt), {
    sof: bytes[location.sofAt]!,
    eof: bytes[location.eofAt]!,
    vlan: location.vlan,
    payload: bytes.subarray(location.payloadAt, location.payloadEnd),
    location,
  });
}

/** The FC frame of a decoded frame of any link type; `undefined` for FIP and what is no FC frame. */
export function fcFrameIn(frame: Frame, seen: FrameSeen): FcFrame | undefined {
  const layers = frame.layers;
  const at = layers.findIndex((one) => one.layer === 'fc' && !one.inside);
  const header = at < 0 ? undefined : layerValue(frame, fcHeader);
  if (header === undefined || frame.protocol === 'fip') return undefined;
  const behind = layers.slice(at + 1).filter((one) => !one.inside && !TRAILERS.has(one.layer));
  const last = behind.at(-1);
  const start = layers[at]!.offset + layers[at]!.length;
  const location = locateFc(frame.bytes);
  return new FcFrame(seen, header, {
    sof: layerValue(frame, fcoeHeader)?.sof,
    eof: layerValue(frame, fcoeTrailer)?.eof,
    vlan: location instanceof CodecError ? undefined : location.vlan,
    payload: frame.bytes.subarray(start, last === undefined ? start : last.offset + last.length),
    crcGood: frame.crc !== 'bad',
  });
}

const TRAILERS: ReadonlySet<string> = new Set(['fill', 'fcoe-trailer', 'fc-trailer', 'pad', 'raw']);

const FCP_ROLES: ReadonlyMap<number, FrameRole> = new Map<number, FrameRole>([
  [RCtl['Unsolicited Command'], 'command'],
  [RCtl['Data Descriptor'], 'xfer-rdy'],
  [RCtl['Command Status'], 'response'],
]);

function roleOf({ type, rCtl }: FcHeader, fromResponder: boolean): FrameRole {
  if (type === FcType.FCP) {
    if (rCtl === RCtl['Solicited Data']) return fromResponder ? 'data-in' : 'data-out';
    return FCP_ROLES.get(rCtl) ?? 'other';
  }
  if (type === FcType.ELS) return fromResponder ? 'els-reply' : 'els-request';
  if (type === FcType.BLS) {
    if (rCtl === RCtl.ABTS) return 'abts';
    return rCtl === RCtl.BA_ACC || rCtl === RCtl.BA_RJT ? 'ba' : 'other';
  }
  return type === FcType.CT ? 'ct' : 'other';
}

/** Which way a frame of a capture goes, told by the MAC addresses that carry an N_Port_ID. */
function directionOf({ bytes }: FrameSeen, { sId, dId }: FcHeader): FrameSeen['direction'] {
  const fromPort = isFpmaOf(bytes, 6, sId);
  const toPort = isFpmaOf(bytes, 0, dId);
  if (fromPort === toPort) return 'unknown';
  return fromPort ? 'to-fcf' : 'from-fcf';
}

function isFpmaOf(bytes: Uint8Array, at: number, nPortId: number): boolean {
  return (
    bytes.length > at + 6 &&
    ((bytes[at]! << 8) | bytes[at + 1]!) === FPMA_PREFIX &&
    ((bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!) === nPortId
  );
}
