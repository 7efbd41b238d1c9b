/** An exchange as a tap sees it, and the one answer to which exchange a frame belongs to. */
import {
  FCTL_EXCHANGE_CONTEXT,
  type FcHeader,
  fcHeader,
  locateFcOnLink,
} from '../../codecs/fc/index.ts';
import { CodecError, formatFcId } from '../../codecs/layout/index.ts';
import type { TimeNs } from '../verdict.ts';
import type { TapDirection } from './tapped-frame.ts';

/** Addresses from here on are services of the fabric, not ports. */
export const WELL_KNOWN_FIRST = 0xff_f000;

/** Who began an exchange, with whom, and the OX_ID that names it between them. */
export interface ExchangeId {
  readonly originator: number;
  readonly responder: number;
  readonly oxId: number;
}

/** What of a header names an exchange. */
type Ids = Pick<FcHeader, 'rCtl' | 'sId' | 'dId' | 'oxId' | 'fCtl'>;

/** True for a frame that its exchange's responder sent. Source: FC-FS-3, F_CTL Exchange Context. */
export function isFromResponder({ fCtl }: Pick<Ids, 'fCtl'>): boolean {
  return (fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
}

/** The exchange that a frame with this header belongs to. */
export function exchangeIdOf(header: Ids): ExchangeId {
  const { sId, dId, oxId } = header;
  return isFromResponder(header)
    ? { originator: dId, responder: sId, oxId }
    : { originator: sId, responder: dId, oxId };
}

/** The exchange of a frame of FCoE or of native Fibre Channel, and its header; `undefined` for every other frame. */
export function exchangeIn(bytes: Uint8Array): (ExchangeId & { header: Ids }) | undefined {
  const place = locateFcOnLink(bytes);
  if (place instanceof CodecError) return undefined;
  const header = fcHeader.view(bytes, place.fcAt);
  return { ...exchangeIdOf(header), header };
}

/** Originator and OX_ID as one number, for a key. A fabric gives an originator's OX_ID to one exchange. */
export function exchangeKey(originator: number, oxId: number): number {
  return originator * 0x1_0000 + oxId;
}

/** An OX_ID as people write it: `01aa`. */
export function hex16(oxId: number): string {
  return oxId.toString(16).padStart(4, '0');
}

/** How people name an exchange. */
export function nameOfExchange({ originator, responder, oxId }: ExchangeId): string {
  return `${formatFcId(originator)} to ${formatFcId(responder)}, OX_ID ${hex16(oxId)}`;
}

/** How an exchange stands. `answered`: a response was seen; `aborted`: ABTS was answered. */
export type ExchangeState = 'open' | 'aborting' | 'answered' | 'aborted';

/** An exchange that carries a SCSI command, as one tap saw it. */
export interface SeenExchange extends ExchangeId {
  /** The link whose tap saw it, and its fabric. */
  readonly link: string;
  readonly fabric: string;
  /** When and in which frame its command was seen. */
  readonly at: TimeNs;
  readonly frame: number;
  /** Which way its command went there. */
  readonly direction: TapDirection;
  readonly lun: bigint;
  readonly cdb: Uint8Array;
  /** `TaskAttribute`. */
  readonly attribute: number;
  /** Task management flags; 0 for a command. */
  readonly taskManagement: number;
  /** Bytes of data that were asked for. */
  readonly dataBytes: number;
  /** Bytes of data seen without a gap; `gap`: some are missing, or came twice. */
  dataIn: number;
  dataOut: number;
  gap: boolean;
  /** A data sequence has begun and not ended. */
  midSequence: boolean;
  /** Write data that the target has asked for, in bytes of the command's. */
  granted: { readonly from: number; readonly to: number } | undefined;
  state: ExchangeState;
  /** `ScsiStatus`. */
  status: number | undefined;
  /** Residual count, negative when the target had more than was asked for. */
  residual: number;
  /** Sense key x 65536 + ASC x 256 + ASCQ of a CHECK CONDITION. */
  sense: number | undefined;
  lastAt: TimeNs;
  /** A fault hit one of its frames or ends, or a capture cut one: what is missing may have been lost. */
  disturbed: boolean;
  /** A fault held its command back: it is older than it looks. */
  readonly late: boolean;
}
