/**
 * What two arrays with a leg each have answered, by what both tell: no guest is heard. Of each block it is known which
 * writes were answered, and what each leg holds.
 *
 * A leg may hold what the last answered write left, or what a later one did that was not answered. Anything older that is
 * known means that an answered write is gone; what nobody told of says nothing.
 */
import type {
  BlocksApplied,
  ChangeSettled,
  CommandDone,
  CommandName,
  HistoryEntry,
  PairChanged,
  PairState,
  PlaceIndex,
} from '../../history/index.ts';
import { Findings } from '../findings.ts';
import { Legs } from './legs.ts';
import { remember } from './remember.ts';

const GOOD = 0;
/** Writes that have not been answered: of more the oldest are forgotten. */
const OPEN_MAX = 100_000;
/** Contents of a block that are remembered as older than the last answered one. */
const OLDER_MAX = 64;
const BLANK = 0;

/** A command that changed blocks for a host. */
interface Write {
  readonly luName: string;
  readonly blocks: Map<number, number>;
  /** The arrays were together when it reached the first leg, and since. */
  isTogether: boolean;
  isGood: boolean;
  isAnswered: boolean;
}

/** What is known of a block: contents since the last answered write, which is the first of them, and some before. */
interface Block {
  since: { readonly content: number; readonly write: Write }[];
  readonly older: Set<number>;
  /** It has been said that the answered one is gone. */
  isTold: boolean;
}

const keyOf = (node: string, { nexus, tag }: CommandName): string =>
  `${node} ${nexus.initiator} ${nexus.target} ${nexus.epoch} ${tag}`;

/** Follows them. */
export class AnsweredWrites {
  readonly #places: PlaceIndex;
  readonly #isKnown: (node: string) => boolean;
  readonly #legs = new Legs();
  readonly #open = new Map<string, Write>();
  readonly #units = new Map<string, Map<number, Block>>();
  readonly #stands = new Map<string, PairChanged>();
  /** Who has answered what the other does not have, since both were together. */
  readonly #alone = new Set<string>();
  /** Answered writes that are gone. */
  readonly lost = new Findings();
  /** Legs that differ. */
  readonly unequal = new Findings();
  readonly split = new Findings();
  answered = 0;
  mirrored = 0;
  /** Blocks in which answered writes were looked for, and those in which legs were compared. */
  checked = 0;
  compared = 0;

  /** `isKnown`: what an array did until now is told without a gap. */
  constructor(places: PlaceIndex, isKnown: (node: string) => boolean) {
    this.#places = places;
    this.#isKnown = isKnown;
  }

  observe({ event, node }: HistoryEntry): void {
    switch (event.type) {
      case 'pair':
        this.#changed(node, event);
        return;
      case 'apply':
        this.#apply(node, event);
        return;
      case 'command-done':
        this.#done(node, event);
        return;
      case 'change-settled':
        this.#settled(node, event);
    }
  }

  /** An array has begun anew: its legs are empty. */
  begin(node: string): void {
    this.#legs.forget(node);
    this.#stands.delete(node);
    for (const key of this.#open.keys()) if (key.startsWith(`${node} `)) this.#open.delete(key);
  }

  /** How an array stands. */
  standOf(node: string): PairChanged | undefined {
    return this.#stands.get(node);
  }

  get #nodes(): string[] {
    return [...this.#stands.keys()];
  }

  get #areTogether(): boolean {
    const all = [...this.#stands.values()];
    return all.length > 1 && all.every(({ state }) => state === 'in-sync');
  }

  #othersOf(node: string): string[] {
    return this.#nodes.filter((one) => one !== node);
  }

  #changed(node: string, event: PairChanged): void {
    const isNew = this.#stands.get(node)?.state !== event.state;
    this.#stands.set(node, event);
    if (isNew && event.state === 'in-sync') this.#check(node);
    if (!this.#areTogether) {
      for (const write of this.#open.values()) write.isTogether = false;
      return;
    }
    this.#alone.clear();
    if (isNew) this.#compare();
  }

  #apply(node: string, event: BlocksApplied): void {
    const luName = this.#places.originalOf(event.luName);
    if (!this.#places.isStretched(luName)) return;
    this.#legs.apply(luName, node, event);
    const { blocks, lba: first } = event;
    if (event.luName !== luName && this.#stands.get(node)?.leads !== true) {
      // It comes from who leads: of one whose end is not told it may be what nobody knows of.
      const isTold = this.#othersOf(node).every((one) => this.#isKnown(one));
      for (let lba = first; !isTold && lba < first + blocks; lba++)
        this.#units.get(luName)?.delete(lba);
      return;
    }
    const key = keyOf(node, event);
    const write = this.#open.get(key) ?? {
      ...{ luName, blocks: new Map(), isGood: false, isAnswered: false },
      isTogether: this.#areTogether,
    };
    remember(this.#open, key, write, OPEN_MAX);
    for (let lba = first; lba < first + blocks; lba++) {
      const content = this.#legs.at(luName, node, lba);
      write.blocks.set(lba, content);
      this.#blockOf(luName, lba).since.push({ content, write });
    }
  }

  #blockOf(luName: string, lba: number): Block {
    const unit = this.#units.get(luName) ?? new Map<number, Block>();
    this.#units.set(luName, unit);
    const block = unit.get(lba) ?? { since: [], older: new Set([BLANK]), isTold: false };
    unit.set(lba, block);
    return block;
  }

  #done(node: string, event: CommandDone): void {
    const key = keyOf(node, event);
    const write = this.#open.get(key);
    if (write === undefined) return;
    write.isGood = event.status === GOOD;
    if (!write.isGood) this.#open.delete(key);
  }

  #settled(node: string, event: ChangeSettled): void {
    const key = keyOf(node, event);
    const write = this.#open.get(key);
    if (write === undefined) return;
    this.#open.delete(key);
    if (!event.answers || !write.isGood) return;
    write.isAnswered = true;
    this.answered++;
    this.#mirror(node, write);
    for (const [lba, content] of write.blocks) this.#keep(write, lba, content);
  }

  /** The write has been answered: what blocks held before is older. */
  #keep(write: Write, lba: number, content: number): void {
    const block = this.#blockOf(write.luName, lba);
    const at = block.since.findLastIndex((one) => one.write === write);
    if (at < 0) return;
    for (const { content: before } of block.since.slice(0, at)) {
      if (block.older.size >= OLDER_MAX) block.older.delete(block.older.values().next().value!);
      block.older.add(before);
    }
    block.since = block.since.slice(at);
    block.isTold = false;
    block.older.delete(content);
  }

  /** Whether the other leg had it when it was answered. */
  #mirror(node: string, write: Write): void {
    const { luName } = write;
    for (const other of this.#othersOf(node)) {
      const missing = [...write.blocks].find(
        ([lba, content]) => this.#legs.at(luName, other, lba) !== content,
      );
      const { state } = this.#stands.get(other)!;
      const isAlone = this.#stands.get(node)?.state === 'detached';
      if (missing !== undefined && (isAlone || state === 'detached')) this.#goAlone(node, luName);
      if (!write.isTogether || !this.#areTogether || !this.#isKnown(other)) continue;
      this.mirrored++;
      if (missing === undefined) continue;
      const [lba] = missing;
      this.unequal.add(
        `LBA ${lba} of ${this.#places.unit(luName)} was answered by ${node} before it was on the leg at ${other}, although the arrays were together`,
        [],
        `LBA ${lba} of ${this.#places.unitName(luName)}`,
        `early at ${node}`,
      );
    }
  }

  #goAlone(node: string, luName: string): void {
    if (this.#alone.has(node)) return;
    this.#alone.add(node);
    if (this.#alone.size < 2) return;
    const both = [...this.#alone].sort().join(' and ');
    this.split.add(
      `split brain: ${both} have both answered writes to ${this.#places.unit(luName)} that the other does not have`,
      [],
      this.#places.unitName(luName),
    );
  }

  /** An array serves with what its leg holds: every answered write must be in it. */
  #check(node: string): void {
    for (const [luName, unit] of this.#units) {
      for (const [lba, block] of unit) {
        const { isTold, older, since } = block;
        if (since[0]?.write.isAnswered !== true || isTold) continue;
        this.checked++;
        const content = this.#legs.at(luName, node, lba);
        if (since.some((one) => one.content === content) || !older.has(content)) continue;
        this.lost.add(
          `LBA ${lba} of ${this.#places.unit(luName)} holds older data at ${node} than the last write that was answered`,
          [],
          `LBA ${lba} of ${this.#places.unitName(luName)}`,
          `lost at ${node}`,
        );
        block.isTold = true;
      }
    }
  }

  /** Both are together: legs are equal but for writes under way. */
  #compare(): void {
    const [first, second] = this.#nodes;
    if (!this.#nodes.every((one) => this.#isKnown(one))) return;
    for (const [luName, unit] of this.#units) {
      for (const [lba, { since }] of unit) {
        if (since.length !== 1 || !since[0]!.write.isAnswered) continue;
        this.compared++;
        if (this.#legs.at(luName, first!, lba) === this.#legs.at(luName, second!, lba)) continue;
        this.unequal.add(
          `LBA ${lba} of ${this.#places.unit(luName)} is not the same at ${first} and ${second}, although both say that they are in sync`,
          [],
          `LBA ${lba} of ${this.#places.unitName(luName)}`,
          'unequal',
        );
      }
    }
  }

  /** Everything is told: who serves has what was answered. */
  end(): void {
    const all = this.#nodes;
    const stateOf = (node: string): PairState => this.#stands.get(node)!.state;
    const whole = all.filter((node) => stateOf(node) === 'detached' || stateOf(node) === 'source');
    for (const node of this.#areTogether ? all : whole) if (this.#isKnown(node)) this.#check(node);
    if (this.#areTogether) this.#compare();
  }
}
