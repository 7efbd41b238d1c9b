/** I/Os that have not ended, by virtual machine and number: for everybody who follows guests' I/O. */

/** What names an I/O. */
export interface IoName {
  readonly vm: string;
  readonly io: number;
}

/** I/Os under way, each with what its follower knows of it. */
export class OpenIos<T> {
  readonly #byVm = new Map<string, Map<number, T>>();
  readonly #highest = new Map<string, number>();
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** An I/O begins. */
  begin({ vm, io }: IoName, known: T): void {
    let ofVm = this.#byVm.get(vm);
    if (ofVm === undefined) {
      ofVm = new Map();
      this.#byVm.set(vm, ofVm);
    }
    const before = ofVm.size;
    ofVm.set(io, known);
    this.#size += ofVm.size - before;
    if (io > (this.#highest.get(vm) ?? 0)) this.#highest.set(vm, io);
  }

  /** What is known of an I/O; `undefined` for one that is not under way. */
  get({ vm, io }: IoName): T | undefined {
    return this.#byVm.get(vm)?.get(io);
  }

  /** An I/O has ended: what was known of it. */
  end({ vm, io }: IoName): T | undefined {
    const ofVm = this.#byVm.get(vm);
    const known = ofVm?.get(io);
    if (ofVm?.delete(io) === true) this.#size--;
    return known;
  }

  /** A virtual machine is gone: forgets its I/Os, and says how many they were. */
  lose(vm: string): number {
    const lost = this.#byVm.get(vm)?.size ?? 0;
    this.#byVm.delete(vm);
    this.#size -= lost;
    return lost;
  }

  /** The I/Os of one virtual machine, oldest first. */
  of(vm: string): Iterable<T> {
    return this.#byVm.get(vm)?.values() ?? [];
  }

  /** The highest number that a virtual machine has begun; 0 without any. */
  highest(vm: string): number {
    return this.#highest.get(vm) ?? 0;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const ofVm of this.#byVm.values()) yield* ofVm.values();
  }
}
