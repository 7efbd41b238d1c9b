/** World Wide Names of the ports of a capture, by fabric and N_Port_ID, as its logins tell them. */
import { type FcHeader, fcHeader } from '../../codecs/fc/index.ts';
import { type Frame, layerOf, layerValue } from '../../codecs/frame/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';

/** Ports that are remembered. */
const PORTS_MAX = 100_000;

/** A port as a table names it. */
export interface NamedPort {
  readonly nPortId: string;
  /** `undefined` where no login of the capture tells it. */
  readonly wwpn: string | undefined;
}

/** Gathers names from logins, in the order of the capture. */
export class PortNames {
  readonly #names = new IdMap<string>(PORTS_MAX);
  readonly #fabrics = new Numbers();

  /** The number of a fabric, for keys. */
  fabricNumber(fabric: string): number {
    return this.#fabrics.of(fabric);
  }

  /** A port has logged in to its fabric. */
  learn(fabric: string, nPortId: number, wwpn: bigint): void {
    this.#names.set(this.#fabrics.of(fabric), nPortId, 0, 0, formatWwn(wwpn));
  }

  /** A frame: PLOGI and its accept tell the name of their sender. */
  take(frame: Frame, fabric: string): void {
    const header: FcHeader | undefined = layerValue(frame, fcHeader);
    const value = layerOf(frame, 'els')?.value as { kind?: string; portName?: bigint } | undefined;
    if (header === undefined || value?.portName === undefined) return;
    const { kind, portName } = value;
    if (kind === 'PLOGI' || kind === 'LS_ACC PLOGI') this.learn(fabric, header.sId, portName);
  }

  /** A port by its address. */
  of(fabric: string, nPortId: number): NamedPort {
    const wwpn = this.#names.get(this.#fabrics.of(fabric), nPortId);
    return { nPortId: formatFcId(nPortId), wwpn };
  }
}
