/**
 * A guest at work on volumes: its I/Os become I/Os of its host on logical units, and it hears of its own when all of
 * their parts are done.
 *
 * Ownership: the guest's work and its volumes go with it from host to host. Each host assembles the volumes anew from
 * what it finds (`assemble`) before the guest runs there. Writes go to every leg of a mirror, reads to the one that
 * answers soonest. Of a quorum an I/O is done when more than half of the units have answered; a read takes the newest of
 * what they hold, and what answers later is no more waited for.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { ChainEvent, ChainRead, VolumeIo, VolumePart } from '../history/chain.ts';
import type { Instant } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import type { CoherentCache } from './coherent-cache.ts';
import type { CopyRoute } from './disk-copy.ts';
import { MovedDisk, type MovedDiskOwner } from './moved-disk.ts';
import { NearestLeg } from './nearest-leg.ts';
import {
  Volume,
  type VolumeCacheOptions,
  type VolumeExtent,
  type VolumeOptions,
} from './volume.ts';
import { VolumeCache } from './volume-cache.ts';
import { VolumeCopies } from './volume-copies.ts';
import type { VolumeCopy } from './volume-copy.ts';
import { type IoPart, type PartOptions, VolumeParts, type WholeIo } from './volume-parts.ts';
import { VolumeStore } from './volume-store.ts';
import {
  type GuestIo,
  type GuestWork,
  stampedFor,
  Workload,
  type WorkloadOptions,
} from './workload.ts';

/** I/Os that may end at once, one behind the other: reads of nothing, writes without room. */
const INSTANT_ENDS_MAX = 1000;

/** Of a cache that is a unit: its place among the units of its volume. */
const STORE_MEMBER = 1;

/** What the host that runs the guest does for it. */
export interface VolumeHost {
  readonly now: Instant;
  emit(event: Exclude<ChainEvent, ChainRead>): void;
  after(delayNs: number, run: () => void): unknown;
  /** There may be more to send. */
  pump(): void;
  /** The host's own copies of a unit, where it keeps such. */
  copiesOf?(luName: string): CoherentCache | undefined;
  /** The same of what is the host's own. */
  pumpOwn(): void;
}

const NO_HOST: VolumeHost = { now: 0, emit() {}, after() {}, pump() {}, pumpOwn() {} };

/** Of what two units hold of a block the newer; each write has a higher version than those before it. */
function newer(one: StampReading, other: StampReading): StampReading {
  if (one.found !== 'stamp' || other.found === 'wrong') return other;
  return other.found === 'stamp' && other.version > one.version ? other : one;
}

/** What was written, or read, is in the cache from now on; where that had something it is newer than the unit. */
function fillFrom(cache: VolumeCache, { io, readings }: WholeIo, written: StampReading[]): void {
  if (io.op === 'write') cache.fill(io.lba, written);
  else cache.complete(io.lba, readings);
}

/** A guest whose disks are volumes. */
export class VolumeWork implements GuestWork {
  readonly volumes: Volume[];
  /** The caches of those that have one. */
  readonly caches: readonly (VolumeCache | undefined)[];
  /** Of those whose cache is a unit: what that has. */
  readonly stores: readonly (VolumeStore | undefined)[];
  /** Its disk that goes along in a move. */
  readonly movedDisk: MovedDisk;
  readonly #copies: VolumeCopies<WholeIo>;
  #host: VolumeHost = NO_HOST;
  readonly #vm: string;
  readonly #work: Workload;
  readonly #parts: VolumeParts;
  /** Where each volume's units are, as this host has assembled it: identities in the order of the map. */
  #maps: readonly (readonly string[])[] = [];
  readonly #legs = new NearestLeg();

  constructor(
    vm: string,
    volumes: readonly VolumeOptions[],
    options: WorkloadOptions,
    random: RandomStream,
    firstId = 1,
  ) {
    this.#vm = vm;
    this.volumes = volumes.map((one) => new Volume(one));
    const isOwn = ({ atMove }: VolumeCacheOptions): boolean =>
      atMove === 'carried' || atMove === 'dropped';
    this.caches = volumes.map(({ cache }) =>
      cache !== undefined && isOwn(cache) ? new VolumeCache(cache) : undefined,
    );
    this.stores = volumes.map(({ cache }) =>
      cache?.atMove === 'shared' ? new VolumeStore(cache.blocks) : undefined,
    );
    this.#copies = new VolumeCopies(this.volumes, (whole) => {
      this.#finish(whole);
      this.#thinkOn();
    });
    const ids = volumes.map(({ name }) => luIdOf(`volume ${vm} ${name}`, 0));
    this.#work = new Workload(options, random, ids, firstId);
    this.#parts = new VolumeParts(firstId);
    this.movedDisk = new MovedDisk(this.#parts, this.#mover());
  }

  /** What the copy of a disk asks of the guest's work. */
  #mover(): MovedDiskOwner {
    const work = this;
    return {
      vm: this.#vm,
      get writerId() {
        return work.options.writerId;
      },
      get host() {
        return work.#host;
      },
      volumes: this.volumes,
      end: (whole) => this.#end(whole, true),
      put: (disk, luName) => {
        this.#maps = this.#maps.map((one, i) => (i === disk ? [luName] : one));
      },
    };
  }

  get options(): WorkloadOptions {
    return this.#work.options;
  }

  get outstanding(): number {
    return this.#work.outstanding;
  }

  get allowance(): number {
    return this.#work.allowance;
  }

  set allowance(ios: number) {
    this.#work.allowance = ios;
  }

  get luNames(): readonly string[] {
    return this.volumes.flatMap(({ options }) => options.members.map(({ luName }) => luName));
  }

  busy(): Iterable<readonly [luName: string, lba: number]> {
    return this.#parts.blocks();
  }

  /** The host finds these units and makes the volumes of them. Gives what is missing; `undefined` where nothing is. */
  assemble(found: readonly string[], host: VolumeHost): string | undefined {
    this.#host = host;
    this.#legs.forget();
    for (const { options } of this.volumes) {
      const missing = options.members.find(({ luName }) => !found.includes(luName));
      if (missing !== undefined)
        return `volume ${options.name} lacks logical unit ${missing.luName}`;
    }
    this.#maps = this.volumes.map(({ options }) => this.order(options, found));
    const without = this.#copies.arrive((disk) => host.copiesOf?.(this.#maps[disk]![0]!));
    if (without !== undefined) return `volume ${without} has no port here to keep its cache equal`;
    for (const [i, { options }] of this.volumes.entries()) {
      const { kind, name: volume } = options;
      host.emit({ type: 'volume', vm: this.#vm, volume, kind, luNames: this.#maps[i]! });
    }
    return undefined;
  }

  /** The units of a volume in the order of its map; `found` is in the order of LUNs. */
  order({ by, members }: VolumeOptions, found: readonly string[]): readonly string[] {
    const names = members.map(({ luName }) => luName);
    return by === 'lun' ? found.filter((one) => names.includes(one)) : names;
  }

  /** Where a block of a volume lies; `undefined` for a volume that is not there. */
  placesOf(name: string, lba: number): { luName: string; lba: number }[] | undefined {
    const volume = this.volumes.find(({ options }) => options.name === name);
    if (volume === undefined || lba >= volume.options.blocks) return undefined;
    const extents = volume.place(lba, 1, false) ?? [];
    return extents.map((one) => ({ luName: this.#nameAt(volume, one.member), lba: one.lba }));
  }

  next(now: Instant): GuestIo | undefined {
    for (let begun = 0; begun <= INSTANT_ENDS_MAX; begun++) {
      const part = this.#parts.waiting.shift() ?? this.#flush();
      if (part !== undefined) return part;
      const io = this.#work.next(now);
      if (io === undefined) return undefined;
      this.#begin(io);
    }
    return undefined;
  }

  /** I/Os of the copy of a disk, and writes that waited for it. */
  nextOfHost(): GuestIo | undefined {
    return this.movedDisk.isAtWork ? this.#parts.waiting.shift() : undefined;
  }

  #begin(io: GuestIo): void {
    const volume = this.volumes[io.disk]!;
    const cache = this.caches[io.disk];
    const hit = io.op === 'read' ? this.#hit(io) : undefined;
    const copy = io.op === 'write' ? this.movedDisk.copyOf(io.disk) : undefined;
    const route = copy?.begin(io);
    const extents = hit === undefined ? this.#extentsOf(volume, io) : [];
    const count = extents?.length ?? 0;
    const readings = Array.from({ length: io.blocks }, (): StampReading => ({ found: 'blank' }));
    const isQuorum = volume.options.kind === 'quorum';
    const open = isQuorum && count > 0 ? this.quorumOf(count) : count;
    const whole: WholeIo = {
      ...{ io, volume, open, spare: count - open, isEnded: false, version: 0 },
      ...{ isHeld: false, copied: undefined, mover: undefined },
      beganAt: this.#host.now,
      readings: hit ?? readings,
    };
    const parts = (extents ?? []).map((extent) => this.#partOf(whole, extent));
    if (io.op === 'write') parts.push(...this.#store(whole, io));
    if (copy !== undefined && route !== undefined) this.#alsoTo(copy, route, whole, parts);
    this.#tell('begun', whole, parts);
    if (hit === undefined) this.#copies.enter(whole);
    if (cache?.options.writes === 'write-back' && io.op === 'write') this.#take(whole, cache);
    else if (hit !== undefined) this.#endAfter(whole, volume.options.cache!.hitNs);
    else if (extents === undefined) this.#end(whole, false);
    else if (extents.length === 0) this.#end(whole, true);
  }

  /** What the cache has of a read. */
  #hit({ blocks, disk, lba }: GuestIo): StampReading[] | undefined {
    return (this.#copies.of(disk) ?? this.caches[disk])?.read(lba, blocks);
  }

  /** How many of so many units must have answered. */
  quorumOf(units: number): number {
    return Math.floor(units / 2) + 1;
  }

  /** What is written goes to a cache that is a unit as well: a part that nobody waits for. */
  #store(whole: WholeIo, { blocks, disk, lba }: GuestIo): VolumePart[] {
    const store = this.stores[disk];
    if (store === undefined) return [];
    const extent = { member: STORE_MEMBER, lba, blocks, volumeLba: lba };
    return [this.#partOf(whole, extent, { store: store.begin(lba, blocks, false) })];
  }

  /** What was read goes there, too. */
  #fill(whole: WholeIo): void {
    const { io, readings } = whole;
    const store = this.stores[io.disk];
    for (const fill of store?.fills(io.lba, readings, this.options.writerId) ?? []) {
      const { blocks, lba } = fill;
      const extent = { member: STORE_MEMBER, lba, blocks, volumeLba: lba };
      const isFill = true;
      const part = this.#partOf(whole, extent, { store: store!.begin(lba, blocks, true), isFill });
      const { writerId } = this.options;
      const volume = whole.volume.options.name;
      const { version } = fill;
      this.#host.emit({ type: 'volume-filled', vm: this.#vm, volume, writerId, version, part });
    }
  }

  /** A write while its disk is copied: it goes to the copy too, and perhaps not now. */
  #alsoTo(copy: VolumeCopy, route: CopyRoute, whole: WholeIo, parts: VolumePart[]): void {
    whole.mover = route === 'both-later' ? undefined : copy;
    if (route === 'source') return;
    const { blocks, lba } = whole.io;
    parts.push(
      this.#partOf(whole, { member: 0, lba, blocks, volumeLba: lba }, { copyTo: copy.to }),
    );
    whole.open++;
    if (route === 'both') return;
    copy.hold(whole.io, this.#parts.waiting.splice(-parts.length), () => {
      whole.mover = copy;
    });
  }

  #partOf(whole: WholeIo, extent: VolumeExtent, options: PartOptions = {}): VolumePart {
    const luName = options.copyTo ?? this.#nameAt(whole.volume, extent.member);
    return this.#parts.begin({ whole, extent, luName }, this.#host.now, options);
  }

  /** A write is in the cache, and goes to the unit later. */
  #take(whole: WholeIo, cache: VolumeCache): void {
    for (const part of this.#parts.waiting.splice(0)) {
      cache.hold(part);
      cache.fill(part.lba, this.#stamps(part));
    }
    this.#endAfter(whole, cache.options.hitNs);
  }

  #flush(): GuestIo | undefined {
    for (const cache of this.caches) {
      const held = cache?.next();
      if (held === undefined) continue;
      const part = this.#parts.renumbered(held);
      cache!.sent(held.id, part);
      return part;
    }
    return undefined;
  }

  /** What a write leaves in its blocks. */
  #stamps({ blocks, version }: GuestIo): StampReading[] {
    const { writerId } = this.options;
    return Array.from({ length: blocks }, () => ({ found: 'stamp', writerId, version }));
  }

  #endAfter(whole: WholeIo, delayNs: number): void {
    this.#host.after(delayNs, () => {
      this.#end(whole, true);
      this.#thinkOn();
    });
  }

  #thinkOn(): void {
    this.#host.after(this.options.thinkNs, () => this.#host.pump());
  }

  #extentsOf(
    volume: Volume,
    { blocks, disk, lba, op }: GuestIo,
  ): readonly VolumeExtent[] | undefined {
    const all = volume.place(lba, blocks, op === 'write');
    if (op === 'read' && all !== undefined && this.stores[disk]?.has(lba, blocks) === true)
      return [
        this.#nearest(volume, [...all, { member: STORE_MEMBER, lba, blocks, volumeLba: lba }]),
      ];
    if (op === 'write' || volume.options.kind !== 'mirror' || all === undefined) return all;
    return [this.#nearest(volume, all)];
  }

  #nearest(volume: Volume, legs: readonly VolumeExtent[]): VolumeExtent {
    return this.#legs.pick(legs, ({ member }) => this.#nameAt(volume, member));
  }

  ended(io: GuestIo, good: boolean, readings?: readonly StampReading[], reason?: string): void {
    if (io.ofHost === true && this.movedDisk.ended(io.id, good, readings, reason)) return;
    const part = this.#parts.get(io.id);
    if (part === undefined) return;
    if (!good && this.movedDisk.lost(part.luName, reason)) return;
    this.#parts.delete(io.id);
    if (part.store !== undefined) {
      this.stores[part.whole.io.disk]!.end(part.store, good);
      return;
    }
    const isLeft = this.movedDisk.leftBy(part.luName);
    this.#partEnded(part, io, good || (isLeft && io.op === 'write'), readings);
    // The host asks the guest for more behind the guest's own I/Os.
    if (io.ofHost === true && part.whole.isEnded)
      this.#host.after(this.options.thinkNs, () => this.#host.pump());
  }

  #partEnded(
    part: IoPart,
    io: GuestIo,
    good: boolean,
    readings: readonly StampReading[] | undefined,
  ): void {
    const { extent, whole } = part;
    const cache = this.caches[whole.io.disk];
    const wasFlush = cache?.flushed(io.id) === true;
    if (whole.isEnded) {
      // A write that did not reach its unit goes on waiting.
      if (wasFlush && !good) {
        this.#parts.keep(io.id, part);
        cache!.hold({ ...io, attempts: 0 });
      }
      return;
    }
    if (!good && whole.spare === 0) this.#end(whole, false);
    if (whole.isEnded) return;
    if (!good) {
      whole.spare--;
      return;
    }
    if (io.op === 'read') this.#legs.learn(io.luName, this.#host.now - whole.beganAt);
    whole.open--;
    for (const [i, one] of (readings ?? []).entries()) {
      const at = extent.volumeLba - whole.io.lba + i;
      whole.readings[at] = newer(whole.readings[at]!, one);
    }
    if (io.op === 'write') whole.version = io.version;
    if (whole.open === 0) this.#finish(whole, !wasFlush);
  }

  /** All that it waited for is there. */
  #finish(whole: WholeIo, fills = true): void {
    const { io, readings, version } = whole;
    const cache = this.caches[io.disk];
    if (cache !== undefined || whole.copied !== undefined) {
      const written = this.#stamps({ ...io, version });
      if (cache !== undefined && fills) fillFrom(cache, whole, written);
      this.#copies.end(whole, io.op === 'write' ? written : readings);
    }
    if (io.op === 'read') this.#fill(whole);
    this.#end(whole, true);
  }

  #end(whole: WholeIo, good: boolean): void {
    if (whole.isEnded) return;
    whole.isEnded = true;
    if (!good) this.#copies.end(whole, undefined);
    whole.mover?.copy.end(whole.io, good);
    this.#tell(good ? 'good' : 'failed', whole, []);
    this.#work.ended(whole.io, good, whole.readings);
  }

  /** The guest goes to another host. */
  leave(): void {
    for (const cache of this.caches) cache?.leave();
    this.#copies.leave();
  }

  #tell(state: VolumeIo['state'], whole: WholeIo, parts: readonly VolumePart[]): void {
    const { io, readings, volume } = whole;
    this.#host.emit({
      type: 'volume-io',
      state,
      vm: this.#vm,
      volume: volume.options.name,
      io: io.id,
      op: io.op === 'read' ? 'read' : 'write',
      lba: io.lba,
      blocks: io.blocks,
      writerId: this.options.writerId,
      parts,
      ...(state === 'good' && io.op === 'read' ? { readings: [...readings] } : {}),
    });
  }

  /** The unit that this host has at a place of a volume's map. */
  #nameAt(volume: Volume, member: number): string {
    return this.#maps[this.volumes.indexOf(volume)]?.[member] ?? '';
  }

  dataOf(io: GuestIo): Uint8Array {
    return stampedFor(io, this.options.writerId);
  }

  /** Volumes take no COMPARE AND WRITE. */
  expectedOf(io: GuestIo): Uint8Array {
    return new Uint8Array(io.bytes);
  }
}
