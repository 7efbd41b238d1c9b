/** What moves from host to host: the guest's memory, as far as its I/O is concerned. */
import type { Instant } from '../machine/machine.ts';
import type { GuestReservation } from '../scsi/initiator/guest-reservation.ts';
import type { GuestFreeze } from './guest-freeze.ts';
import type { GuestMaps } from './guest-maps.ts';
import type { GuestIo, GuestWork } from './workload.ts';

/** A guest without a host. */
export interface GuestState {
  readonly workload: GuestWork;
  readonly pending: GuestIo[];
  /** The reservation it holds on its logical units. */
  readonly reservation?: GuestReservation;
  /** The maps of changed blocks that its host keeps of it. */
  readonly maps?: GuestMaps;
  /** Its host has stopped it since then: a thin unit had no space for a write. */
  outOfSpaceSince?: Instant | undefined;
  /** It holds its writes for a cut. */
  freeze?: GuestFreeze | undefined;
}
