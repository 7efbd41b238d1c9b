/**
 * An uplink of an N_Port virtualizer: an ENode that logs in to the core with a port of its own, and
 * keeps the virtual links of the servers' ports alive beside it.
 * Source: FC-BB-5, ENodes; Cisco and Brocade on N_Port virtualizers and access gateways.
 */
import type { FcId, Wwn } from '../../codecs/layout/index.ts';
import { Enode } from '../../port/enode/enode.ts';
import type { VnPortName } from '../../port/enode/fip-input.ts';
import type { LportState } from '../../port/n-port/fabric-login.ts';
import type { AdapterOwner } from '../../port/n-port/n-port-adapter.ts';
import type { NpvUplinkOptions } from './options.ts';

const RECEIVE_BYTES = 2112;
/** It tries for ever, as an adapter's own port does. */
const LOGIN_TRIES_MAX = Number.MAX_SAFE_INTEGER;

/** What an uplink needs of its switch. */
export interface NpvUplinkOwner extends AdapterOwner {
  /** VN_Ports of servers that are logged in over it. */
  serverPorts(uplink: number): Iterable<VnPortName>;
  /** Its own port came or went. */
  uplinkChanged(uplink: number, state: LportState, reason: string): void;
  /** The core has cleared the virtual links of these ports; all without a list. */
  serversCleared(uplink: number, nPortIds: readonly FcId[] | undefined): void;
}

/** An ENode with servers behind it. */
export class NpvUplink extends Enode {
  readonly #uplink: number;
  readonly #switch: NpvUplinkOwner;

  constructor(
    uplink: number,
    options: NpvUplinkOptions,
    names: { readonly nodeName: Wwn; readonly symbolicName: string },
    owner: NpvUplinkOwner,
  ) {
    const { nodeName, symbolicName } = names;
    super({ ...options, port: uplink, nodeName }, owner);
    this.#uplink = uplink;
    this.#switch = owner;
    const own = this.createLport(
      {
        portName: options.wwpn,
        nodeName,
        role: 'initiator',
        receiveBytes: RECEIVE_BYTES,
        physical: true,
        symbolicName,
        loginTriesMax: LOGIN_TRIES_MAX,
        discovers: false,
      },
      { stateChanged: (_, state, reason) => owner.uplinkChanged(uplink, state, reason) },
    );
    this.startLport(own);
  }

  /** Whether servers can log in over it. */
  get isReady(): boolean {
    return this.fip.selected !== undefined && this.physical?.state === 'ready';
  }

  override *vnPorts(): Iterable<VnPortName> {
    yield* super.vnPorts();
    yield* this.#switch.serverPorts(this.#uplink);
  }

  override fcfLost(reason: string): void {
    super.fcfLost(reason);
    this.#switch.serversCleared(this.#uplink, undefined);
  }

  override cleared(nPortIds: FcId[]): void {
    this.#switch.serversCleared(this.#uplink, nPortIds);
    super.cleared(nPortIds);
  }
}
