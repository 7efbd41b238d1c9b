/**
 * Sessions with the other array of a pair, where the way there is a LAN: an iSCSI initiator of this array's own, on its
 * IP ports, with a session for each of the other's portals.
 *
 * Ownership: an array owns them, a link uses their nexuses.
 */
import type { Timer } from '../../machine/timers.ts';
import type { AttachedMachine, IpStack } from '../../net/index.ts';
import { DrivenNexus } from '../../port/iscsi/driven-nexus.ts';
import { IscsiInitiator } from '../../port/iscsi/initiator.ts';
import type { InitiatorSession, SessionListener } from '../../port/iscsi/initiator-session.ts';
import { countedIsids } from '../../port/iscsi/isid.ts';
import type { InitiatorNexus } from '../../scsi/transport.ts';

/** A portal of the other array. */
export interface PeerPortal {
  /** Of its target: `iqn.…`. */
  readonly target: string;
  /** Target portal group tag. */
  readonly groupTag: number;
  readonly address: string;
  /** Of TCP. */
  readonly port: number;
}

/** Where the other array is reached over IP. */
export interface PeerIscsiOptions {
  /** This array's name as an initiator: `iqn.…`. */
  readonly initiator: string;
  readonly portals: readonly PeerPortal[];
}

/** How long what may take. */
export interface PeerTimes {
  readonly heartbeatNs: number;
  /** A session that does not answer for so long is given up. */
  readonly silenceNs: number;
}

/** Logins that are tried one after the other before the other array is lost. */
const LOGINS_IN_SILENCE = 4;

/** What sessions need of their array. */
export interface PeerSessionsOwner {
  readonly now: number;
  after(delayNs: number, run: () => void): Timer;
  /** A session has begun, or its nexus is over. */
  found(session: object, nexus: InitiatorNexus): void;
  gone(session: object): void;
  /** What the other sent contradicts what it should. */
  contradiction(what: string): void;
}

/** The sessions of one array. */
export class PeerSessions implements SessionListener {
  readonly #owner: PeerSessionsOwner;
  readonly #machine: IscsiInitiator;
  readonly #attached: AttachedMachine;
  /** Between two attempts to log in. */
  readonly #pauseNs: number;

  constructor(
    options: PeerIscsiOptions,
    stack: IpStack,
    { heartbeatNs, silenceNs }: PeerTimes,
    owner: PeerSessionsOwner,
  ) {
    this.#owner = owner;
    this.#pauseNs = heartbeatNs;
    this.#machine = new IscsiInitiator({
      name: options.initiator,
      isids: countedIsids,
      hash: noSecrets,
      challenge: noSecrets,
      offers: { DefaultTime2Wait: '0' },
      times: {
        loginNs: Math.round(silenceNs / LOGINS_IN_SILENCE),
        abortNs: silenceNs,
        noopIntervalNs: silenceNs,
        noopTimeoutNs: silenceNs,
        replacementNs: 0,
        time2WaitNs: heartbeatNs,
        loginTriesMax: Number.MAX_SAFE_INTEGER,
      },
    });
    this.#attached = stack.attach(this.#machine, {
      onEvent: ({ what }) => owner.contradiction(what),
    });
    for (const portal of options.portals) this.#login(portal);
  }

  #login({ address, port, target: name }: PeerPortal): void {
    this.#drive(() => this.#machine.login({ name, address, port }, this, this.#owner.now));
  }

  /** What is asked of the machine happens now, and goes out. */
  #drive<T>(work: () => T): T {
    this.#machine.setTime(this.#owner.now);
    try {
      return work();
    } finally {
      this.#attached.drain();
    }
  }

  // What sessions tell.

  sessionBegan(session: InitiatorSession, nexus: InitiatorNexus): void {
    this.#owner.found(session, new DrivenNexus(nexus, (work) => this.#drive(work)));
  }

  sessionLost(session: InitiatorSession): void {
    this.#owner.gone(session);
  }

  sessionEnded({ target }: InitiatorSession): void {
    const { address, name, port } = target;
    this.#owner.after(this.#pauseNs, () =>
      this.#login({ address, port, target: name, groupTag: 0 }),
    );
  }
}

/** Arrays of a pair ask each other for no secret. */
function noSecrets(): never {
  throw new RangeError('the portals of an array in a scenario have no CHAP');
}
