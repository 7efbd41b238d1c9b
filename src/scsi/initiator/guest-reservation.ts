/** A reservation that a guest holds on its logical units: what it is to be, and what the guest remembers of it. */
import { ReservationType } from '../../codecs/scsi/index.ts';
import type { InitiatorPort } from '../../history/port-name.ts';

/** Types of a persistent reservation, by their names in words. */
export const RESERVATION_TYPES = [
  'write-exclusive',
  'exclusive-access',
  'write-exclusive-registrants-only',
  'exclusive-access-registrants-only',
  'write-exclusive-all-registrants',
  'exclusive-access-all-registrants',
] as const;
/** A type of a persistent reservation. */
export type PersistentReservationType = (typeof RESERVATION_TYPES)[number];

/**
 * How a guest may reserve: by a persistent reservation of a type, or by RESERVE(6) of SPC-2, which
 * belongs to one login (AIX's reserve_policy single_path).
 */
export const GUEST_RESERVATION_TYPES = [...RESERVATION_TYPES, 'reserve-6'] as const;
/** How a guest reserves. */
export type GuestReservationType = (typeof GUEST_RESERVATION_TYPES)[number];

/**
 * How the destination of a move becomes the holder: it takes over by PREEMPT or PREEMPT AND ABORT
 * before it sends anything, the source gives it over by REGISTER AND MOVE before it leaves, or
 * nobody does anything.
 */
export const HANDOVERS = ['none', 'preempt', 'preempt-and-abort', 'register-and-move'] as const;
/** How the destination of a move becomes the holder. */
export type Handover = (typeof HANDOVERS)[number];

/** A reservation that a guest is to take. With `reserve-6` its type is all that counts. */
export interface GuestReservationOptions {
  readonly type: GuestReservationType;
  /** Of the first host. */
  readonly key: bigint;
  readonly aptpl: boolean;
  readonly handover: Handover;
  /** For REGISTER AND MOVE: the port that takes the place of each of the guest's own. */
  readonly successors: ReadonlyMap<InitiatorPort, InitiatorPort>;
}

/** What the guest remembers of its reservation; it moves with the guest. */
export interface GuestReservation {
  readonly options: GuestReservationOptions;
  /** Hosts before this one. */
  tenure: number;
  /** Initiator ports of this tenure. */
  names: string;
}

/** A persistent reservation that a guest is to take. */
export interface PersistentReservationOptions extends GuestReservationOptions {
  readonly type: PersistentReservationType;
}

/** What the guest remembers of a persistent reservation. */
export interface GuestPersistentReservation extends GuestReservation {
  readonly options: PersistentReservationOptions;
}

/** True where the guest holds a persistent reservation. */
export function isPersistent(
  reservation: GuestReservation,
): reservation is GuestPersistentReservation {
  return reservation.options.type !== 'reserve-6';
}

/** TYPE of PERSISTENT RESERVE OUT. */
export const RESERVATION_TYPE_CODES: Readonly<Record<PersistentReservationType, number>> = {
  'write-exclusive': ReservationType.WRITE_EXCLUSIVE,
  'exclusive-access': ReservationType.EXCLUSIVE_ACCESS,
  'write-exclusive-registrants-only': ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
  'exclusive-access-registrants-only': ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY,
  'write-exclusive-all-registrants': ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS,
  'exclusive-access-all-registrants': ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS,
};
