/**
 * The FCP exchanges that each tap sees: what was asked, how far its data came, how it ended.
 *
 * An exchange is known by its originator and OX_ID, tap by tap, so that its frames are in the
 * order of one wire. Frames and exchanges that a fault hit are marked, because they tell nothing
 * about those who sent them. Memory is bounded: the oldest exchanges are forgotten first.
 */
import { FCTL_END_SEQUENCE, FCTL_RELATIVE_OFFSET, RCtl } from '../../codecs/fc/index.ts';
import { cdbOf, fcpCmnd, fcpRsp, fcpXferRdy, RspFlags } from '../../codecs/fcp/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import { sense } from '../../codecs/scsi/index.ts';
import type { Disturbance, FrameSeen, TimeNs } from '../observation.ts';
import { type FcFrame, fcFrameOf } from './fc-frame.ts';

/** Exchanges remembered per tap. */
const EXCHANGES_MAX = 20_000;
/** Frames hit by faults that are remembered. */
const DISTURBED_MAX = 10_000;

/** How an exchange stands. `answered`: FCP_RSP was seen; `aborted`: ABTS was answered. */
export type WireState = 'open' | 'aborting' | 'answered' | 'aborted';

/** An FCP exchange as one tap saw it. */
export interface WireExchange {
  readonly tap: string;
  readonly fabric: string;
  readonly originator: number;
  readonly responder: number;
  readonly oxId: number;
  /** When and where its command was seen. */
  readonly at: TimeNs;
  readonly frame: number;
  readonly lun: bigint;
  readonly cdb: Uint8Array;
  readonly attribute: number;
  readonly taskManagement: number;
  readonly fcpDl: number;
  /** Bytes of data seen without a gap; `gap`: some are missing, or came twice. */
  dataIn: number;
  dataOut: number;
  gap: boolean;
  /** A data sequence has begun and not ended. */
  midSequence: boolean;
  /** What XFER_RDY allowed. */
  granted: { readonly from: number; readonly to: number } | undefined;
  state: WireState;
  status: number | undefined;
  /** Residual count, negative when the target had more than was asked for. */
  residual: number;
  /** Sense key, ASC and ASCQ of a CHECK CONDITION: key x 65536 + ASC x 256 + ASCQ. */
  sense: number | undefined;
  lastAt: TimeNs;
  /** A fault hit one of its frames or ends: what is missing may have been lost. */
  disturbed: boolean;
  /** A fault held its command back: it is older than it looks. */
  readonly late: boolean;
}

const keyOf = (originator: number, oxId: number): number => originator * 0x1_0000 + oxId;

export class Wire {
  readonly #taps = new Map<string, { fabric: string; exchanges: Map<number, WireExchange> }>();
  /** Frames hit by faults, by length and then by digest: few frames need a digest. */
  readonly #disturbed = new Map<number, Map<number, string>>();
  #disturbedCount = 0;

  /** Notes a frame, and what is known of it in the frame. */
  add(fc: FcFrame): void {
    if (this.#disturbedCount > 0) {
      fc.disturbed = this.#disturbed.get(fc.seen.bytes.length)?.get(digestOf(fc.seen.bytes));
    }
    const { role } = fc;
    if (role === 'els-request' || role === 'els-reply' || role === 'ct' || role === 'other') return;
    // What no receiver takes changes no exchange.
    if (fc.disturbed === 'corrupt' && !fc.crcGood) return;
    const book = this.#bookOf(fc.seen);
    const key = keyOf(fc.originator, fc.header.oxId);
    if (role === 'command') {
      this.#open(book.exchanges, key, fc);
      return;
    }
    const exchange = book.exchanges.get(key);
    if (exchange === undefined || exchange.responder !== fc.responder) return;
    fc.exchange = exchange;
    if (fc.disturbed === undefined) exchange.lastAt = fc.seen.at;
    else exchange.disturbed = true;
    update(exchange, fc);
  }

  /** The latest exchange of an originator with this OX_ID at a tap. */
  find(tap: string, originator: number, oxId: number): WireExchange | undefined {
    return this.#taps.get(tap)?.exchanges.get(keyOf(originator, oxId));
  }

  #bookOf({ tap, fabric }: FrameSeen) {
    let book = this.#taps.get(tap);
    if (book === undefined) {
      book = { fabric, exchanges: new Map() };
      this.#taps.set(tap, book);
    }
    return book;
  }

  #open(exchanges: Map<number, WireExchange>, key: number, fc: FcFrame): void {
    const known = exchanges.get(key);
    // A frame that was doubled on its way is the same command.
    if (fc.disturbed === 'duplicate' && known !== undefined && isSameCommand(known, fc)) {
      known.disturbed = true;
      fc.exchange = known;
      return;
    }
    const exchange = exchangeOf(fc);
    if (exchange === undefined) return;
    fc.exchange = exchange;
    exchanges.delete(key);
    exchanges.set(key, exchange);
    if (exchanges.size > EXCHANGES_MAX) exchanges.delete(exchanges.keys().next().value!);
  }

  /** Something was done to the world: marks what it hit. */
  disturb(one: Disturbance): void {
    if (one.what === 'frame') this.#disturbFrame(one);
    else if (one.what === 'crashed' || one.what === 'started') this.#disturbEnds();
  }

  #disturbFrame(one: Extract<Disturbance, { what: 'frame' }>): void {
    for (const bytes of one.sent === undefined ? [one.bytes] : [one.bytes, one.sent]) {
      this.#remember(bytes, one.fault);
      const fc = fcFrameOf({ ...SEEN, bytes });
      if (fc === undefined) continue;
      const key = keyOf(fc.originator, fc.header.oxId);
      for (const { exchanges } of this.#taps.values()) {
        const exchange = exchanges.get(key);
        if (exchange !== undefined) exchange.disturbed = true;
      }
    }
  }

  #remember(bytes: Uint8Array, fault: string): void {
    if (fault === 'drop' || this.#disturbedCount >= DISTURBED_MAX) return;
    let digests = this.#disturbed.get(bytes.length);
    if (digests === undefined) {
      digests = new Map();
      this.#disturbed.set(bytes.length, digests);
    }
    digests.set(digestOf(bytes), fault);
    this.#disturbedCount++;
  }

  /** A machine lost its memory: none of the exchanges under way can be judged any more. */
  #disturbEnds(): void {
    for (const { exchanges } of this.#taps.values()) {
      for (const exchange of exchanges.values()) exchange.disturbed = true;
    }
  }
}

const SEEN = {
  kind: 'frame',
  at: 0,
  frame: 0,
  tap: '',
  fabric: '',
  direction: 'unknown',
} as const;

function exchangeOf(fc: FcFrame): WireExchange | undefined {
  const { seen, originator, responder, header, payload } = fc;
  let command: ReturnType<typeof fcpCmnd.decode>;
  try {
    command = fcpCmnd.decode(payload);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
  return {
    tap: seen.tap,
    fabric: seen.fabric,
    originator,
    responder,
    oxId: header.oxId,
    at: seen.at,
    frame: seen.frame,
    lun: command.lun,
    cdb: cdbOf(command),
    attribute: command.taskAttribute,
    taskManagement: command.taskManagementFlags,
    fcpDl: command.fcpDl,
    dataIn: 0,
    dataOut: 0,
    gap: false,
    midSequence: false,
    granted: undefined,
    state: 'open',
    status: undefined,
    residual: 0,
    sense: undefined,
    lastAt: seen.at,
    disturbed: fc.disturbed !== undefined,
    late: fc.disturbed !== undefined,
  };
}

function isSameCommand(known: WireExchange, fc: FcFrame): boolean {
  const again = exchangeOf(fc);
  return (
    again !== undefined &&
    again.responder === known.responder &&
    again.lun === known.lun &&
    again.cdb.length === known.cdb.length &&
    again.cdb.every((byte, i) => byte === known.cdb[i])
  );
}

function update(exchange: WireExchange, fc: FcFrame): void {
  switch (fc.role) {
    case 'data-in':
    case 'data-out':
      takeData(exchange, fc);
      return;
    case 'xfer-rdy': {
      if (fc.payload.length < fcpXferRdy.minBytes) return;
      const { relativeOffset, burstLengthBytes } = fcpXferRdy.decode(fc.payload);
      exchange.granted = { from: relativeOffset, to: relativeOffset + burstLengthBytes };
      return;
    }
    case 'response':
      takeResponse(exchange, fc.payload);
      return;
    case 'abts':
      if (exchange.state === 'open') exchange.state = 'aborting';
      return;
    case 'ba':
      if (exchange.state === 'aborting' && fc.header.rCtl === RCtl.BA_ACC) {
        exchange.state = 'aborted';
      }
  }
}

function takeData(exchange: WireExchange, { header, payload, role }: FcFrame): void {
  const side = role === 'data-in' ? 'dataIn' : 'dataOut';
  const offset = (header.fCtl & FCTL_RELATIVE_OFFSET) !== 0 ? header.parameter : exchange[side];
  if (offset !== exchange[side]) exchange.gap = true;
  exchange[side] = Math.max(exchange[side], offset + payload.length);
  exchange.midSequence = (header.fCtl & FCTL_END_SEQUENCE) === 0;
}

function takeResponse(exchange: WireExchange, payload: Uint8Array): void {
  if (exchange.state === 'answered' || exchange.state === 'aborted') return;
  let rsp: ReturnType<typeof fcpRsp.decode>;
  try {
    rsp = fcpRsp.decode(payload);
  } catch (error) {
    if (error instanceof CodecError) return;
    throw error;
  }
  exchange.state = 'answered';
  exchange.status = rsp.scsiStatus;
  if ((rsp.flags & RspFlags.RESID_UNDER) !== 0) exchange.residual = rsp.residualCount;
  else if ((rsp.flags & RspFlags.RESID_OVER) !== 0) exchange.residual = -rsp.residualCount;
  if (rsp.senseData.length > 0) exchange.sense = senseOf(rsp.senseData);
}

function senseOf(data: Uint8Array): number | undefined {
  try {
    const decoded = sense.decode(data);
    if (decoded.kind === 'unknown') return undefined;
    return decoded.senseKey * 0x1_0000 + decoded.asc * 0x100 + decoded.ascq;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** FNV-1a of a frame without its MAC addresses, which change from link to link. */
function digestOf(bytes: Uint8Array): number {
  let digest = 0x811c9dc5;
  for (let i = 12; i < bytes.length; i++) digest = Math.imul(digest ^ bytes[i]!, 0x01000193);
  return digest >>> 0;
}
