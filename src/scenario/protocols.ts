/** What carries the storage of a scenario. */

/** Protocols: FCoE with FIP on Ethernet; Fibre Channel on native links; iSCSI and files over NFS on a LAN. */
export const PROTOCOLS = ['fcoe', 'fc', 'iscsi', 'nfs'] as const;
/** A protocol that carries the storage of a scenario. */
export type Protocol = (typeof PROTOCOLS)[number];
/** What carries it where nothing is said. */
export const PROTOCOL_DEFAULT: Protocol = 'fcoe';

/** True where hosts and array are stations of a LAN, with IP addresses. */
export const isIp = (protocol: Protocol): boolean => protocol === 'iscsi' || protocol === 'nfs';
