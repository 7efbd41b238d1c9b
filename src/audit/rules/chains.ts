/** I51: a block is the same block at every level, from the guest's disk to where its data lie. */
import { parseHex } from '../../codecs/layout/index.ts';
import { readStamp } from '../../codecs/stamp/index.ts';
import {
  type ChainLeg,
  type ChainRead,
  type DiskCopied,
  deviceOf,
  type HistoryEntry,
  type InitiatorDevice,
  type PlaceIndex,
  type VolumeIo,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { UnitPast, type Written } from '../ledger/block-past.ts';
import { BLANK, stampValue } from '../ledger/io-ledger.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** What is known of a volume. */
interface Disk {
  readonly vm: string;
  readonly volume: string;
  past: UnitPast;
  readonly open: Map<number, Written>;
  /** Where each block was when it was last looked at. */
  readonly places: Map<number, string>;
}

/** What is wrong with a chain, and where. */
interface Wrong {
  readonly leg: ChainLeg | undefined;
  readonly words: string;
}

const nameOf = ({ vm, volume }: Pick<Disk, 'vm' | 'volume'>, lba: number): string =>
  `block ${lba} of volume ${volume} of ${vm}`;

const placeText = ({ lba, luName }: { luName: string; lba: number }): string => `${luName} ${lba}`;

/** I51: the chain of a block ends at the same data, by the same names. */
export class ChainsAreTrue implements Rule {
  readonly invariant = 'I51';
  readonly sentence =
    "A block's chain from guest to medium ends at its own data, and by the same names after a move";
  readonly needs: readonly Evidence[] = ['chain', 'volume-io'];
  readonly hears: readonly Evidence[] = [
    'chain',
    'volume-io',
    'disk-copy',
    'snapshot',
    'mask',
    'cache-lost',
  ];
  readonly #places: PlaceIndex;
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #disks = new Map<string, Disk>();
  /** Who has a block of a unit. */
  readonly #owners = new Map<string, { readonly disk: Disk; readonly lba: number }>();
  readonly #masked = new Set<InitiatorDevice | undefined>();
  readonly #deleted = new Set<string>();
  /** Places of a pool that were seen in the look of this time. */
  #lookedAt: TimeNs = -1;
  readonly #pooled = new Map<string, string>();
  #moment = 0;
  #looks = 0;
  #chains = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#places = context.places;
  }

  observe({ at, event }: HistoryEntry): void {
    switch (event.type) {
      case 'chain':
        this.#look(at, event);
        return;
      case 'volume-io':
        this.#volumeIo(event);
        return;
      case 'disk-copy':
        if (event.state === 'switched') this.#switched(event);
        return;
      case 'mask':
        this.#masked.add(event.device);
        return;
      case 'snapshot':
        if (event.state === 'deleted') this.#deleted.add(event.snapshot);
        else if (event.state === 'cut') this.#deleted.delete(event.snapshot);
        else this.#forget();
        return;
      case 'cache-lost':
        this.#forget();
    }
  }

  #diskOf(vm: string, volume: string): Disk {
    const key = `${vm} ${volume}`;
    let disk = this.#disks.get(key);
    if (disk === undefined) {
      disk = { vm, volume, past: new UnitPast(BLANK), open: new Map(), places: new Map() };
      this.#disks.set(key, disk);
    }
    return disk;
  }

  /** A move has taken the disk along, and says so. */
  #switched({ from, to, vm, volume }: DiskCopied): void {
    const { places } = this.#diskOf(vm, volume);
    for (const [lba, place] of places) {
      const [unit, at] = place.split(' ');
      if (unit === from) places.set(lba, `${to} ${at}`);
    }
  }

  /** Units hold what they had before: of no block it is known what it holds. */
  #forget(): void {
    for (const { past } of this.#disks.values()) past.forget(this.#moment++);
    this.#context.volumes.forget();
  }

  #volumeIo(event: VolumeIo): void {
    if (event.op !== 'write') return;
    const { blocks, io, lba, state, vm, volume, writerId } = event;
    const disk = this.#diskOf(vm, volume);
    if (state === 'begun') {
      const value = stampValue({ writerId, version: io });
      disk.open.set(io, disk.past.begin(lba, blocks, value, this.#moment++));
      return;
    }
    const written = disk.open.get(io);
    disk.open.delete(io);
    if (written !== undefined && state === 'good')
      disk.past.end(lba, blocks, written, this.#moment++);
  }

  #look(at: TimeNs, chain: ChainRead): void {
    const { disk: volume, lba, legs, vm } = chain;
    if (at !== this.#lookedAt) {
      this.#lookedAt = at;
      this.#pooled.clear();
      this.#looks++;
    }
    this.#chains++;
    const disk = this.#diskOf(vm, volume);
    for (const { leg, words } of this.#wrongs(disk, lba, legs)) {
      const name = nameOf(disk, lba);
      const frames = leg === undefined ? [] : this.#context.ios.framesOfBlock(leg.luName, leg.lba);
      this.#findings.add(`${name} ${words}`, frames, name);
      // What else is wrong with this block follows from that.
      return;
    }
  }

  /** What is wrong with a chain, from the top. */
  *#wrongs(disk: Disk, lba: number, legs: readonly ChainLeg[]): Iterable<Wrong> {
    yield* this.#otherPlaces(disk, lba, legs);
    for (const leg of legs) {
      const words =
        this.#wrongPath(leg) ?? this.#wrongStore(leg) ?? this.#wrongData(disk, lba, leg);
      if (words !== undefined) yield { leg, words };
    }
    const mayBe = disk.past.at(lba);
    if (legs.length === 0 && !mayBe.some(({ value }) => value === undefined || value === BLANK))
      yield { leg: undefined, words: 'lies nowhere, although it was written' };
  }

  /** The map of a volume stays what it is, and no block belongs to two. */
  *#otherPlaces(disk: Disk, lba: number, legs: readonly ChainLeg[]): Iterable<Wrong> {
    const now = legs.map(placeText).join(', ');
    const before = disk.places.get(lba);
    disk.places.set(lba, now);
    if (before !== undefined && before !== '' && before !== now) {
      const is = now === '' ? 'nowhere' : this.#said(now);
      yield {
        leg: legs[0],
        words: `was ${this.#said(before)} and is ${is}: nobody has declared that`,
      };
    }
    for (const leg of legs) {
      const place = placeText(leg);
      const owner = this.#owners.get(place);
      if (owner === undefined) this.#owners.set(place, { disk, lba });
      else if (owner.disk !== disk || owner.lba !== lba)
        yield {
          leg,
          words: `is ${this.#said(place)}, which is ${nameOf(owner.disk, owner.lba)}`,
        };
    }
  }

  #said(places: string): string {
    const each = places.split(', ').map((one) => {
      const [luName, lba] = one.split(' ');
      return `LBA ${lba} of ${this.#places.unitName(luName!)}`;
    });
    return each.join(' and ');
  }

  /** What a host takes for a path to a unit leads there. */
  #wrongPath({ luName, paths }: ChainLeg): string | undefined {
    const wrong = paths.find(
      ({ initiator, leadsTo }) => leadsTo !== luName && !this.#masked.has(deviceOf(initiator)),
    );
    if (wrong === undefined) return undefined;
    const { initiator, leadsTo, lunNumber, target } = wrong;
    const there = leadsTo === undefined ? 'nothing' : this.#places.unitName(leadsTo);
    const unit = this.#places.unitName(luName);
    return `goes to ${unit} by LUN ${lunNumber} of ${target}, where ${initiator} has ${there}`;
  }

  /** No layer has a block where nothing is any more, and no place of a pool is two extents'. */
  #wrongStore({ luName, stored }: ChainLeg): string | undefined {
    for (const { layer, name } of stored) {
      if (layer === 'snapshot' && this.#deleted.has(name))
        return `lies in snapshot ${name}, which is deleted`;
      if (layer !== 'pool') continue;
      const extent = stored.find((one) => one.layer === 'extent')?.name ?? '';
      const whose = `extent ${extent} of ${this.#places.unitName(luName)}`;
      const other = this.#pooled.get(name);
      this.#pooled.set(name, whose);
      if (other !== undefined && other !== whose)
        return `lies in extent ${name} of the pool, which ${other} has too`;
    }
    return undefined;
  }

  #wrongData(disk: Disk, lba: number, leg: ChainLeg): string | undefined {
    const mayBe = disk.past.at(lba);
    if (leg.data === undefined || mayBe.some(({ value }) => value === undefined)) return undefined;
    const { volumes } = this.#context;
    const at = `ends at ${this.#said(placeText(leg))}`;
    const reading = readStamp(leg.data, 0, { lba: leg.lba, luId: parseHex(leg.luName) });
    if (reading.found === 'wrong') return `${at}, whose data ${reading.why}`;
    if (reading.found === 'blank') {
      if (mayBe.some(({ value }) => value === BLANK)) return undefined;
      return `${at}, which is blank although it was written`;
    }
    // A copy of a disk has its blocks where the disk has them.
    const known = volumes.originOf(stampValue(reading), leg.lba);
    if (known === 'blank') {
      if (mayBe.some(({ value }) => value === BLANK)) return undefined;
      return `${at}, which was copied before it was written`;
    }
    if (known === undefined) {
      return volumes.hasForgotten ? undefined : `${at}, whose data nobody wrote`;
    }
    const block = known.part.volumeLba + leg.lba - known.part.lba;
    if (known.vm !== disk.vm || known.volume !== disk.volume || block !== lba)
      return `${at}, which has the data of ${nameOf(known, block)}`;
    const value = stampValue({ writerId: reading.writerId, version: known.io });
    if (mayBe.some((one) => one.value === value)) return undefined;
    return `${at}, which has what I/O ${known.io} wrote, long replaced`;
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#chains,
      `${this.#chains} chains in ${this.#looks} looks end at their own data`,
      'no volume was looked at',
    );
  }
}
