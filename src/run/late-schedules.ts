/** The schedules of late frames by their names, without what they do. */

/** The schedules by their names. */
export const LATE_SCHEDULES = [
  /** Write data, between switch and array. */
  'data',
  /** Commands and what follows them, between switch and array. */
  'commands',
  /** Commands and what follows them, between the source and its switch. */
  'uplink',
  /** Responses, between array and switch. */
  'answers',
  /** No LOGO of the source arrives. */
  'no-logo',
] as const;
/** A schedule of late frames. */
export type LateSchedule = (typeof LATE_SCHEDULES)[number];
