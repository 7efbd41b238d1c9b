/** Two standings with a way between them that can be cut, a witness, and a clock that the test turns. */
import type { PairRecord } from '../../src/array/pair/record.ts';
import { Standing, type StandingOptions } from '../../src/array/pair/standing.ts';
import { Witness, type WitnessLie } from '../../src/array/pair/witness.ts';
import type { Timer } from '../../src/machine/timers.ts';

const DELAY_NS = 1000;

interface Due {
  readonly at: number;
  readonly run: () => void;
  off: boolean;
}

export class StandingRig {
  now = 0;
  /** Records pass. */
  joined = true;
  witnessUp = true;
  readonly told: string[] = [];
  readonly sides: Standing[] = [];
  /** What each side says that it lacks of the other. */
  readonly differs = [0, 0];
  readonly #due: Due[] = [];
  readonly #witness: Witness;
  readonly #change: Partial<StandingOptions>;

  constructor(change: Partial<StandingOptions> = {}, lie: WitnessLie = 'none') {
    this.#witness = new Witness(lie);
    this.#change = change;
    for (const which of [0, 1]) this.sides.push(this.#side(which, this.#witness, change));
  }

  /** Another array in the place of one, with nothing of it: nobody hears that one any more. */
  begin(which: 0 | 1, life: string): void {
    const side = this.#side(which, this.#witness, { ...this.#change, life });
    this.sides[which] = side;
    side.start();
  }

  #side(which: number, witness: Witness, change: Partial<StandingOptions>): Standing {
    const rig = this;
    const site = which === 0 ? 'east' : 'west';
    const side: Standing = new Standing(
      {
        site,
        preferred: which === 0,
        rule: 'witness',
        generation: 'new',
        heartbeatNs: 10_000,
        silenceNs: 100_000,
        winnerNs: 50_000,
        ...change,
      },
      {
        get now() {
          return rig.now;
        },
        get differs() {
          return rig.differs[which]!;
        },
        reserved: 0,
        share: (done) => done(true),
        after: (delayNs, run) => rig.after(delayNs, run),
        tell: (record, done) => {
          if (rig.sides[which] === side) rig.#tell(which, record, done);
        },
        askWitness: (question) => {
          if (!rig.witnessUp) return;
          rig.after(DELAY_NS, () => side.handleWitness(witness.answer(question)));
        },
        refused: (what) => void rig.told.push(`${site} refuses: ${what}`),
        entered: (state) => void rig.told.push(`${site} ${state}`),
        leadChanged: () => void rig.told.push(`${site} ${side.leads ? 'leads' : 'follows'}`),
        peerIsEmpty: () => {
          rig.differs[which] = 9;
        },
        mayCopy: () => {
          rig.differs[which] = 0;
          side.copied();
        },
      },
    );
    return side;
  }

  #tell(from: number, record: PairRecord, done: (answered: boolean) => void): void {
    const lost = (): void => void this.after(50_000, () => done(false));
    if (!this.joined) lost();
    else {
      this.after(DELAY_NS, () => {
        if (!this.joined) return lost();
        this.sides[1 - from]!.handleRecord(record);
        this.after(DELAY_NS, () => (this.joined ? done(true) : lost()));
      });
    }
  }

  after(delayNs: number, run: () => void): Timer {
    const one = { at: this.now + Math.max(0, delayNs), run, off: false };
    this.#due.push(one);
    return {
      at: one.at,
      cancel: () => {
        one.off = true;
      },
    };
  }

  start(): this {
    for (const side of this.sides) side.start();
    return this.run(50_000);
  }

  run(forNs: number): this {
    const until = this.now + forNs;
    for (;;) {
      const next = this.#due.reduce<Due | undefined>(
        (least, one) => (least === undefined || one.at < least.at ? one : least),
        undefined,
      );
      if (next === undefined || next.at > until) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.now = next.at;
      if (!next.off) next.run();
    }
    this.now = until;
    return this;
  }

  get states(): string[] {
    return this.sides.map(({ leads, state }) => `${state}${leads ? ' leads' : ''}`);
  }
}
