/**
 * One array of a pair whose other one is in another process: its ports there are cables to the other server, and its
 * questions go to a witness that both reach.
 */
import type { ArrayPair } from '../../array/pair/array-pair.ts';
import type { StorageArray } from '../../array/storage-array.ts';
import type { WitnessAnswered, WitnessAsked } from '../../history/pair.ts';
import type { Instant } from '../../machine/machine.ts';
import { type PeerCable, PeerWires, type PeerWiresOwner } from './peer-wires.ts';
import type { StreamPlace } from './place.ts';
import { WitnessWay } from './witness-way.ts';

const NS_PER_MS = 1e6;

/** Where the other half and the witness are. */
export interface HalfPlan {
  readonly cables: readonly PeerCable[];
  /** Left out where nobody is asked. */
  readonly witness?: StreamPlace;
}

/** What a half needs of the server. */
export interface PairHalfOwner extends PeerWiresOwner {
  readonly array: StorageArray;
  actOnArray(work: (array: StorageArray, now: Instant) => void): void;
  portalEvent(event: WitnessAnswered, at: Instant): void;
}

/** Joins the array to the other half. */
export class PairHalf {
  readonly #owner: PairHalfOwner;
  readonly #wires: PeerWires;
  readonly #witness: WitnessWay | undefined;
  #closed = false;

  constructor(owner: PairHalfOwner, plan: HalfPlan) {
    this.#owner = owner;
    this.#wires = new PeerWires(owner, plan.cables);
    this.#witness =
      plan.witness &&
      new WitnessWay(plan.witness, (...said) => {
        if (!this.#closed) owner.log(...said);
      });
  }

  /** The array asks its witness. */
  async ask(question: WitnessAsked): Promise<void> {
    const pair = this.#owner.array.pair;
    if (this.#witness === undefined || pair === undefined) return;
    const answer = await this.#witness.ask(question, pair.options.silenceNs / NS_PER_MS);
    if (this.#closed || answer === undefined) return;
    this.#owner.portalEvent(answer, this.#owner.now);
    this.#owner.actOnArray((array, now) => array.handleWitness(answer, now));
  }

  /** The array has lost its power, or has it again. */
  setPower(on: boolean): void {
    this.#wires.setPower(on);
  }

  /** Leaves the other half. */
  close(): void {
    this.#closed = true;
    this.#witness?.close();
    this.#wires.close();
  }
}

/** How the array stands to the other one, for people and programs. */
export function standingOf({ mirror, standing }: ArrayPair) {
  const { generations, leads, options, refuses, state } = standing;
  return {
    site: options.site,
    state,
    leads,
    refuses,
    generation: generations[0]!,
    differs: mirror.otherLeg.differs,
  };
}
