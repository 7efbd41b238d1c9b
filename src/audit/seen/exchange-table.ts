/**
 * Exchanges rebuilt from the frames of a capture: what was asked, what came back, how long it took.
 *
 * An exchange is known by originator, responder and OX_ID, and lives until its last frame, an
 * abort, or a new request with the same names. Captures may begin in the middle, show one side
 * only, or show every frame at two taps; memory is bounded by `OPEN_MAX`.
 */
import { FCTL_LAST_SEQUENCE, type FcHeader, FcType, RCtl } from '../../codecs/fc/index.ts';
import { fcpCmnd, fcpRsp, RspFlags, ScsiStatus } from '../../codecs/fcp/index.ts';
import { type Frame, fcHeader, layerOf, layerValue, sense } from '../../codecs/index.ts';
import { nameOf } from '../../codecs/layout/index.ts';
import { type ExchangeId, exchangeIdOf, isFromResponder } from './exchange.ts';

/** Exchanges watched at once; the oldest then counts as unanswered. */
const OPEN_MAX = 100_000;

/** Which protocol an exchange belongs to. */
export type ExchangeKind = 'fcp' | 'els' | 'ct';
/** How an exchange ended, as far as the frames show it. */
export type ExchangeEnd = 'completed' | 'aborted' | 'unanswered';

/** Books of one kind of exchange. */
export interface ExchangeCounts {
  opened: number;
  completed: number;
  aborted: number;
  unanswered: number;
}

/** One exchange, as far as the capture shows it. */
export interface ExchangeRow {
  readonly kind: ExchangeKind;
  /** Its fabric, where VLAN or VF_ID tell; else empty. */
  readonly fabric: string;
  readonly originator: number;
  readonly responder: number;
  readonly oxId: number;
  rxId: number | undefined;
  /** Frame numbers of the request and of the last frame. */
  readonly firstFrame: number;
  lastFrame: number;
  readonly startNs: bigint;
  endNs: bigint;
  /** `READ(10)`, `PLOGI`, `GPN_FT`. */
  readonly command: string;
  readonly lun: bigint | undefined;
  readonly lba: bigint | undefined;
  readonly blocks: number | undefined;
  /** Bytes of data seen, and bytes expected (FCP_DL). */
  dataBytes: number;
  readonly expectedBytes: number | undefined;
  status: string | undefined;
  residual: number;
  sense: { readonly senseKey: number; readonly asc: number; readonly ascq: number } | undefined;
  end: ExchangeEnd;
}

type Open = ExchangeRow & { readonly tap: number; aborting: boolean };

const ELS_AND_CT = new Map<number, ExchangeKind>([
  [FcType.ELS, 'els'],
  [FcType.CT, 'ct'],
  [FcType.FCP, 'fcp'],
]);

/** Rebuilds the exchanges of a capture, frame by frame, in bounded space. */
export class ExchangeTracker {
  readonly counts: Readonly<Record<ExchangeKind, ExchangeCounts>> = {
    fcp: { opened: 0, completed: 0, aborted: 0, unanswered: 0 },
    els: { opened: 0, completed: 0, aborted: 0, unanswered: 0 },
    ct: { opened: 0, completed: 0, aborted: 0, unanswered: 0 },
  };
  readonly #open = new Map<string, Open>();
  /** That of the frame that is being taken. */
  #fabric = '';
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
    this.#fabric = fabric;
    const header = layerValue(frame, fcHeader);
    if (header === undefined || frame.protocol === 'fip') return;
    if (header.type === FcType.BLS) {
      this.#bls(header, number, timeNs);
      return;
    }
    const kind = ELS_AND_CT.get(header.type);
    if (kind === undefined) return;
    if (isRequest(header, kind)) this.#request(kind, frame, header, number, timeNs, tap);
    else this.#answer(kind, frame, header, number, timeNs, tap);
  }

  #request(
    kind: ExchangeKind,
    frame: Frame,
    header: FcHeader,
    number: number,
    timeNs: bigint,
    tap: number,
  ): void {
    const key = keyOf(this.#fabric, exchangeIdOf(header));
    const known = this.#open.get(key);
    // The same request at another tap is the same exchange.
    if (known !== undefined && known.tap !== tap) return;
    if (known !== undefined) this.#close(key, known, 'unanswered');
    const command = layerValue(frame, fcpCmnd);
    const block = layerOf(frame, 'scsi')?.value as
      | { lba?: number | bigint; transferLengthBlocks?: number }
      | undefined;
    this.counts[kind].opened++;
    this.#open.set(key, {
      kind,
      fabric: this.#fabric,
      tap,
      aborting: false,
      originator: header.sId,
      responder: header.dId,
      oxId: header.oxId,
      rxId: undefined,
      firstFrame: number,
      lastFrame: number,
      startNs: timeNs,
      endNs: timeNs,
      command: commandName(kind, frame),
      lun: command?.lun,
      lba: block?.lba === undefined ? undefined : BigInt(block.lba),
      blocks: block?.transferLengthBlocks,
      dataBytes: 0,
      expectedBytes: command?.fcpDl,
      status: undefined,
      residual: 0,
      sense: undefined,
      end: 'unanswered',
    });
    if (this.#open.size > OPEN_MAX) {
      const oldest = this.#open.entries().next().value;
      if (oldest !== undefined) this.#close(oldest[0], oldest[1], 'unanswered');
    }
  }

  #answer(
    kind: ExchangeKind,
    frame: Frame,
    header: FcHeader,
    number: number,
    timeNs: bigint,
    tap: number,
  ): void {
    const found = this.#find(header);
    if (found === undefined) return;
    const [key, row] = found;
    row.lastFrame = number;
    row.endNs = timeNs;
    if (isFromResponder(header)) row.rxId ??= header.rxId;
    if (kind !== 'fcp') {
      if ((header.fCtl & FCTL_LAST_SEQUENCE) !== 0) this.#close(key, row, 'completed');
      return;
    }
    if (header.rCtl === RCtl['Solicited Data']) {
      if (row.tap === tap) row.dataBytes += dataBytesOf(frame);
      return;
    }
    if (header.rCtl !== RCtl['Command Status']) return;
    const rsp = layerValue(frame, fcpRsp);
    if (rsp === undefined) {
      // Of a response that a capture cut, what it said is not known; that it came is.
      if (frame.cut) this.#close(key, row, 'completed');
      return;
    }
    row.status = nameOf(ScsiStatus, rsp.scsiStatus) ?? `${rsp.scsiStatus}`;
    if ((rsp.flags & RspFlags.RESID_UNDER) !== 0) row.residual = rsp.residualCount;
    else if ((rsp.flags & RspFlags.RESID_OVER) !== 0) row.residual = -rsp.residualCount;
    const reported = layerValue(frame, sense);
    if (reported !== undefined && reported.kind !== 'unknown') row.sense = reported;
    this.#close(key, row, 'completed');
  }

  #find(header: FcHeader): readonly [string, Open] | undefined {
    const key = keyOf(this.#fabric, exchangeIdOf(header));
    const row = this.#open.get(key);
    return row === undefined ? undefined : [key, row];
  }

  #bls(header: FcHeader, number: number, timeNs: bigint): void {
    const found = this.#find(header);
    if (found === undefined) return;
    const [key, row] = found;
    row.lastFrame = number;
    row.endNs = timeNs;
    if (header.rCtl === RCtl.ABTS) row.aborting = true;
    else if (row.aborting) this.#close(key, row, 'aborted');
  }

  #close(key: string, row: Open, end: ExchangeEnd): void {
    this.#open.delete(key);
    row.end = end;
    this.counts[row.kind][end]++;
    this.#ended(row);
  }

  /** The capture is over: what is still open was not answered. */
  finish(): void {
    for (const [key, row] of [...this.#open]) this.#close(key, row, 'unanswered');
  }
}

function isRequest(header: FcHeader, kind: ExchangeKind): boolean {
  if (isFromResponder(header)) return false;
  if (kind === 'els') return header.rCtl === RCtl['ELS Request'];
  if (kind === 'ct') return header.rCtl === RCtl['Unsolicited Control'];
  return header.rCtl === RCtl['Unsolicited Command'];
}

function commandName(kind: ExchangeKind, frame: Frame): string {
  if (kind === 'fcp') return frame.exchange?.command?.name ?? 'FCP_CMND';
  const value = layerOf(frame, kind)?.value as { kind?: string } | undefined;
  return value?.kind ?? kind.toUpperCase();
}

function dataBytesOf(frame: Frame): number {
  return (
    frame.layers.find((one) => one.layer === 'data' || (one.layer === 'scsi' && !one.inside))
      ?.length ?? 0
  );
}

function keyOf(fabric: string, { originator, responder, oxId }: ExchangeId): string {
  return `${fabric} ${originator} ${responder} ${oxId}`;
}
