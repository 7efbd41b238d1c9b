/**
 * Which logical units an initiator port sees, and under which numbers.
 *
 * A mask belongs to a WWPN and is the same at every target port. A WWPN without a mask of its own
 * sees the default one.
 */
import { FLAT_LUN_MAX, lunNumber } from '../../codecs/scsi/index.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { ItNexus } from './nexus.ts';

/** Logical units in one mask. */
export const LUNS_PER_MASK_MAX = 4096;
/** WWPNs with a mask of their own. */
export const MASKS_MAX = 1_000_000;

/** One line of a mask. */
export interface LunMapping {
  /** 0 to 16383. */
  readonly lun: number;
  readonly lu: LogicalUnit;
}

/** What one initiator port sees: LUN to logical unit, in ascending order. */
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

/** What a LUN led to under the masks of a version. */
export interface ResolvedLun {
  readonly version: number;
  readonly lun: bigint;
  readonly lu: LogicalUnit | undefined;
}

/** The masks of an array. Errors: `RangeError` for a LUN out of range or mapped twice. */
export class LunMasks {
  #default: LunView = NOTHING;
  readonly #byInitiator = new Map<bigint, LunView>();
  /** Counts changes of any mask. */
  #version = 0;

  /** Replaces the mask of a WWPN; `undefined` gives it the default one again. */
  set(initiatorWwpn: bigint, mappings: readonly LunMapping[] | undefined): void {
    this.#version++;
    if (mappings === undefined) {
      this.#byInitiator.delete(initiatorWwpn);
      return;
    }
    const view = viewFrom(mappings);
    if (!this.#byInitiator.has(initiatorWwpn) && this.#byInitiator.size >= MASKS_MAX) {
      throw new RangeError(`an array has at most ${MASKS_MAX} masks`);
    }
    this.#byInitiator.set(initiatorWwpn, view);
  }

  /** Replaces what everybody without a mask sees. */
  setDefault(mappings: readonly LunMapping[]): void {
    this.#version++;
    this.#default = viewFrom(mappings);
  }

  /** WWPNs with a mask of their own, and what they see. */
  own(): Iterable<[bigint, LunView]> {
    return this.#byInitiator.entries();
  }

  /** True where the WWPN has a mask of its own. */
  has(initiatorWwpn: bigint): boolean {
    return this.#byInitiator.has(initiatorWwpn);
  }

  /** What WWPNs without a mask of their own see. */
  get defaultView(): LunView {
    return this.#default;
  }

  viewOf(initiatorWwpn: bigint): LunView {
    return this.#byInitiator.get(initiatorWwpn) ?? this.#default;
  }

  /**
   * The logical unit behind the 8-byte LUN of a command; `undefined` where there is none. A pair of
   * ports remembers the LUN it used last: most commands ask for it again, and each asks thrice.
   */
  resolve(pair: ItNexus, lun: bigint): LogicalUnit | undefined {
    const { resolved } = pair;
    if (resolved?.version === this.#version && resolved.lun === lun) return resolved.lu;
    const number = lunNumber(lun);
    const lu = number === undefined ? undefined : this.viewOf(pair.initiatorWwpn).get(number);
    pair.resolved = { version: this.#version, lun, lu };
    return lu;
  }

  /** True where the WWPN sees the logical unit under some number. */
  sees(initiatorWwpn: bigint, lu: LogicalUnit): boolean {
    for (const one of this.viewOf(initiatorWwpn).values()) if (one === lu) return true;
    return false;
  }
}

/** True where two views differ in a LUN or in what is behind it. */
export function viewsDiffer(before: LunView, after: LunView): boolean {
  if (before.size !== after.size) return true;
  for (const [lun, lu] of before) if (after.get(lun) !== lu) return true;
  return false;
}
