/**
 * Codecs of a converged network: Ethernet, FCoE, FIP, Fibre Channel and its services, FCP, SCSI.
 * Bytes to values and back, without loss. Pure: runs in Node and in browsers.
 */
export * from './bgp/index.ts';
export * from './bls/index.ts';
export * from './crc32.ts';
export * from './crc32c.ts';
export * from './ct/index.ts';
export * from './els/index.ts';
export * from './ethernet/index.ts';
export * from './fc/index.ts';
export * from './fcip/index.ts';
export * from './fcoe/index.ts';
export * from './fcp/index.ts';
export * from './fip/index.ts';
export * from './frame/index.ts';
export * from './iscsi/index.ts';
export { toJson } from './json.ts';
export * from './layout/index.ts';
export * from './lldp/index.ts';
export * from './nbd/index.ts';
export * from './nfs/index.ts';
export * from './nfs4/index.ts';
export * from './nvme/index.ts';
export * from './rpc/index.ts';
export * from './scsi/index.ts';
export * from './stamp/index.ts';
export * from './stream/index.ts';
export * from './swils/index.ts';
