/**
 * What arrays of a pair tell each other of the reservations of a unit: what is registered and who holds it, what port
 * pairs of the other are to be told, whose tasks are to end; and a command of a host that the other is to carry out.
 * In whole blocks, as text behind which are zeros.
 */
import type { InitiatorPort } from '../../history/port-name.ts';
import type { ReservationCause } from '../../history/storage.ts';
import { BLOCK_BYTES } from '../../scsi/medium/medium.ts';
import { PARAMETER_LIST_BYTES_MAX } from '../../scsi/target/limits.ts';
import {
  isReservationType,
  REGISTRATIONS_MAX,
  type ReservationTypeCode,
} from '../../scsi/target/reservation-rules.ts';

/** An initiator port and the RELATIVE TARGET PORT IDENTIFIER of a port of either array. */
export type PortPair = readonly [initiator: InitiatorPort, targetPortId: number];

/** The reservations of a unit. */
export interface ReservationState {
  /** The place of the unit. */
  readonly unit: number;
  /** In the time of which generation, and the how many-th of it that was. */
  readonly epoch: number;
  readonly version: number;
  /** PRGENERATION. */
  readonly generation: number;
  readonly aptpl: boolean;
  /** `ReservationType`; `null` where nothing is reserved. */
  readonly type: ReservationTypeCode | null;
  readonly holder: PortPair | null;
  /** Keys in hex. */
  readonly registrations: readonly (readonly [...PortPair, key: string])[];
  readonly cause: ReservationCause;
  /** Whose command it was. */
  readonly by: PortPair | null;
  /** Unit attentions that pairs of the other's ports are owed. */
  readonly notices: readonly (readonly [...PortPair, code: number])[];
  /** Pairs whose tasks end, by PREEMPT AND ABORT. */
  readonly ends: readonly PortPair[];
  /** The number of the request that it answers, where the other asked for it. */
  readonly asked: number | null;
}

/** PERSISTENT RESERVE OUT of a host, for the array that leads. */
export interface ReservationRequest {
  readonly unit: number;
  readonly asked: number;
  readonly by: PortPair;
  readonly cdb: readonly number[];
  readonly list: readonly number[];
}

const CDB_BYTES = 10;
const NAME_MAX = 512;
const KEY = /^[0-9a-f]{1,16}$/;
const CAUSES: ReadonlySet<unknown> = new Set<ReservationCause>([
  'register',
  'register-and-ignore-existing-key',
  'reserve',
  'release',
  'clear',
  'preempt',
  'preempt-and-abort',
  'register-and-move',
  'shared',
]);

/** Whole blocks. */
export function encodeShared(value: readonly ReservationState[] | ReservationRequest): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const bytes = new Uint8Array(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES);
  bytes.set(text);
  return bytes;
}

function parse(bytes: Uint8Array): unknown {
  const end = bytes.indexOf(0);
  try {
    return JSON.parse(new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)));
  } catch {
    return undefined;
  }
}

/** `undefined` for what is no list of states. */
export function decodeStates(bytes: Uint8Array): readonly ReservationState[] | undefined {
  const value = parse(bytes);
  return Array.isArray(value) && value.every(isState) ? value : undefined;
}

/** `undefined` for what is no request. */
export function decodeRequest(bytes: Uint8Array): ReservationRequest | undefined {
  const value = parse(bytes);
  if (!isObject(value)) return undefined;
  const { asked, by, cdb, list, unit } = value;
  const fits =
    isCount(unit) &&
    isCount(asked) &&
    isPair(by) &&
    isBytes(cdb, CDB_BYTES) &&
    cdb.length === CDB_BYTES &&
    isBytes(list, PARAMETER_LIST_BYTES_MAX);
  return fits ? (value as unknown as ReservationRequest) : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isByte = (value: unknown): boolean => isCount(value) && (value as number) < 256;
const isBytes = (value: unknown, max: number): value is unknown[] =>
  Array.isArray(value) && value.length <= max && value.every(isByte);
const isName = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= NAME_MAX;

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isName(value[0]) && isCount(value[1]);
}

/** A list of pairs, each with something more. */
function isListOf(value: unknown, isMore: (more: unknown) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.length <= REGISTRATIONS_MAX &&
    value.every(
      (one) => Array.isArray(one) && one.length === 3 && isPair(one.slice(0, 2)) && isMore(one[2]),
    )
  );
}

function isState(value: unknown): value is ReservationState {
  if (!isObject(value)) return false;
  const { aptpl, asked, by, cause, ends, epoch, generation, holder, type, unit, version } = value;
  const isHeld =
    type === null
      ? holder === null
      : typeof type === 'number' && isReservationType(type) && isPair(holder);
  return (
    isHeld &&
    [unit, epoch, version, generation].every(isCount) &&
    (generation as number) <= 0xffff_ffff &&
    typeof aptpl === 'boolean' &&
    isListOf(value.registrations, (key) => typeof key === 'string' && KEY.test(key)) &&
    CAUSES.has(cause) &&
    (by === null || isPair(by)) &&
    isListOf(value.notices, (code) => isCount(code) && (code as number) <= 0xffff) &&
    Array.isArray(ends) &&
    ends.length <= REGISTRATIONS_MAX &&
    ends.every(isPair) &&
    (asked === null || isCount(asked))
  );
}
