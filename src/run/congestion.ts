/**
 * Tells switches that frames to a port of theirs wait, as they would notice it themselves: of a stretch of time the
 * port's link was paused for half or more. They notice too when that is over.
 *
 * Ownership: a run owns one where its scenario wants notifications; it hears what links tell.
 */
import type { HistoryEntry } from '../history/index.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { World } from '../scenario/build.ts';
import type { AnySimulator } from './control-plane.ts';

/** What is looked at together. */
const STRETCH_MS = 1;
const STRETCH_NS = STRETCH_MS * MILLISECOND;
const SHARE = 0.5;

/** One priority of one direction, from its first pause until it has gone on for a whole stretch. */
interface Watched {
  readonly node: string;
  readonly port: number;
  /** Since when it is paused; `undefined` while it is not. */
  sinceNs: number | undefined;
  pausedNs: number;
}

/** Follows the pauses of all links that a switch sends on. */
export class Congestion {
  readonly #simulator: AnySimulator;
  readonly #world: Pick<World, 'switches' | 'topology'>;
  /** By link, direction and priority. */
  readonly #watched = new Map<string, Watched>();

  constructor(simulator: AnySimulator, world: Pick<World, 'switches' | 'topology'>) {
    this.#simulator = simulator;
    this.#world = world;
  }

  observe({ at, event }: HistoryEntry): void {
    if (event.type !== 'priority-pause') return;
    const { direction, link, priority, state } = event;
    const key = `${link} ${direction} ${priority}`;
    const known = this.#watched.get(key);
    if (state === 'resumed') {
      if (known?.sinceNs === undefined) return;
      known.pausedNs += at - known.sinceNs;
      known.sinceNs = undefined;
    } else if (known !== undefined) known.sinceNs ??= at;
    else this.#watch(key, link, direction, at);
  }

  #watch(key: string, link: string, direction: 'a-to-b' | 'b-to-a', at: number): void {
    const cable = this.#world.topology.cables.find(({ name }) => name === link);
    const sender = cable?.ends[direction === 'a-to-b' ? 0 : 1];
    if (sender === undefined || !this.#world.switches.has(sender.node)) return;
    const { node, port } = sender;
    this.#watched.set(key, { node, port, sinceNs: at, pausedNs: 0 });
    this.#look(key, at + STRETCH_NS);
  }

  #look(key: string, at: number): void {
    this.#simulator.call(at, () => {
      const one = this.#watched.get(key)!;
      const isPaused = one.sinceNs !== undefined;
      const pausedNs = one.pausedNs + (isPaused ? at - one.sinceNs! : 0);
      one.pausedNs = 0;
      if (isPaused) one.sinceNs = at;
      this.#tell(one, pausedNs >= SHARE * STRETCH_NS ? 'oversubscription' : 'clear');
      if (pausedNs === 0) this.#watched.delete(key);
      else this.#look(key, at + STRETCH_NS);
    });
  }

  #tell({ node, port }: Watched, kind: 'clear' | 'oversubscription'): void {
    const one = this.#world.switches.get(node)!;
    this.#simulator.act(node, (now) => one.portWaits(port, kind, STRETCH_MS, now));
  }
}
