/** The sessions of a capture, of every protocol that has some: what its connections tell to rules and tables. */
import type { StreamConnection, StreamGap, StreamPdu } from '../../codecs/index.ts';
import { IscsiSessions } from './iscsi/sessions.ts';
import { NfsSessions } from './nfs/sessions.ts';
import { Nfs4Sessions } from './nfs4/sessions.ts';
import { type SeenMoment, SessionChecks, type SessionListener } from './session.ts';

/** Follows the connections of one protocol. */
interface ConnectionWatch {
  pdu(pdu: StreamPdu, moment: SeenMoment): void;
  gap(gap: StreamGap): void;
  closed(connection: StreamConnection, moment: SeenMoment, how: 'end' | 'reset'): void;
  forget(connection: StreamConnection): void;
}

/** Follows the connections of a capture. */
export class SessionWatch {
  readonly #tell: SessionListener;
  readonly #checks = new SessionChecks();
  readonly #iscsi: IscsiSessions;
  readonly #nfs: NfsSessions;
  readonly #nfs4: Nfs4Sessions;
  #sessions = 0;

  constructor(tell: SessionListener) {
    this.#tell = tell;
    const next = (): number => ++this.#sessions;
    this.#iscsi = new IscsiSessions(tell, this.#checks, next);
    this.#nfs = new NfsSessions(tell, this.#checks, next);
    this.#nfs4 = new Nfs4Sessions(tell, this.#checks, next);
  }

  /** Who follows a connection: one of RPC may carry calls of several versions. */
  #of({ protocol }: StreamConnection): readonly ConnectionWatch[] {
    if (protocol === 'iscsi') return [this.#iscsi];
    return protocol === 'rpc' ? [this.#nfs, this.#nfs4] : [];
  }

  /** A unit of a stream has passed. */
  pdu(pdu: StreamPdu, moment: SeenMoment): void {
    for (const one of this.#of(pdu.connection)) one.pdu(pdu, moment);
  }

  /** Bytes of a stream could not be read. */
  gap(gap: StreamGap): void {
    for (const one of this.#of(gap.connection)) one.gap(gap);
  }

  /** One end has closed a connection. */
  closed(connection: StreamConnection, moment: SeenMoment, how: 'end' | 'reset'): void {
    for (const one of this.#of(connection)) one.closed(connection, moment, how);
  }

  /** A connection is followed no more. */
  forget(connection: StreamConnection): void {
    for (const one of this.#of(connection)) one.forget(connection);
  }

  /** Frames are missing from the capture here. */
  lose(): void {
    this.#iscsi.lose();
    this.#nfs.lose();
    this.#nfs4.lose();
    this.#tell({ type: 'blind', server: '' });
  }

  /** The capture is over. */
  finish(): void {
    for (const [kind, count] of this.#checks.all) this.#tell({ type: 'checked', kind, count });
  }
}
