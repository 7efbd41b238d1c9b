/** A persistent reservation that a guest holds on its logical units, and how it moves with it. */

/** Types of a persistent reservation, by their names in words. */
export const RESERVATION_TYPES = [
  'write-exclusive',
  'exclusive-access',
  'write-exclusive-registrants-only',
  'exclusive-access-registrants-only',
  'write-exclusive-all-registrants',
  'exclusive-access-all-registrants',
] as const;
export type GuestReservationType = (typeof RESERVATION_TYPES)[number];

/**
 * How the destination of a move becomes the holder: it takes over by PREEMPT or PREEMPT AND ABORT
 * when the guest resumes there, the source gives it over by REGISTER AND MOVE before it leaves, or
 * nobody does anything.
 */
export const HANDOVERS = ['none', 'preempt', 'preempt-and-abort', 'register-and-move'] as const;
export type Handover = (typeof HANDOVERS)[number];
