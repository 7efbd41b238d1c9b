/** What moves from host to host: the guest's memory, as far as its I/O is concerned. */
import type { GuestReservation } from '../scsi/initiator/guest-reservation.ts';
import type { GuestIo, Workload } from './workload.ts';

/** A guest without a host. */
export interface GuestState {
  readonly workload: Workload;
  readonly pending: GuestIo[];
  /** The reservation it holds on its logical units. */
  readonly reservation?: GuestReservation;
}
