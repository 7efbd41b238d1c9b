/**
 * Fabric controller (FFFFFDh): who wants to hear of changes (SCR), and telling them (RSCN).
 *
 * Changes are noted while a frame or a management call is handled and sent at its end, so a link
 * that takes a hundred logins along makes one RSCN per listener. A listener that is slow to accept
 * gets what happens meanwhile in one RSCN later; when even that grows too long, it is told that
 * anything may have changed.
 * Source: FC-LS-3, RSCN and SCR.
 */
import {
  RscnAddressFormat,
  RscnEventQualifier,
  rscn,
  ScrFunction,
} from '../../codecs/els/index.ts';
import { WellKnownAddress } from '../../codecs/fc/index.ts';
import type { FabricContext } from './context.ts';
import type { ElsOriginator, ElsOutcome } from './els-originator.ts';
import type { Login } from './logins.ts';
import type { RscnPage, RscnQueue } from './rscn-queue.ts';
import type { ZoneDifference } from './zoning.ts';

/** RSCNs that one port may have under way. */
const UNDER_WAY_MAX = 8;
/** Pages of one RSCN: its payload may have 256 bytes. */
const PAGES_MAX = 63;
/** Pages that may wait for one port; more become one page for the whole fabric. */
const PENDING_MAX = 2 * PAGES_MAX;
const RETRIES_MAX = 1;

const { FABRIC_DETECTED, NX_PORT_DETECTED, FULL, CLEAR } = ScrFunction;
/** Key of the page that stands for all others; no address has it. */
const WHOLE_FABRIC = -1;
const FABRIC_PAGE: Required<RscnPage> = {
  nPortId: 0,
  addressFormat: RscnAddressFormat.FABRIC,
  eventQualifier: RscnEventQualifier.NOT_SPECIFIED,
};

/** Who registered for state changes, and what each has yet to hear. */
export class FabricController {
  readonly #context: FabricContext;
  readonly #originator: ElsOriginator;
  readonly #dirty = new Set<Login>();

  constructor(context: FabricContext, originator: ElsOriginator) {
    this.#context = context;
    this.#originator = originator;
  }

  /** SCR. False for a registration function that does not exist. */
  register(login: Login, registrationFunction: number): boolean {
    if (registrationFunction === CLEAR) {
      login.rscns = undefined;
      return true;
    }
    if (registrationFunction < FABRIC_DETECTED || registrationFunction > FULL) return false;
    if (login.rscns === undefined) {
      login.rscns = { registrationFunction, pending: undefined, underWay: 0 };
    } else login.rscns.registrationFunction = registrationFunction;
    return true;
  }

  /** The fabric saw a port change: tells those who see it and asked to be told. */
  noteChange(subject: Login, eventQualifier: number): void {
    const { config, logins, zones } = this.#context;
    if (config.rscn === 'none') return;
    const page = { nPortId: subject.nPortId, eventQualifier };
    const listeners = config.rscn === 'all' ? logins.all() : zones.visibleTo(subject);
    for (const peer of listeners) {
      if (peer !== subject) this.#noteTo(peer, page, FABRIC_DETECTED);
    }
  }

  /** A port says itself that something about it changed. */
  noteFromPort(subject: Login, page: RscnPage): void {
    for (const peer of this.#context.zones.visibleTo(subject)) {
      if (peer !== subject) this.#noteTo(peer, page, NX_PORT_DETECTED);
    }
  }

  /** Zones changed: each port hears of those it sees now or no longer. */
  noteZones(differences: readonly ZoneDifference<Login>[]): void {
    const eventQualifier = RscnEventQualifier.CHANGED_NAME_SERVER_OBJECT;
    for (const { seenBy, added, removed } of differences) {
      for (const login of seenBy) {
        if (login.rscns === undefined) continue;
        for (const other of added) this.#noteOther(login, other, eventQualifier);
        for (const other of removed) this.#noteOther(login, other, eventQualifier);
      }
    }
  }

  /** Tells one port, whatever its zones. Nothing is sent to a port that did not register. */
  noteTo(login: Login, page: RscnPage): void {
    this.#noteTo(login, page, FABRIC_DETECTED);
  }

  /** Sends what was noted. Called at the end of every change. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    const listeners = [...this.#dirty];
    this.#dirty.clear();
    for (const login of listeners) this.#send(login);
  }

  /** Power cycle. */
  clear(): void {
    this.#dirty.clear();
  }

  #noteOther(login: Login, other: Login, eventQualifier: number): void {
    if (other !== login) this.#noteTo(login, { nPortId: other.nPortId, eventQualifier }, 1);
  }

  #noteTo(login: Login, page: RscnPage, detectedBy: number): void {
    const queue = login.rscns;
    // The registration functions are a bit for each kind of event, 3 being both.
    if (queue === undefined || (queue.registrationFunction & detectedBy) === 0) return;
    const { addressFormat = RscnAddressFormat.PORT, eventQualifier = 0 } = page;
    queue.pending ??= new Map();
    const { pending } = queue;
    if (pending.size >= PENDING_MAX) {
      pending.clear();
      pending.set(WHOLE_FABRIC, FABRIC_PAGE);
    }
    const key = addressFormat * 2 ** 24 + page.nPortId;
    if (!pending.has(WHOLE_FABRIC)) {
      pending.delete(key);
      pending.set(key, { nPortId: page.nPortId, addressFormat, eventQualifier });
    }
    this.#dirty.add(login);
  }

  #send(login: Login): void {
    const queue = login.rscns;
    while (login.live && queue?.pending !== undefined && queue.underWay < UNDER_WAY_MAX) {
      const { pending } = queue;
      const pages = [...pending.values()].slice(0, PAGES_MAX);
      for (const key of [...pending.keys()].slice(0, pages.length)) pending.delete(key);
      if (pending.size === 0) queue.pending = undefined;
      queue.underWay++;
      this.#context.core.emit({
        type: 'rscn',
        to: login.nPortId,
        pages: pages.map(({ nPortId, addressFormat }) => ({ nPortId, addressFormat })),
      });
      this.#originator.send({
        to: login,
        from: WellKnownAddress['Fabric Controller'],
        payload: rscn.encode({ pages: pages.map((page) => ({ ...page, reserved1: 0 })) }),
        retriesMax: RETRIES_MAX,
        done: (outcome) => this.#done(login, queue, outcome),
      });
    }
  }

  #done(login: Login, queue: RscnQueue, outcome: ElsOutcome): void {
    queue.underWay--;
    if (outcome === 'unanswered')
      this.#context.core.emit({ type: 'rscn-unanswered', to: login.nPortId });
    if (outcome === 'rejected')
      this.#context.protocol(login.port, 'RSCN was rejected', login.nPortId);
    if (queue.pending !== undefined) this.#dirty.add(login);
  }
}
