/**
 * What a crash ends without anybody saying so: logins at a switch, nexuses at an array. Nobody is
 * left to tell of it, so the driver of the run does.
 */
import type { FabricLogin, HistoryEntry, NexusName } from '../history/index.ts';

/** What one node has told of, and its crash ends. */
interface Held {
  readonly logins: Map<number, FabricLogin>;
  readonly nexuses: Map<string, NexusName>;
}

/** Follows what nodes hold for others. */
export class Aftermath {
  readonly #held = new Map<string, Held>();

  /** To be told of everything that happens. */
  observe({ node, event }: HistoryEntry): void {
    switch (event.type) {
      case 'login':
        this.#of(node).logins.set(event.nPortId, event);
        return;
      case 'logout':
        this.#of(node).logins.delete(event.nPortId);
        return;
      case 'handed-over': {
        const { logins } = this.#of(node);
        const login = logins.get(event.nPortId);
        if (login !== undefined) logins.set(event.nPortId, { ...login, port: event.toPort });
        return;
      }
      case 'nexus': {
        const { initiator, target, address } = event.nexus;
        const key = `${initiator} ${address} ${target}`;
        if (event.state === 'began') this.#of(node).nexuses.set(key, event.nexus);
        else this.#of(node).nexuses.delete(key);
      }
    }
  }

  /** What the crash of a node ends, to be told at that moment. */
  crashed(at: number, node: string): HistoryEntry[] {
    const held = this.#held.get(node);
    this.#held.delete(node);
    if (held === undefined) return [];
    return [
      ...[...held.logins.values()].map(
        ({ nPortId, wwpn, port }): HistoryEntry => ({
          at,
          node,
          event: { type: 'logout', nPortId, wwpn, port, reason: 'link' },
        }),
      ),
      ...[...held.nexuses.values()].map(
        (nexus): HistoryEntry => ({ at, node, event: { type: 'nexus', state: 'ended', nexus } }),
      ),
    ];
  }

  #of(node: string): Held {
    let held = this.#held.get(node);
    if (held === undefined) {
      held = { logins: new Map(), nexuses: new Map() };
      this.#held.set(node, held);
    }
    return held;
  }
}
