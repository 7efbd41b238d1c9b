/** What a crash ends without anybody saying so: logins at a switch, nexuses at an array, guests. */
import type { NexusName, Observation } from '../audit/index.ts';
import type { ArrayEvent, FcfEvent, Instant } from '../fabric/index.ts';

type Login = Extract<FcfEvent, { kind: 'login' }>;

export class Aftermath {
  readonly #take: (observation: Observation) => void;
  readonly #logins = new Map<string, Map<number, Login>>();
  readonly #nexuses = new Map<string, NexusName>();

  constructor(take: (observation: Observation) => void) {
    this.#take = take;
  }

  /** To be told of every event of a switch. */
  fcfEvent(node: string, event: FcfEvent): void {
    if (event.kind !== 'login' && event.kind !== 'logout') return;
    const logins = this.#logins.get(node) ?? new Map<number, Login>();
    this.#logins.set(node, logins);
    if (event.kind === 'login') logins.set(event.nPortId, event);
    else logins.delete(event.nPortId);
  }

  /** To be told of every event of the array. */
  arrayEvent(event: ArrayEvent): void {
    if (event.type !== 'nexus') return;
    const { wwpn, sId, port } = event.nexus;
    const key = `${wwpn} ${sId} ${port}`;
    if (event.state === 'began') this.#nexuses.set(key, event.nexus);
    else this.#nexuses.delete(key);
  }

  /** A switch has stopped: every login at it is over. */
  fcfCrashed(at: Instant, node: string, fabric: string): void {
    for (const { wwpn, nPortId, port } of this.#logins.get(node)?.values() ?? []) {
      this.#take({ kind: 'logout', at, fabric, wwpn, nPortId, port, reason: 'crash' });
    }
    this.#logins.delete(node);
  }

  /** The array has stopped: every nexus at it is over. */
  arrayCrashed(at: Instant): void {
    for (const nexus of this.#nexuses.values()) {
      this.#take({ kind: 'nexus', at, state: 'ended', nexus });
    }
    this.#nexuses.clear();
  }
}
