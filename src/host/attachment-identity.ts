/** Who an attachment of a virtual machine's disks is, whatever carries them. */
import { formatWwn, parseHex } from '../codecs/layout/index.ts';
import {
  fcInitiatorPort,
  type InitiatorPort,
  iscsiInitiatorPort,
  nfsClient,
} from '../history/port-name.ts';
import type { IscsiIdentity } from './iscsi-identity.ts';
import type { NfsIdentity } from './nfs-identity.ts';
import type { VhbaIdentity } from './vhba-identity.ts';

/** Who an attachment is: a virtual HBA, an iSCSI session, or the client of a file server. */
export type AttachmentIdentity = VhbaIdentity | IscsiIdentity | NfsIdentity;

/** True for a virtual HBA: the others say what they are. */
export function isVhba<T extends { readonly port: number }>(
  identity: T,
): identity is Exclude<T, { readonly kind: string }> {
  return !('kind' in identity);
}

/** The virtual HBAs among identities. */
export function vhbasOf<T extends { readonly port: number }>(
  identities: readonly T[],
): Exclude<T, { readonly kind: string }>[] {
  return identities.filter((one) => isVhba(one)) as Exclude<T, { readonly kind: string }>[];
}

/** The initiator port under which an attachment is known. */
export function initiatorPortOf(identity: AttachmentIdentity): InitiatorPort {
  if (isVhba(identity)) return fcInitiatorPort(identity.wwpn);
  if (identity.kind === 'nfs') return nfsClient(identity.address);
  return iscsiInitiatorPort(identity.initiator, parseHex(identity.isid));
}

/** The same, with those under which it comes to disks besides. */
export function initiatorPortsOf(identity: AttachmentIdentity): InitiatorPort[] {
  const disk = !isVhba(identity) && identity.kind === 'nfs' ? identity.disk : undefined;
  return [initiatorPortOf(identity), ...(disk === undefined ? [] : [initiatorPortOf(disk)])];
}

/** An attachment's name as people look for it. */
export function identityText(identity: AttachmentIdentity): string {
  if (isVhba(identity)) return formatWwn(identity.wwpn);
  if (identity.kind === 'nfs') return `NFS client ${identity.address}`;
  return `${identity.initiator} with ISID ${identity.isid}`;
}
