/** What a portal of an iSCSI target is made of, and what it tells. */
import type { NexusChanged, TargetRefused } from '../../history/storage.ts';
import type { Instant } from '../../machine/machine.ts';
import type { CommandMirror, TargetDevice } from '../../scsi/transport.ts';
import type { ChapHash, ChapSecrets } from './chap.ts';

/** What a portal tells. */
export type IscsiEvent = NexusChanged | TargetRefused;

/** Where logins are sent. */
export interface IscsiRedirection {
  /** `HOST:PORT`, or `HOST:PORT,TAG`. */
  readonly address: string;
  readonly permanent: boolean;
}

/** A target and where it is reached. */
export interface IscsiTargetOptions {
  /** Its name: `iqn.…`. */
  readonly name: string;
  /** The portal's target portal group tag. */
  readonly groupTag: number;
  /** Which port of the device it is. */
  readonly portIndex: number;
  /** Addresses of all portals, as initiators reach them: `10.0.0.1:3260,1`. */
  readonly addresses: () => readonly string[];
  /** Other targets of the device, and their addresses: discovery tells of them too. */
  readonly others?: () => readonly {
    readonly name: string;
    readonly addresses: readonly string[];
  }[];
  /** Logins are sent there instead. */
  readonly redirect?: () => IscsiRedirection | undefined;
  /** The target is reset: ends the sessions of its other portals (`endSessions`). */
  readonly coldReset?: () => void;
  /** Whoever logs in has to prove himself. */
  readonly chap?: ChapSecrets;
  readonly hash: ChapHash;
  /** Bytes that nobody can guess. */
  readonly challenge: (bytes: number) => Uint8Array;
  /** The device; another's place it may not take while logins last. */
  readonly device: TargetDevice;
  /** The device stands still until then. */
  readonly standsUntil?: () => Instant;
  /** Where the device's units are kept by more than one array. */
  readonly mirror?: () => CommandMirror | undefined;
  /** How long the device takes for a command once it has all its data; nothing when left out. */
  readonly serviceNs?: (write: boolean, bytes: number) => number;
}
