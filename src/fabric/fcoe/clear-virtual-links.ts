/** Clear Virtual Links: telling an ENode that logins of it are over. Source: FC-BB-5, FIP Clear Virtual Links. */
import { WellKnownMac } from '../../codecs/fcoe/index.ts';
import { FipControl, FipOperation } from '../../codecs/fip/index.ts';
import type { Mac } from '../../codecs/layout/index.ts';
import type { Adapter, Login } from '../fc/logins.ts';
import type { FcfContext } from './context.ts';
import type { Transmitter } from './transmitter.ts';
import type { VnPortName } from './vn-port-name.ts';

/** VN_Ports in one message: 64 of 20 bytes fit any Ethernet frame. */
const VX_PORTS_MAX = 64;

/** Sends Clear Virtual Links; whose logins end by it is `Logouts` to know. */
export class ClearVirtualLinks {
  readonly #context: FcfContext;
  readonly #transmitter: Transmitter;

  constructor(context: FcfContext, transmitter: Transmitter) {
    this.#context = context;
    this.#transmitter = transmitter;
  }

  /** For some VN_Ports of an ENode. */
  send(adapter: Adapter, logins: Iterable<Login>): void {
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
    const { fcfMac, switchName } = this.#context.config;
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
