/**
 * A guest's disks on a file server: the host mounts the export, finds the files, and gives each out as a logical
 * unit.
 *
 * Ownership: a virtual machine's storage owns it; it owns its NFS client, on a connection of its own over the
 * host's IP ports, and the nexus. NFS has no login: whoever leaves only says no more, and what is under way
 * then may still be carried out.
 */
import { parseHex } from '../codecs/layout/index.ts';
import { lunField } from '../codecs/scsi/index.ts';
import { nfsClient, nfsServer } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { AttachedMachine, IpStack } from '../net/index.ts';
import { NfsClient } from '../port/nfs/client.ts';
import type { NfsResult } from '../port/nfs/client-result.ts';
import { type NexusFile, NfsFileNexus } from '../port/nfs/file-nexus.ts';
import type { ScannedLun } from '../scsi/initiator/lun-scan.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import { BLOCK_BYTES } from '../scsi/medium/medium.ts';
import type { Attachment } from './attachment.ts';
import type { LeaveTo } from './control.ts';
import type { NfsDisk, NfsIdentity } from './nfs-identity.ts';

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
  readonly #client: NfsClient;
  #attached: AttachedMachine | undefined;
  #nexus: NfsFileNexus | undefined;
  #luns: readonly ScannedLun[] = [];
  /** It was left, or dropped. */
  #isGone = false;

  /** `vm`: the guest, whose calls have numbers of their own. */
  constructor(identity: NfsIdentity, vm: string, stack: IpStack, owner: NfsAttachmentOwner) {
    this.identity = identity;
    this.#owner = owner;
    this.#stack = stack;
    this.#client = new NfsClient({
      server: identity.server,
      caller: { machineName: vm, uid: 0, gid: 0, gids: [] },
      xid: firstXid(`${vm} ${identity.address} ${owner.now}`),
    });
  }

  get settled(): boolean {
    return this.failure !== undefined || this.#nexus !== undefined;
  }

  join(): void {
    if (this.#attached !== undefined || this.#isGone) return;
    this.#attached = this.#stack.attach(this.#client, { onEvent: () => {} });
    this.#client.mount(EXPORT, this.#owner.now, (root) => {
      if (root.state === 'failed') this.#fail(root.why);
      else this.#look(root.value, []);
    });
    this.#attached.drain();
  }

  /** Finds one file after the other. */
  #look(root: Uint8Array, found: readonly NexusFile[]): void {
    const disk = this.identity.disks[found.length];
    if (disk === undefined) {
      this.#ready(found);
      return;
    }
    const { now } = this.#owner;
    this.#client.lookup(root, disk.file, now, (handle) => {
      if (handle.state === 'failed') this.#fail(`${disk.file}: ${handle.why}`);
      else this.#ask(root, disk, handle.value, found);
    });
  }

  #ask(
    root: Uint8Array,
    { file, lunNumber }: NfsDisk,
    handle: Uint8Array,
    found: readonly NexusFile[],
  ): void {
    this.#client.call('GETATTR', { object: handle }, this.#owner.now, (result) => {
      const size = sizeOf(result);
      if (size === undefined) this.#fail(`${file}: its size is not told`);
      else {
        const blocks = Math.floor(Number(size) / BLOCK_BYTES);
        this.#look(root, [...found, { lunNumber, handle, blocks }]);
      }
    });
  }

  #ready(files: readonly NexusFile[]): void {
    if (this.#isGone) return;
    const { address, disks, server } = this.identity;
    const owner = this.#owner;
    this.#nexus = new NfsFileNexus(nfsClient(address), nfsServer(server.name), files, {
      get now() {
        return owner.now;
      },
      client: this.#client,
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

function sizeOf(
  result: NfsResult<{
    readonly resok?: { readonly objAttributes: { readonly size: bigint } } | undefined;
  }>,
): bigint | undefined {
  return result.state === 'done' ? result.value.resok?.objAttributes.size : undefined;
}

/** Number of a client's first call: clients of one host begin far from one another (FNV-1a). */
function firstXid(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193) >>> 0;
  return hash;
}
