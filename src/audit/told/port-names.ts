/** World Wide Names of the ports of a capture, by fabric and N_Port_ID, as its logins tell them. */
import { type FcHeader, fcHeader } from '../../codecs/fc/index.ts';
import { type Frame, layerOf, layerValue } from '../../codecs/frame/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import { remember } from '../ledger/remember.ts';

/** Ports that are remembered. */
const PORTS_MAX = 100_000;

/** A port as a table names it. */
export interface NamedPort {
  readonly nPortId: string;
  /** `undefined` where no login of the capture tells it. */
  readonly wwpn: string | undefined;
  /** A port that has a name and no address: of iSCSI with its session identifier or portal group, of an NFS client. */
  readonly name?: string;
}

/** Who has an address for a time: the same address is another port's behind its next login. */
export interface PortHolder extends NamedPort {
  /** For keys: no two holders have the same. */
  readonly number: number;
}

/** Gathers names from logins, in the order of the capture. */
export class PortNames {
  readonly #holders = new IdMap<PortHolder & { wwpn: string | undefined }>(PORTS_MAX);
  readonly #fabrics = new Numbers();
  readonly #named = new Map<string, PortHolder>();
  #next = 1;

  /** A port has logged in to its fabric. */
  learn(fabric: string, nPortId: number, wwpn: bigint): void {
    const number = this.#fabrics.of(fabric);
    const name = formatWwn(wwpn);
    const known = this.#holders.get(number, nPortId);
    // One that was used before any login was seen is whoever logs in there first.
    if (known !== undefined && (known.wwpn ?? name) === name) known.wwpn = name;
    else this.#enter(number, nPortId, name);
  }

  /** A frame: PLOGI and its accept tell the name of their sender. */
  take(frame: Frame, fabric: string): void {
    const header: FcHeader | undefined = layerValue(frame, fcHeader);
    const value = layerOf(frame, 'els')?.value as { kind?: string; portName?: bigint } | undefined;
    if (header === undefined || value?.portName === undefined) return;
    const { kind, portName } = value;
    if (kind === 'PLOGI' || kind === 'LS_ACC PLOGI') this.learn(fabric, header.sId, portName);
  }

  /** Who has an address now. Its name may be learned later. */
  of(fabric: string, nPortId: number): PortHolder {
    const number = this.#fabrics.of(fabric);
    return this.#holders.get(number, nPortId) ?? this.#enter(number, nPortId, undefined);
  }

  /** A port of a protocol whose ports are told by their names. */
  named(name: string): PortHolder {
    let holder = this.#named.get(name);
    if (holder === undefined) {
      holder = { nPortId: '', wwpn: undefined, name, number: this.#next++ };
      remember(this.#named, name, holder, PORTS_MAX);
    }
    return holder;
  }

  #enter(fabric: number, nPortId: number, wwpn: string | undefined): PortHolder {
    const holder = { nPortId: formatFcId(nPortId), wwpn, number: this.#next++ };
    this.#holders.set(fabric, nPortId, 0, 0, holder);
    return holder;
  }
}

/** A port as a report has it. */
export const namedPort = ({ nPortId, wwpn, name }: PortHolder): NamedPort => ({
  nPortId,
  wwpn,
  ...(name === undefined ? {} : { name }),
});
