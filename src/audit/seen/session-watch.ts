/** The sessions of a capture, of every protocol that has some: what its connections tell to rules and tables. */
import type { StreamConnection, StreamGap, StreamPdu } from '../../codecs/index.ts';
import { IscsiSessions } from './iscsi/sessions.ts';
import { NfsSessions } from './nfs/sessions.ts';
import { type SeenMoment, SessionChecks, type SessionListener } from './session.ts';

/** Follows the connections of a capture. */
export class SessionWatch {
  readonly #tell: SessionListener;
  readonly #checks = new SessionChecks();
  readonly #iscsi: IscsiSessions;
  readonly #nfs: NfsSessions;
  #sessions = 0;

  constructor(tell: SessionListener) {
    this.#tell = tell;
    const next = (): number => ++this.#sessions;
    this.#iscsi = new IscsiSessions(tell, this.#checks, next);
    this.#nfs = new NfsSessions(tell, this.#checks, next);
  }

  #of({ protocol }: StreamConnection): IscsiSessions | NfsSessions | undefined {
    if (protocol === 'iscsi') return this.#iscsi;
    return protocol === 'rpc' ? this.#nfs : undefined;
  }

  /** A unit of a stream has passed. */
  pdu(pdu: StreamPdu, at: number): void {
    this.#of(pdu.connection)?.pdu(pdu, at);
  }

  /** Bytes of a stream could not be read. */
  gap(gap: StreamGap): void {
    this.#of(gap.connection)?.gap(gap);
  }

  /** One end has closed a connection. */
  closed(connection: StreamConnection, moment: SeenMoment, how: 'end' | 'reset'): void {
    this.#of(connection)?.closed(connection, moment, how);
  }

  /** A connection is followed no more. */
  forget(connection: StreamConnection): void {
    this.#of(connection)?.forget(connection);
  }

  /** Frames are missing from the capture here. */
  lose(): void {
    this.#iscsi.lose();
    this.#nfs.lose();
    this.#tell({ type: 'blind', server: '' });
  }

  /** The capture is over. */
  finish(): void {
    for (const [kind, count] of this.#checks.all) this.#tell({ type: 'checked', kind, count });
  }
}
