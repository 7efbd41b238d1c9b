/**
 * A guest at work on volumes: its I/Os become I/Os of its host on logical units, and it hears of its own when all of
 * their parts are done.
 *
 * Ownership: the guest's work and its volumes go with it from host to host. Each host assembles the volumes anew from
 * what it finds (`assemble`) before the guest runs there. Reads of a mirror take its legs in turn, writes go to all.
 */
import { parseHex } from '../codecs/layout/index.ts';
import { STAMP_BYTES, type StampReading } from '../codecs/stamp/index.ts';
import type { VolumeAssembled, VolumeIo, VolumePart } from '../history/chain.ts';
import type { Instant } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { Volume, type VolumeExtent, type VolumeOptions } from './volume.ts';
import {
  type GuestIo,
  type GuestWork,
  stampedFor,
  Workload,
  type WorkloadOptions,
} from './workload.ts';

/** I/Os that may end at once, one behind the other: reads of nothing, writes without room. */
const INSTANT_ENDS_MAX = 1000;

/** An I/O of the guest and the parts of it that are under way. */
interface Whole {
  readonly io: GuestIo;
  readonly volume: Volume;
  open: number;
  good: boolean;
  readonly readings: StampReading[];
}

/** A part of one. */
interface Part {
  readonly whole: Whole;
  readonly extent: VolumeExtent;
}

/** A guest whose disks are volumes. */
export class VolumeWork implements GuestWork {
  readonly volumes: readonly Volume[];
  /** What the host that runs it tells of it. */
  tell: (event: VolumeAssembled | VolumeIo) => void = () => {};
  readonly #vm: string;
  readonly #work: Workload;
  readonly #waiting: GuestIo[] = [];
  readonly #parts = new Map<number, Part>();
  /** Where each volume's units are, as this host has assembled it: identities in the order of the map. */
  #maps: readonly (readonly string[])[] = [];
  #nextPart: number;
  #turn = 0;

  constructor(
    vm: string,
    volumes: readonly VolumeOptions[],
    options: WorkloadOptions,
    random: RandomStream,
    firstId = 1,
  ) {
    this.#vm = vm;
    this.volumes = volumes.map((one) => new Volume(one));
    const ids = volumes.map(({ name }) => luIdOf(`volume ${vm} ${name}`, 0));
    this.#work = new Workload(options, random, ids, firstId);
    this.#nextPart = firstId;
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

  *busy(): Iterable<readonly [luName: string, lba: number]> {
    for (const { extent, whole } of this.#parts.values()) {
      const luName = this.#nameAt(whole.volume, extent.member);
      for (let i = 0; i < extent.blocks; i++) yield [luName, extent.lba + i];
    }
  }

  /** The host finds these units and makes the volumes of them. Gives what is missing; `undefined` where nothing is. */
  assemble(found: readonly string[]): string | undefined {
    for (const { options } of this.volumes) {
      const missing = options.members.find(({ luName }) => !found.includes(luName));
      if (missing !== undefined)
        return `volume ${options.name} lacks logical unit ${missing.luName}`;
    }
    this.#maps = this.volumes.map(({ options }) => this.order(options, found));
    for (const [i, { options }] of this.volumes.entries()) {
      const { kind, name: volume } = options;
      this.tell({ type: 'volume', vm: this.#vm, volume, kind, luNames: this.#maps[i]! });
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
      const part = this.#waiting.shift();
      if (part !== undefined) return part;
      const io = this.#work.next(now);
      if (io === undefined) return undefined;
      this.#begin(io);
    }
    return undefined;
  }

  #begin(io: GuestIo): void {
    const volume = this.volumes[io.disk]!;
    const isWrite = io.op === 'write';
    const extents = this.#extentsOf(volume, io);
    const readings = Array.from({ length: io.blocks }, (): StampReading => ({ found: 'blank' }));
    const whole: Whole = { io, volume, open: extents?.length ?? 0, good: true, readings };
    const parts = (extents ?? []).map((extent): VolumePart => {
      const id = this.#nextPart++;
      this.#parts.set(id, { whole, extent });
      const luName = this.#nameAt(volume, extent.member);
      this.#waiting.push({
        ...io,
        id,
        luName,
        luId: parseHex(luName),
        lba: extent.lba,
        blocks: extent.blocks,
        bytes: extent.blocks * STAMP_BYTES,
        version: isWrite ? id : 0,
      });
      const { blocks, lba, volumeLba } = extent;
      return { io: id, luName, lba, blocks, volumeLba };
    });
    this.#tell('begun', whole, parts);
    if (extents === undefined) this.#end(whole, false);
    else if (extents.length === 0) this.#end(whole, true);
  }

  #extentsOf(volume: Volume, { blocks, lba, op }: GuestIo): readonly VolumeExtent[] | undefined {
    const all = volume.place(lba, blocks, op === 'write');
    if (op === 'write' || volume.options.kind !== 'mirror') return all;
    return [all![this.#turn++ % all!.length]!];
  }

  ended(io: GuestIo, good: boolean, readings?: readonly StampReading[]): void {
    const part = this.#parts.get(io.id);
    if (part === undefined) return;
    this.#parts.delete(io.id);
    const { extent, whole } = part;
    whole.open--;
    whole.good &&= good;
    for (const [i, one] of (readings ?? []).entries()) {
      whole.readings[extent.volumeLba - whole.io.lba + i] = one;
    }
    if (whole.open === 0) this.#end(whole, whole.good);
  }

  #end(whole: Whole, good: boolean): void {
    this.#tell(good ? 'good' : 'failed', whole, []);
    this.#work.ended(whole.io, good, whole.readings);
  }

  #tell(state: VolumeIo['state'], { io, volume }: Whole, parts: readonly VolumePart[]): void {
    this.tell({
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
