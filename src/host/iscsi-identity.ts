/** Who a guest's disks on an iSCSI target are reached as, and where. */

/** The session that a host keeps for a guest with one portal. */
export interface IscsiIdentity {
  readonly kind: 'iscsi';
  /** The host's port. */
  readonly port: number;
  /** The initiator's name: `iqn.…`. */
  readonly initiator: string;
  /** The ISID of its first login, 6 bytes in hex; of all its logins, unless `renewsIsid`. */
  readonly isid: string;
  /**
   * As libiscsi and so QEMU: each login after the first has another ISID, and commands that were under way are
   * sent again in it, without a word to the guest. Source: libiscsi 1.19.0, lib/connect.c.
   */
  readonly renewsIsid?: boolean;
  /**
   * The initiator is in the guest, which has this port of its own behind the host's: connections and sessions go with
   * its memory. Left out: the host logs in.
   */
  readonly nic?: {
    readonly mac: string;
    /** IPv4. */
    readonly address: string;
    /** VLAN whose tag its frames bear; 0 for none. */
    readonly vlan: number;
  };
  readonly target: {
    /** `iqn.…` */
    readonly name: string;
    /** IPv4. */
    readonly address: string;
    /** Of TCP. */
    readonly port: number;
  };
}
