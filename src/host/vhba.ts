/**
 * A virtual HBA: one NPIV port on one adapter of a host, with the logical units it sees.
 *
 * Ownership: a virtual machine's storage owns its vHBAs, a vHBA the nexus of each target it found. A vHBA is settled when its login is
 * complete, the name server has answered and every target port it found is scanned or given up.
 */
import { formatFcId, formatWwn } from '../codecs/layout/index.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import { FcpInitiator } from '../port/fcp/initiator.ts';
import type { CarriedLogin } from '../port/n-port/carried-login.ts';
import type { LportState } from '../port/n-port/fabric-login.ts';
import type { Lport, LportListener } from '../port/n-port/lport.ts';
import type { NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import type { Rport } from '../port/n-port/rport.ts';
import type { ScannedLun } from '../scsi/initiator/lun-scan.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import type { InitiatorNexus } from '../scsi/transport.ts';
import type { Attachment } from './attachment.ts';
import type { LeaveTo } from './control.ts';
import { tenantsOf } from './physical-port.ts';
import { TargetPorts } from './target-ports.ts';
import type { VhbaIdentity } from './vhba-identity.ts';

/** Largest frame payload of an FC port. */
const RECEIVE_BYTES = 2112;
/** FDISC refused or unanswered this often gives the vHBA up. */
const LOGIN_TRIES_MAX = 4;

/** What the owner of a vHBA hears. */
export interface VhbaOwner {
  /** A target port that is gone is forgotten after this long. */
  readonly devLossNs: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Its state, its targets or their logical units changed. */
  vhbaChanged(attachment: Attachment): void;
  /** A scan has shown these logical units. */
  scanned(luns: readonly ScannedLun[]): void;
}

/** One N_Port of a virtual machine with what it sees. */
export class Vhba implements Attachment, LportListener {
  readonly identity: VhbaIdentity;
  readonly lport: Lport;
  readonly #fcp: FcpInitiator;
  readonly #adapter: NPortAdapter;
  readonly #owner: VhbaOwner;
  readonly #targets: TargetPorts<Rport>;
  /** Ports that it found and that took no login, by N_Port_ID, with why. */
  readonly #unreached = new Map<number, string>();
  /** Why the vHBA cannot be used, once it is known. */
  failure: string | undefined;

  constructor(
    adapter: NPortAdapter,
    identity: VhbaIdentity,
    symbolicName: string,
    owner: VhbaOwner,
  ) {
    this.#adapter = adapter;
    this.#owner = owner;
    this.#targets = new TargetPorts(identity.port, {
      devLossNs: owner.devLossNs,
      after: (delayNs, run) => owner.after(delayNs, run),
      changed: () => owner.vhbaChanged(this),
      scanned: (luns) => owner.scanned(luns),
    });
    if (identity.physical === true && adapter.physical !== undefined) {
      this.lport = adapter.physical;
      const { portName, nodeName } = this.lport.options;
      this.identity = { ...identity, wwpn: portName, wwnn: nodeName };
      this.#fcp = new FcpInitiator(this.lport);
      return;
    }
    this.identity = identity;
    const { oxIds, honoursCleanAddress, firstBurst, setupNs } = identity;
    this.lport = adapter.createLport(
      {
        portName: identity.wwpn,
        nodeName: identity.wwnn,
        ...(oxIds === undefined ? {} : { oxIds }),
        ...(honoursCleanAddress === undefined ? {} : { honoursCleanAddress }),
        ...(firstBurst === undefined ? {} : { firstBurst }),
        ...(setupNs === undefined ? {} : { setupNs }),
        role: 'initiator',
        receiveBytes: RECEIVE_BYTES,
        physical: false,
        symbolicName,
        loginTriesMax: LOGIN_TRIES_MAX,
        discovers: true,
      },
      this,
    );
    this.#fcp = new FcpInitiator(this.lport);
  }

  /** Logs in as soon as the fabric allows. */
  join(): void {
    if (this.identity.physical === true) tenantsOf(this.lport)?.enter(this.lport, this);
    else this.#adapter.startLport(this.lport);
  }

  /** Goes on with a login that was another adapter's. */
  adopt(login: CarriedLogin): void {
    this.#adapter.adoptLport(this.lport, login);
  }

  /** Logs out in good order. `done` hears whether every target was told and has confirmed. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void {
    const gone = (acknowledged: boolean): void => {
      this.drop();
      done(acknowledged);
    };
    if (this.identity.physical === true) this.logoutTargets(gone);
    else if (to !== 'fabric') this.lport.enterLogo(gone);
    else this.lport.enterFabricLogo(() => gone(false));
  }

  /** Logs out of every target and stays in the fabric. */
  logoutTargets(done: (acknowledged: boolean) => void): void {
    let waiting = 1;
    let all = true;
    const one = (acknowledged: boolean): void => {
      all &&= acknowledged;
      waiting--;
      if (waiting === 0) done(all);
    };
    for (const rport of this.#targets.logins) {
      waiting++;
      rport.enterLogo(one);
    }
    one(true);
  }

  /** Drops the port without a word, as a host that pulls the plug. */
  drop(): void {
    this.#targets.end();
    if (this.identity.physical === true) tenantsOf(this.lport)?.leave(this);
    else this.#adapter.removeLport(this.lport);
  }

  /** What its adapter knows of what stands in the way. */
  get complaint(): string {
    return this.#adapter.complaint;
  }

  get unreached(): string[] {
    return [...this.#unreached].map(
      ([portId, reason]) =>
        `${formatFcId(portId)}, which the fabric names, took no login: ${reason}`,
    );
  }

  /** Login complete, and every target found is scanned or given up. */
  get settled(): boolean {
    if (this.failure !== undefined) return true;
    if (this.lport.state !== 'ready' || !this.lport.discovery.completed) return false;
    for (const rport of this.lport.rports.values()) {
      if (rport.state === 'plogi' || rport.state === 'prli' || rport.state === 'adisc')
        return false;
      if (!this.#targets.isScanned(rport)) return false;
    }
    return true;
  }

  /** Target ports with their logical units, in the order they were found. */
  targets(): Iterable<ScannedNexus> {
    return this.#targets.nexuses();
  }

  /** What is known of the target port behind a nexus, if it is one of this vHBA's, is outdated. */
  rescan(nexus: InitiatorNexus): void {
    this.#targets.rescan(nexus);
  }

  stateChanged(_lport: Lport, state: LportState, reason: string): void {
    if (state === 'failed') this.failure = `${formatWwn(this.identity.wwpn)}: ${reason}`;
    else if (state === 'ready') this.failure = undefined;
    this.#owner.vhbaChanged(this);
  }

  discovered(): void {
    this.#owner.vhbaChanged(this);
  }

  rportReady(rport: Rport): void {
    this.#unreached.delete(rport.portId);
    if (!rport.isTarget) {
      this.#owner.vhbaChanged(this);
      return;
    }
    this.#targets.found(rport, this.#fcp.nexusOf(rport));
  }

  rportGone(rport: Rport): void {
    this.#targets.gone(rport);
    // What ran under the login is being reported command by command.
    this.#owner.vhbaChanged(this);
  }

  rportFailed({ portId }: Rport, reason: string): void {
    this.#unreached.set(portId, reason);
    this.#owner.vhbaChanged(this);
  }
}
