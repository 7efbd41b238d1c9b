/** What goes from host to host in a move: a guest, and what of its storage is its own. */
import type { GuestNetwork } from './guest-network.ts';
import type { GuestState } from './guest-state.ts';
import type { Storage } from './storage.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** A guest between two hosts. */
export interface CarriedGuest {
  readonly guest: GuestState;
  /** Its initiator is its own: sessions go along, with what is under way on them. */
  readonly own?: {
    readonly network: GuestNetwork;
    readonly storage: Storage;
    readonly vm: VirtualMachine;
  };
}
