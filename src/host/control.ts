/**
 * What a host can be asked to do for a move. An emulated host and a live guest answer the same
 * commands; each command is answered once, by a `reply` with its id.
 */
import type { Wwn } from '../codecs/layout/index.ts';
import type { BlockRun } from '../history/backup.ts';
import type { CarriedLogin } from '../port/n-port/carried-login.ts';
import type { GuestReservationOptions } from '../scsi/initiator/guest-reservation.ts';
import type { LuView } from '../scsi/initiator/multipath.ts';
import type { AttachmentIdentity } from './attachment-identity.ts';
import type { DiskCopyOptions } from './disk-copy.ts';
import type { FreezeBounds } from './guest-freeze.ts';
import type { GuestMapOptions } from './guest-maps.ts';
import type { VolumeOptions } from './volume.ts';
import type { WorkloadOptions } from './workload.ts';

/** A guest that has not run yet: its workload begins once its disks are known. */
export interface NewGuest {
  readonly workload: WorkloadOptions;
  /** Name of the random stream that drives it. */
  readonly stream: string;
  /** The reservation it takes on its logical units. */
  readonly reservation?: GuestReservationOptions;
  /** Number of its first I/O, default 1: a guest that is started again goes on counting. */
  readonly firstIo?: number;
  /** Its host keeps maps of what it changes. */
  readonly maps?: GuestMapOptions;
  /** Its disks: what its host makes of all its logical units. Left out, those themselves. */
  readonly volumes?: readonly VolumeOptions[];
}

/**
 * A guest between two hosts, as commands and answers name it: plain data. The guest itself is kept
 * by whoever carries the commands, which takes it from the host that surrendered it and brings it to
 * the one that adopts it.
 */
export interface GuestToken {
  /** The virtual machine's name. */
  readonly guest: string;
  /** Number of the command that surrendered it. */
  readonly token: number;
}

/** What becomes of the I/O that is under way when its guest stands still. */
export const DRAINS = [
  /** It ends by itself; what has not after `timeoutNs` is aborted. */
  'wait',
  /** Every exchange is ended by ABTS. */
  'abort',
  /** The host forgets its exchanges and says nothing: the target still works on them. */
  'purge',
  /** LOGO to the targets, which ends what they work on for this login. */
  'logout-clears',
  /** The virtual ports vanish without a word, as when a host deletes them or their link is cut. */
  'link-pull',
  /** The host dies: none of its ports sends or hears anything from now on. */
  'crash',
] as const;
/** How a guest’s I/O comes to rest before its ports leave. */
export type Drain = (typeof DRAINS)[number];

/**
 * How much is said when a virtual machine's ports leave: to targets and fabric, or the fabric only; `nexus`: over
 * iSCSI the targets are asked to reset the nexus instead.
 */
export type LeaveTo = 'targets' | 'fabric' | 'nexus';

/** What a host is asked; every command has one answer. */
export type HostCommand =
  /** Which fabrics the host's ports have reached. */
  | { readonly command: 'fabrics' }
  /** Log these names in for a virtual machine, scan, and say what logical units it would have. */
  | {
      readonly command: 'prepare';
      readonly vm: string;
      readonly identities: readonly AttachmentIdentity[];
      /** Logins and scans must be done after this long; 120 s when left out. */
      readonly timeoutNs?: number;
      /** What to do where the names cannot log in: fail (default), or use the physical ports' own. */
      readonly fallBack?: 'none' | 'physical';
      /** Logins that the fabric has carried over, by identity: they are gone on with. */
      readonly logins?: readonly CarriedLogin[];
    }
  /** The logical units a virtual machine has here. */
  | { readonly command: 'view'; readonly vm: string }
  /**
   * A guest takes the storage that was prepared here: a new one, one that was handed over, or,
   * without `guest`, the one that stayed here when its ports were logged out. It does not run yet.
   */
  | {
      readonly command: 'adopt';
      readonly vm: string;
      readonly guest?: GuestToken | NewGuest;
      /** Where a guest that brings its own sessions finds its ports. */
      readonly identities?: readonly AttachmentIdentity[];
      /** It has its disk where that was copied to from now on. */
      readonly switchDisk?: boolean;
    }
  | { readonly command: 'resume'; readonly vm: string }
  /** The guest stands still; what is under way stays under way. */
  | { readonly command: 'stun'; readonly vm: string }
  /** End what is under way, one way or another. */
  | {
      readonly command: 'drain';
      readonly vm: string;
      readonly drain: Drain;
      readonly timeoutNs: number;
      /**
       * A write whose end is not confirmed is sent again after this long; the host's policy when
       * left out.
       */
      readonly requeueWaitNs?: number;
    }
  /**
   * Log the virtual machine's ports out: at every target and the fabric (default), or at the
   * fabric only. The guest stays, without storage.
   */
  | { readonly command: 'leave'; readonly vm: string; readonly to?: LeaveTo }
  /** Give the ports' logins away, as the fabric carries them to another host. */
  | { readonly command: 'give-logins'; readonly vm: string }
  /** Hand the guest out: from now on it is not here. */
  | { readonly command: 'surrender'; readonly vm: string }
  /** Log prepared ports out again and forget them. */
  | { readonly command: 'discard'; readonly vm: string }
  /** A host that died comes back: its ports log in again. */
  | { readonly command: 'power-on' }
  /** The guest holds its writes: answered when nothing of it is under way any more. */
  | ({ readonly command: 'freeze'; readonly vm: string } & FreezeBounds)
  /** It goes on. */
  | { readonly command: 'thaw'; readonly vm: string }
  /** The host's maps of the guest's units have a reference of this name from now on. */
  | { readonly command: 'track'; readonly vm: string; readonly reference: string }
  /** What the guest has changed in a unit since a reference; asked for the sake of another one. */
  | {
      readonly command: 'changes';
      readonly vm: string;
      readonly luName: string;
      readonly since: string;
      readonly until: string;
    }
  /** A disk of the guest is copied to another unit while it works; answered when the copy is there, or waits for the guest to stand still. */
  | { readonly command: 'copy-disk'; readonly vm: string; readonly disk: DiskCopyOptions }
  /** The guest stands still: what is left of it is copied. */
  | { readonly command: 'finish-copy'; readonly vm: string }
  /** The copy is given up, and its unit given back. */
  | { readonly command: 'drop-copy'; readonly vm: string }
  /** The guest submits no more; what is under way and pending still ends. */
  | { readonly command: 'stop'; readonly vm: string }
  /** The guest may submit so many more I/Os, and then rests. */
  | { readonly command: 'allow'; readonly vm: string; readonly ios: number };

/** A host port as `fabrics` reports it. */
export interface HostPortView {
  readonly port: number;
  /** Name of the physical port. */
  readonly wwpn: Wwn;
  /** The physical port's login is complete. */
  readonly ready: boolean;
  readonly fabricName: Wwn;
  readonly npiv: boolean;
}

/** What a host answers: what the command asked for, or why not. */
export type HostAnswer =
  | { readonly ok: false; readonly reason: string }
  | { readonly ok: true; readonly command: 'fabrics'; readonly ports: readonly HostPortView[] }
  | {
      readonly ok: true;
      readonly command: 'prepare';
      readonly view: readonly LuView[];
      /** Ports that were found and took no login, each with why, in words; left out where there is none. */
      readonly unreached?: readonly string[];
      /** The physical ports' names are used instead of those that were asked for. */
      readonly fellBack: boolean;
    }
  | { readonly ok: true; readonly command: 'view'; readonly view: readonly LuView[] }
  | { readonly ok: true; readonly command: 'adopt' | 'freeze' | 'track' }
  /** `held`: it had not gone on by itself. */
  | { readonly ok: true; readonly command: 'thaw'; readonly held: boolean }
  | {
      readonly ok: true;
      readonly command: 'changes';
      /** `undefined` where the map does not know. */
      readonly changed: readonly BlockRun[] | undefined;
    }
  | { readonly ok: true; readonly command: 'resume' }
  | { readonly ok: true; readonly command: 'discard' }
  | { readonly ok: true; readonly command: 'stop' | 'allow' | 'power-on' }
  | { readonly ok: true; readonly command: 'copy-disk' | 'finish-copy' | 'drop-copy' }
  | {
      readonly ok: true;
      readonly command: 'stun';
      readonly outstanding: number;
      readonly pending: number;
    }
  | {
      readonly ok: true;
      readonly command: 'drain';
      /** Commands that ended by the target's answer, and those that were aborted. */
      readonly completed: number;
      readonly aborted: number;
      /** I/O that will be sent again after the move. */
      readonly pending: number;
    }
  | { readonly ok: true; readonly command: 'leave'; readonly acknowledged: boolean }
  | {
      readonly ok: true;
      readonly command: 'give-logins';
      readonly logins: readonly CarriedLogin[];
    }
  | { readonly ok: true; readonly command: 'surrender'; readonly guest: GuestToken };

/** A host's answer to the command with this number, as an output of its machine. */
export interface HostReply {
  readonly type: 'reply';
  readonly id: number;
  readonly answer: HostAnswer;
}
