/** Ports of a topology as the machines that have them take them: names are numbers again. */
import { parseWwn } from '../codecs/layout/index.ts';
import type { NpvUplinkOptions } from '../fabric/npv/options.ts';
import type { HostPortOptions } from '../host/physical-port.ts';
import type { IpPortOptions } from '../net/index.ts';
import type { AdapterPortPlan, EnodePortPlan, IpPortPlan } from './topology.ts';

/** Options of an ENode as its owner takes them. */
export const enodeOptions = ({
  kind: _,
  fabric: __,
  wwpn,
  ...port
}: EnodePortPlan): NpvUplinkOptions => ({ ...port, wwpn: parseWwn(wwpn) });

/** Options of a port as its owner takes them. */
export function portOptions(port: AdapterPortPlan): HostPortOptions {
  if (port.kind === 'enode') return enodeOptions(port);
  const { bbCredit, bbScN, wwpn } = port;
  return { bbCredit, bbScN, wwpn: parseWwn(wwpn) };
}

/** Of the ports of a host or an array those that log in to a fabric. */
export const adaptersOf = (ports: readonly (AdapterPortPlan | IpPortPlan)[]): HostPortOptions[] =>
  ports.flatMap((port) => (port.kind === 'ip' ? [] : [portOptions(port)]));

const ipPortOptions = ({ address, mac, routes, vlan }: IpPortPlan): IpPortOptions => ({
  ...{ mac, address, vlan },
  ...(routes === undefined ? {} : { routes }),
});

/** Of the same the IP ports. */
export const ipPortsOf = (ports: readonly (AdapterPortPlan | IpPortPlan)[]): IpPortOptions[] =>
  ports.flatMap((port) => (port.kind === 'ip' ? [ipPortOptions(port)] : []));
