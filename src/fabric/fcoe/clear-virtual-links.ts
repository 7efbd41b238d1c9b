/** Clear Virtual Links: telling an ENode that logins of it are over. Source: FC-BB-5, FIP Clear Virtual Links. */
import { WellKnownMac } from '../../codecs/fcoe/index.ts';
import { FipControl, FipOperation } from '../../codecs/fip/index.ts';
import type { Mac } from '../../codecs/layout/index.ts';
import type { Adapter, Login } from '../fc/logins.ts';
import type { FcfConfig } from './options.ts';
import type { Transmitter } from './transmitter.ts';
import type { VnPortName } from './vn-port-name.ts';

/** VN_Ports in one message: 64 of 20 bytes fit any Ethernet frame. */
const VX_PORTS_MAX = 64;

/** What of an adapter and of a login names a virtual link. */
type LinkedAdapter = Pick<Adapter, 'address' | 'port'>;
type LinkedLogin = Pick<Login, 'linkAddress' | 'nPortId' | 'saidWwpn'>;

/** Sends Clear Virtual Links; whose logins end by it is `Logouts` to know. */
export class ClearVirtualLinks {
  readonly #config: Pick<FcfConfig, 'fcfMac' | 'switchName'>;
  readonly #transmitter: Transmitter;

  constructor(
    { config }: { readonly config: Pick<FcfConfig, 'fcfMac' | 'switchName'> },
    transmitter: Transmitter,
  ) {
    this.#config = config;
    this.#transmitter = transmitter;
  }

  /** For some VN_Ports of an ENode. */
  send(adapter: LinkedAdapter, logins: Iterable<LinkedLogin>): void {
    const vnPorts = [...logins].map(({ linkAddress, nPortId, saidWwpn }) => ({
      mac: linkAddress,
      nPortId,
      portName: saidWwpn,
    }));
    this.sendTo(adapter.port, adapter.address, vnPorts);
  }

  /** Without a list: for all VN_Ports of the ENode. */
  sendBare(port: number, enodeMac: Mac): void {
    this.#message(port, enodeMac, []);
  }

  /** For all VN_Ports of every ENode behind a port, whoever they are. */
  sendToAll(port: number): void {
    this.#message(port, WellKnownMac['All-ENode-MACs'], []);
  }

  /** For VN_Ports by their descriptors; nothing is sent for none, since that would mean all. */
  sendTo(port: number, enodeMac: Mac, vnPorts: readonly VnPortName[]): void {
    for (let at = 0; at < vnPorts.length; at += VX_PORTS_MAX)
      this.#message(port, enodeMac, vnPorts.slice(at, at + VX_PORTS_MAX));
  }

  #message(port: number, enodeMac: Mac, vnPorts: readonly VnPortName[]): void {
    const { fcfMac, switchName } = this.#config;
    this.#transmitter.fip(port, enodeMac, {
      operation: FipOperation['FIP Control'],
      subcode: FipControl['Clear Virtual Links'],
      descriptors: [
        { kind: 'mac', mac: fcfMac },
        { kind: 'nameIdentifier', name: switchName },
        ...vnPorts.map(({ mac, nPortId, portName }) => ({
          kind: 'vxPort' as const,
          mac,
          nPortId,
          portName,
        })),
      ],
    });
  }
}
