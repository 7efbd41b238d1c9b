/** I33: a snapshot is a consistent cut over all its units. */
import type { StampReading } from '../../codecs/stamp/index.ts';
import type {
  BackupStepped,
  CutTaken,
  GuestFroze,
  HistoryEntry,
  ImageRead,
  IoCompleted,
  IoSubmitted,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { isBefore, UnitPast, type Written } from '../ledger/block-past.ts';
import {
  BLANK,
  describeReading,
  describeValue,
  readingValue,
  stampValue,
} from '../ledger/io-ledger.ts';
import { OpenIos } from '../ledger/open-ios.ts';
import type { Rule } from '../rule.ts';

/** Operations that change no block. */
const UNCHANGING: ReadonlySet<string> = new Set(['read', 'synchronize']);

/** A write under way. */
interface OpenWrite {
  readonly io: IoSubmitted;
  readonly written: Written;
}

/** A block whose image could be one of several. */
interface Choice {
  readonly luName: string;
  readonly lba: number;
  readonly may: readonly Written[];
  readonly has: Written;
}

/** What the blocks of the units of a cut may hold in its snapshot. */
interface Cut {
  readonly snapshot: string;
  readonly beganAt: number;
  endedAt: number | undefined;
  /** By unit and block; a block that is not here was not written: it holds what `initial` says. */
  readonly units: Map<
    string,
    { readonly initial: Written; readonly blocks: Map<number, Written[]> }
  >;
  readonly choices: Map<string, readonly Choice[]>;
}

/** A time in which a guest submitted nothing and waited for nothing. */
interface Frozen {
  readonly vm: string;
  readonly from: number;
  to: number | undefined;
  bound: GuestFroze['bound'];
}

/** I33: every write acknowledged before a cut began is in its image, and none that began after its end. */
export class ConsistentCut implements Rule {
  readonly invariant = 'I33';
  readonly sentence =
    'A snapshot holds every write acknowledged before the freeze, and none begun after the thaw';
  readonly needs: readonly Evidence[] = ['io-submit', 'io-complete', 'cut', 'image'];
  readonly hears: readonly Evidence[] = [
    'io-submit',
    'io-complete',
    'cut',
    'image',
    'snapshot',
    'freeze',
    'backup',
    'cache-lost',
  ];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  /** Without a unit that can be cut nothing is followed. */
  readonly #active: boolean;
  readonly #units = new Map<string, UnitPast>();
  readonly #open = new OpenIos<OpenWrite>();
  readonly #cuts = new Map<string, Cut>();
  readonly #frozen: Frozen[] = [];
  /** Counts what happened. */
  #now = 0;
  #blocks = 0;
  #images = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#active = context.places.keepsSnapshots;
  }

  observe({ event }: HistoryEntry): void {
    if (!this.#active) return;
    this.#now++;
    switch (event.type) {
      case 'io-submit':
        this.#submit(event);
        return;
      case 'io-complete':
        this.#complete(event);
        return;
      case 'cut':
        this.#cut(event);
        return;
      case 'image':
        if (event.of === 'snapshot') this.#image(event);
        return;
      case 'cache-lost':
        this.#pastOf(event.luName).forget(this.#now);
        return;
      case 'snapshot':
        if (event.state === 'reverted') this.#pastOf(event.luName).forget(this.#now);
        return;
      case 'freeze':
        this.#freeze(event);
        return;
      case 'backup':
        if (event.step === 'kept' && event.consistency === 'application') this.#promised(event);
    }
  }

  #pastOf(luName: string): UnitPast {
    let past = this.#units.get(luName);
    if (past === undefined) {
      past = new UnitPast(this.#context.partial ? undefined : BLANK);
      this.#units.set(luName, past);
    }
    return past;
  }

  #submit(io: IoSubmitted): void {
    if (UNCHANGING.has(io.op)) return;
    const value = io.op === 'unmap' ? BLANK : stampValue(io);
    const written = this.#pastOf(io.luName).begin(io.lba, io.blocks, value, this.#now);
    this.#open.begin(io, { io, written });
    for (const cut of this.#cuts.values()) if (cut.endedAt === undefined) join(cut, io, written);
  }

  #complete(event: IoCompleted): void {
    const open = this.#open.end(event);
    if (open === undefined || event.result !== 'good') return;
    const { io, written } = open;
    this.#pastOf(io.luName).end(io.lba, io.blocks, written, this.#now);
  }

  #cut({ luNames, snapshot, state }: CutTaken): void {
    if (state === 'end') {
      const cut = this.#cuts.get(snapshot);
      if (cut !== undefined) cut.endedAt = this.#now;
      return;
    }
    const units = luNames.map((luName) => {
      const past = this.#pastOf(luName);
      const blocks = new Map([...past.all()].map(([lba, written]) => [lba, [...written]]));
      return [luName, { initial: past.initial, blocks }] as const;
    });
    const cut = { snapshot, beganAt: this.#now, endedAt: undefined, units: new Map(units) };
    this.#cuts.set(snapshot, { ...cut, choices: new Map() });
  }

  #image(event: ImageRead): void {
    const { luName, snapshot } = event;
    const cut = this.#cuts.get(snapshot);
    const unit = cut?.units.get(luName);
    if (cut === undefined || unit === undefined) return;
    this.#images++;
    const choices: Choice[] = [];
    for (const [i, reading] of this.#context.readings.of(event).entries()) {
      const lba = event.lba + i;
      const may = unit.blocks.get(lba) ?? [unit.initial];
      const value = readingValue(reading);
      const has = may.find((one) => one.value === undefined || one.value === value);
      this.#blocks++;
      if (has === undefined || value === undefined) this.#add(cut, luName, lba, reading, may);
      else if (may.length > 1) choices.push({ luName, lba, may, has });
    }
    cut.choices.set(luName, choices);
    if (cut.choices.size === cut.units.size) this.#compare(cut);
  }

  #add(
    { snapshot }: Cut,
    luName: string,
    lba: number,
    reading: StampReading,
    may: readonly Written[],
  ): void {
    const { ios, places } = this.#context;
    const found = describeReading(reading);
    const wanted = may.map(({ value }) => describeValue(value)).join(' or ');
    this.#findings.add(
      `LBA ${lba} of ${places.unit(luName)} is ${found} in snapshot ${snapshot}; by what the guest had been told it was ${wanted}`,
      ios.framesOfBlock(luName, lba),
      `snapshot ${snapshot}, ${places.unitName(luName)}, LBA ${lba}`,
    );
  }

  /** What a snapshot has of writes that ran into each other is one cut: with a write it has all that had ended before that began. */
  #compare({ choices, snapshot }: Cut): void {
    const all = [...choices.values()].flat();
    const last = all.reduce<Choice | undefined>(
      (latest, one) =>
        latest === undefined || one.has.begunAt > latest.has.begunAt ? one : latest,
      undefined,
    );
    if (last === undefined) return;
    const { ios, places } = this.#context;
    for (const { has, lba, luName, may } of all) {
      const missing = may.find((one) => isBefore(one, last.has) && isBefore(has, one));
      if (missing === undefined) continue;
      this.#findings.add(
        `snapshot ${snapshot} is no one moment: it has ${describeValue(last.has.value)} at LBA ${last.lba} of ${places.unit(last.luName)}, and at LBA ${lba} of ${places.unit(luName)} not yet ${describeValue(missing.value)}, which had ended before the other began`,
        [...ios.framesOfBlock(luName, lba), ...ios.framesOfBlock(last.luName, last.lba)],
        `snapshot ${snapshot}, ${places.unitName(luName)}, LBA ${lba}`,
      );
    }
  }

  #freeze({ bound, state, vm }: GuestFroze): void {
    if (state === 'frozen') this.#frozen.push({ vm, from: this.#now, to: undefined, bound });
    else if (state === 'thawed') {
      const window = this.#frozen.findLast((one) => one.vm === vm && one.to === undefined);
      if (window === undefined) return;
      window.to = this.#now;
      window.bound = bound;
    }
  }

  /** A backup says that its guest held its writes while it was cut. */
  #promised({ snapshot, vm }: BackupStepped): void {
    const cut = this.#cuts.get(snapshot);
    if (cut === undefined) return;
    const { beganAt, endedAt = this.#now } = cut;
    const during = this.#frozen.some(
      (one) => one.vm === vm && one.from < beganAt && (one.to === undefined || one.to > endedAt),
    );
    if (during) return;
    const last = this.#frozen.findLast((one) => one.vm === vm);
    const why = last?.bound === undefined ? '' : ` (it had thawed by its ${last.bound} bound)`;
    this.#findings.add(
      `the backup of ${vm} calls snapshot ${snapshot} consistent for applications, but the guest did not hold its writes while it was cut${why}`,
      [],
      `snapshot ${snapshot}`,
    );
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#images,
      `${this.#blocks} blocks in ${this.#images} images of snapshots, each as of its cut`,
      'no snapshot was cut',
    );
  }
}

/** A write begins while units are cut: their snapshot may have it. */
function join(cut: Cut, { lba, blocks, luName }: IoSubmitted, written: Written): void {
  const unit = cut.units.get(luName);
  if (unit === undefined) return;
  for (let i = lba; i < lba + blocks; i++) {
    const known = unit.blocks.get(i);
    if (known === undefined) unit.blocks.set(i, [unit.initial, written]);
    else known.push(written);
  }
}
