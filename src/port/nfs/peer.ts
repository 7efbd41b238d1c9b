/** Who is at the other end of a connection. */

/** An IP address and a TCP port. */
export interface NfsPeer {
  readonly address: string;
  readonly port: number;
}
