/** Types of persistent reservations, and what service actions carry and come to. Source: SPC-4, 5.13. */
import { ReservationType, SenseCode } from '../../codecs/scsi/index.ts';
import type { ItNexus } from './nexus.ts';

/** `ReservationType` by its number. */
export type ReservationTypeCode = (typeof ReservationType)[keyof typeof ReservationType];

const TYPES: ReadonlySet<number> = new Set(Object.values(ReservationType));

/** True for a TYPE that the standard knows. */
export function isReservationType(type: number): type is ReservationTypeCode {
  return TYPES.has(type);
}

/** Registrations of one logical unit. */
export const REGISTRATIONS_MAX = 16_384;

/**
 * How reservations treat a command: never refused; refused only by exclusive access (it reads);
 * refused by every reservation (it changes something); judged by its own rules.
 */
export type ReservationClass = 'allowed' | 'read' | 'write' | 'own';

/** A pair of ports with its key. */
export interface Registration {
  readonly pair: ItNexus;
  key: bigint;
}

/** A persistent reservation. */
export interface PersistentReservation {
  readonly type: ReservationTypeCode;
  /** Who reserved; with an all registrants type every registrant holds it. */
  readonly holder: ItNexus;
}

/** What a unit's reservations are, as another device knows them. */
export interface AdoptedReservations {
  /** PRGENERATION. */
  readonly generation: number;
  readonly aptpl: boolean;
  readonly reservation: PersistentReservation | undefined;
  /** In the order of registering. */
  readonly registrations: readonly Registration[];
}

/**
 * What became of a service action: done, RESERVATION CONFLICT, or refused as an illegal request
 * with an additional sense code.
 */
export type ReservationResult = 'good' | 'conflict' | { readonly asc: number };

/** What refuses a service action. */
export const INVALID_FIELD_IN_PARAMETER_LIST: ReservationResult = {
  asc: SenseCode.INVALID_FIELD_IN_PARAMETER_LIST,
};
/** RELEASE with another type than the reservation's. */
export const INVALID_RELEASE: ReservationResult = {
  asc: SenseCode.INVALID_RELEASE_OF_PERSISTENT_RESERVATION,
};
/** No room for another registration. */
export const NO_REGISTRATION_RESOURCES: ReservationResult = {
  asc: SenseCode.INSUFFICIENT_REGISTRATION_RESOURCES,
};

/** Every registrant holds it. */
export function allRegistrants(type: ReservationTypeCode): boolean {
  return (
    type === ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS ||
    type === ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS
  );
}

/** Registrants only or all registrants: every registrant may use the logical unit. */
export function sharedByRegistrants(type: ReservationTypeCode): boolean {
  return type >= ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
}

/** It refuses reads too. */
export function exclusiveAccess(type: ReservationTypeCode): boolean {
  return (
    type === ReservationType.EXCLUSIVE_ACCESS ||
    type === ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY ||
    type === ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS
  );
}

/** What a REGISTER carries. */
export interface RegisterRequest {
  /** RESERVATION KEY; not looked at by REGISTER AND IGNORE EXISTING KEY. */
  readonly key: bigint;
  /** SERVICE ACTION RESERVATION KEY: the new key, 0 to unregister. */
  readonly newKey: bigint;
  readonly ignoreExistingKey: boolean;
  readonly aptpl: boolean;
  /** Further pairs to register with the same key: ALL_TG_PT, SPEC_I_PT. */
  readonly others: readonly ItNexus[];
}
