/** How a virtual machine's disks are attached to its host, whatever carries them. */
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import type { InitiatorNexus } from '../scsi/transport.ts';
import type { AttachmentIdentity } from './attachment-identity.ts';
import type { LeaveTo } from './control.ts';

/** One way of a virtual machine's host to its disks. */
export interface Attachment {
  readonly identity: AttachmentIdentity;
  /** Everything it looked for is found, or it is given up. */
  readonly settled: boolean;
  /** Why it cannot be used, once that is known. */
  readonly failure: string | undefined;
  /** What is known to stand in the way while it is not settled; empty when nothing is. */
  readonly complaint: string;
  /** Ports that it found and that took no login, each with why; left out: there is no such step. */
  readonly unreached?: readonly string[];
  /** Logs in, mounts: whatever it takes. */
  join(): void;
  /** Goes in good order. `done` hears whether nothing of it is under way any more. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void;
  /** Leaves every target, and stays where it is. */
  logoutTargets(done: (acknowledged: boolean) => void): void;
  /** Goes without a word. */
  drop(): void;
  /** Targets with their logical units. */
  targets(): Iterable<ScannedNexus>;
  /** What is known of the target behind a nexus, if it is one of its own, is outdated. */
  rescan(nexus: InitiatorNexus): void;
}
