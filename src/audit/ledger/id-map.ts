/**
 * Values by a few ids: which link, which ports, which exchange. A key as a text would have to be made
 * for every frame; here nothing is made.
 */

/** Slots at first; there are more as values come. */
const SLOTS_AT_FIRST = 32;
const IDS_PER_KEY = 4;
/** In the place of a slot: there is none. */
const NONE = -1;

/** Spreads ids that differ in few bits, as those of one fabric do, over all 32 bits. */
function hashOf(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca6b);
  hash ^= Math.imul(c, 0xc2b2_ae35) ^ Math.imul(d, 0x27d4_eb2f);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return hash ^ (hash >>> 13);
}

/**
 * A map whose keys are four ids of 32 bits. At most so many values are kept: the one that was set
 * longest ago is forgotten first.
 */
export class IdMap<V> {
  readonly #most: number;
  #values: (V | undefined)[] = new Array<V | undefined>(SLOTS_AT_FIRST).fill(undefined);
  #ids = new Int32Array(SLOTS_AT_FIRST * IDS_PER_KEY);
  /** The first slot of each chain, and the slot behind each slot in its chain. */
  #chains = new Int32Array(SLOTS_AT_FIRST).fill(NONE);
  #behind = new Int32Array(SLOTS_AT_FIRST);
  /** The slots set next before and next after each, by time. */
  #older = new Int32Array(SLOTS_AT_FIRST);
  #newer = new Int32Array(SLOTS_AT_FIRST);
  #oldest = NONE;
  #newest = NONE;
  /** Slots never used begin here; those given back are chained behind `#free`. */
  #unused = 0;
  #free = NONE;
  #size = 0;

  /** Errors: `RangeError` unless `most` is a positive integer. */
  constructor(most: number) {
    if (!Number.isInteger(most) || most < 1) throw new RangeError('most must be 1 or more');
    this.#most = most;
  }

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /** The value of a key, `undefined` where it has none. */
  get(a: number, b: number, c = 0, d = 0): V | undefined {
    const slot = this.#slotOf(a, b, c, d);
    return slot === NONE ? undefined : this.#values[slot];
  }

  /** Sets a value, now the last to be forgotten. Returns the one that was forgotten for it. */
  set(a: number, b: number, c: number, d: number, value: V): V | undefined {
    let slot = this.#slotOf(a, b, c, d);
    if (slot !== NONE) {
      this.#values[slot] = value;
      this.#leaveOrder(slot);
      this.#enterOrder(slot);
      return undefined;
    }
    const forgotten = this.#size >= this.#most ? this.#forget(this.#oldest) : undefined;
    slot = this.#takeSlot();
    const at = slot * IDS_PER_KEY;
    this.#ids[at] = a;
    this.#ids[at + 1] = b;
    this.#ids[at + 2] = c;
    this.#ids[at + 3] = d;
    this.#values[slot] = value;
    this.#chain(slot);
    this.#enterOrder(slot);
    this.#size++;
    return forgotten;
  }

  /** Forgets a key. Returns its value. */
  delete(a: number, b: number, c = 0, d = 0): V | undefined {
    const slot = this.#slotOf(a, b, c, d);
    return slot === NONE ? undefined : this.#forget(slot);
  }

  /** The value that was set longest ago. */
  get oldest(): V | undefined {
    return this.#oldest === NONE ? undefined : this.#values[this.#oldest];
  }

  /** Forgets the value that was set longest ago, and returns it. */
  forgetOldest(): V | undefined {
    return this.#oldest === NONE ? undefined : this.#forget(this.#oldest);
  }

  /** Forgets all. */
  clear(): void {
    while (this.#oldest !== NONE) this.#forget(this.#oldest);
  }

  /** The values, the one that was set longest ago first; the one just handed out may be deleted. */
  *values(): IterableIterator<V> {
    let slot = this.#oldest;
    while (slot !== NONE) {
      const newer = this.#newer[slot]!;
      yield this.#values[slot]!;
      slot = newer;
    }
  }

  #slotOf(a: number, b: number, c: number, d: number): number {
    const ids = this.#ids;
    let slot = this.#chains[hashOf(a, b, c, d) & (this.#chains.length - 1)]!;
    for (; slot !== NONE; slot = this.#behind[slot]!) {
      const at = slot * IDS_PER_KEY;
      if (ids[at + 2] === c && ids[at + 1] === b && ids[at] === a && ids[at + 3] === d) break;
    }
    return slot;
  }

  #chainOf(slot: number): number {
    const at = slot * IDS_PER_KEY;
    const ids = this.#ids;
    const hash = hashOf(ids[at]!, ids[at + 1]!, ids[at + 2]!, ids[at + 3]!);
    return hash & (this.#chains.length - 1);
  }

  #chain(slot: number): void {
    const chain = this.#chainOf(slot);
    this.#behind[slot] = this.#chains[chain]!;
    this.#chains[chain] = slot;
  }

  #unchain(slot: number): void {
    const chain = this.#chainOf(slot);
    let before = this.#chains[chain]!;
    if (before === slot) {
      this.#chains[chain] = this.#behind[slot]!;
      return;
    }
    while (this.#behind[before] !== slot) before = this.#behind[before]!;
    this.#behind[before] = this.#behind[slot]!;
  }

  #enterOrder(slot: number): void {
    this.#older[slot] = this.#newest;
    this.#newer[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else this.#newer[this.#newest] = slot;
    this.#newest = slot;
  }

  #leaveOrder(slot: number): void {
    const older = this.#older[slot]!;
    const newer = this.#newer[slot]!;
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
  }

  #forget(slot: number): V | undefined {
    const value = this.#values[slot];
    this.#unchain(slot);
    this.#leaveOrder(slot);
    this.#values[slot] = undefined;
    this.#behind[slot] = this.#free;
    this.#free = slot;
    this.#size--;
    return value;
  }

  #takeSlot(): number {
    const free = this.#free;
    if (free !== NONE) {
      this.#free = this.#behind[free]!;
      return free;
    }
    if (this.#unused === this.#values.length) this.#grow();
    return this.#unused++;
  }

  /** Only when every slot is taken. */
  #grow(): void {
    const slots = this.#values.length * 2;
    const grown = (before: Int32Array, length: number): Int32Array<ArrayBuffer> => {
      const after = new Int32Array(length);
      after.set(before);
      return after;
    };
    for (let slot = slots / 2; slot < slots; slot++) this.#values.push(undefined);
    this.#ids = grown(this.#ids, slots * IDS_PER_KEY);
    this.#behind = grown(this.#behind, slots);
    this.#older = grown(this.#older, slots);
    this.#newer = grown(this.#newer, slots);
    this.#chains = new Int32Array(slots).fill(NONE);
    for (let slot = 0; slot < slots / 2; slot++) this.#chain(slot);
  }
}
