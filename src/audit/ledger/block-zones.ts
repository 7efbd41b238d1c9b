/** The values that one block of a history may hold, each with the span of what was done with it. */

/** A block's value: unique among all writes of that block. */
export type BlockValue = number | string;

/** A read or a write under way. */
export interface HistoryOp {
  readonly kind: 'read' | 'write';
  readonly first: number;
  readonly blocks: number;
  readonly start: number;
  readonly value: BlockValue | undefined;
  /** The caller's own number for it. */
  readonly tag: number;
}

/** A value of one block, with all operations that wrote or saw it. */
export class Zone {
  readonly value: BlockValue;
  readonly write: HistoryOp | undefined;
  /** When its write began. */
  readonly start: number;
  lastStart: number;
  firstEnd: number;

  constructor(value: BlockValue, start: number, firstEnd: number, write: HistoryOp | undefined) {
    this.value = value;
    this.write = write;
    this.start = start;
    this.lastStart = start;
    this.firstEnd = firstEnd;
  }
}

/** What is known of one block. There are many: it is kept small. */
export class BlockState {
  zones: Zone[];
  /** Begins of the reads under way, oldest first. */
  reads: number[] | undefined = undefined;
  /** Values forgotten last: a read of one of them is called stale. */
  retired: BlockValue | undefined = undefined;
  retiredBefore: BlockValue | undefined = undefined;
  /** Every value that the block may hold is among the zones. */
  known: boolean;

  constructor(zones: Zone[], known: boolean) {
    this.zones = zones;
    this.known = known;
  }

  add(zone: Zone): void {
    const { zones } = this;
    // A list that grows by `push` takes room for sixteen more; most never have a third.
    if (zones.length === 1) this.zones = [zones[0]!, zone];
    else zones.push(zone);
  }

  zoneOf(value: BlockValue): Zone | undefined {
    const { zones } = this;
    for (let i = zones.length - 1; i >= 0; i--) if (zones[i]!.value === value) return zones[i];
    return undefined;
  }

  wasRetired(value: BlockValue): boolean {
    return value === this.retired || value === this.retiredBefore;
  }

  beginRead(start: number): void {
    if (this.reads === undefined) this.reads = [start];
    else this.reads.push(start);
  }

  endRead(start: number): void {
    const { reads } = this;
    if (reads === undefined) return;
    if (reads.length === 1 && reads[0] === start) {
      this.reads = undefined;
      return;
    }
    const at = reads.indexOf(start);
    if (at >= 0) reads.splice(at, 1);
  }

  /** Forgets all but the values whose writes have not ended. */
  forget(): void {
    this.retired = undefined;
    this.retiredBefore = undefined;
    this.zones = this.zones.filter((zone) => zone.firstEnd === Infinity);
  }

  /**
   * Forgets the values that nobody may read any more: another value was begun after their first
   * end, and ended before the oldest read under way began. While one of them still bounds a living
   * value, all stay: they bear each other out.
   */
  retire(now: number): void {
    const { zones } = this;
    if (zones.length < 2) return;
    const oldest = this.reads?.[0] ?? now + 1;
    let dead = 0;
    for (const zone of zones) if (isDead(zone, zones, oldest)) dead++;
    if (dead === 0) return;
    const living: Zone[] = [];
    for (const zone of zones) if (!isDead(zone, zones, oldest)) living.push(zone);
    for (const zone of zones) {
      if (living.includes(zone)) continue;
      for (const other of living) if (zone.lastStart > other.firstEnd) return;
    }
    for (const zone of zones) {
      if (living.includes(zone)) continue;
      this.retiredBefore = this.retired;
      this.retired = zone.value;
    }
    this.zones = living.length === 1 ? [living[0]!] : living;
  }
}

/** No read that begins at `oldest` or later may see this value. */
function isDead(zone: Zone, zones: readonly Zone[], oldest: number): boolean {
  for (const other of zones) {
    if (other !== zone && zone.firstEnd < other.lastStart && other.firstEnd < oldest) return true;
  }
  return false;
}

/** The value that was there before the history began. */
export function before(value: BlockValue): Zone {
  return new Zone(value, -1, 0, undefined);
}
