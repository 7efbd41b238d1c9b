/**
 * Logins that ended without their port having asked for it, and who found this switch since it
 * has power.
 *
 * A port is told of the end by Clear Virtual Links. Where that frame was lost, or the switch
 * itself lost power, the port goes on as if nothing had been, and its commands would hang until
 * they time out: so it is told again.
 */
import type { FcId, Mac } from '../../codecs/layout/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { Login } from '../fc/logins.ts';
import type { VnPortName } from './vn-port-name.ts';

/** Ended logins that are remembered, the newest ones. */
const ENDED_MAX = 4096;
/** ENodes that are remembered; with more, all begin anew. */
const SOLICITED_MAX = 65_536;
/** Frames that were under way when the login ended are no sign; nor is one reminder a second too few. */
const REMIND_AFTER_NS = SECOND;

/** What is remembered of a login. */
type EndedLogin = Pick<Login, 'port' | 'nPortId' | 'linkAddress' | 'saidWwpn'> & {
  readonly adapter: Pick<Login['adapter'], 'address'>;
};

interface Ended {
  readonly port: number;
  readonly enodeMac: Mac;
  readonly vnPort: VnPortName;
  toldAt: Instant;
}

/** Bounded memory of logins that ended unasked, and of ENodes that solicited. */
export class EndedLogins {
  readonly #ended = new Map<FcId, Ended>();
  readonly #solicited = new Set<string>();

  /** How many ended logins are remembered. */
  get size(): number {
    return this.#ended.size;
  }

  note(login: EndedLogin, now: Instant): void {
    const { port, nPortId, linkAddress: mac, saidWwpn, adapter } = login;
    const vnPort = { mac, nPortId, portName: saidWwpn };
    this.#ended.delete(nPortId);
    this.#ended.set(nPortId, { port, enodeMac: adapter.address, vnPort, toldAt: now });
    if (this.#ended.size > ENDED_MAX) this.#ended.delete(this.#ended.keys().next().value!);
  }

  /** Who must be told again that its login is over, when a frame came with its S_ID. */
  reminderFor(
    port: number,
    sId: FcId,
    now: Instant,
  ): { readonly enodeMac: Mac; readonly vnPort: VnPortName } | undefined {
    const ended = this.#ended.get(sId);
    if (ended?.port !== port || now < ended.toldAt + REMIND_AFTER_NS) return undefined;
    ended.toldAt = now;
    return ended;
  }

  /** An ENode looks for switches: it believes in no login. */
  noteSolicitation(port: number, enodeMac: Mac): void {
    if (this.#solicited.size >= SOLICITED_MAX) this.#solicited.clear();
    this.#solicited.add(`${port} ${enodeMac}`);
  }

  /** True for an ENode that chose this switch before the switch lost power. */
  isFromBefore(port: number, enodeMac: Mac): boolean {
    return !this.#solicited.has(`${port} ${enodeMac}`);
  }

  /** A port's link went: nobody is there to be told. */
  forgetPort(port: number): void {
    for (const [nPortId, ended] of this.#ended)
      if (ended.port === port) this.#ended.delete(nPortId);
  }

  /** Power cycle. */
  clear(): void {
    this.#ended.clear();
    this.#solicited.clear();
  }
}
