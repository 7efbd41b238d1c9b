/**
 * A logical unit: blocks, identity, and the state that its commands share.
 */

import { formatHex } from '../../codecs/layout/index.ts';
import type { AttentionState, ReservationCause } from '../../history/storage.ts';
import type { Medium } from '../medium/medium.ts';
import type { SpacePool } from '../medium/pool.ts';
import { type AccessChanges, AccessStates, type TargetPortGroup } from './alua.ts';
import { Attentions } from './attention.ts';
import type { ItNexus, Nexus } from './nexus.ts';
import { Reservations } from './reservations.ts';
import { TaskSet } from './task-set.ts';

/** What INQUIRY says of a logical unit: at most 8, 16 and 4 ASCII characters. */
export interface ProductIdentity {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
}

/** What a logical unit says of itself in INQUIRY where nobody says otherwise. */
export const DEFAULT_IDENTITY: ProductIdentity = {
  vendor: 'SANMOTN',
  product: 'VIRTUAL DISK',
  revision: '0001',
};

/** What a logical unit is made of. */
export interface LogicalUnitOptions {
  readonly medium: Medium;
  readonly identity?: ProductIdentity;
  /** `writeCacheEnabled` of the caching mode page at power on; true when left out. */
  readonly writeCacheEnabled?: boolean;
  readonly tasksMax?: number;
  /** Where its medium takes its space from. */
  readonly pool?: SpacePool;
  /** It is the same unit as another device's, by its place there: it has that one's names. */
  readonly sameAs?: { readonly device: string; readonly index: number };
  /** Another device has it too: reservations that end with a login are not known then. */
  readonly isShared?: boolean;
}

/** Mode parameters that MODE SELECT can change; there are no saved values. */
export interface ModeParameters {
  /** WCE: a write may be answered before it survives a loss of power. */
  writeCacheEnabled: boolean;
  /** SWP: writes are refused. */
  softwareWriteProtect: boolean;
}

/** Who watches what becomes of a logical unit. */
export interface UnitObserver {
  /** `tag` is that of the command that was told. */
  onAttention?(
    lu: LogicalUnit,
    pair: ItNexus,
    state: AttentionState,
    code: number,
    tag?: number,
  ): void;
  onReservation?(lu: LogicalUnit, cause: ReservationCause, by: Nexus | undefined): void;
  onCacheLost?(lu: LogicalUnit, blocks: number): void;
}

/**
 * Company identifier in our NAA names. Its local bit is set, so that no assigned one can be equal.
 */
const COMPANY_ID = 0x02_534dn;
const FNV_PRIME = 0x100_0000_01b3n;
const FNV_OFFSET = 0xcbf2_9ce4_8422_2325n;

/** 64-bit FNV-1a of a text's UTF-16 units. */
function hashOf(text: string): bigint {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * FNV_PRIME);
  }
  return hash;
}

/**
 * The name of a logical unit for ever: 16 bytes, NAA IEEE Registered Extended (6). The same
 * device name and index give the same name in every run.
 */
export function luIdOf(deviceName: string, index: number): Uint8Array {
  const high = (6n << 60n) | (COMPANY_ID << 36n) | BigInt(index);
  const luId = new Uint8Array(16);
  const view = new DataView(luId.buffer);
  view.setBigUint64(0, high);
  view.setBigUint64(8, hashOf(deviceName));
  return luId;
}

function serialOf(deviceName: string, index: number): string {
  const name = (hashOf(deviceName) & 0xffff_ffffn).toString(16).padStart(8, '0');
  return `${name}${index.toString(16).padStart(8, '0')}`;
}

/** One logical unit: its medium behind its cache, its mode pages and its reservations. */
export class LogicalUnit {
  readonly index: number;
  /** NAA name, 16 bytes. */
  readonly luId: Uint8Array;
  /** The same in hex. */
  readonly luName: string;
  /** Unit serial number, 16 ASCII characters. */
  readonly serial: string;
  readonly identity: ProductIdentity;
  readonly medium: Medium;
  readonly pool: SpacePool | undefined;
  readonly attentions: Attentions;
  readonly reservations: Reservations;
  readonly access: AccessStates;
  readonly tasks: TaskSet;
  readonly defaultMode: Readonly<ModeParameters>;
  mode: ModeParameters;
  /** False after START STOP UNIT stopped it. */
  started = true;
  /** Hears what pairs of another device's ports are owed by a change of reservations. */
  tellElsewhere: (pair: ItNexus, code: number) => void = () => {};
  readonly isShared: boolean;
  readonly #observer: UnitObserver;

  constructor(
    deviceName: string,
    index: number,
    groups: readonly TargetPortGroup[],
    options: LogicalUnitOptions,
    observer: UnitObserver = {},
    accessChanges?: AccessChanges,
  ) {
    this.index = index;
    this.#observer = observer;
    const named = options.sameAs ?? { device: deviceName, index };
    this.luId = luIdOf(named.device, named.index);
    this.luName = formatHex(this.luId);
    this.serial = serialOf(named.device, named.index);
    this.identity = options.identity ?? DEFAULT_IDENTITY;
    this.medium = options.medium;
    this.isShared = options.isShared ?? false;
    this.pool = options.pool;
    this.attentions = new Attentions((pair, state, code, tag) =>
      observer.onAttention?.(this, pair, state, code, tag),
    );
    this.reservations = new Reservations({
      notify: (pair, code) => {
        if (pair.isElsewhere) this.tellElsewhere(pair, code);
        else this.attentions.add(pair, code);
      },
      changed: (cause, by) => observer.onReservation?.(this, cause, by),
    });
    this.access = new AccessStates(groups, accessChanges);
    this.tasks = new TaskSet(options.tasksMax);
    this.defaultMode = {
      writeCacheEnabled: options.writeCacheEnabled ?? true,
      softwareWriteProtect: false,
    };
    this.mode = { ...this.defaultMode };
  }

  /** What a logical unit reset does to the logical unit itself; its tasks are the target device's part. */
  reset(): void {
    this.reservations.dropSpc2('reset');
    this.mode = { ...this.defaultMode };
    this.started = true;
  }

  /** The target device has powered on again: `code` is the unit attention for everybody. */
  powerOn(code: number | undefined): void {
    const lost = this.medium.powerLost?.() ?? 0;
    if (lost > 0) this.#observer.onCacheLost?.(this, lost);
    this.reservations.powerLost();
    this.mode = { ...this.defaultMode };
    this.started = true;
    this.attentions.powerOn(code);
  }
}
