/**
 * What an array offers over IP: iSCSI portals and an NFS server on its IP ports, over the same logical units.
 *
 * Ownership: it owns the IP ports with their connections, a portal for each of them and the file server. The
 * device and the file system with its media are the array's, and outlive it.
 */

import { parseHex } from '../codecs/layout/index.ts';
import { deviceOf, type InitiatorDevice, type InitiatorPort } from '../history/port-name.ts';
import type { StorageEvent } from '../history/storage.ts';
import type { RandomStream } from '../machine/random.ts';
import {
  type AttachedMachine,
  type IpPortOptions,
  IpStack,
  type IpStackOwner,
} from '../net/index.ts';
import type { IscsiEvent } from '../port/iscsi/target-options.ts';
import { IscsiTargetPort } from '../port/iscsi/target-port.ts';
import { type ExportRule, OPEN_EXPORT } from '../port/nfs/exports.ts';
import type { NfsFileSystem } from '../port/nfs/file-system.ts';
import type { ReplyCachePolicy } from '../port/nfs/reply-cache.ts';
import { NFS_SERVER_DEFAULTS, NfsServer } from '../port/nfs/server.ts';
import type { BlockLayoutOptions } from '../port/nfs4/layout-handlers.ts';
import type { CommandMirror, TargetDevice } from '../scsi/transport.ts';

/** TCP port of iSCSI. Source: RFC 7143, 4.2.7.1; IANA. */
export const ISCSI_TCP_PORT = 3260;

/** What an array offers over IP. */
export interface ArrayIpOptions {
  /** They are the array's machine ports behind those of its adapters. */
  readonly ports: readonly IpPortOptions[];
  /** So many of them, the first ones, are for hosts; all when left out. */
  readonly portals?: number;
  /** Each port is a portal of this target, and a target portal group of its own. */
  readonly iscsi?: {
    readonly targetName: string;
    /** Tag of the first one's group: others of the target are elsewhere; 1 when left out. */
    readonly firstGroupTag?: number;
  };
  /** Logical units are files, on every port. */
  readonly nfs?: {
    /** Left out: everybody may read and write. */
    readonly rules?: readonly ExportRule[];
    readonly replyCache?: ReplyCachePolicy;
    /** Clients of version 4.1 may go to the disks by themselves: their names are those of initiator ports. */
    readonly layouts?: boolean;
  };
}

/** What these services ask of their array. */
export interface IpServicesOwner extends IpStackOwner {
  readonly name: string;
  readonly device: TargetDevice;
  readonly standsUntil: number;
  /** Where units have a leg at another array too. */
  readonly mirror: CommandMirror | undefined;
  serviceNs(write: boolean, bytes: number): number;
  emit(event: IscsiEvent | StorageEvent): void;
  /** Shuts an initiator device out of a logical unit. */
  fence(device: InitiatorDevice, luName: string): void;
}

const VERIFIER_BYTES = 8;
/** Calls that touch a medium. */
const TAKES_TIME: ReadonlySet<string> = new Set(['READ', 'WRITE', 'COMMIT']);

/** The services of an array on its IP ports. */
export class ArrayIpServices {
  readonly #options: ArrayIpOptions;
  readonly #owner: IpServicesOwner;
  readonly #random: RandomStream;
  readonly stack: IpStack;
  readonly #portals: { readonly portal: IscsiTargetPort; readonly attached: AttachedMachine }[] =
    [];
  /** What the file server exports, once there is something. */
  files: NfsFileSystem | undefined;
  #verifier: Uint8Array | undefined;

  /** `firstTargetPort`: the place of the first portal among the target ports of the device. */
  constructor(
    options: ArrayIpOptions,
    firstTargetPort: number,
    owner: IpServicesOwner,
    random: RandomStream,
  ) {
    this.#options = options;
    this.#owner = owner;
    this.#random = random;
    this.stack = new IpStack(options.ports, owner, random);
    const { iscsi, portals, ports } = options;
    if (iscsi === undefined) return;
    for (const port of ports.slice(0, portals).keys())
      this.#openPortal(iscsi, port, firstTargetPort);
  }

  #openPortal(
    { targetName: name, firstGroupTag: first = 1 }: NonNullable<ArrayIpOptions['iscsi']>,
    port: number,
    firstTargetPort: number,
  ): void {
    const owner = this.#owner;
    // Commands have their answers when the other array has given its own: nothing else would take that to the wire then.
    const late: CommandMirror = {
      run: (task, dataOut, respond) =>
        owner.mirror?.run(task, dataOut, (reply) => {
          respond(reply);
          attached.drain();
        }),
    };
    const portal = new IscsiTargetPort({
      name,
      groupTag: first + port,
      portIndex: firstTargetPort + port,
      addresses: () =>
        this.#options.ports
          .slice(0, this.#options.portals)
          .map(({ address }, i) => `${address}:${ISCSI_TCP_PORT},${first + i}`),
      hash: () => noSecrets(),
      challenge: () => noSecrets(),
      device: { nexusBegan: (...login) => owner.device.nexusBegan(...login) },
      standsUntil: () => owner.standsUntil,
      mirror: () => (owner.mirror === undefined ? undefined : late),
      serviceNs: (write, bytes) => owner.serviceNs(write, bytes),
      coldReset: () => {
        for (const other of this.#portals.filter((one) => one.portal !== portal)) {
          other.portal.endSessions(owner.now);
          other.attached.drain();
        }
      },
    });
    const attached = this.stack.attach(portal, {
      onEvent: (event) => owner.emit(event),
      listens: [{ tcpPort: ISCSI_TCP_PORT, port }],
    });
    this.#portals.push({ portal, attached });
  }

  /**
   * The file server runs from now on. `before`: the services of an array that lost its power, whose files
   * these are: what was not committed is lost with a volatile cache, and clients find out by the verifier.
   */
  exportFiles(files: NfsFileSystem, before?: ArrayIpServices): void {
    const { nfs } = this.#options;
    if (nfs === undefined) return;
    this.files = files;
    const mayHaveLost = files.files.some(({ file }) => file?.medium.volatile === true);
    const kept = before === undefined || mayHaveLost ? undefined : before.#verifier;
    const verifier = kept ?? this.#newVerifier();
    this.#verifier = verifier;
    const server = new NfsServer({
      name: this.#owner.name,
      fileSystem: files,
      peerOf: (conn) => this.stack.peerOf(conn),
      writeVerifier: verifier,
      rules: nfs.rules ?? OPEN_EXPORT,
      ...(nfs.layouts === true ? { layouts: this.#layouts() } : {}),
      ...(nfs.replyCache === undefined ? {} : { replyCache: nfs.replyCache }),
      serviceNs: (procedure, bytes) =>
        TAKES_TIME.has(procedure) ? this.#owner.serviceNs(procedure === 'WRITE', bytes) : 0,
    });
    this.stack.attach(server, {
      onEvent: (event) => this.#owner.emit(event),
      listens: [{ tcpPort: NFS_SERVER_DEFAULTS.tcpPort }],
    });
  }

  /** Disks are known by their NAA identifiers, and closed by masks. */
  #layouts(): BlockLayoutOptions {
    const owner = this.#owner;
    const initiatorOf = (name: Uint8Array) => String.fromCharCode(...name) as InitiatorPort;
    return {
      deviceOf: ({ file }) =>
        file?.luName === undefined
          ? undefined
          : { signature: [{ offset: 0n, contents: parseHex(file.luName) }], storageOffset: 0n },
      initiatorOf,
      fence: ({ file }, name) => {
        if (file?.luName !== undefined) owner.fence(deviceOf(initiatorOf(name)), file.luName);
      },
    };
  }

  #newVerifier(): Uint8Array {
    return Uint8Array.from({ length: VERIFIER_BYTES }, () => this.#random.below(256));
  }

  handleFrame(port: number, frame: Uint8Array): void {
    this.stack.handleFrame(port, frame);
  }

  handleLink(port: number, up: boolean): void {
    this.stack.handleLink(port, up);
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    return this.stack.kept();
  }
}

/** Portals here ask nobody for a secret. */
function noSecrets(): never {
  throw new RangeError('the portals of an array in a scenario have no CHAP');
}
