/** How the TCP of a station behaves. */
import { MILLISECOND, SECOND } from '../../machine/machine.ts';

/** What is left out is in `TCP_DEFAULTS`. */
export interface TcpOptions {
  /** Bytes that a peer may send unasked; what is not read makes it smaller. At most 2^30. */
  readonly receiveWindowBytes?: number;
  /** Largest segment that it takes. */
  readonly mss?: number;
  /** A retransmission timeout is no shorter. */
  readonly retransmitFloorNs?: number;
  /** SYNs that are sent again before a peer counts as out of reach. */
  readonly synRetriesMax?: number;
  /** Segments that are sent again, one after the other without an answer, before a connection counts as broken. */
  readonly retriesMax?: number;
  /** An acknowledgement waits so long for something that it could go with. */
  readonly delayedAckNs?: number;
  /** How long a closed connection is remembered, and one that the peer does not close. */
  readonly timeWaitNs?: number;
  /** Connections at a time, those that are remembered not counted. */
  readonly connectionsMax?: number;
  /** Connections that were asked for and are not there yet. */
  readonly backlogMax?: number;
  /** Bytes that wait on one connection for its peer; with more it is broken. */
  readonly sendBytesMax?: number;
}

/** What holds where options leave it out. */
export const TCP_DEFAULTS = {
  receiveWindowBytes: 256 * 1024,
  /** What an IPv4 packet of 1500 bytes has room for. */
  mss: 1460,
  /** Source: Linux 6.1, include/net/tcp.h, TCP_RTO_MIN. */
  retransmitFloorNs: 200 * MILLISECOND,
  /** Source: Linux 6.1, include/net/tcp.h, TCP_SYN_RETRIES. */
  synRetriesMax: 6,
  /** Source: Linux 6.1, include/net/tcp.h, TCP_RETR2. */
  retriesMax: 15,
  /** Source: Linux 6.1, include/net/tcp.h, TCP_DELACK_MIN. */
  delayedAckNs: 40 * MILLISECOND,
  /** Source: Linux 6.1, include/net/tcp.h, TCP_TIMEWAIT_LEN. */
  timeWaitNs: 60 * SECOND,
  connectionsMax: 10_000,
  backlogMax: 256,
  sendBytesMax: 64 * 2 ** 20,
} as const satisfies TcpOptions;

/** Options with every default filled in. */
export type TcpConfig = Required<TcpOptions>;
