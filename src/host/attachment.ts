/** How a virtual machine's disks are attached to its host, whatever carries them. */
import { formatWwn } from '../codecs/layout/index.ts';
import { fcInitiatorPort, type InitiatorPort, nfsClient } from '../history/port-name.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import type { InitiatorNexus } from '../scsi/transport.ts';
import type { LeaveTo } from './control.ts';
import type { NfsIdentity } from './nfs-identity.ts';
import type { VhbaIdentity } from './vhba-identity.ts';

/** Who an attachment is: a virtual HBA, or the client of a file server. */
export type AttachmentIdentity = VhbaIdentity | NfsIdentity;

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
  return isVhba(identity) ? fcInitiatorPort(identity.wwpn) : nfsClient(identity.address);
}

/** An attachment's name as people look for it. */
export function identityText(identity: AttachmentIdentity): string {
  return isVhba(identity) ? formatWwn(identity.wwpn) : `NFS client ${identity.address}`;
}

/** One way of a virtual machine's host to its disks. */
export interface Attachment {
  readonly identity: AttachmentIdentity;
  /** Everything it looked for is found, or it is given up. */
  readonly settled: boolean;
  /** Why it cannot be used, once that is known. */
  readonly failure: string | undefined;
  /** What is known to stand in the way while it is not settled; empty when nothing is. */
  readonly complaint: string;
  /** Logs in, mounts: whatever it takes. */
  join(): void;
  /** Goes in good order. `done` hears whether nothing of it is under way any more. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void;
  /** Leaves every target, and stays where it is. */
  logoutTargets(done: (acknowledged: boolean) => void): void;
  /** Goes without a word. */
  drop(): void;
  /** Targets with their logical units. */
  targets(): Iterable<ScannedNexus>;
  /** What is known of the target behind a nexus, if it is one of its own, is outdated. */
  rescan(nexus: InitiatorNexus): void;
}
