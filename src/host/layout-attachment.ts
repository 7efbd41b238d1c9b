/**
 * A guest's disks on a file server that gives out layouts: a client of the server, and a session of the host with the
 * disks themselves. While a layout is held its disk is reached over both; without one over the server alone.
 *
 * Ownership: a virtual machine's storage owns it; it owns both ways, and keeps account of what is under way on the
 * disks: a layout that is wanted back goes back when nothing is. A command that was given up counts as under way, for the
 * disk may still carry it out. Source: RFC 8881, 12.5; RFC 5663.
 */
import type { InitiatorPort, TargetPort } from '../history/port-name.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { IpStack } from '../net/index.ts';
import type { ScannedLun } from '../scsi/initiator/lun-scan.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import type {
  InitiatorNexus,
  OpenCommand,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../scsi/transport.ts';
import type { Attachment } from './attachment.ts';
import type { LeaveTo } from './control.ts';
import { IscsiAttachment, type IscsiAttachmentOwner } from './iscsi-attachment.ts';
import type { IscsiIdentity } from './iscsi-identity.ts';
import { NfsAttachment } from './nfs-attachment.ts';
import type { NfsIdentity } from './nfs-identity.ts';

/** Until a layout that another client holds is asked for again. */
const AGAIN_NS = MILLISECOND;

/** A nexus whose commands are counted, by LUN. */
class CountedNexus implements InitiatorNexus {
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;
  readonly address: number;
  readonly targetAddress: number;
  readonly #nexus: InitiatorNexus;
  readonly #idle: () => void;
  readonly #counts = new Map<bigint, number>();

  /** `idle` hears that nothing is under way to a LUN any more. */
  constructor(nexus: InitiatorNexus, idle: () => void) {
    this.#nexus = nexus;
    this.#idle = idle;
    this.initiatorPort = nexus.initiatorPort;
    this.targetPort = nexus.targetPort;
    this.address = nexus.address;
    this.targetAddress = nexus.targetAddress;
  }

  get ready(): boolean {
    return this.#nexus.ready;
  }

  /** Commands that the target may be working on. */
  outstanding(lun: bigint): number {
    return this.#counts.get(lun) ?? 0;
  }

  execute(command: ScsiCommand): OpenCommand | undefined {
    const { lun } = command;
    this.#counts.set(lun, this.outstanding(lun) + 1);
    return this.#nexus.execute({
      ...command,
      onDone: (outcome) => {
        if (outcome.end !== 'forgotten') this.#counts.set(lun, this.outstanding(lun) - 1);
        command.onDone(outcome);
        if (this.outstanding(lun) === 0) this.#idle();
      },
    });
  }

  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    this.#nexus.manage(request, done);
  }

  contradiction(what: string): void {
    this.#nexus.contradiction(what);
  }
}

/** The files of one guest on one server, and the disks behind them. */
export class LayoutAttachment implements Attachment {
  readonly identity: NfsIdentity;
  readonly #owner: IscsiAttachmentOwner;
  readonly #files: NfsAttachment;
  readonly #disks: IscsiAttachment;
  readonly #nexuses = new Map<InitiatorNexus, CountedNexus>();
  /** Units whose layout is held, and whether it is wanted back. */
  readonly #held = new Map<string, 'held' | 'recalled'>();
  #asked = false;
  #isGone = false;

  constructor(
    identity: NfsIdentity & { readonly disk: IscsiIdentity },
    vm: string,
    stack: IpStack,
    owner: IscsiAttachmentOwner,
  ) {
    this.identity = identity;
    this.#owner = owner;
    const inner: IscsiAttachmentOwner = {
      get now() {
        return owner.now;
      },
      get devLossNs() {
        return owner.devLossNs;
      },
      get fastIoFailNs() {
        return owner.fastIoFailNs;
      },
      after: (delayNs, run) => owner.after(delayNs, run),
      scanned: (luns) => owner.scanned(luns),
      contradiction: (port, what) => owner.contradiction(port, what),
      vhbaChanged: () => this.#changed(),
    };
    this.#files = new NfsAttachment(identity, vm, stack, inner, (luName) => this.#recall(luName));
    this.#disks = new IscsiAttachment(identity.disk, stack, inner);
  }

  get settled(): boolean {
    return this.failure !== undefined || (this.#files.settled && this.#disks.settled);
  }

  get failure(): string | undefined {
    return this.#files.failure ?? this.#disks.failure;
  }

  get complaint(): string {
    return this.#disks.complaint;
  }

  join(): void {
    this.#files.join();
    this.#disks.join();
  }

  #changed(): void {
    if (this.#files.settled && this.#disks.settled && !this.#asked) {
      this.#asked = true;
      for (const { luName } of this.identity.disks) this.#ask(luName);
    }
    this.#owner.vhbaChanged(this);
  }

  /** Asks until it has the layout, or one that it had is wanted back: then another one is to have it. */
  #ask(luName: string): void {
    if (this.#isGone) return;
    this.#files.layoutOf(luName, (isGranted) => {
      if (this.#isGone) return;
      if (!isGranted) {
        this.#owner.after(AGAIN_NS, () => this.#ask(luName));
        return;
      }
      this.#held.set(luName, 'held');
      this.#owner.vhbaChanged(this);
    });
  }

  #recall(luName: string): void {
    if (!this.#held.has(luName)) return;
    this.#held.set(luName, 'recalled');
    this.#owner.vhbaChanged(this);
    this.#giveBack();
  }

  /** What is wanted back, and not in use any more. */
  #giveBack(): void {
    for (const [luName, state] of this.#held) {
      if (state !== 'recalled' || this.#isInUse(luName)) continue;
      this.#held.delete(luName);
      this.#files.returnLayoutOf(luName);
    }
  }

  #isInUse(luName: string): boolean {
    for (const { luns, nexus } of this.#disks.targets()) {
      const lun = luns.find((one) => one.luName === luName)?.lun;
      if (lun !== undefined && (this.#nexuses.get(nexus)?.outstanding(lun) ?? 0) > 0) return true;
    }
    return false;
  }

  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void {
    for (const luName of this.#held.keys()) this.#held.set(luName, 'recalled');
    this.#giveBack();
    this.#isGone = true;
    this.#disks.leave(to, (disks) => this.#files.leave(to, (files) => done(disks && files)));
  }

  logoutTargets(done: (acknowledged: boolean) => void): void {
    this.leave('targets', done);
  }

  drop(): void {
    this.#isGone = true;
    this.#files.drop();
    this.#disks.drop();
  }

  *targets(): Iterable<ScannedNexus> {
    yield* this.#files.targets();
    if (this.#isGone) return;
    for (const one of this.#disks.targets()) {
      const luns = one.luns.filter(({ luName }: ScannedLun) => this.#held.get(luName) === 'held');
      if (luns.length > 0) yield { ...one, nexus: this.#counted(one.nexus), luns };
    }
  }

  #counted(nexus: InitiatorNexus): CountedNexus {
    const counted = this.#nexuses.get(nexus) ?? new CountedNexus(nexus, () => this.#giveBack());
    this.#nexuses.set(nexus, counted);
    return counted;
  }

  rescan(nexus: InitiatorNexus): void {
    const own = [...this.#nexuses].find(([, counted]) => counted === nexus)?.[0];
    if (own !== undefined) this.#disks.rescan(own);
  }
}
