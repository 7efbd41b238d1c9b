/** What a crash ends without anybody saying so: logins at a switch, nexuses at an array, guests. */

import type { ArrayEvent } from '../array/storage-array.ts';
import type { FabricEvent } from '../history/fabric.ts';
import type { NexusName } from '../history/storage.ts';
import type { Instant } from '../machine/machine.ts';
import type { EventTranslator } from './observe.ts';

type Login = Extract<FabricEvent, { type: 'login' }>;

export class Aftermath {
  readonly #translator: EventTranslator;
  readonly #logins = new Map<string, Map<number, Login>>();
  /** By array. */
  readonly #nexuses = new Map<string, Map<string, NexusName>>();

  constructor(translator: EventTranslator) {
    this.#translator = translator;
  }

  /** To be told of every event of a switch. */
  fcfEvent(node: string, event: FabricEvent): void {
    if (event.type !== 'login' && event.type !== 'logout') return;
    const logins = this.#logins.get(node) ?? new Map<number, Login>();
    this.#logins.set(node, logins);
    if (event.type === 'login') logins.set(event.nPortId, event);
    else logins.delete(event.nPortId);
  }

  /** To be told of every event of an array. */
  arrayEvent(node: string, event: ArrayEvent): void {
    if (event.type !== 'nexus') return;
    const nexuses = this.#nexuses.get(node) ?? new Map<string, NexusName>();
    this.#nexuses.set(node, nexuses);
    const { initiator, address, target } = event.nexus;
    const key = `${initiator} ${address} ${target}`;
    if (event.state === 'began') nexuses.set(key, event.nexus);
    else nexuses.delete(key);
  }

  /** A switch has stopped: every login at it is over. */
  fcfCrashed(at: Instant, node: string): void {
    for (const { wwpn, nPortId, port } of this.#logins.get(node)?.values() ?? []) {
      this.#translator.handle(at, node, { type: 'logout', nPortId, wwpn, port, reason: 'link' });
    }
    this.#logins.delete(node);
  }

  /** An array has stopped: every nexus at it is over. */
  arrayCrashed(at: Instant, node: string): void {
    for (const nexus of this.#nexuses.get(node)?.values() ?? []) {
      this.#translator.handle(at, node, { type: 'nexus', state: 'ended', nexus });
    }
    this.#nexuses.delete(node);
  }
}
