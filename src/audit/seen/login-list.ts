/** Logins that a capture shows: FLOGI and FDISC in FIP or in FCoE, and PLOGI between ports. */
import { ElsCommand } from '../../codecs/els/index.ts';
import { type FcHeader, FcType, RCtl } from '../../codecs/fc/index.ts';
import { type FipMessage, fipElsOf, fipMessage } from '../../codecs/fip/index.ts';
import { type Frame, fcHeader, layerOf, layerPart, layerValue } from '../../codecs/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { isFromResponder } from './exchange.ts';
import { loginIn } from './login-request.ts';

/** Logins that are remembered; a longer capture goes on without noting more. */
const LOGINS_MAX = 100_000;

/** One login, as a table shows it. */
export interface LoginRow {
  readonly wwpn: string;
  /** The N_Port_ID granted, or for PLOGI that of the port which logs in; empty when refused. */
  nPortId: string;
  readonly by: 'FLOGI' | 'FDISC' | 'PLOGI';
  readonly frame: number;
  result: 'accepted' | 'rejected' | 'unanswered';
}

const KINDS = new Set(['FLOGI', 'FDISC', 'PLOGI']);

/** Gathers the logins of a capture, frame by frame, with the answer that each got. */
export class LoginList {
  readonly rows: LoginRow[] = [];
  readonly #waiting = new Map<string, LoginRow>();

  /** Takes the next frame; `fabric` as its VLAN and VF_ID tell: another one has addresses of its own. */
  add(frame: Frame, number: number, fabric: string): void {
    const fip = layerPart(frame, fipMessage);
    const inFip = fipElsOf({ descriptors: [], ...fip } as unknown as FipMessage);
    if (inFip?.header !== undefined) {
      if (inFip.kind !== 'elp') this.#els(fabric, inFip.header, inFip.payload, number);
      return;
    }
    const header = layerValue(frame, fcHeader);
    if (header?.type !== FcType.ELS || frame.protocol !== 'els') return;
    const layer = layerOf(frame, 'els');
    if (layer === undefined) return;
    const payload = frame.bytes.subarray(layer.offset, layer.offset + layer.length);
    this.#els(fabric, header, payload, number);
  }

  #els(fabric: string, header: FcHeader, payload: Uint8Array, number: number): void {
    if (isFromResponder(header) || header.rCtl === RCtl['ELS Reply']) {
      this.#answer(fabric, header, payload);
      return;
    }
    const request = loginIn(payload);
    if (request === undefined || !KINDS.has(request.kind)) return;
    const by = request.kind as LoginRow['by'];
    const key = keyOf(fabric, by === 'PLOGI' ? header.sId : 0, header.dId, header.oxId);
    // The same request at a second tap, or sent again, is one login.
    const open = this.#waiting.get(key);
    if (open?.by === by && open.wwpn === formatWwn(request.portName)) return;
    if (this.rows.length >= LOGINS_MAX) return;
    const row: LoginRow = {
      wwpn: formatWwn(request.portName),
      nPortId: by === 'PLOGI' ? formatFcId(header.sId) : '',
      by,
      frame: number,
      result: 'unanswered',
    };
    this.rows.push(row);
    this.#waiting.set(key, row);
  }

  #answer(fabric: string, header: FcHeader, payload: Uint8Array): void {
    const asPort = keyOf(fabric, header.dId, header.sId, header.oxId);
    const asFabric = keyOf(fabric, 0, header.sId, header.oxId);
    const key = this.#waiting.has(asPort) ? asPort : asFabric;
    const row = this.#waiting.get(key);
    if (row === undefined) return;
    if (row.by === 'PLOGI' && key !== asPort) return;
    this.#waiting.delete(key);
    if (payload[0] === ElsCommand.LS_ACC) {
      row.result = 'accepted';
      if (row.by !== 'PLOGI') row.nPortId = formatFcId(header.dId);
    } else row.result = 'rejected';
  }
}

function keyOf(fabric: string, sId: number, dId: number, oxId: number): string {
  return `${fabric} ${sId} ${dId} ${oxId}`;
}
