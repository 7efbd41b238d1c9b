/**
 * What carries a backup agent's questions to the guest, wherever it is, and to the array, and their answers
 * back: as the control plane does for a mover, over a network that loses nothing.
 */
import type { BackupAsk } from '../host/backup-agent.ts';
import type { HostAnswer } from '../host/control.ts';
import type { Instant } from '../machine/machine.ts';
import type { World } from '../scenario/build.ts';
import { nodesOf } from '../scenario/topology.ts';
import type { ArrayAnswer, ArrayCommand } from '../scsi/management.ts';
import type { AnySimulator, ControlPlane } from './control-plane.ts';
import type { Guests } from './guests.ts';

/** One way over the management network. */
const MANAGEMENT_DELAY_NS = 50_000;

/** What the plane needs around it. */
export interface BackupStage {
  readonly simulator: AnySimulator;
  readonly world: World;
  readonly control: ControlPlane;
  readonly guests: Guests;
}

/** Carries questions and answers of all agents. */
export class BackupPlane {
  readonly #stage: BackupStage;
  readonly #nodes: ReadonlyMap<string, ReturnType<typeof nodesOf<'backup'>>[number]>;

  constructor(stage: BackupStage) {
    this.#stage = stage;
    const nodes = nodesOf(stage.world.topology, 'backup');
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
  }

  /** No agent has a backup under way. */
  get idle(): boolean {
    return [...this.#stage.world.agents.values()].every((agent) => agent.idle);
  }

  /** To be told of every question of an agent. */
  handleEvent(node: string, ask: BackupAsk): void {
    const answer = (given: HostAnswer | ArrayAnswer): void => {
      const { simulator, world } = this.#stage;
      this.#later(() =>
        simulator.act(node, (now) => world.agents.get(node)?.handleAnswer(ask.id, given, now)),
      );
    };
    if (ask.to === 'array') {
      this.#askArray(this.#nodes.get(node)!.array, ask.command, answer);
      return;
    }
    const host = this.#hostOf(ask.vm);
    if (host !== undefined) this.#stage.control.ask(host, ask.command, answer);
    else answer({ ok: false, reason: `${ask.vm} is between two hosts` });
  }

  /** A guest has moved, and where the array's maps do not outlive that, they have not. */
  moved(vm: string): void {
    for (const { array, mapsAtMove, options } of this.#nodes.values()) {
      if (mapsAtMove === undefined || options.plan.vm !== vm) continue;
      const units = options.plan.units.map(({ unit }) => unit);
      this.#askArray(array, { command: 'data-moved', units, maps: mapsAtMove }, () => {});
    }
  }

  #askArray(node: string, command: ArrayCommand, answer: (given: ArrayAnswer) => void): void {
    const { simulator, world } = this.#stage;
    this.#later(() =>
      simulator.act(node, (now) => world.arrays.get(node)?.handleCommand(command, now, answer)),
    );
  }

  #hostOf(vm: string): string | undefined {
    for (const [name, host] of this.#stage.guests.placed()) if (name === vm) return host;
    return undefined;
  }

  #later(run: () => void, delayNs: Instant = MANAGEMENT_DELAY_NS): void {
    const { simulator } = this.#stage;
    simulator.call(simulator.nowNs + delayNs, run);
  }
}
