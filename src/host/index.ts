/** The hypervisor host: virtual HBAs, guests and their workload. */
export type { Attachment } from './attachment.ts';
export {
  type AttachmentIdentity,
  identityText,
  initiatorPortOf,
  isVhba,
  vhbasOf,
} from './attachment-identity.ts';
export * from './backup-agent.ts';
export * from './backup-script.ts';
export type { CarriedGuest } from './carried-guest.ts';
export * from './control.ts';
export * from './disk-copy.ts';
export * from './guest-freeze.ts';
export * from './guest-maps.ts';
export type { GuestNetwork, NetworkHost } from './guest-network.ts';
export type { GuestState } from './guest-state.ts';
export * from './host.ts';
export type { IscsiIdentity } from './iscsi-identity.ts';
export type { NfsDisk, NfsIdentity } from './nfs-identity.ts';
export * from './path-options.ts';
export type { HostPortOptions } from './physical-port.ts';
export * from './storage.ts';
export * from './vhba.ts';
export type { VhbaIdentity } from './vhba-identity.ts';
export * from './virtual-machine.ts';
export * from './volume.ts';
export * from './volume-work.ts';
export * from './workload.ts';
