/** I34 and I35: what a map of changed blocks must name, and what backups must give back. */
import type {
  BlocksApplied,
  ChangesTold,
  HistoryEntry,
  ImageRead,
  PlaceIndex,
  SnapshotChanged,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, notObservable } from '../findings.ts';
import { describeReading } from '../ledger/io-ledger.ts';
import type { Rule } from '../rule.ts';

const BLOCK_BYTES = 512;

/** A snapshot of one unit. */
const nameOf = (luName: string, snapshot: string): string => `${luName} ${snapshot}`;

/** The blocks in which two images of a unit differ, as far as both were read. */
function* differences(one: ImageRead, other: ImageRead): Iterable<number> {
  const first = Math.max(one.lba, other.lba);
  const end = Math.min(one.lba + one.blocks, other.lba + other.blocks);
  const blockOf = ({ data, lba: from }: ImageRead, lba: number): Uint8Array =>
    data.subarray((lba - from) * BLOCK_BYTES, (lba - from + 1) * BLOCK_BYTES);
  for (let lba = first; lba < end; lba++) {
    const there = blockOf(other, lba);
    if (blockOf(one, lba).some((byte, i) => byte !== there[i])) yield lba;
  }
}

/** What was changed from the cut of one snapshot to that of the next. */
interface Era {
  readonly snapshot: string;
  readonly changed: Set<number>;
}

/** I34: what a map says was changed since a snapshot has all that was. */
export class MapIsSound implements Rule {
  readonly invariant = 'I34';
  readonly sentence = 'The changed-block map names every block written since its reference';
  readonly needs: readonly Evidence[] = ['snapshot', 'changed-blocks', 'apply'];
  readonly hears: readonly Evidence[] = ['snapshot', 'changed-blocks', 'apply', 'image'];
  readonly #places: PlaceIndex;
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  /** Without a unit that can be cut nothing is followed. */
  readonly #active: boolean;
  /** By unit, in the order of their cuts. */
  readonly #eras = new Map<string, Era[]>();
  readonly #images = new Map<string, ImageRead>();
  #answers = 0;
  #unknown = 0;
  #blocks = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#places = context.places;
    this.#active = context.places.keepsSnapshots;
  }

  observe({ event }: HistoryEntry): void {
    if (!this.#active) return;
    switch (event.type) {
      case 'apply':
        this.#apply(event);
        return;
      case 'snapshot':
        this.#snapshot(event);
        return;
      case 'image':
        if (event.of === 'snapshot') this.#remember(event);
        return;
      case 'changed-blocks':
        this.#check(event);
    }
  }

  #apply({ blocks, lba, luName }: BlocksApplied): void {
    const era = this.#eras.get(luName)?.at(-1);
    if (era === undefined) return;
    for (let i = lba; i < lba + blocks; i++) era.changed.add(i);
  }

  #snapshot({ changed = [], luName, snapshot, state }: SnapshotChanged): void {
    const eras = this.#eras.get(luName) ?? [];
    this.#eras.set(luName, eras);
    if (state === 'cut') eras.push({ snapshot, changed: new Set() });
    else if (state === 'reverted') {
      for (const { blocks, lba } of changed) {
        for (let i = lba; i < lba + blocks; i++) eras.at(-1)?.changed.add(i);
      }
    }
  }

  #remember(image: ImageRead): void {
    const name = nameOf(image.luName, image.snapshot);
    if (!this.#images.has(name)) this.#images.set(name, image);
  }

  #check({ changed, keeper, luName, since, until }: ChangesTold): void {
    if (changed === undefined) {
      this.#unknown++;
      return;
    }
    this.#answers++;
    const said = new Set<number>();
    for (const { blocks, lba } of this.#withinImages(luName, since, changed)) {
      for (let i = lba; i < lba + blocks; i++) said.add(i);
    }
    const missing = new Set<number>();
    for (const lba of this.#since(luName, since, until)) {
      this.#blocks++;
      if (!said.has(lba)) missing.add(lba);
    }
    const images = [since, until].map((one) => this.#images.get(nameOf(luName, one)));
    const [before, after] = images;
    if (before !== undefined && after !== undefined) {
      for (const lba of differences(before, after)) if (!said.has(lba)) missing.add(lba);
    }
    const [first] = [...missing].sort((a, b) => a - b);
    if (first === undefined) return;
    const others = missing.size === 1 ? '' : ` and ${missing.size - 1} more`;
    this.#findings.add(
      `the map that the ${keeper} keeps of ${this.#places.unit(luName)} says nothing of LBA ${first}${others}, changed between ${since} and ${until}`,
      this.#context.ios.framesOfBlock(luName, first),
      `${this.#places.unitName(luName)}, LBA ${first}`,
    );
  }

  /** Runs of a map may be long past the end of the unit: what nobody has written there is not gone through. */
  #withinImages(
    luName: string,
    since: string,
    changed: NonNullable<ChangesTold['changed']>,
  ): NonNullable<ChangesTold['changed']> {
    const last = Math.max(
      ...(this.#eras.get(luName) ?? []).flatMap((era) => [...era.changed]),
      (this.#images.get(nameOf(luName, since))?.blocks ?? 1) - 1,
    );
    return changed.map(({ blocks, lba }) => ({ lba, blocks: Math.min(blocks, last + 1 - lba) }));
  }

  /** Everything that was changed from one cut to the other; to now where the other is not known. */
  #since(luName: string, since: string, until: string): Set<number> {
    const eras = this.#eras.get(luName) ?? [];
    const from = eras.findLastIndex((era) => era.snapshot === since);
    const to = eras.findLastIndex((era) => era.snapshot === until);
    if (from < 0) return new Set();
    const between = eras.slice(from, to > from ? to : undefined);
    return new Set(between.flatMap((era) => [...era.changed]));
  }

  conclude() {
    if (this.#answers === 0 && this.#findings.count === 0) {
      return notObservable(`maps were asked ${this.#unknown} times, and knew nothing`);
    }
    const unknown = this.#unknown === 0 ? '' : `, and ${this.#unknown} that it is not known`;
    return this.#findings.conclude(
      `${this.#answers} answers of maps have all ${this.#blocks} blocks that were changed${unknown}`,
    );
  }
}

/** I35: a full backup and its increments give back what was cut. */
export class RestoreIsWhole implements Rule {
  readonly invariant = 'I35';
  readonly sentence = 'An incremental restore gives the same bytes as a full one';
  readonly needs: readonly Evidence[] = ['image', 'backup'];
  readonly hears: readonly Evidence[] = ['image', 'backup'];
  readonly #context: Pick<RuleContext, 'ios' | 'places' | 'readings'>;
  readonly #findings = new Findings();
  readonly #images = new Map<string, ImageRead>();
  #blocks = 0;
  #restored = 0;
  #failed = 0;

  constructor(context: Pick<RuleContext, 'ios' | 'places' | 'readings'>) {
    this.#context = context;
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'image') {
      if (event.of === 'restore') this.#compare(event);
      else if (!this.#images.has(nameOf(event.luName, event.snapshot))) {
        this.#images.set(nameOf(event.luName, event.snapshot), event);
      }
    } else if (event.type === 'backup' && event.step === 'failed') this.#failed++;
  }

  #compare(restored: ImageRead): void {
    const { luName, snapshot } = restored;
    const image = this.#images.get(nameOf(luName, snapshot));
    if (image === undefined) return;
    this.#restored++;
    this.#blocks += Math.min(restored.blocks, image.blocks);
    const wrong = [...differences(restored, image)];
    const [first] = wrong;
    if (first === undefined) return;
    const { ios, places, readings } = this.#context;
    // Each list is made anew for the next event.
    const [there] = readings.of(image).slice(first - image.lba);
    const [here] = readings.of(restored).slice(first - restored.lba);
    const others = wrong.length === 1 ? '' : `, and ${wrong.length - 1} blocks more are not either`;
    this.#findings.add(
      `LBA ${first} of ${places.unit(luName)} was restored as ${describeReading(here)} and is ${describeReading(there)} in snapshot ${snapshot}${others}`,
      ios.framesOfBlock(luName, first),
      `${places.unitName(luName)}, LBA ${first}`,
    );
  }

  conclude() {
    const failed = this.#failed === 0 ? '' : `; ${this.#failed} backups came to nothing and say so`;
    return this.#findings.concludeOf(
      this.#restored,
      `${this.#blocks} blocks restored, each as it was cut${failed}`,
      `nothing was restored${failed}`,
    );
  }
}
