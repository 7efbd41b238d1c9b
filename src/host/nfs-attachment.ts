/**
 * A guest's disks on a file server: the host mounts the export, finds the files, and gives each out as a logical
 * unit.
 *
 * Ownership: a virtual machine's storage owns it; it owns its NFS client, on a connection of its own over the
 * host's IP ports, and the nexus. NFS has no login: whoever leaves only says no more, and what is under way
 * then may still be carried out.
 */
import { parseHex } from '../codecs/layout/index.ts';
import { VERIFIER4_BYTES } from '../codecs/nfs4/index.ts';
import type { AuthSysInput } from '../codecs/rpc/index.ts';
import { lunField } from '../codecs/scsi/index.ts';
import { nfsClient, nfsServer } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { AttachedMachine, IpStack } from '../net/index.ts';
import { NfsClient } from '../port/nfs/client.ts';
import { type NexusFile, NfsFileNexus } from '../port/nfs/file-nexus.ts';
import { files3, type RemoteFile, type RemoteFiles } from '../port/nfs/remote-files.ts';
import { Nfs4Client } from '../port/nfs4/client.ts';
import type { ClientLayoutOwner, ClientLayouts } from '../port/nfs4/client-layouts.ts';
import type { ScannedLun } from '../scsi/initiator/lun-scan.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import { BLOCK_BYTES } from '../scsi/medium/medium.ts';
import type { Attachment } from './attachment.ts';
import type { LeaveTo } from './control.ts';
import type { NfsIdentity } from './nfs-identity.ts';

/** What its owner is asked. */
export interface NfsAttachmentOwner {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  vhbaChanged(attachment: Attachment): void;
  scanned(luns: readonly ScannedLun[]): void;
}

/** The exported directory. */
const EXPORT = '/';

/** The files of one guest on one server. */
export class NfsAttachment implements Attachment {
  readonly identity: NfsIdentity;
  failure: string | undefined;
  readonly complaint = '';
  readonly #owner: NfsAttachmentOwner;
  readonly #stack: IpStack;
  readonly #files: RemoteFiles;
  #attached: AttachedMachine | undefined;
  #nexus: NfsFileNexus | undefined;
  #luns: readonly ScannedLun[] = [];
  #found: readonly NexusFile[] = [];
  /** It was left, or dropped. */
  #isGone = false;

  /** `vm`: the guest, whose calls have numbers of their own. `recalled`: layouts are used, and one is wanted back. */
  constructor(
    identity: NfsIdentity,
    vm: string,
    stack: IpStack,
    owner: NfsAttachmentOwner,
    recalled?: (luName: string) => void,
  ) {
    this.identity = identity;
    this.#owner = owner;
    this.#stack = stack;
    const start = hashOf(`${vm} ${identity.address} ${owner.now}`);
    const caller = { machineName: vm, uid: 0, gid: 0, gids: [] };
    const layouts =
      recalled === undefined
        ? undefined
        : {
            recalled: ({ name }: RemoteFile) => {
              const disk = identity.disks.find(({ file }) => file === name);
              if (disk !== undefined) recalled(disk.luName);
            },
          };
    this.#files = filesOf(identity, caller, start, layouts);
  }

  get settled(): boolean {
    return this.failure !== undefined || this.#nexus !== undefined;
  }

  join(): void {
    if (this.#attached !== undefined || this.#isGone) return;
    this.#attached = this.#stack.attach(this.#files.machine, { onEvent: () => {} });
    const { disks } = this.identity;
    const names = disks.map(({ file }) => file);
    this.#files.find(names, this.#owner.now, (found) => {
      if (found.state === 'failed') return this.#fail(found.why);
      return this.#ready(
        found.value.map((file, i) => ({
          lunNumber: disks[i]!.lunNumber,
          file,
          blocks: Math.floor(file.sizeBytes / BLOCK_BYTES),
        })),
      );
    });
    this.#attached.drain();
  }

  #ready(files: readonly NexusFile[]): void {
    if (this.#isGone) return;
    this.#found = files;
    const { address, disks, server } = this.identity;
    const owner = this.#owner;
    this.#nexus = new NfsFileNexus(nfsClient(address), nfsServer(server.name), files, {
      get now() {
        return owner.now;
      },
      files: this.#files,
      after: (delayNs, run) => owner.after(delayNs, run),
      drain: () => this.#attached?.drain(),
      contradiction: () => {},
    });
    this.#luns = files.map(({ blocks, lunNumber }, i): ScannedLun => {
      const { luName } = disks[i]!;
      return {
        lun: lunField(lunNumber),
        lunNumber,
        luId: parseHex(luName),
        luName,
        blocks,
        vendor: 'NFS',
        product: disks[i]!.file,
        relativePort: undefined,
        group: undefined,
        access: undefined,
      };
    });
    owner.scanned(this.#luns);
    owner.vhbaChanged(this);
  }

  /** Asks for the layout of a unit's file; `done` hears whether it is held now. */
  layoutOf(luName: string, done: (isGranted: boolean) => void): void {
    this.#onLayouts(luName, (layouts, file) =>
      layouts.get(file, ({ state }) => done(state === 'done')),
    );
  }

  /** Gives it back. */
  returnLayoutOf(luName: string): void {
    this.#onLayouts(luName, (layouts, file) => layouts.return(file, () => {}));
  }

  #onLayouts(luName: string, ask: (layouts: ClientLayouts, file: RemoteFile) => void): void {
    const client = this.#files.machine;
    const index = this.identity.disks.findIndex((one) => one.luName === luName);
    const file = this.#found[index]?.file;
    if (!(client instanceof Nfs4Client) || client.layouts === undefined || file === undefined)
      return;
    client.setTime(this.#owner.now);
    ask(client.layouts, file);
    this.#attached?.drain();
  }

  #fail(why: string): void {
    if (this.#isGone) return;
    const { address, port } = this.identity.server;
    this.failure = `nfs://${address}:${port}${EXPORT}: ${why}`;
    this.#owner.vhbaChanged(this);
  }

  leave(_to: LeaveTo, done: (acknowledged: boolean) => void): void {
    const isIdle = (this.#nexus?.outstanding ?? 0) === 0;
    this.#go('end');
    done(isIdle);
  }

  logoutTargets(done: (acknowledged: boolean) => void): void {
    this.leave('targets', done);
  }

  drop(): void {
    this.#go('silence');
  }

  #go(how: 'end' | 'silence'): void {
    this.#isGone = true;
    this.#nexus?.lost();
    this.#attached?.detach(how);
    this.#attached = undefined;
  }

  *targets(): Iterable<ScannedNexus> {
    if (this.#nexus === undefined || this.#isGone) return;
    yield { nexus: this.#nexus, ownPort: this.identity.port, luns: this.#luns };
  }

  /** Files stay what they are. */
  rescan(): void {}
}

/** The client of a guest's files, in the version that its identity asks for. */
function filesOf(
  { owner, server }: NfsIdentity,
  caller: AuthSysInput,
  start: number,
  layouts: ClientLayoutOwner | undefined,
): RemoteFiles {
  if (owner === undefined) return files3(new NfsClient({ server, caller, xid: start }));
  const verifier = new Uint8Array(VERIFIER4_BYTES);
  new DataView(verifier.buffer).setUint32(0, start);
  const uses = layouts === undefined ? {} : { layouts };
  return new Nfs4Client({ server, caller, xid: start, owner, verifier, ...uses });
}

/** What tells starts of clients from one another; the number of the first call: clients of one host begin far apart (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193) >>> 0;
  return hash;
}
