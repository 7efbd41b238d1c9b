/** What a session at a target asks of its connection and its target port. */
import type { IscsiPdu, IscsiPduInput, TextKey } from '../../codecs/iscsi/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { CommandMirror } from '../../scsi/transport.ts';

/** What a session needs of its connection and its target port. */
export interface SessionOwner {
  readonly now: Instant;
  /** The device stands still until then. */
  readonly standsUntil: Instant;
  /** Where units are kept by more than one array. */
  readonly mirror: CommandMirror | undefined;
  serviceNs(write: boolean, bytes: number): number;
  after(delayNs: number, run: () => void): Timer;
  /** Sends a PDU, with the numbers that it lacks; `status`: it takes a StatSN. */
  send(pdu: IscsiPduInput, status: boolean): void;
  /** Says why a PDU is not taken. */
  reject(reason: number, pdu: IscsiPdu): void;
  takeRoom(bytes: number): boolean;
  giveRoom(bytes: number): void;
  /** Bytes that wait to be sent, of all connections. */
  readonly waitingBytes: number;
  /** Answers SendTargets. */
  targets(which: string): readonly TextKey[];
  /** The session is over, its connection too, once what was sent is out. */
  close(): void;
  /** Every session of the target is over: TARGET COLD RESET. */
  closeAll(): void;
  /** What came fits nothing: for the log. */
  refused(what: string): void;
}
