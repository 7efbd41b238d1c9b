/** The rows of exchanges that a capture shows, and what their requests ask for. */
import type { FramePlace } from '../../capture/place.ts';
import { fcpCmnd } from '../../codecs/fcp/index.ts';
import { type Frame, layerOf, layerValue } from '../../codecs/frame/index.ts';
import { nvmeCmnd, nvmeOpcodeName } from '../../codecs/nvme/index.ts';
import { blocksOf } from '../../codecs/scsi/index.ts';

/** Which protocol an exchange belongs to. */
export type ExchangeKind = 'fcp' | 'els' | 'ct' | 'nvme';
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
  /** Bytes of data seen, and bytes expected (FCP_DL); of a bidirectional command those it writes. */
  dataBytes: number;
  readonly expectedBytes: number | undefined;
  /** What a bidirectional command reads, seen and expected, and the residual of that. */
  readBytes: number | undefined;
  readonly expectedReadBytes: number | undefined;
  readResidual: number;
  /** Data or response were asked for once more (SRR). */
  recovered: boolean;
  status: string | undefined;
  residual: number;
  sense: { readonly senseKey: number; readonly asc: number; readonly ascq: number } | undefined;
  end: ExchangeEnd;
}

/** Where and when a frame of a capture was seen: its number, its stamp, its interface. */
export type Sighting = Pick<FramePlace, 'index' | 'seconds' | 'nanoseconds' | 'interfaceId'>;

/** What a request asks for. */
export type RequestParts = Pick<
  ExchangeRow,
  'kind' | 'command' | 'lun' | 'lba' | 'blocks' | 'expectedBytes'
> &
  Partial<Pick<ExchangeRow, 'expectedReadBytes'>>;

/** What the frame of a request asks for. */
export function partsOf(kind: ExchangeKind, frame: Frame): RequestParts {
  const command = layerValue(frame, fcpCmnd);
  const block = layerOf(frame, 'scsi')?.value as { lba?: number | bigint } | undefined;
  return {
    kind,
    command: commandName(kind, frame),
    lun: command?.lun,
    lba: block?.lba === undefined ? undefined : BigInt(block.lba),
    blocks: blocksOf(block),
    expectedBytes: command?.fcpDl ?? layerValue(frame, nvmeCmnd)?.dataLengthBytes,
    expectedReadBytes: command?.fcpBidirectionalReadDl,
  };
}

function commandName(kind: ExchangeKind, frame: Frame): string {
  if (kind === 'fcp') return frame.exchange?.command?.name ?? 'FCP_CMND';
  const nvme = layerValue(frame, nvmeCmnd);
  if (nvme !== undefined) return nvmeOpcodeName(nvme.sqe.opcode);
  const value = layerOf(frame, kind)?.value as { kind?: string } | undefined;
  return value?.kind ?? kind.toUpperCase();
}
