/** How QEMU is told of a cable into a fabric. */
import { parseListenAddress } from './listen-address.ts';

/** The adapter at the guest's end. */
export interface QemuAdapter {
  /** Its name in QEMU. Default `san0`. */
  readonly id?: string;
  readonly mac?: string;
  /** Default `virtio-net-pci`. */
  readonly device?: string;
}

/** `-netdev` and `-device` for an address of a server. Source: QEMU 7.2, qemu-options, `stream` and `dgram`. */
export function qemuOptions(
  address: string,
  { device = 'virtio-net-pci', id = 'san0', mac }: QemuAdapter = {},
): string[] {
  const { place } = parseListenAddress(address);
  const netdev = (): string => {
    switch (place.kind) {
      case 'unix':
        return `stream,id=${id},server=off,addr.type=unix,addr.path=${place.path}`;
      case 'tcp':
        return `stream,id=${id},server=off,addr.type=inet,addr.host=${place.host},addr.port=${place.port}`;
      case 'udp': {
        const end = (name: string, port: number) =>
          `${name}.type=inet,${name}.host=127.0.0.1,${name}.port=${port}`;
        return `dgram,id=${id},${end('local', place.remotePort)},${end('remote', place.localPort)}`;
      }
    }
  };
  const name = mac === undefined ? '' : `,mac=${mac}`;
  return ['-netdev', netdev(), '-device', `${device},netdev=${id}${name}`];
}
