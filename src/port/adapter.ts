/** Adapters by what they are plugged into: an ENode for FCoE, a native link for Fibre Channel. */
import type { Wwn } from '../codecs/layout/index.ts';
import { Enode, type EnodeOptions } from './enode/enode.ts';
import { FcLink, type FcLinkOptions } from './fc-link/fc-link.ts';
import type { AdapterOwner, NPortAdapter } from './n-port/n-port-adapter.ts';

/** What an adapter is told by who plugs it in: an ENode has a MAC address, a native link buffer credit. */
export type AdapterOptions = Omit<EnodeOptions, 'port' | 'nodeName'> | Omit<FcLinkOptions, 'port'>;

/** The adapter for a port of a machine. */
export function adapterOf(
  options: AdapterOptions,
  port: number,
  nodeName: Wwn,
  owner: AdapterOwner,
): NPortAdapter {
  return 'mac' in options
    ? new Enode({ ...options, port, nodeName }, owner)
    : new FcLink({ ...options, port }, owner);
}
