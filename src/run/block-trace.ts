/** The chain of one block, asked for at moments of a run. */
import { parseHex } from '../codecs/layout/index.ts';
import { readStamp } from '../codecs/stamp/index.ts';
import type {
  ChainLeg,
  ChainRead,
  HistoryEntry,
  Phase,
  Places,
  VolumeKind,
} from '../history/index.ts';
import type { World } from '../scenario/build.ts';
import type { Scenario } from '../scenario/schema.ts';
import { chainOf, eachLegOf } from './chains.ts';
import type { RunObserver } from './options.ts';

/** When a chain is asked for: at a step of the first move or its end, or so long after the guests began to run. */
export type TraceMoment = { readonly step: Phase | 'end' } | { readonly afterNs: number };

/** A chain as it was at a moment. */
export interface TracedChain {
  /** Virtual time; `undefined` where the moment never came. */
  readonly atNs: number | undefined;
  /** The host that has the guest; `undefined` while none has. */
  readonly host: string | undefined;
  readonly chain: ChainRead | undefined;
}

/** A disk of a guest. */
export interface GuestDisk {
  readonly vm: string;
  /** A volume's name, or a logical unit's. */
  readonly name: string;
  /** What volume it is; `undefined` for a logical unit itself. */
  readonly kind: VolumeKind | undefined;
  readonly blocks: number;
}

/** The disks of all guests of a scenario. */
export function disksOf({ array, vms }: Scenario): GuestDisk[] {
  return vms.flatMap(({ luns, name: vm, volumes, workload }): GuestDisk[] => {
    const sizeOf = (lun: string) => array.luns.find(({ name }) => name === lun)?.blocks ?? 0;
    if (volumes === undefined)
      return luns.map((name) => ({ vm, name, kind: undefined, blocks: sizeOf(name) }));
    return volumes.map(({ kind, name }) => ({ vm, name, kind, blocks: workload.rangeBlocks }));
  });
}

/** Asks the machines of a run for the chain of a block, at each moment once. */
export class BlockTrace implements RunObserver {
  readonly #disk: GuestDisk;
  readonly #lba: number;
  readonly #moments: readonly TraceMoment[];
  readonly #found: (TracedChain | undefined)[];
  #world: World | undefined;
  #units: Places['units'] = [];
  #beganAt: number | undefined;

  constructor(disk: GuestDisk, lba: number, moments: readonly TraceMoment[]) {
    this.#disk = disk;
    this.#lba = lba;
    this.#moments = moments;
    this.#found = moments.map(() => undefined);
  }

  /** The world of the run, before it begins: `prepare` of its options. */
  enter(world: World): void {
    this.#world = world;
  }

  begin({ units = [] }: Places): void {
    this.#units = units;
  }

  observe({ at, event }: HistoryEntry): void {
    if (event.type === 'guest' && event.state === 'running') this.#beganAt ??= at;
    const step =
      event.type === 'move-end' ? 'end' : event.type === 'move-step' ? event.phase : undefined;
    for (const [i, moment] of this.#moments.entries()) {
      if (this.#found[i] !== undefined) continue;
      const isNow =
        'step' in moment
          ? moment.step === step
          : this.#beganAt !== undefined && at >= this.#beganAt + moment.afterNs;
      if (isNow) this.#found[i] = { atNs: at, ...this.#ask() };
    }
  }

  #ask(): Pick<TracedChain, 'host' | 'chain'> {
    const { kind, name, vm } = this.#disk;
    const unit = this.#units?.find((one) => one.name === name)?.luName ?? '';
    const disk = kind === undefined ? unit : name;
    const found = chainOf(this.#world!, vm, disk, this.#lba, eachLegOf);
    return { host: found?.host, chain: found?.chain };
  }

  /** What was found, in the order of the moments. */
  get found(): readonly TracedChain[] {
    const never = { atNs: undefined, host: undefined, chain: undefined };
    return this.#found.map((one) => one ?? never);
  }
}

/** What a leg's data are, in words. */
export function dataText({ data, lba, luName }: ChainLeg): string {
  if (data === undefined) return 'no path leads there';
  const reading = readStamp(data, 0, { lba, luId: parseHex(luName) });
  if (reading.found === 'blank') return 'blank';
  if (reading.found === 'wrong') return reading.why;
  return `version ${reading.version} of writer ${reading.writerId}`;
}
