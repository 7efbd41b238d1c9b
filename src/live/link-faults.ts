/** Fault rules in force on the links of a server. */
import { type ActiveFault, FaultPlan, type FaultRandom, type FaultRule } from '../link/faults.ts';
import type { LiveFabric, LiveLink } from './links.ts';

/** What fault rules need of the server. */
interface FaultyServer {
  readonly driver: {
    setFaults(
      node: string,
      port: number,
      direction: 'a-to-b' | 'b-to-a',
      faults: readonly ActiveFault[],
    ): void;
  };
  readonly fabrics: ReadonlyMap<string, LiveFabric>;
  links(): LiveLink[];
}

/** Keeps the rules in force on links that are there and on those that come. */
export class LinkFaults {
  readonly #server: FaultyServer;
  readonly #plan: FaultPlan;

  constructor(server: FaultyServer, random: (name: string) => FaultRandom) {
    this.#server = server;
    this.#plan = new FaultPlan(random);
  }

  /** The rules in force. */
  get rules(): readonly ActiveFault[] {
    return this.#plan.rules;
  }

  /**
   * Puts a rule in force. Its `link` is a link's name, `a-to-b` the way to the switch.
   * Errors: `RangeError`, `TypeError`.
   */
  add(rule: FaultRule): ActiveFault {
    const active = this.#plan.add(rule);
    this.#apply();
    return active;
  }

  /** Takes rules out of force: those of this name, or all. Returns how many. */
  clear(name?: string): number {
    const before = this.rules.length;
    if (name === undefined) this.#plan.clear();
    else this.#plan.remove(name);
    this.#apply();
    return before - this.rules.length;
  }

  /** Puts the rules for a link in force that is new. */
  applyTo(link: LiveLink): void {
    const { node } = this.#server.fabrics.get(link.fabric)!;
    for (const direction of ['a-to-b', 'b-to-a'] as const) {
      const rules = this.#plan.of(link.name, direction);
      this.#server.driver.setFaults(node, link.port, direction, rules);
    }
  }

  #apply(): void {
    for (const link of this.#server.links()) this.applyTo(link);
  }
}
