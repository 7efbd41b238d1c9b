/** I6, I7, I8, I9 and I11: what a block holds, in the light of who wrote it and who was told. */
import type { StampReading } from '../../codecs/stamp/index.ts';
import type { BlocksApplied, HistoryEntry, PlaceIndex } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { elsewhere, isArrayPowerLoss } from '../ledger/disturbances.ts';
import { describeValue, type Finding, nameOfIo, stampValue } from '../ledger/io-ledger.ts';
import { PairMap } from '../ledger/pair-map.ts';
import type { Rule } from '../rule.ts';

const blockName = (places: PlaceIndex, luName: string, lba: number): string =>
  `LBA ${lba} of ${places.unit(luName)}`;

/** A block in a headline. */
const blockSubject = (places: PlaceIndex, luName: string, lba: number): string =>
  `${places.unitName(luName)}, LBA ${lba}`;

function describeFinding(
  places: PlaceIndex,
  { anomaly, luName, lba }: Finding,
  verb: string,
): string {
  const { value, newer, kind } = anomaly;
  const why = kind === 'unwritten' ? 'which was not to be found there any more' : 'after it';
  return `${blockName(places, luName, lba)} ${verb} ${describeValue(value)}, ${why}; ${describeValue(newer)} had been written`;
}

/** I6: after GOOD, the medium holds the write or something newer. */
export class NoLostWrite implements Rule {
  readonly invariant = 'I6';
  readonly sentence = 'No acknowledged write is lost';
  readonly needs: readonly Evidence[] = ['io-submit', 'io-complete', 'medium'];
  readonly hears: readonly Evidence[] = ['medium'];
  readonly #findings = new Findings();
  #checked = 0;

  constructor({ ios, places }: Pick<RuleContext, 'ios' | 'places'>) {
    ios.onFinding((finding, frames) => {
      if (!finding.final) return;
      const subject = blockSubject(places, finding.luName, finding.lba);
      this.#findings.add(describeFinding(places, finding, 'holds'), frames, subject);
    });
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'medium') this.#checked += event.blocks;
  }

  conclude() {
    return this.#findings.conclude(`${this.#checked} blocks read back from the medium`);
  }
}

/** I8: a read never returns what was overwritten before it was asked for. */
export class NoStaleRead implements Rule {
  readonly invariant = 'I8';
  readonly sentence = 'No read returns older data than was acknowledged before it began';
  readonly needs: readonly Evidence[] = ['io-submit', 'io-complete'];
  readonly hears: readonly Evidence[] = ['io-complete'];
  readonly #findings = new Findings();
  #blocks = 0;

  constructor({ ios, places, volumes }: Pick<RuleContext, 'ios' | 'places' | 'volumes'>) {
    volumes.onFinding(({ anomaly, lba, vm, volume }) => {
      const name = `block ${lba} of volume ${volume} of ${vm}`;
      const { newer, value } = anomaly;
      const words = `${name} was read as ${describeValue(value)}, after it ${describeValue(newer)} had been written`;
      this.#findings.add(words, [], name);
    });
    ios.onFinding((finding, frames) => {
      if (finding.final) return;
      const subject = blockSubject(places, finding.luName, finding.lba);
      this.#findings.add(describeFinding(places, finding, 'was read as'), frames, subject);
    });
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'io-complete') this.#blocks += event.readings?.length ?? 0;
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#blocks,
      `${this.#blocks} blocks read, none older than allowed`,
      'no guest read anything',
    );
  }
}

/** I7: nothing reaches the medium after it has been given up, overtaken, or its login has ended. */
export class NoGhostWrite implements Rule {
  readonly invariant = 'I7';
  readonly sentence =
    'No write reaches the medium after its end was reported, or after its login has ended';
  readonly needs: readonly Evidence[] = ['apply', 'io-complete', 'nexus'];
  readonly hears: readonly Evidence[] = ['apply', 'nexus', 'disturbance'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #nexuses = new PairMap<{ readonly epoch: number; readonly live: boolean }>();
  #count = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe(entry: HistoryEntry): void {
    const { event } = entry;
    if (event.type === 'nexus') {
      const { nexus, state } = event;
      this.#nexuses.set(nexus, { epoch: nexus.epoch, live: state === 'began' });
    } else if (event.type === 'apply') this.#apply(event);
    // Its new life counts logins anew.
    else if (isArrayPowerLoss(entry, this.#context.places))
      this.#nexuses.keep(elsewhere(this.#context.places, entry.node));
  }

  #apply(event: BlocksApplied): void {
    this.#count++;
    const { nexus, luName, lba } = event;
    const { ios, places, readings } = this.#context;
    const login = this.#nexuses.get(nexus);
    if (login !== undefined && (login.epoch > nexus.epoch || !login.live)) {
      this.#add(
        event,
        `a write of ${nexus.initiator} at ${blockName(places, luName, lba)} was applied after its login (epoch ${nexus.epoch}) had ended`,
      );
    }
    let told = 0;
    for (const [i, reading] of readings.of(event).entries()) {
      if (reading.found !== 'stamp') continue;
      const value = stampValue(reading);
      if (value === told) continue;
      told = value;
      const writing = ios.writing(value);
      const where = `${blockName(places, luName, lba + i)}: ${describeValue(value)}`;
      if (writing === undefined) {
        if (ios.wasBegun(reading))
          this.#add(event, `${where} was applied after the guest had been told that it had ended`);
        continue;
      }
      const fabric = this.#context.fabricOf(nexus);
      const carried = ios.attemptOf(fabric, event, (one) => one === writing);
      if (carried !== undefined) {
        if (carried.attempt < writing.appliedAttempt) {
          this.#add(event, `${where} was applied by an attempt that a later one had overtaken`);
        }
        writing.appliedAttempt = Math.max(writing.appliedAttempt, carried.attempt);
      }
    }
  }

  #add(event: BlocksApplied, text: string): void {
    const { ios, places } = this.#context;
    // The late write, and those that the block held when it came.
    const frames = [
      ...this.#context.framesOf(event),
      ...ios.framesOfBlock(event.luName, event.lba),
    ];
    this.#findings.add(text, frames, blockSubject(places, event.luName, event.lba));
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} writes reached the medium, each in its time`);
  }
}

/** I9: a command's data comes from one exchange, and a block holds the data of one command. */
export class NoTornWrite implements Rule {
  readonly invariant = 'I9';
  readonly sentence = 'No write is torn or mixed with the data of another';
  readonly needs: readonly Evidence[] = ['apply', 'io-sent'];
  readonly hears: readonly Evidence[] = ['apply', 'io-complete', 'medium'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  #count = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'apply') this.#apply(event);
    else if (event.type === 'io-complete') {
      for (const reading of event.readings ?? []) {
        this.#check(reading, () => `${nameOfIo(event)} read a block that is`);
      }
    } else if (event.type === 'medium') {
      for (const [i, reading] of this.#context.readings.of(event).entries()) {
        this.#check(
          reading,
          () => `${blockName(this.#context.places, event.luName, event.lba + i)} is`,
        );
      }
    }
  }

  #apply(event: BlocksApplied): void {
    this.#count++;
    const { nexus, luName, lba } = event;
    const { ios, places } = this.#context;
    const frames = () => this.#context.framesOf(event);
    const fabric = this.#context.fabricOf(nexus);
    const carried = ios.carriedBy(fabric, event);
    const values = new Set<number>();
    for (const [i, reading] of this.#context.readings.of(event).entries()) {
      this.#check(reading, () => `${blockName(places, luName, lba + i)} was written`, frames);
      if (reading.found === 'stamp') values.add(stampValue(reading));
    }
    if (values.size > 1) {
      this.#findings.add(
        `one command at ${blockName(places, luName, lba)} brought ${[...values].map(describeValue).join(' and ')}`,
        frames(),
      );
    } else if (carried !== undefined && carried.record.io.op !== 'unmap') {
      const { io } = carried.record;
      const [value] = values;
      if (value === undefined || value === stampValue(io)) return;
      // The write that had this tag before has come late: that is I7's.
      if (ios.attemptOf(fabric, event, (one) => stampValue(one.io) === value) !== undefined) return;
      this.#findings.add(
        `the exchange of ${nameOfIo(io)} brought ${describeValue(value)} to ${blockName(places, luName, lba)}`,
        frames(),
      );
    }
  }

  #check(
    reading: StampReading,
    what: () => string,
    frames: () => readonly number[] = () => [],
  ): void {
    if (reading.found === 'wrong' && reading.fault === 'torn') {
      this.#findings.add(`${what()} ${reading.why}`, frames());
    }
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} writes, each in one piece`);
  }
}

/** I11: what is read is what was written, at the place where it was written. */
export class DataIsIntact implements Rule {
  readonly invariant = 'I11';
  readonly sentence = 'Every block carries its digest and its address unharmed from end to end';
  readonly needs: readonly Evidence[] = ['io-complete'];
  readonly hears: readonly Evidence[] = ['apply', 'io-complete', 'medium'];
  readonly #context: Pick<RuleContext, 'places' | 'readings'>;
  readonly #findings = new Findings();
  #blocks = 0;

  constructor(context: Pick<RuleContext, 'places' | 'readings'>) {
    this.#context = context;
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'io-complete') {
      for (const reading of event.readings ?? []) {
        this.#check(reading, () => `${nameOfIo(event)} read a block that`);
      }
    } else if (event.type === 'apply' || event.type === 'medium') {
      const verb = event.type === 'apply' ? ' was written:' : ':';
      for (const [i, reading] of this.#context.readings.of(event).entries()) {
        this.#check(
          reading,
          () => `${blockName(this.#context.places, event.luName, event.lba + i)}${verb}`,
        );
      }
    }
  }

  #check(reading: StampReading, what: () => string): void {
    if (reading.found === 'stamp') this.#blocks++;
    else if (reading.found === 'wrong' && reading.fault !== 'torn') {
      this.#findings.add(`${what()} ${reading.why}`);
    }
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#blocks,
      `${this.#blocks} stamped blocks, all unharmed and in their place`,
      'no block carried a digest',
    );
  }
}
