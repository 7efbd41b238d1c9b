/**
 * The exchanges that carry commands, as each tap sees them: what was asked, how far its data came,
 * how it ended, and which frames it was made of.
 *
 * An exchange is known by its originator and OX_ID, link by link, so that its frames are in the
 * order of one wire. Frames and exchanges that a fault hit are marked, because they tell nothing
 * about those who sent them. Memory is bounded: the oldest exchanges are forgotten first.
 */
import { FCTL_END_SEQUENCE, FCTL_RELATIVE_OFFSET, RCtl } from '../../codecs/fc/index.ts';
import { cdbOf, fcpCmnd, fcpRsp, fcpXferRdy, RspFlags } from '../../codecs/fcp/index.ts';
import { sense } from '../../codecs/scsi/index.ts';
import type { Disturbance, FrameHit } from '../../history/index.ts';
import { decoded } from './decoded.ts';
import { exchangeIn, exchangeKey, type SeenExchange } from './exchange.ts';
import type { CutFrame, FcFrame, PlainResponse } from './frame.ts';
import { LinkExchanges } from './link-exchanges.ts';

/** Frames kept of one exchange, and exchanges kept per fabric with the numbers of their frames. */
const FRAMES_PER_EXCHANGE_MAX = 64;
const PER_FABRIC_MAX = 200_000;
/** Frames hit by faults that are remembered. */
const DISTURBED_MAX = 10_000;

/** The exchanges of one run or one capture. */
export class Exchanges {
  /** Of each link, by originator and OX_ID. */
  readonly #links = new Map<string, LinkExchanges>();
  /** The link of the frame before. */
  #link = '';
  #onLink: LinkExchanges = new LinkExchanges();
  readonly #hasHistory: boolean;
  /** Numbers of the frames of each exchange, by fabric. */
  readonly #frames = new Map<string, Map<number, number[]>>();
  /** Frames hit by faults, by length and then by digest: few frames need a digest. */
  readonly #disturbed = new Map<number, Map<number, string>>();
  #disturbedCount = 0;

  /**
   * `hasHistory`: what guests asked for is known as well. Then `framesOf` will be asked, and late
   * frames of any exchange matter; a capture shows frames alone.
   */
  constructor({ hasHistory = true }: { readonly hasHistory?: boolean } = {}) {
    this.#hasHistory = hasHistory;
  }

  /** Notes a frame, and what is known of it in the frame. */
  add(fc: FcFrame): void {
    if (this.#disturbedCount > 0) {
      const { bytes } = fc.tapped;
      fc.disturbed = this.#disturbed.get(bytes.length)?.get(digestOf(bytes));
    }
    const { role } = fc;
    if (role === 'els-request' || role === 'els-reply' || role === 'ct' || role === 'other') return;
    if (this.#hasHistory) this.#noteNumber(fc, exchangeKey(fc.originator, fc.header.oxId));
    // What no receiver takes changes no exchange.
    if (fc.disturbed === 'corrupt' && !fc.crcGood) return;
    const exchanges = this.#exchangesOn(fc.link);
    if (role === 'command') {
      open(exchanges, fc);
      return;
    }
    const exchange = exchanges.get(fc.originator, fc.header.oxId);
    if (exchange === undefined || exchange.responder !== fc.responder) return;
    fc.exchange = exchange;
    if (fc.disturbed === undefined) exchange.lastAt = fc.at;
    else exchange.disturbed = true;
    const { state } = exchange;
    update(exchange, fc);
    const isAnswered = exchange.state === 'answered' && state !== 'answered';
    // Who knows what guests asked for has to be told of every late frame.
    if (isAnswered && !this.#hasHistory) exchanges.answer(exchange);
  }

  /** Exchanges that were forgotten while they were open: there were too many at once. */
  get forgotten(): number {
    let count = 0;
    for (const exchanges of this.#links.values()) count += exchanges.forgotten;
    return count;
  }

  /** A frame was cut: of its exchange nothing can be said that some of its bytes would show. */
  cut({ link, originator, oxId, isResponse, at }: CutFrame): void {
    const exchange = this.find(link, originator, oxId);
    if (exchange === undefined) return;
    exchange.disturbed = true;
    exchange.lastAt = at;
    if (isResponse) exchange.state = 'answered';
  }

  #noteNumber({ fabric, role, direction, number }: FcFrame, key: number): void {
    let exchanges = this.#frames.get(fabric);
    if (exchanges === undefined) {
      exchanges = new Map();
      this.#frames.set(fabric, exchanges);
    }
    let numbers = exchanges.get(key);
    // An OX_ID that is used again begins a new exchange; the same command seen at a second tap does not.
    if (numbers === undefined || (role === 'command' && direction === 'in')) {
      exchanges.delete(key);
      numbers = [];
      exchanges.set(key, numbers);
      if (exchanges.size > PER_FABRIC_MAX) exchanges.delete(exchanges.keys().next().value!);
    }
    if (numbers.length < FRAMES_PER_EXCHANGE_MAX) numbers.push(number);
  }

  /** The latest exchange of an originator with this OX_ID on a link. */
  find(link: string, originator: number, oxId: number): SeenExchange | undefined {
    return this.#links.get(link)?.get(originator, oxId);
  }

  /** Numbers of the frames of the latest exchange with this originator and OX_ID. */
  framesOf(fabric: string, originator: number, oxId: number): readonly number[] {
    return this.#frames.get(fabric)?.get(exchangeKey(originator, oxId)) ?? [];
  }

  #exchangesOn(link: string): LinkExchanges {
    if (link === this.#link && this.#links.size > 0) return this.#onLink;
    let exchanges = this.#links.get(link);
    if (exchanges === undefined) {
      exchanges = new LinkExchanges();
      this.#links.set(link, exchanges);
    }
    this.#link = link;
    this.#onLink = exchanges;
    return exchanges;
  }

  /** Something was done to the world: marks what it hit. */
  disturb(event: Disturbance): void {
    if (event.type === 'frame-hit') this.#disturbFrame(event);
    else if (event.type === 'node-crashed' || event.type === 'node-started') this.#disturbEnds();
  }

  #disturbFrame({ bytes, sent, fault }: FrameHit): void {
    for (const one of sent === undefined ? [bytes] : [bytes, sent]) {
      this.#remember(one, fault);
      const id = exchangeIn(one);
      if (id === undefined) continue;
      for (const exchanges of this.#links.values()) {
        const exchange = exchanges.get(id.originator, id.oxId);
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
    for (const exchanges of this.#links.values()) {
      for (const exchange of exchanges.values()) exchange.disturbed = true;
    }
  }
}

function open(exchanges: LinkExchanges, fc: FcFrame): void {
  const { originator, header } = fc;
  const known = exchanges.get(originator, header.oxId);
  // A frame that was doubled on its way is the same command.
  if (fc.disturbed === 'duplicate' && known !== undefined && isSameCommand(known, fc)) {
    known.disturbed = true;
    fc.exchange = known;
    return;
  }
  const exchange = exchangeOf(fc);
  if (exchange === undefined) return;
  fc.exchange = exchange;
  exchanges.begin(exchange);
}

function exchangeOf(fc: FcFrame): SeenExchange | undefined {
  const { link, fabric, at, number, originator, responder, header, direction } = fc;
  const command = fc.command ?? decoded(fcpCmnd, fc.payload);
  if (command === undefined) return undefined;
  return {
    link,
    fabric,
    originator,
    responder,
    oxId: header.oxId,
    at,
    frame: number,
    direction,
    lun: command.lun,
    // A copy: an exchange that is remembered must not keep a piece of the capture in memory.
    cdb: cdbOf(command).slice(),
    attribute: command.taskAttribute,
    taskManagement: command.taskManagementFlags,
    dataBytes: command.fcpDl,
    dataIn: 0,
    dataOut: 0,
    gap: false,
    midSequence: false,
    granted: undefined,
    state: 'open',
    status: undefined,
    residual: 0,
    sense: undefined,
    lastAt: at,
    disturbed: fc.disturbed !== undefined,
    late: fc.disturbed !== undefined,
  };
}

function isSameCommand(known: SeenExchange, fc: FcFrame): boolean {
  const again = exchangeOf(fc);
  return (
    again !== undefined &&
    again.responder === known.responder &&
    again.lun === known.lun &&
    again.cdb.length === known.cdb.length &&
    again.cdb.every((byte, i) => byte === known.cdb[i])
  );
}

function update(exchange: SeenExchange, fc: FcFrame): void {
  switch (fc.role) {
    case 'data-in':
    case 'data-out':
      takeData(exchange, fc);
      return;
    case 'xfer-rdy': {
      if (fc.payloadBytes < fcpXferRdy.minBytes) return;
      const { relativeOffset, burstLengthBytes } = fcpXferRdy.decode(fc.payload);
      exchange.granted = { from: relativeOffset, to: relativeOffset + burstLengthBytes };
      return;
    }
    case 'response':
      takeResponse(exchange, fc);
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

function takeData(exchange: SeenExchange, { header, payloadBytes, role }: FcFrame): void {
  const side = role === 'data-in' ? 'dataIn' : 'dataOut';
  const offset = (header.fCtl & FCTL_RELATIVE_OFFSET) !== 0 ? header.parameter : exchange[side];
  if (offset !== exchange[side]) exchange.gap = true;
  exchange[side] = Math.max(exchange[side], offset + payloadBytes);
  exchange.midSequence = (header.fCtl & FCTL_END_SEQUENCE) === 0;
}

function takeResponse(exchange: SeenExchange, fc: FcFrame): void {
  if (exchange.state === 'answered' || exchange.state === 'aborted') return;
  const rsp: PlainResponse | undefined = fc.response ?? decoded(fcpRsp, fc.payload);
  if (rsp === undefined) return;
  exchange.state = 'answered';
  exchange.status = rsp.scsiStatus;
  if ((rsp.flags & RspFlags.RESID_UNDER) !== 0) exchange.residual = rsp.residualCount;
  else if ((rsp.flags & RspFlags.RESID_OVER) !== 0) exchange.residual = -rsp.residualCount;
  const { senseData } = rsp;
  if (senseData !== undefined && senseData.length > 0) exchange.sense = senseOf(senseData);
}

function senseOf(data: Uint8Array): number | undefined {
  const said = decoded(sense, data);
  if (said === undefined || said.kind === 'unknown') return undefined;
  return said.senseKey * 0x1_0000 + said.asc * 0x100 + said.ascq;
}

/** FNV-1a of a frame without its MAC addresses, which change from link to link. */
function digestOf(bytes: Uint8Array): number {
  let digest = 0x811c9dc5;
  for (let i = 12; i < bytes.length; i++) digest = Math.imul(digest ^ bytes[i]!, 0x01000193);
  return digest >>> 0;
}
