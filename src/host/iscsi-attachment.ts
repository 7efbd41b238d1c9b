/**
 * A guest's disks on an iSCSI target: a session of the host with one portal, and the logical units behind it.
 *
 * Ownership: a virtual machine's storage owns it; it owns its initiator, on a connection of its own over the host's
 * IP ports, and the session. It is settled when the session is logged in and scanned, or given up.
 */
import { parseHex } from '../codecs/layout/index.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { AttachedMachine, IpStack } from '../net/index.ts';
import { DrivenNexus } from '../port/iscsi/driven-nexus.ts';
import { IscsiInitiator } from '../port/iscsi/initiator.ts';
import type { InitiatorSession, SessionListener } from '../port/iscsi/initiator-session.ts';
import { givenIsid, type IsidSource } from '../port/iscsi/isid.ts';
import type { ScannedLun } from '../scsi/initiator/lun-scan.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import type { InitiatorNexus } from '../scsi/transport.ts';
import type { Attachment } from './attachment.ts';
import type { LeaveTo } from './control.ts';
import type { IscsiIdentity } from './iscsi-identity.ts';
import { TargetPorts } from './target-ports.ts';

/** What its owner is asked. */
export interface IscsiAttachmentOwner {
  readonly now: Instant;
  /** A target port that is gone is forgotten after this long. */
  readonly devLossNs: Instant;
  /** Commands of a session that is lost wait so long for its coming back: open-iscsi's replacement_timeout. */
  readonly fastIoFailNs: Instant;
  after(delayNs: number, run: () => void): Timer;
  vhbaChanged(attachment: Attachment): void;
  scanned(luns: readonly ScannedLun[]): void;
  /** What the target sent contradicts what it should. */
  contradiction(port: number, what: string): void;
}

/** For the answer to I_T NEXUS RESET. */
const RESET_NS = 15e9;

/** One session of one guest. */
export class IscsiAttachment implements Attachment, SessionListener {
  readonly identity: IscsiIdentity;
  failure: string | undefined;
  complaint = '';
  readonly #owner: IscsiAttachmentOwner;
  readonly #stack: IpStack;
  readonly #machine: IscsiInitiator;
  readonly #targets: TargetPorts<InitiatorSession>;
  #attached: AttachedMachine | undefined;
  #session: InitiatorSession | undefined;
  /** It was left, or dropped. */
  #isGone = false;

  constructor(identity: IscsiIdentity, stack: IpStack, owner: IscsiAttachmentOwner) {
    this.identity = identity;
    this.#owner = owner;
    this.#stack = stack;
    const { initiator, isid, renewsIsid = false } = identity;
    const first = parseHex(isid);
    this.#machine = new IscsiInitiator({
      name: initiator,
      isids: renewsIsid ? renewedIsids(first) : givenIsid(first),
      hash: noSecrets,
      challenge: noSecrets,
      resends: renewsIsid,
      times: { replacementNs: owner.fastIoFailNs },
    });
    this.#targets = new TargetPorts(identity.port, {
      devLossNs: owner.devLossNs,
      after: (delayNs, run) => owner.after(delayNs, run),
      changed: () => owner.vhbaChanged(this),
      scanned: (luns) => owner.scanned(luns),
    });
  }

  get settled(): boolean {
    if (this.failure !== undefined) return true;
    const session = this.#session;
    return session?.state === 'logged-in' && this.#targets.isScanned(session);
  }

  join(): void {
    if (this.#attached !== undefined || this.#isGone) return;
    const { address, name, port } = this.identity.target;
    this.#attached = this.#stack.attach(this.#machine, {
      onEvent: ({ what }) => this.#owner.contradiction(this.identity.port, what),
    });
    this.#drive(() => {
      this.#session = this.#machine.login({ name, address, port }, this, this.#owner.now);
    });
  }

  /** What is asked of the machine happens now, and goes out. */
  #drive<T>(work: () => T): T {
    this.#machine.setTime(this.#owner.now);
    try {
      return work();
    } finally {
      this.#attached?.drain();
    }
  }

  /** To the targets it logs out, or resets its nexus; otherwise it only says no more. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void {
    const session = this.#session;
    if (to === 'fabric' || session === undefined || session.state !== 'logged-in') {
      this.#go('end');
      done(false);
      return;
    }
    const gone = (acknowledged: boolean): void => {
      this.#go('end');
      done(acknowledged);
    };
    if (to === 'nexus') this.#reset(session.nexus!, gone);
    else this.#drive(() => session.logout(gone));
  }

  /** I_T NEXUS RESET ends what the target works on, and the session. Source: RFC 7144, 6.3. */
  #reset(nexus: InitiatorNexus, done: (acknowledged: boolean) => void): void {
    const asked = { function: 'i-t-nexus-reset', lun: 0n, timeoutNs: RESET_NS } as const;
    this.#drive(() => nexus.manage(asked, (answer) => done(answer === 'complete')));
  }

  logoutTargets(done: (acknowledged: boolean) => void): void {
    this.leave('targets', done);
  }

  drop(): void {
    this.#go('silence');
  }

  #go(how: 'end' | 'silence'): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#targets.end();
    this.#attached?.detach(how);
    this.#attached = undefined;
    this.#machine.setTime(this.#owner.now);
    this.#session?.drop('left');
  }

  targets(): Iterable<ScannedNexus> {
    return this.#targets.nexuses();
  }

  rescan(nexus: InitiatorNexus): void {
    this.#targets.rescan(nexus);
  }

  // What the session tells.

  sessionBegan(session: InitiatorSession, nexus: InitiatorNexus): void {
    this.complaint = '';
    this.#targets.found(session, new DrivenNexus(nexus, (work) => this.#drive(work)));
  }

  sessionLost(session: InitiatorSession, _nexus: InitiatorNexus, why: string): void {
    this.complaint = why;
    this.#targets.gone(session);
    this.#owner.vhbaChanged(this);
  }

  sessionEnded(_session: InitiatorSession, why: string): void {
    if (this.#isGone) return;
    const { address, name, port } = this.identity.target;
    this.failure = `iSCSI ${name} at ${address}:${port}: ${why}`;
    this.#owner.vhbaChanged(this);
  }
}

/** After the first one, another at each login: the next number of the same kind. */
function renewedIsids(first: Uint8Array): IsidSource {
  return {
    isidOf(_session, relogin) {
      if (relogin === undefined) return first;
      const next = relogin.slice();
      for (let i = next.length - 1; i > 0; i--) {
        next[i] = (next[i]! + 1) & 0xff;
        if (next[i] !== 0) break;
      }
      return next;
    },
  };
}

/** Portals in a scenario ask nobody for a secret. */
function noSecrets(): never {
  throw new RangeError('the initiator of a host in a scenario has no CHAP');
}
