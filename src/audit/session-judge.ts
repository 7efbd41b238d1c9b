/** Sessions in frames that are seen as they pass, judged beside what else is told of a run. */
import { decodeFrame, TcpStreams } from '../codecs/index.ts';
import { SessionWatch } from './seen/session-watch.ts';
import { SessionAudit } from './session-audit.ts';
import type { TimeNs, Verdict } from './verdict.ts';

const ETHER_TYPE_AT = 12;
/** EtherTypes of IPv4 and IPv6, which alone carry TCP. */
const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** Follows the TCP connections of frames. */
export class SessionJudge {
  readonly #audit = new SessionAudit();
  readonly #watch = new SessionWatch((told) => this.#audit.hear(told));
  readonly #streams = new TcpStreams({
    pdu: (pdu) => this.#watch.pdu(pdu, this.#at),
    gap: (gap) => this.#watch.gap(gap),
    closed: (connection, _fromClient, how) =>
      this.#watch.closed(connection, { at: this.#at, frame: this.#number }, how),
    ended: (connection) => this.#watch.forget(connection),
  });
  #at: TimeNs = 0;
  #number = 0;

  /** A frame passed a tap: all but IP in Ethernet without a tag is left to others. */
  see(bytes: Uint8Array, at: TimeNs, number: number): void {
    const etherType = (bytes[ETHER_TYPE_AT]! << 8) | bytes[ETHER_TYPE_AT + 1]!;
    if (etherType !== IPV4 && etherType !== IPV6) return;
    this.#at = at;
    this.#number = number;
    this.#streams.take(decodeFrame(bytes), number);
  }

  /** Verdicts with what sessions show until now. */
  join(verdicts: readonly Verdict[]): Verdict[] {
    this.#watch.finish();
    return this.#audit.join(verdicts);
  }
}
