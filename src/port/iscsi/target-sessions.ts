/** The sessions of an iSCSI target port, by TSIH and by initiator port: of each name and ISID there is one. */
import type { InitiatorPort } from '../../history/port-name.ts';
import type { IscsiSession } from './session.ts';
import type { TargetConnection } from './target-connection.ts';

const TSIH_MAX = 0xffff;
/** The first sessions of two portals have numbers that are so far from each other. */
const TSIHS_APART = 0x400;

/** The table of one port. */
export class TargetSessions {
  readonly #byTsih = new Map<number, TargetConnection>();
  /** Connections of normal sessions: a new session takes the place of one. */
  readonly #byInitiator = new Map<InitiatorPort, TargetConnection>();
  #nextTsih: number;

  /** Sessions of one target are told apart by TSIH, whichever portal, of this group, they are at. */
  constructor(groupTag: number) {
    this.#nextTsih = (((groupTag - 1) * TSIHS_APART) % TSIH_MAX) + 1;
  }

  get size(): number {
    return this.#byTsih.size;
  }

  /** The connections of all, as they are now. */
  all(): TargetConnection[] {
    return [...this.#byTsih.values()];
  }

  /** The session of a TSIH. */
  get(tsih: number): IscsiSession | undefined {
    return this.#byTsih.get(tsih)?.session;
  }

  /** The connection of the normal session of an initiator port. */
  of(port: InitiatorPort): TargetConnection | undefined {
    return this.#byInitiator.get(port);
  }

  /** A number that no session has; `undefined` where all are taken. */
  allocate(): number | undefined {
    if (this.#byTsih.size >= TSIH_MAX) return undefined;
    while (this.#byTsih.has(this.#nextTsih)) this.#nextTsih = (this.#nextTsih % TSIH_MAX) + 1;
    const tsih = this.#nextTsih;
    this.#nextTsih = (tsih % TSIH_MAX) + 1;
    return tsih;
  }

  /** A session has begun on a connection. */
  add(connection: TargetConnection, { nexus, tsih }: IscsiSession): void {
    this.#byTsih.set(tsih, connection);
    if (nexus !== undefined) this.#byInitiator.set(nexus.initiatorPort, connection);
  }

  /** It is over. */
  remove({ nexus, tsih }: IscsiSession): void {
    this.#byTsih.delete(tsih);
    if (nexus !== undefined) this.#byInitiator.delete(nexus.initiatorPort);
  }
}
