/**
 * Exchanges rebuilt from the frames of a capture: what was asked, what came back, how long it took.
 *
 * An exchange is known by originator, responder and OX_ID, and lives until its last frame, an
 * abort, or a new request with the same names. Captures may begin in the middle, show one side
 * only, or show every frame at two taps; memory is bounded by `OPEN_MAX`.
 */
import { type ElsRequest, elsRequest } from '../../codecs/els/index.ts';
import { FCTL_LAST_SEQUENCE, type FcHeader, FcType, RCtl } from '../../codecs/fc/index.ts';
import { fcpRsp, RspFlags, ScsiStatus } from '../../codecs/fcp/index.ts';
import { dataBytesOf, type Frame, fcHeader, layerValue, sense } from '../../codecs/index.ts';
import { type Infer, nameOf } from '../../codecs/layout/index.ts';
import { NvmeRCtl, nvmeErsp, nvmeStatusName } from '../../codecs/nvme/index.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import { isFromResponder } from './exchange.ts';
import {
  type ExchangeCounts,
  type ExchangeEnd,
  type ExchangeKind,
  type ExchangeRow,
  partsOf,
  type RequestParts,
  type Sighting,
} from './exchange-row.ts';
import type { PlainResponse } from './frame.ts';

/** Exchanges watched at once; the oldest then counts as unanswered. */
const OPEN_MAX = 100_000;

/** An exchange under way. Its last stamp is in two numbers, for it changes with every frame. */
interface Open {
  readonly row: ExchangeRow;
  readonly fabricNumber: number;
  readonly tap: number;
  aborting: boolean;
  /** A good response came before all its data: the initiator may ask for them again. */
  answered: boolean;
  endSeconds: number;
  endNanoseconds: number;
}

const SECOND_NS = 1_000_000_000n;

/** Stamps as one number; those of a second share what is made of it. */
class Stamps {
  #seconds = 0;
  #secondsNs = 0n;

  of(seconds: number, nanoseconds: number): bigint {
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#secondsNs = BigInt(seconds) * SECOND_NS;
    }
    return this.#secondsNs + BigInt(nanoseconds);
  }
}

const KINDS = new Map<number, ExchangeKind>([
  [FcType.ELS, 'els'],
  [FcType.CT, 'ct'],
  [FcType.FCP, 'fcp'],
  [FcType.NVMe, 'nvme'],
]);

/** Rebuilds the exchanges of a capture, frame by frame, in bounded space. */
export class ExchangeTracker {
  readonly counts: Readonly<Record<ExchangeKind, ExchangeCounts>> = {
    fcp: { opened: 0, completed: 0, aborted: 0, unanswered: 0 },
    els: { opened: 0, completed: 0, aborted: 0, unanswered: 0 },
    ct: { opened: 0, completed: 0, aborted: 0, unanswered: 0 },
    nvme: { opened: 0, completed: 0, aborted: 0, unanswered: 0 },
  };
  /** By fabric, originator, responder and OX_ID. */
  readonly #open = new IdMap<Open>(OPEN_MAX);
  readonly #fabrics = new Numbers();
  readonly #stamps = new Stamps();
  #forgotten = 0;
  readonly #ended: (row: ExchangeRow) => void;

  /** `ended` hears of every exchange once, when it ends. */
  constructor(ended: (row: ExchangeRow) => void = () => {}) {
    this.#ended = ended;
  }

  /**
   * Takes the next frame. `tap` is the interface it was captured on, `fabric` what its VLAN and VF_ID
   * tell: the same addresses are other ports in another fabric.
   */
  add(frame: Frame, number: number, timeNs: bigint, tap: number, fabric = ''): void {
    const seconds = Number(timeNs / SECOND_NS);
    const nanoseconds = Number(timeNs % SECOND_NS);
    this.take(frame, { index: number, seconds, nanoseconds, interfaceId: tap }, fabric);
  }

  /** The same for a frame that was seen in a capture. */
  take(frame: Frame, seen: Sighting, fabric: string): void {
    const header = layerValue(frame, fcHeader);
    if (header === undefined || frame.protocol === 'fip') return;
    if (header.type === FcType.BLS) {
      this.#bls(header, seen, fabric);
      return;
    }
    const kind = KINDS.get(header.type);
    if (kind === undefined) return;
    if (isRequest(header, kind)) {
      this.#request(header, seen, fabric, partsOf(kind, frame));
      return;
    }
    if (kind === 'fcp' && header.rCtl === RCtl['FC-4 Link Service Request'])
      this.#recover(header, seen, fabric, layerValue(frame, elsRequest));
    const open = this.#touched(header, seen, fabric);
    if (open === undefined) return;
    if (kind === 'nvme') this.#nvme(open, header, frame, seen);
    else if (kind !== 'fcp') {
      if ((header.fCtl & FCTL_LAST_SEQUENCE) !== 0) this.#close(open, 'completed');
    } else if (header.rCtl === RCtl['Solicited Data']) {
      if (open.tap === seen.interfaceId) addData(open.row, header, dataBytesOf(frame));
    } else if (header.rCtl === RCtl['Command Status']) {
      const rsp = layerValue(frame, fcpRsp);
      const reported = layerValue(frame, sense);
      if (rsp !== undefined) this.#answer(open, rsp, reported);
      // Of a response that a capture cut, what it said is not known; that it came is.
      else if (frame.cut) this.#close(open, 'completed');
    }
  }

  /** Takes a frame of FCP data of so many bytes, or with 0 bytes an FCP_XFER_RDY. */
  takeData(header: FcHeader, dataBytes: number, seen: Sighting, fabric: string): void {
    const open = this.#touched(header, seen, fabric);
    if (open !== undefined && open.tap === seen.interfaceId) addData(open.row, header, dataBytes);
  }

  /** Takes a response without sense data. */
  takeResponse(header: FcHeader, rsp: PlainResponse, seen: Sighting, fabric: string): void {
    const open = this.#touched(header, seen, fabric);
    if (open !== undefined) this.#answer(open, rsp, undefined);
  }

  /** Takes a command. */
  takeCommand(header: FcHeader, parts: RequestParts, seen: Sighting, fabric: string): void {
    this.#request(header, seen, fabric, parts);
  }

  #request(header: FcHeader, seen: Sighting, fabric: string, parts: RequestParts): void {
    const fabricNumber = this.#fabrics.of(fabric);
    const known = this.#find(header, fabricNumber);
    // The same request at another tap is the same exchange.
    if (known !== undefined && known.tap !== seen.interfaceId) return;
    // Nor is one that its switch sends on a moment later, on a tap that sees both.
    if (known !== undefined && isSentOn(known, seen)) return;
    if (known !== undefined) this.#forget(known);
    else if (this.#open.size >= OPEN_MAX) this.#giveUp(this.#open.oldest!);
    const { kind } = parts;
    const { index, seconds, nanoseconds } = seen;
    this.counts[kind].opened++;
    const startNs = this.#stamps.of(seconds, nanoseconds);
    const { sId, dId, oxId } = header;
    const row: ExchangeRow = {
      kind,
      fabric,
      originator: sId,
      responder: dId,
      oxId,
      rxId: undefined,
      firstFrame: index,
      lastFrame: index,
      startNs,
      endNs: startNs,
      command: parts.command,
      lun: parts.lun,
      lba: parts.lba,
      blocks: parts.blocks,
      dataBytes: 0,
      expectedBytes: parts.expectedBytes,
      readBytes: parts.expectedReadBytes === undefined ? undefined : 0,
      expectedReadBytes: parts.expectedReadBytes,
      readResidual: 0,
      recovered: false,
      status: undefined,
      residual: 0,
      sense: undefined,
      end: 'unanswered',
    };
    this.#open.set(fabricNumber, sId, dId, oxId, {
      row,
      fabricNumber,
      tap: seen.interfaceId,
      aborting: false,
      answered: false,
      endSeconds: seconds,
      endNanoseconds: nanoseconds,
    });
  }

  /** The exchange of a frame that is no request, which was seen going on. */
  #touched(header: FcHeader, seen: Sighting, fabric: string): Open | undefined {
    const open = this.#find(header, this.#fabrics.of(fabric));
    if (open === undefined) return undefined;
    const { row } = open;
    row.lastFrame = seen.index;
    open.endSeconds = seen.seconds;
    open.endNanoseconds = seen.nanoseconds;
    if (isFromResponder(header) && header.type !== FcType.BLS) row.rxId ??= header.rxId;
    return open;
  }

  #answer(open: Open, rsp: PlainResponse, reported: Sense | undefined): void {
    const { row } = open;
    row.status = nameOf(ScsiStatus, rsp.scsiStatus) ?? `${rsp.scsiStatus}`;
    if ((rsp.flags & RspFlags.RESID_UNDER) !== 0) row.residual = rsp.residualCount;
    else if ((rsp.flags & RspFlags.RESID_OVER) !== 0) row.residual = -rsp.residualCount;
    row.readResidual = rsp.bidirectionalReadResidual ?? 0;
    if (reported !== undefined && reported.kind !== 'unknown') row.sense = reported;
    open.answered = true;
    if (!lacksData(row)) this.#close(open, 'completed');
  }

  /** SRR names the exchange that it is about: data from a byte on, or the response, come again. */
  #recover(header: FcHeader, seen: Sighting, fabric: string, asked: ElsRequest | undefined): void {
    if (asked?.kind !== 'SRR') return;
    const { sId, dId } = header;
    const open = this.#open.get(this.#fabrics.of(fabric), sId, dId, asked.oxId);
    if (open === undefined || open.tap !== seen.interfaceId) return;
    const { row } = open;
    row.recovered = true;
    if (asked.rCtl === RCtl['Solicited Data'])
      row.dataBytes = Math.min(row.dataBytes, asked.relativeOffset);
  }

  #nvme(open: Open, header: FcHeader, frame: Frame, seen: Sighting): void {
    const { row } = open;
    if (header.rCtl === NvmeRCtl.DATA) {
      if (open.tap === seen.interfaceId) row.dataBytes += dataBytesOf(frame);
    } else if (header.rCtl === NvmeRCtl.RSP) {
      row.status = 'SUCCESS';
      this.#close(open, 'completed');
    } else if (header.rCtl === NvmeRCtl.ERSP) {
      const status = layerValue(frame, nvmeErsp)?.cqe.status;
      row.status = status === undefined ? undefined : nvmeStatusName(status);
      this.#close(open, 'completed');
    } else if (isFromResponder(header) && isLinkService(header)) this.#close(open, 'completed');
  }

  #find({ sId, dId, oxId, fCtl }: FcHeader, fabric: number): Open | undefined {
    return isFromResponder({ fCtl })
      ? this.#open.get(fabric, dId, sId, oxId)
      : this.#open.get(fabric, sId, dId, oxId);
  }

  #bls(header: FcHeader, seen: Sighting, fabric: string): void {
    const open = this.#touched(header, seen, fabric);
    if (open === undefined) return;
    if (header.rCtl === RCtl.ABTS) open.aborting = true;
    else if (open.aborting) this.#close(open, 'aborted');
  }

  #close({ row, fabricNumber, endSeconds, endNanoseconds }: Open, end: ExchangeEnd): void {
    this.#open.delete(fabricNumber, row.originator, row.responder, row.oxId);
    row.end = end;
    row.endNs = this.#stamps.of(endSeconds, endNanoseconds);
    this.counts[row.kind][end]++;
    this.#ended(row);
  }

  /** Exchanges that were forgotten while they were open; they count as unanswered. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** The capture is over: what is still open was not answered. */
  finish(): void {
    for (const open of this.#open.values()) this.#forget(open);
  }

  /** There are too many at once: it is not known any more how this one ends. */
  #giveUp(open: Open): void {
    this.#forgotten++;
    this.#forget(open);
  }

  #forget(open: Open): void {
    this.#close(open, open.answered ? 'completed' : 'unanswered');
  }
}

/** A request goes through a switch within that. */
const SENT_ON_NS = 1e6;

/** True for a request that nobody has answered and that comes again at once, as no port asks twice. */
function isSentOn({ row, endSeconds, endNanoseconds }: Open, seen: Sighting): boolean {
  if (row.rxId !== undefined || row.firstFrame !== row.lastFrame) return false;
  const ns = (seen.seconds - endSeconds) * 1e9 + seen.nanoseconds - endNanoseconds;
  return ns >= 0 && ns < SENT_ON_NS;
}

const isLinkService = ({ rCtl }: FcHeader): boolean => rCtl >> 4 === 0x3;

/** True for a good response to a read of which data are missing. */
function lacksData({ status, dataBytes, expectedBytes, residual, command }: ExchangeRow): boolean {
  if (status !== 'GOOD' || expectedBytes === undefined || !command.startsWith('READ('))
    return false;
  return dataBytes < expectedBytes - Math.max(0, residual);
}

/** Counts data; of a bidirectional command each direction for itself. */
function addData(row: ExchangeRow, header: FcHeader, dataBytes: number): void {
  if (row.readBytes !== undefined && isFromResponder(header)) row.readBytes += dataBytes;
  else row.dataBytes += dataBytes;
}

type Sense = Infer<typeof sense>;

function isRequest(header: FcHeader, kind: ExchangeKind): boolean {
  if (isFromResponder(header)) return false;
  if (kind === 'els') return header.rCtl === RCtl['ELS Request'];
  if (kind === 'ct') return header.rCtl === RCtl['Unsolicited Control'];
  if (kind === 'nvme')
    return header.rCtl === NvmeRCtl.CMND || header.rCtl === RCtl['FC-4 Link Service Request'];
  return header.rCtl === RCtl['Unsolicited Command'];
}
