/** A virtual machine's place on a host, and how its ports get there and away. */

import { MILLISECOND, SECOND } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { Enode } from '../port/enode/enode.ts';
import { Storage, type StorageOwner } from '../scsi/initiator/multipath.ts';
import type { HostAnswer, HostCommand } from './control.ts';
import type { GuestState, VirtualMachine } from './virtual-machine.ts';

/** Logins and scans of a prepared virtual machine must be done by then, unless it is told otherwise. */
const PREPARE_TIMEOUT_NS = 120 * SECOND;
/** Settled for a moment is not settled: an RSCN may be on its way. */
const SETTLE_NS = 5 * MILLISECOND;

/** Prepared storage, a guest, or both. */
export interface Resident {
  storage: Storage | undefined;
  vm: VirtualMachine | undefined;
  guest: GuestState | undefined;
  /** Called when the storage settles or fails. */
  whenSettled: (() => void) | undefined;
  /** Called when nothing is under way any more. */
  whenQuiesced: (() => void) | undefined;
}

/** What these parts need of their host. */
export interface ResidentHost extends StorageOwner {
  readonly name: string;
  readonly enodes: readonly Enode[];
  /** False where the adapter cannot hold ports besides its own. */
  readonly npiv: boolean;
  after(delayNs: number, run: () => void): Timer;
  /** From now on nothing leaves the host, and nothing reaches it. */
  powerOff(): void;
}

type Reply = (answer: HostAnswer) => void;

/** A resident without anything. */
export function newResident(): Resident {
  return {
    storage: undefined,
    vm: undefined,
    guest: undefined,
    whenSettled: undefined,
    whenQuiesced: undefined,
  };
}

/**
 * Logs names in for a virtual machine and answers with what they see. Asked for what is there
 * already (a way back that had little to undo), nothing is joined anew.
 */
export function prepare(
  host: ResidentHost,
  resident: Resident,
  command: Extract<HostCommand, { command: 'prepare' }>,
  reply: Reply,
): void {
  const { vm, identities, timeoutNs = PREPARE_TIMEOUT_NS } = command;
  const existed = resident.storage !== undefined;
  let fellBack = false;
  resident.storage ??= new Storage(host.enodes, identities, vm, host);
  let settle: Timer | undefined;
  const end = (answer: HostAnswer): void => {
    timer.cancel();
    settle?.cancel();
    resident.whenSettled = undefined;
    reply(answer);
  };
  const timer = host.after(timeoutNs, () =>
    end({
      ok: false,
      reason: `${vm} did not complete its logins on ${host.name} in ${timeoutNs / SECOND} s`,
    }),
  );
  const fail = (reason: string): void => {
    if (command.fallBack !== 'physical' || fellBack) {
      end({ ok: false, reason });
      return;
    }
    fellBack = true;
    resident.storage?.drop();
    resident.storage = new Storage(
      host.enodes,
      identities.map((one) => ({ ...one, physical: true })),
      vm,
      host,
    );
    resident.storage.join();
  };
  resident.whenSettled = () => {
    const { storage } = resident;
    if (storage === undefined) return;
    if (storage.failure !== undefined) {
      fail(storage.failure);
      return;
    }
    settle?.cancel();
    settle = host.after(SETTLE_NS, () => {
      const ready =
        resident.storage === storage && storage.settled && storage.failure === undefined;
      if (ready) end({ ok: true, command: 'prepare', view: storage.view(), fellBack });
    });
  };
  if (!host.npiv) fail(`the adapter of ${host.name} offers no NPIV`);
  else if (existed && resident.storage.settled) resident.whenSettled();
  else resident.storage.join(command.logins);
}

/** Ends what is under way; answers when nothing is. */
export function drain(
  host: ResidentHost,
  resident: Resident,
  vm: VirtualMachine,
  command: Extract<HostCommand, { command: 'drain' }>,
  reply: Reply,
): void {
  const before = vm.outstanding;
  const pendingBefore = vm.guest.pending.length;
  let aborted = 0;
  const abort = (): void => {
    aborted += vm.abortAll();
  };
  const timer = host.after(command.timeoutNs, abort);
  resident.whenQuiesced = () => {
    timer.cancel();
    resident.whenQuiesced = undefined;
    const pending = vm.guest.pending.length;
    const completed = before - (pending - pendingBefore);
    reply({ ok: true, command: 'drain', completed, aborted, pending });
  };
  if (command.requeueWaitNs !== undefined) vm.requeueWaitNs = command.requeueWaitNs;
  switch (command.drain) {
    case 'wait':
      break;
    case 'abort':
      abort();
      break;
    case 'purge':
      vm.purgeAll();
      break;
    case 'logout-clears':
      vm.storage.logoutTargets();
      break;
    case 'link-pull':
      vm.storage.drop();
      break;
    case 'crash':
      host.powerOff();
      break;
  }
  if (vm.outstanding === 0) resident.whenQuiesced?.();
}
