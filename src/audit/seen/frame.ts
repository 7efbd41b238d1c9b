/** A frame and what it says, located and classified once for all rules, whatever its protocol. */
import { type FcHeader, FcType, RCtl } from '../../codecs/fc/index.ts';
import { type FcLocation, fcCrcIsGood } from '../../codecs/fcoe/index.ts';
import type { FcpCmnd, FcpRsp } from '../../codecs/fcp/index.ts';
import { type FipMessage, fipMessage } from '../../codecs/fip/index.ts';
import { decoded } from './decoded.ts';
import { exchangeIdOf, isFromResponder, type SeenExchange } from './exchange.ts';
import {
  type FabricMarks,
  fabricLinkOf,
  type TapDirection,
  type TappedFrame,
  vlanOf,
} from './tapped-frame.ts';

/**
 * What a frame is for: of Fibre Channel, by R_CTL, TYPE and who sent it (`ba`: BA_ACC or BA_RJT);
 * `fip`; and `foreign` for every other protocol.
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
  'foreign',
] as const;
/** What a frame is for. */
export type FrameRole = (typeof FRAME_ROLES)[number];

/** What a response says, at least without anything behind its head. */
export type PlainResponse = Pick<FcpRsp, 'flags' | 'scsiStatus' | 'residualCount'> &
  Partial<Pick<FcpRsp, 'senseData' | 'bidirectionalReadResidual'>>;

/** Roles of frames that belong to no Fibre Channel exchange. */
export const NOT_FC: ReadonlySet<FrameRole> = new Set(['fip', 'foreign']);

/** Upper 16 bits of the MAC addresses that fabrics provide. Source: FC-BB-5, FC-MAP. */
const FPMA_PREFIX = 0x0efc;

/** A frame of Fibre Channel, over FCoE or alone. */
export class FcFrame {
  readonly protocol = 'fc';
  readonly tapped: TappedFrame;
  /** The link whose tap saw it, and its fabric. */
  readonly link: string;
  readonly fabric: string;
  readonly header: FcHeader;
  /** Delimiters; `undefined` where the frame has none, or in another place than today's. */
  readonly sof: number | undefined;
  readonly eof: number | undefined;
  /** VID of its VLAN tag. */
  readonly vlan: number | undefined;
  /** Bytes of its payload. */
  readonly payloadBytes: number;
  readonly role: FrameRole;
  /** The ends of its exchange. */
  readonly originator: number;
  readonly responder: number;
  /** As its tap says, or as its MAC addresses tell. */
  readonly direction: TapDirection;
  /** The fault that hit it on its way, where one did: then it says nothing about its sender. */
  disturbed: string | undefined;
  /** The exchange of its command, as this tap saw it. */
  exchange: SeenExchange | undefined;
  /** What its payload says, where it was read before. */
  readonly command: FcpCmnd | undefined;
  readonly response: PlainResponse | undefined;
  readonly #bytes: Uint8Array;
  readonly #payloadAt: number;
  #payload: Uint8Array | undefined;
  readonly #location: FcLocation | undefined;
  #crcGood: boolean | undefined;

  constructor(
    tapped: TappedFrame,
    header: FcHeader,
    parts: {
      /** The frame begins at `at` in these bytes, at 0 when left out; its payload lies in them, too. */
      readonly bytes: Uint8Array;
      readonly at?: number;
      readonly payloadAt: number;
      readonly payloadEnd: number;
      readonly sof: number | undefined;
      readonly eof: number | undefined;
      readonly vlan: number | undefined;
      readonly vfId?: number | undefined;
      readonly network?: string | undefined;
      readonly location?: FcLocation;
      readonly crcGood?: boolean;
      /** In the place of its payload, where that does not lie in the bytes. */
      readonly payload?: Uint8Array | undefined;
      /** What its payload says, where the caller has read it. */
      readonly command?: FcpCmnd | undefined;
      readonly response?: PlainResponse | undefined;
    },
  ) {
    const { link, fabric } = fabricLinkOf(tapped, parts);
    const { originator, responder } = exchangeIdOf(header);
    this.direction =
      tapped.direction === 'unknown'
        ? directionOf(parts.bytes, parts.at ?? 0, header)
        : tapped.direction;
    this.tapped = tapped;
    this.link = isOfFarEnd(this, tapped, originator, header) ? farEndOf(link) : link;
    this.fabric = fabric;
    this.header = header;
    this.payloadBytes = parts.payloadEnd - parts.payloadAt;
    this.#bytes = parts.bytes;
    this.#payloadAt = parts.payloadAt;
    this.#payload = parts.payload;
    this.sof = parts.sof;
    this.eof = parts.eof;
    this.vlan = parts.vlan;
    this.command = parts.command;
    this.response = parts.response;
    this.#location = parts.location;
    this.#crcGood = parts.crcGood;
    this.originator = originator;
    this.responder = responder;
    this.role = roleOf(header, isFromResponder(header));
    this.disturbed = undefined;
    this.exchange = undefined;
  }

  get at(): number {
    return this.tapped.at;
  }

  get number(): number {
    return this.tapped.number;
  }

  /** Its payload, fill bytes left out; empty for plain data of a capture, which no rule reads. */
  get payload(): Uint8Array {
    const from = this.#payloadAt;
    this.#payload ??= this.#bytes.subarray(from, from + this.payloadBytes);
    return this.#payload;
  }

  /** The stored FC CRC is that of the frame; computed when it is first asked for. */
  get crcGood(): boolean {
    this.#crcGood ??=
      this.#location === undefined || fcCrcIsGood(this.tapped.bytes, this.#location);
    return this.#crcGood;
  }
}

/** A frame of the FCoE Initialization Protocol. */
export class FipFrame {
  readonly protocol = 'fip';
  readonly role = 'fip';
  readonly tapped: TappedFrame;
  readonly link: string;
  readonly fabric: string;
  readonly vlan: number | undefined;
  /** Where its message begins. */
  readonly #messageAt: number;
  #message: FipMessage | undefined;
  #isRead = false;

  /**
   * `marks`: what the frame says of its fabric, where its VLAN tag is not all; `message`: what it says,
   * where that was read before, and what is there of one that was cut.
   */
  constructor(tapped: TappedFrame, messageAt: number, marks?: FabricMarks, message?: FipMessage) {
    this.tapped = tapped;
    this.vlan = marks === undefined ? vlanOf(tapped.bytes) : marks.vlan;
    const { link, fabric } = fabricLinkOf(tapped, marks ?? { vlan: this.vlan, vfId: undefined });
    this.link = link;
    this.fabric = fabric;
    this.#messageAt = messageAt;
    this.#message = message;
    this.#isRead = message !== undefined;
  }

  get at(): number {
    return this.tapped.at;
  }

  get number(): number {
    return this.tapped.number;
  }

  /** What it says, read when it is first asked for; `undefined` where that is broken. */
  get message(): FipMessage | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      this.#message = decoded(fipMessage, this.tapped.bytes, this.#messageAt);
    }
    return this.#message;
  }
}

/** A frame of a protocol that no rule is about, or one that cannot be read. */
export class ForeignFrame {
  readonly protocol = 'foreign';
  readonly role = 'foreign';
  readonly tapped: TappedFrame;

  constructor(tapped: TappedFrame) {
    this.tapped = tapped;
  }

  get at(): number {
    return this.tapped.at;
  }

  get number(): number {
    return this.tapped.number;
  }
}

/** A frame of Fibre Channel of which a capture kept only a part: its header says which, and whether it ends its exchange. */
export class CutFrame {
  readonly protocol = 'cut';
  readonly role = 'foreign';
  readonly tapped: TappedFrame;
  readonly link: string;
  readonly fabric: string;
  readonly originator: number;
  readonly oxId: number;
  /** It ends the exchange of its command. */
  readonly isResponse: boolean;

  constructor(tapped: TappedFrame, header: FcHeader, marks: FabricMarks) {
    const { originator, oxId } = exchangeIdOf(header);
    this.isResponse = roleOf(header, isFromResponder(header)) === 'response';
    this.tapped = tapped;
    const { link, fabric } = fabricLinkOf(tapped, marks);
    const way = { direction: directionOf(tapped.bytes, 0, header) };
    this.link = isOfFarEnd(way, tapped, originator, header) ? farEndOf(link) : link;
    this.fabric = fabric;
    this.originator = originator;
    this.oxId = oxId;
  }

  get at(): number {
    return this.tapped.at;
  }

  get number(): number {
    return this.tapped.number;
  }
}

/** A frame and what it says. */
export type SeenFrame = FcFrame | FipFrame | CutFrame | ForeignFrame;

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

/**
 * True for a frame of a capture that passes between the switch and the responder of its exchange: a
 * mirror port may show it on the link of the originator, too, under other MAC addresses.
 */
const isOfFarEnd = (
  { direction }: { readonly direction: TapDirection },
  tapped: TappedFrame,
  originator: number,
  { sId }: FcHeader,
): boolean =>
  tapped.direction === 'unknown' &&
  direction !== 'unknown' &&
  (direction === 'in') !== (sId === originator);

/** Names of links by those of their taps: there are few. */
const farEnds = new Map<string, string>();
const FAR_ENDS_MAX = 10_000;

/** What a tap sees of exchanges at their responders, as a link of its own. */
export function farEndOf(link: string): string {
  let name = farEnds.get(link);
  if (name === undefined) {
    if (farEnds.size >= FAR_ENDS_MAX) farEnds.clear();
    name = `${link} at the responder`;
    farEnds.set(link, name);
  }
  return name;
}

/** Which way a frame of a capture goes, told by the MAC addresses that carry an N_Port_ID. */
function directionOf(bytes: Uint8Array, at: number, { sId, dId }: FcHeader): TapDirection {
  const fromPort = isFpmaOf(bytes, at + 6, sId);
  const toPort = isFpmaOf(bytes, at, dId);
  if (fromPort === toPort) return 'unknown';
  return fromPort ? 'in' : 'out';
}

function isFpmaOf(bytes: Uint8Array, at: number, nPortId: number): boolean {
  return (
    bytes.length > at + 6 &&
    ((bytes[at]! << 8) | bytes[at + 1]!) === FPMA_PREFIX &&
    ((bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!) === nPortId
  );
}
