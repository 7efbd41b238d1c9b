/**
 * Which logical units an initiator device sees, and under which numbers.
 *
 * A mask is the same at every target port, but for lines that name the ports they hold at. A device
 * without a mask of its own sees the default one.
 */
import { FLAT_LUN_MAX, lunNumber } from '../../codecs/scsi/index.ts';
import type { InitiatorDevice } from '../../history/port-name.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { ItNexus } from './nexus.ts';

/** Logical units in one mask. */
export const LUNS_PER_MASK_MAX = 4096;
/** Initiator devices with a mask of their own. */
export const MASKS_MAX = 1_000_000;

/** One line of a mask. */
export interface LunMapping {
  /** 0 to 16383. */
  readonly lun: number;
  readonly lu: LogicalUnit;
  /** Places of the target ports that show it, from 0; all when left out. */
  readonly ports?: readonly number[];
}

/** What one initiator device sees: LUN to logical unit, in ascending order. */
export type LunView = ReadonlyMap<number, LogicalUnit>;

const NOTHING: LunView = new Map();

function viewFrom(mappings: readonly LunMapping[]): LunView {
  if (mappings.length > LUNS_PER_MASK_MAX) {
    throw new RangeError(`a mask has at most ${LUNS_PER_MASK_MAX} logical units`);
  }
  const view = new Map<number, LogicalUnit>();
  for (const { lun, lu } of [...mappings].sort((a, b) => a.lun - b.lun)) {
    if (!Number.isInteger(lun) || lun < 0 || lun > FLAT_LUN_MAX) {
      throw new RangeError(`a LUN is a whole number from 0 to ${FLAT_LUN_MAX}, not ${lun}`);
    }
    if (view.has(lun)) throw new RangeError(`LUN ${lun} is mapped twice`);
    view.set(lun, lu);
  }
  return view;
}

/** LUNs that a view shows at some target ports only, by their places. */
type PortLimits = ReadonlyMap<number, ReadonlySet<number>>;

function limitsFrom(mappings: readonly LunMapping[]): PortLimits | undefined {
  const limited = mappings.flatMap(({ lun, ports }) =>
    ports === undefined ? [] : [[lun, new Set(ports)] as const],
  );
  return limited.length === 0 ? undefined : new Map(limited);
}

/** What a LUN led to under the masks of a version. */
class ResolvedLun {
  readonly version: number;
  readonly lun: bigint;
  readonly lu: LogicalUnit | undefined;

  constructor(version: number, lun: bigint, lu: LogicalUnit | undefined) {
    this.version = version;
    this.lun = lun;
    this.lu = lu;
  }
}

/** The masks of a target device. Errors: `RangeError` for a LUN out of range or mapped twice. */
export class LunMasks {
  #default: LunView = NOTHING;
  readonly #byDevice = new Map<InitiatorDevice, LunView>();
  readonly #limits = new Map<InitiatorDevice, PortLimits>();
  /** Counts changes of any mask. */
  #version = 0;

  /** Replaces the mask of a device; `undefined` gives it the default one again. */
  set(device: InitiatorDevice, mappings: readonly LunMapping[] | undefined): void {
    this.#version++;
    if (mappings === undefined) {
      this.#byDevice.delete(device);
      this.#limits.delete(device);
      return;
    }
    const view = viewFrom(mappings);
    if (!this.#byDevice.has(device) && this.#byDevice.size >= MASKS_MAX) {
      throw new RangeError(`a target device has at most ${MASKS_MAX} masks`);
    }
    this.#byDevice.set(device, view);
    const limits = limitsFrom(mappings);
    if (limits === undefined) this.#limits.delete(device);
    else this.#limits.set(device, limits);
  }

  /** Replaces what everybody without a mask sees. */
  setDefault(mappings: readonly LunMapping[]): void {
    this.#version++;
    this.#default = viewFrom(mappings);
  }

  /** Devices with a mask of their own, and what they see. */
  own(): Iterable<[InitiatorDevice, LunView]> {
    return this.#byDevice.entries();
  }

  /** True where the device has a mask of its own. */
  has(device: InitiatorDevice): boolean {
    return this.#byDevice.has(device);
  }

  /** What devices without a mask of their own see. */
  get defaultView(): LunView {
    return this.#default;
  }

  /** What a device sees at some target port or other. */
  viewOf(device: InitiatorDevice): LunView {
    return this.#byDevice.get(device) ?? this.#default;
  }

  /** What a device sees at one target port. */
  viewAt({ device, targetPortIndex }: ItNexus): LunView {
    const view = this.viewOf(device);
    const limits = this.#limits.get(device);
    if (limits === undefined) return view;
    const shown = ([lun]: readonly [number, LogicalUnit]) =>
      limits.get(lun)?.has(targetPortIndex) !== false;
    return new Map([...view].filter(shown));
  }

  /** Places of the target ports that show a LUN to a device; `undefined` for all. */
  portsOf(device: InitiatorDevice, lun: number): ReadonlySet<number> | undefined {
    return this.#limits.get(device)?.get(lun);
  }

  /**
   * The logical unit behind the 8-byte LUN of a command; `undefined` where there is none. A pair of
   * ports remembers the LUN it used last: most commands ask for it again, and each asks thrice.
   */
  resolve(pair: ItNexus, lun: bigint): LogicalUnit | undefined {
    const { resolved } = pair;
    if (resolved instanceof ResolvedLun) {
      if (resolved.version === this.#version && resolved.lun === lun) return resolved.lu;
    }
    const number = lunNumber(lun);
    const lu = number === undefined ? undefined : this.viewAt(pair).get(number);
    pair.resolved = new ResolvedLun(this.#version, lun, lu);
    return lu;
  }

  /** True where a pair of ports sees the logical unit under some number. */
  sees(pair: ItNexus, lu: LogicalUnit): boolean {
    for (const one of this.viewAt(pair).values()) if (one === lu) return true;
    return false;
  }
}

/** True where two views differ in a LUN or in what is behind it. */
export function viewsDiffer(before: LunView, after: LunView): boolean {
  if (before.size !== after.size) return true;
  for (const [lun, lu] of before) if (after.get(lun) !== lu) return true;
  return false;
}
