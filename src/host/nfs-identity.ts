/** Who a guest's disks on a file server are reached as, and where. */

import type { IscsiIdentity } from './iscsi-identity.ts';

/** A file of the server, and the logical unit that its blocks are. */
export interface NfsDisk {
  /** In the exported directory: `lun0.img`. */
  readonly file: string;
  readonly lunNumber: number;
  /** Its identifier in hex, by which the guest's disk is known on every host. */
  readonly luName: string;
}

/** The host's address, the server's, and the guest's disks there. */
export interface NfsIdentity {
  readonly kind: 'nfs';
  /** The host's port. */
  readonly port: number;
  /** The host's own IPv4 address: to the server it is the client. */
  readonly address: string;
  readonly server: { readonly name: string; readonly address: string; readonly port: number };
  readonly disks: readonly NfsDisk[];
  /**
   * Version 4.1, and under which name (`co_ownerid`): who comes under the same one takes the place of who had it. Left
   * out: version 3, which knows no names.
   */
  readonly owner?: string;
  /** The disks behind the files, where the server gives out layouts: `owner` is the initiator port then. */
  readonly disk?: IscsiIdentity;
}
