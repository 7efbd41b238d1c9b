/** Ways to carry SCSI and files: N_Ports, FCP on them, and the ENodes they sit on; NFS and NBD. */
export * from './adapter.ts';
export * from './enode/enode.ts';
export * from './enode/fip-controller.ts';
export * from './fc-link/fc-link.ts';
export * from './fcp/initiator.ts';
export * from './fcp/target-port.ts';
export * from './iscsi/chap.ts';
export * from './iscsi/initiator.ts';
export type { DiscoveredTarget, Discovery } from './iscsi/initiator-discovery.ts';
export * from './iscsi/initiator-options.ts';
export {
  InitiatorSession,
  type SessionListener,
  type SessionState,
  type SessionTarget,
} from './iscsi/initiator-session.ts';
export * from './iscsi/isid.ts';
export * from './iscsi/target-options.ts';
export * from './iscsi/target-port.ts';
export * from './n-port/exchange.ts';
export * from './n-port/login-parameters.ts';
export * from './n-port/lport.ts';
export * from './n-port/n-port-adapter.ts';
export * from './n-port/rport.ts';
export * from './nbd/exports.ts';
export * from './nbd/server.ts';
export * from './nfs/client.ts';
export * from './nfs/client-result.ts';
export * from './nfs/exports.ts';
export * from './nfs/file-system.ts';
export * from './nfs/peer.ts';
export * from './nfs/remote-files.ts';
export type { ReplyCachePolicy } from './nfs/reply-cache.ts';
export {
  LINUX_TIMES,
  type NfsClientEvent,
  type RpcClientTimes,
  type ServerAddress,
} from './nfs/rpc-client.ts';
export * from './nfs/server.ts';
export * from './nfs4/client.ts';
