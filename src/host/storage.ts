/**
 * A virtual machine's disks as its host reaches them: its attachments, and every logical unit over every path.
 */
import type { PathChanged } from '../history/io.ts';
import type { InitiatorPort } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { IpStack } from '../net/index.ts';
import type { CarriedLogin } from '../port/n-port/carried-login.ts';
import type { NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import type { ScannedLun } from '../scsi/initiator/lun-scan.ts';
import { Multipath, type Path, type ScannedNexus } from '../scsi/initiator/multipath.ts';
import { PathChecker } from '../scsi/initiator/path-checker.ts';
import type { SenseAction } from '../scsi/initiator/sense-action.ts';
import type { Attachment } from './attachment.ts';
import {
  type AttachmentIdentity,
  identityText,
  initiatorPortOf,
  initiatorPortsOf,
  isVhba,
} from './attachment-identity.ts';
import { claim } from './claim.ts';
import type { LeaveTo } from './control.ts';
import { IscsiAttachment } from './iscsi-attachment.ts';
import { LayoutAttachment } from './layout-attachment.ts';
import { NfsAttachment } from './nfs-attachment.ts';
import type { PathOptions } from './path-options.ts';
import { Vhba, type VhbaOwner } from './vhba.ts';

/** What the owner of a storage hears. */
export interface StorageOwner {
  readonly now: Instant;
  readonly paths: PathOptions;
  /** The IP ports of the host, where it has any. */
  readonly ip?: IpStack | undefined;
  after(delayNs: number, run: () => void): Timer;
  emit(event: PathChanged): void;
  /** What came at a port contradicts what should have. */
  contradiction(port: number, what: string): void;
  /** Paths came or went, or a vHBA settled or failed. */
  storageChanged(storage: Storage): void;
}

/** The attachments of one virtual machine, and what they reach. */
export class Storage implements VhbaOwner {
  readonly #attachments: readonly Attachment[];
  readonly multipath: Multipath;
  readonly #checker: PathChecker;
  readonly #owner: StorageOwner;

  constructor(
    adapters: readonly NPortAdapter[],
    identities: readonly AttachmentIdentity[],
    vm: string,
    owner: StorageOwner,
  ) {
    this.#owner = owner;
    this.multipath = new Multipath(
      () => this.#nexuses(),
      (luName, { nexus }, state) => {
        const { initiatorPort: initiator, targetPort: target } = nexus;
        owner.emit({ type: 'path', vm, luName, initiator, target, state });
      },
      owner.paths.nearPorts,
    );
    this.#checker = new PathChecker(this.multipath, {
      get now() {
        return owner.now;
      },
      after: (delayNs, run) => owner.after(delayNs, run),
      accessChanged: (luName) => this.#accessChanged(luName),
    });
    this.#attachments = identities.map((identity) => this.#attach(adapters, identity, vm));
  }

  #attach(adapters: readonly NPortAdapter[], identity: AttachmentIdentity, vm: string): Attachment {
    if (isVhba(identity)) return new Vhba(adapters[identity.port]!, identity, vm, this);
    const stack = this.#owner.ip!;
    if (identity.kind === 'iscsi') return new IscsiAttachment(identity, stack, this);
    const { disk } = identity;
    return disk === undefined
      ? new NfsAttachment(identity, vm, stack, this)
      : new LayoutAttachment({ ...identity, disk }, vm, stack, this);
  }

  /** Units whose best path is near and not optimized: their targets are asked to make it so. */
  claimNear(): void {
    if (this.#owner.paths.claims !== true) return;
    for (const { luName } of this.multipath.view()) {
      const path = this.multipath.nearButNotOptimized(luName);
      if (path !== undefined) claim(path, () => this.#checker.ask(luName));
    }
  }

  /** The initiator ports, in the order of the identities. */
  get initiatorPorts(): InitiatorPort[] {
    return this.#attachments.flatMap(({ identity }) => initiatorPortsOf(identity));
  }

  /** True when these are the names and host ports of its attachments. */
  hasIdentities(identities: readonly AttachmentIdentity[]): boolean {
    return (
      identities.length === this.#attachments.length &&
      identities.every((identity, i) => {
        const own = this.#attachments[i]!.identity;
        return own.port === identity.port && initiatorPortOf(own) === initiatorPortOf(identity);
      })
    );
  }

  /** Logs in, as far as that has not begun; or goes on with logins that were another adapter's. */
  join(logins?: readonly CarriedLogin[]): void {
    for (const [index, one] of this.#attachments.entries()) {
      const login = logins?.[index];
      if (login === undefined || !(one instanceof Vhba)) one.join();
      else one.adopt(login);
    }
  }

  /** Gives the logins away: from now on nothing is sent or heard for them here. */
  giveLogins(): CarriedLogin[] {
    const logins = this.#attachments.flatMap((one) =>
      one instanceof Vhba ? [one.lport.carriedLogin()] : [],
    );
    this.drop();
    return logins;
  }

  /** All attachments leave; `done` hears whether every target confirmed. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void {
    this.#checker.end();
    let waiting = this.#attachments.length;
    let all = true;
    if (waiting === 0) done(true);
    for (const one of this.#attachments) {
      one.leave(to, (acknowledged) => {
        all &&= acknowledged;
        waiting--;
        if (waiting === 0) done(all);
      });
    }
  }

  /** Logs out of every target, and stays in the fabric. */
  logoutTargets(): void {
    for (const one of this.#attachments) one.logoutTargets(() => {});
  }

  /** Drops all ports without a word. */
  drop(): void {
    this.#checker.end();
    for (const one of this.#attachments) one.drop();
  }

  /** Every attachment has settled or failed. */
  get settled(): boolean {
    return this.#attachments.every((one) => one.settled);
  }

  /** The first reason why an attachment cannot be used. */
  get failure(): string | undefined {
    return this.#attachments.find((one) => one.failure !== undefined)?.failure;
  }

  /** The names whose logins and scans are not complete, where they are, and why, where the port knows: in words. */
  get unsettled(): string {
    const names = this.#attachments
      .filter((one) => !one.settled)
      .map(({ complaint, identity }) => {
        const why = complaint === '' ? '' : ` (${complaint})`;
        return `${identityText(identity)} at port ${identity.port}${why}`;
      });
    return names.join(', ');
  }

  /** Ports that were found and took no login, each with why: in words. */
  get unreached(): string[] {
    return this.#attachments.flatMap(({ unreached = [] }) => unreached);
  }

  get devLossNs(): Instant {
    return this.#owner.paths.devLossNs;
  }

  get fastIoFailNs(): Instant {
    return this.#owner.paths.fastIoFailNs;
  }

  contradiction(port: number, what: string): void {
    this.#owner.contradiction(port, what);
  }

  get now(): Instant {
    return this.#owner.now;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#owner.after(delayNs, run);
  }

  vhbaChanged(): void {
    this.multipath.update();
    this.#owner.storageChanged(this);
  }

  scanned(luns: readonly ScannedLun[]): void {
    this.multipath.update();
    for (const { luName, access } of luns) {
      if (access !== undefined) this.#checker.learn(luName, access);
    }
  }

  /** A command on a path was told that something is not as it was known: looks at it anew. */
  outdated(luName: string, path: Path, { access, outdated }: SenseAction): void {
    if (access !== undefined) this.#checker.refused(luName, path, access);
    else if (outdated === 'access-states') this.#checker.ask(luName);
    else if (outdated === 'logical-units') {
      for (const one of this.#attachments) one.rescan(path.nexus);
    }
  }

  /** A path that serves now, and whose port could not tell the size when it was scanned, is scanned again. */
  #accessChanged(luName: string): void {
    const unsized = [...this.#nexuses()].filter(
      ({ luns, standing }) =>
        standing === undefined &&
        luns.some((one) => one.luName === luName && one.blocks === undefined),
    );
    const serving = new Set(this.multipath.servingPathsTo(luName).map(({ nexus }) => nexus));
    for (const { nexus } of unsized) {
      if (!serving.has(nexus)) continue;
      for (const one of this.#attachments) one.rescan(nexus);
    }
    this.#owner.storageChanged(this);
  }

  *#nexuses(): Iterable<ScannedNexus> {
    for (const one of this.#attachments) yield* one.targets();
  }
}
