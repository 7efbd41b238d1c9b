/**
 * What lies beside the frames of a pair of arrays: the witness at its own site, over a network that loses nothing but
 * where two sites are cut from each other, and the reading of both legs.
 */

import { Witness } from '../array/pair/witness.ts';
import type { HistoryEntry } from '../history/index.ts';
import type { WitnessAsked } from '../history/pair.ts';
import type { Instant } from '../machine/machine.ts';
import type { World } from '../scenario/build.ts';
import type { Scenario } from '../scenario/schema.ts';
import { nodesOf } from '../scenario/topology.ts';
import type { AnySimulator } from './control-plane.ts';
import { usedBlocks } from './images.ts';

/** One way to a witness where no site is said of it. */
const MANAGEMENT_DELAY_NS = 50_000;

/** What the plane needs around it. */
export interface PairStage {
  readonly simulator: AnySimulator;
  readonly world: World;
  readonly scenario: Scenario;
  tell(entry: HistoryEntry): void;
}

/** Answers for the witness, and reads legs. */
export class PairPlane {
  readonly #stage: PairStage;
  readonly #witness: Witness;
  /** Pairs of sites that do not reach each other, and until when. */
  readonly #cut = new Map<string, Instant>();

  constructor(stage: PairStage) {
    this.#stage = stage;
    this.#witness = new Witness(stage.scenario.array.stretched?.witness.lies);
  }

  /** Two sites do not reach each other until then. */
  partition(between: readonly [string, string], untilNs: Instant): void {
    this.#cut.set([...between].sort().join(' '), untilNs);
  }

  /** An array asks the witness. Where one does not reach the other, there is no answer. */
  handleEvent(node: string, question: WitnessAsked): void {
    const { simulator, tell, world } = this.#stage;
    const there = this.#wayOf(node);
    if (there === undefined) return;
    simulator.call(simulator.nowNs + there, () => {
      const back = this.#wayOf(node);
      if (back === undefined) return;
      const answer = this.#witness.answer(question);
      tell({ at: simulator.nowNs, node: '', event: answer });
      simulator.call(simulator.nowNs + back, () =>
        simulator.act(node, (now) => world.arrays.get(node)?.handleWitness(answer, now)),
      );
    });
  }

  /** How long the way between an array and the witness is; `undefined` where there is none now. */
  #wayOf(node: string): Instant | undefined {
    const { scenario, simulator, world } = this.#stage;
    const site = scenario.array.stretched?.witness.site;
    const here = nodesOf(world.topology, 'array').find(({ name }) => name === node)?.site;
    if (site === undefined || here === undefined || site === here) return MANAGEMENT_DELAY_NS;
    const until = this.#cut.get([site, here].sort().join(' ')) ?? 0;
    if (until > simulator.nowNs) return undefined;
    const distance = world.topology.distances?.find(
      ({ between }) => between.includes(site) && between.includes(here),
    );
    return MANAGEMENT_DELAY_NS + (distance?.delayNs ?? 0);
  }

  /** Reads what both legs hold of the blocks that guests may have written. */
  readLegs(): void {
    const { scenario, simulator, tell, world } = this.#stage;
    for (const [node, { pair }] of world.arrays) {
      for (const [unit, { leg, lu }] of (pair?.mirror.units ?? []).entries()) {
        const blocks = usedBlocks(scenario, unit);
        if (blocks === 0) continue;
        const data = leg.read(0, blocks);
        const event = { type: 'leg', luName: lu.luName, lba: 0, blocks, data } as const;
        tell({ at: simulator.nowNs, node, event });
      }
    }
  }

  /** The array whose leg counts in the end: one that serves, the one that leads first. */
  get serving(): string | undefined {
    const all = [...this.#stage.world.arrays].filter(([, { pair }]) => pair !== undefined);
    const isLeader = ([, { pair }]: (typeof all)[number]): boolean => pair!.standing.leads;
    const serves = all.filter(([, { pair }]) => pair!.standing.serves);
    return (serves.find(isLeader) ?? serves[0] ?? all.find(isLeader) ?? all[0])?.[0];
  }
}
