/**
 * What a device server knows of a command: its CDB's codec, who may send it when, and what it does.
 *
 * Everything that can be told from the CDB alone is data here, so that a command is refused
 * before its data is fetched.
 */
import type { Table, TableCodec, ValueOf } from '../../codecs/layout/index.ts';
import { cdb } from '../../codecs/scsi/index.ts';
import type { TargetPort } from '../../history/port-name.ts';
import type { HoldState } from '../../history/storage.ts';
import type { ClearCause, Reply } from '../transport.ts';
import type { AccessChanges, AccessNeed, TargetPortGroup } from './alua.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { LunMasks } from './lun-mask.ts';
import type { ItNexus, Task } from './nexus.ts';
import type { NexusRegistry } from './nexus-registry.ts';
import type { TargetObserver } from './observer.ts';
import type { ReservationClass } from './reservation-rules.ts';
import type { RodTokens } from './rod-tokens.ts';

/** The codecs of all CDBs, by command. */
export const cdbs: typeof cdb.members = cdb.members;

/** A port of the target device. */
export interface PortOfTarget {
  readonly name: TargetPort;
  /** RELATIVE TARGET PORT IDENTIFIER, 1 to 65535. */
  readonly relativeId: number;
  /** It is another device's, which has the same logical units: nobody logs in to it here. */
  readonly isElsewhere?: boolean;
}

/** What commands see of the target device around their logical unit. */
export interface TargetContext {
  readonly ports: readonly PortOfTarget[];
  readonly groups: readonly TargetPortGroup[];
  readonly masks: LunMasks;
  readonly nexuses: NexusRegistry;
  readonly observer: TargetObserver;
  /** INQUIRY says that the device makes copies by itself. */
  readonly tellsOfCopies: boolean;
  readonly accessChanges: AccessChanges;
  /** What tokens of the device stand for. */
  readonly tokens: RodTokens;
  /** Queues a unit attention for every pair of ports that sees the logical unit, but one. */
  notifyOthers(lu: LogicalUnit, except: ItNexus | undefined, code: number): void;
  /** Ends all tasks that the pairs that are meant have in the logical unit, but not the one that asks. */
  clearTasksOf(
    lu: LogicalUnit,
    isMeant: (pair: ItNexus) => boolean,
    asking: Task,
    cause: ClearCause,
  ): void;
}

/** A command under execution. */
export interface Invocation {
  readonly target: TargetContext;
  readonly lu: LogicalUnit;
  readonly task: Task;
  /** As many bytes as the command's `dataOutBytes`. */
  readonly dataOut: Uint8Array;
  readonly heldWhenEnabled: HoldState | undefined;
}

/** Logical blocks a command names. */
export interface BlockRange {
  readonly lba: number;
  readonly blocks: number;
  /** Blocks that the command may name at once; without it the limit of reads and writes. */
  readonly blocksMax?: number;
}

/** A CDB's bytes as `decode` gives them. */
// biome-ignore lint/suspicious/noExplicitAny: commands of every CDB share one table
type AnyCdb = any;

/** A field of a CDB: its first byte, and the bit in it where it is no whole number of bytes. */
export interface FieldPlace {
  readonly key: string;
  readonly byte: number;
  readonly bit?: number;
}

/** A command of the table. `V` is its decoded CDB. */
export interface Command<V = AnyCdb> {
  /** As the standard prints it. */
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: commands of every CDB share one table
  readonly codec: TableCodec<any, Table>;
  readonly opcode: number;
  /** The service action, for an operation code that has them. */
  readonly serviceAction?: number;
  readonly reservation: ReservationClass | ((cdb: V) => ReservationClass);
  /** May run while another login holds an SPC-2 reservation. */
  readonly allowedBySpc2: boolean;
  readonly access: AccessNeed;
  /** Runs also with a unit attention pending, and does not report it as CHECK CONDITION. */
  readonly passesAttention: boolean;
  /** Needs a logical unit that is started. */
  readonly needsReady: boolean;
  /** Changes blocks: refused by a write protection. */
  readonly changesMedium: boolean;
  /** Where its CDB asks for protection information, which logical units here do not have. */
  readonly protection: readonly FieldPlace[];
  /**
   * Refused where it names no data and the initiator has some for it: a count that did not fit its byte reads
   * as 0.
   */
  readonly takesNoOther?: true;
  /** The blocks it names; refused when they are not all there. */
  range?(cdb: V): BlockRange;
  /** Bytes of data-out that the CDB asks for. */
  dataOutBytes?(cdb: V): number;
  /** Most bytes of data-in that the CDB allows. */
  dataInBytes?(cdb: V): number;
  /** False for a logical unit that does not have it; every one has it when left out. */
  isKnown?(lu: LogicalUnit): boolean;
  /** Further checks before data is fetched. */
  check?(cdb: V, lu: LogicalUnit): Reply | undefined;
  run(invocation: Invocation, cdb: V): Reply;
}

type Defaults =
  | 'codec'
  | 'name'
  | 'opcode'
  | 'allowedBySpc2'
  | 'access'
  | 'passesAttention'
  | 'needsReady'
  | 'changesMedium'
  | 'protection';

/** A command as its file declares it: the common case may be left out. */
export type CommandSpec<V> = Omit<Command<V>, Defaults> &
  Partial<Pick<Command<V>, Exclude<Defaults, 'codec' | 'opcode' | 'protection'>>>;

/**
 * Declares a command. Left out: not allowed by SPC-2 reservations, an active target port group
 * is needed, unit attentions are reported, the logical unit must be started, no change of blocks.
 */
export function command<K extends string, F extends Table>(
  codec: TableCodec<K, F>,
  spec: CommandSpec<ValueOf<K, F>>,
): Command {
  return {
    name: codec.kind,
    codec: codec as unknown as Command['codec'],
    opcode: defaultOf(codec.table, 'operationCode') ?? 0,
    ...(codec.table.serviceAction === undefined
      ? {}
      : { serviceAction: defaultOf(codec.table, 'serviceAction') ?? 0 }),
    allowedBySpc2: false,
    access: 'active',
    passesAttention: false,
    needsReady: true,
    changesMedium: false,
    protection: PROTECTION_FIELDS.filter((key) => key in codec.table).map((key) => ({
      key,
      ...placeOf(codec.table, key),
    })),
    ...spec,
  };
}

const PROTECTION_FIELDS = ['rdprotect', 'wrprotect', 'vrprotect'];

function defaultOf(table: Table, key: string): number | undefined {
  return table[key]?.default?.({}, () => 0) as number | undefined;
}

/** Where a field of a CDB lies, for a field pointer. Errors: `TypeError` for an unknown field. */
export function placeOf(table: Table, key: string): { byte: number; bit?: number } {
  let bits = 0;
  for (const [name, field] of Object.entries(table)) {
    if (field.place === 'tail') break;
    if (name === key) {
      const byte = bits >> 3;
      return field.bits % 8 === 0 ? { byte } : { byte, bit: 7 - (bits & 7) };
    }
    bits += field.bits;
  }
  throw new TypeError(`no field ${key} in this CDB`);
}
