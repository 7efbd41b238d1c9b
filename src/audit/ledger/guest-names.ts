/** Which initiator ports each guest declared as its own: told once, asked by every rule about names. */
import {
  deviceOf,
  type HistoryEntry,
  type InitiatorDevice,
  type InitiatorPort,
} from '../../history/index.ts';

/** The guests and their names. It is told before the rules that ask it. */
export class GuestNames {
  readonly #byGuest = new Map<string, Set<InitiatorPort>>();
  readonly #byName = new Map<InitiatorPort, Set<string>>();
  readonly #byDevice = new Map<InitiatorDevice, Set<string>>();

  observe({ event }: HistoryEntry): void {
    if (event.type !== 'identities') return;
    const { vm } = event;
    for (const name of event.initiators) {
      add(this.#byGuest, vm, name);
      add(this.#byName, name, vm);
      add(this.#byDevice, deviceOf(name), vm);
    }
  }

  /** Every guest that declared a name. */
  get guests(): Iterable<string> {
    return this.#byGuest.keys();
  }

  /** The names of a guest. */
  of(vm: string): ReadonlySet<InitiatorPort> {
    return this.#byGuest.get(vm) ?? NONE;
  }

  /** The guests that claim a name: more than one where they share it. */
  guestsOf(name: InitiatorPort): ReadonlySet<string> {
    return this.#byName.get(name) ?? NONE;
  }

  /** The guests with a port of a device, which masks go by. */
  guestsBehind(device: InitiatorDevice): ReadonlySet<string> {
    return this.#byDevice.get(device) ?? NONE;
  }
}

function add<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

const NONE: ReadonlySet<never> = new Set();
