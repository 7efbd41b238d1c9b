/** What carries the storage of a scenario. */

/** Protocols: FCoE with FIP on Ethernet; Fibre Channel on native links; iSCSI and files over NFS on a LAN. */
export const PROTOCOLS = ['fcoe', 'fc', 'iscsi', 'nfs'] as const;
/** A protocol that carries the storage of a scenario. */
export type Protocol = (typeof PROTOCOLS)[number];
/** What carries it where nothing is said. */
export const PROTOCOL_DEFAULT: Protocol = 'fcoe';

/** Versions of NFS that guests' disks are reached by: 3, or 4.1 with sessions. */
export const NFS_VERSIONS = [3, 4.1] as const;
/** The one where nothing is said. */
export const NFS_VERSION_DEFAULT = 3;

/** True where hosts and array are stations of a LAN, with IP addresses. */
export const isIp = (protocol: Protocol): boolean => protocol === 'iscsi' || protocol === 'nfs';
