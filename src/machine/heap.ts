/**
 * A heap of numbered items in the order (time, order of entry), four children to a place.
 *
 * Everything lies in arrays of numbers: an item that moves touches no object, and nothing is
 * allocated for one. What an item is, its number, from 0, says to the heap's owner alone.
 */

const PLACES_MIN = 8;

/** Items by number; the one that is due first is always known. Times are nanoseconds. */
export class TimeHeap {
  #times: Float64Array;
  #orders: Float64Array;
  #items: Int32Array;
  #size = 0;

  /** `places`: how many items there is room for at first; the heap grows by itself. */
  constructor(places = PLACES_MIN) {
    this.#times = new Float64Array(places);
    this.#orders = new Float64Array(places);
    this.#items = new Int32Array(places);
  }

  /** How many items it holds. */
  get size(): number {
    return this.#size;
  }

  /** The time of the first item; only while there is one. */
  get firstTime(): number {
    return this.#times[0]!;
  }

  /** The first item: of those with the earliest time, the one with the lowest order. */
  get first(): number {
    return this.#items[0]!;
  }

  /** Adds an item. Its order is its owner's count of entries, so that no two are alike. */
  add(time: number, order: number, item: number): void {
    if (this.#size === this.#items.length) this.#grow();
    this.#siftUp(this.#size++, time, order, item);
  }

  /** Takes the first item out; only while there is one. */
  removeFirst(): void {
    const last = --this.#size;
    if (last === 0) return;
    this.#siftDown(this.#times[last]!, this.#orders[last]!, this.#items[last]!);
  }

  /** Rebuilds itself from the items that `keeps` is true for, asked once for each. */
  keepOnly(keeps: (item: number) => boolean): void {
    const size = this.#size;
    this.#size = 0;
    for (let at = 0; at < size; at++) {
      const item = this.#items[at]!;
      if (keeps(item)) this.#siftUp(this.#size++, this.#times[at]!, this.#orders[at]!, item);
    }
  }

  #grow(): void {
    const places = this.#items.length * 2;
    const times = new Float64Array(places);
    const orders = new Float64Array(places);
    const items = new Int32Array(places);
    times.set(this.#times);
    orders.set(this.#orders);
    items.set(this.#items);
    this.#times = times;
    this.#orders = orders;
    this.#items = items;
  }

  #siftUp(from: number, time: number, order: number, item: number): void {
    const times = this.#times;
    const orders = this.#orders;
    const items = this.#items;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime < time || (parentTime === time && orders[parent]! < order)) break;
      times[hole] = parentTime;
      orders[hole] = orders[parent]!;
      items[hole] = items[parent]!;
      hole = parent;
    }
    times[hole] = time;
    orders[hole] = order;
    items[hole] = item;
  }

  /** Fills the first place, which is empty, with what was at the last. */
  #siftDown(time: number, order: number, item: number): void {
    const times = this.#times;
    const orders = this.#orders;
    const items = this.#items;
    const size = this.#size;
    let hole = 0;
    for (;;) {
      const first = hole * 4 + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      let leastTime = times[first]!;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child]!;
        if (childTime < leastTime || (childTime === leastTime && orders[child]! < orders[least]!)) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && order < orders[least]!)) break;
      times[hole] = leastTime;
      orders[hole] = orders[least]!;
      items[hole] = items[least]!;
      hole = least;
    }
    times[hole] = time;
    orders[hole] = order;
    items[hole] = item;
  }
}
