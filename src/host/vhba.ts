/**
 * A virtual HBA: one NPIV port on one ENode of a host, with the logical units it sees.
 *
 * Ownership: a virtual machine's storage owns its vHBAs, a vHBA the nexus of each target it found. A vHBA is settled when its login is
 * complete, the name server has answered and every target port it found is scanned or given up.
 */
import { formatWwn } from '../codecs/layout/index.ts';
import type { Enode } from '../port/enode/enode.ts';
import type { VnPort } from '../port/enode/vn-port.ts';
import { FcpInitiator } from '../port/fcp/initiator.ts';
import type { CarriedLogin } from '../port/n-port/carried-login.ts';
import type { LportState } from '../port/n-port/fabric-login.ts';
import type { Lport, LportListener } from '../port/n-port/lport.ts';
import type { Rport } from '../port/n-port/rport.ts';
import { type ScannedLun, scanLuns } from '../scsi/initiator/lun-scan.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import type { InitiatorNexus } from '../scsi/transport.ts';
import type { LeaveTo } from './control.ts';
import { tenantsOf } from './physical-port.ts';
import type { VhbaIdentity } from './vhba-identity.ts';

/** Largest frame payload of an FC port. */
const RECEIVE_BYTES = 2112;
/** FDISC refused or unanswered this often gives the vHBA up. */
const LOGIN_TRIES_MAX = 4;

/** What the owner of a vHBA hears. */
export interface VhbaOwner {
  /** Its state, its targets or their logical units changed. */
  vhbaChanged(vhba: Vhba): void;
}

/** A target port that was found, and what its nexus shows; `undefined` until it is scanned. */
interface Target {
  readonly nexus: InitiatorNexus;
  luns: readonly ScannedLun[] | undefined;
}

/** One N_Port of a virtual machine with what it sees. */
export class Vhba implements LportListener {
  readonly identity: VhbaIdentity;
  readonly lport: VnPort;
  readonly #fcp: FcpInitiator;
  readonly #enode: Enode;
  readonly #owner: VhbaOwner;
  readonly #targets = new Map<Rport, Target>();
  /** Why the vHBA cannot be used, once it is known. */
  failure: string | undefined;

  constructor(enode: Enode, identity: VhbaIdentity, symbolicName: string, owner: VhbaOwner) {
    this.#enode = enode;
    this.#owner = owner;
    if (identity.physical === true && enode.physical !== undefined) {
      this.lport = enode.physical;
      const { portName, nodeName } = this.lport.options;
      this.identity = { ...identity, wwpn: portName, wwnn: nodeName };
      this.#fcp = new FcpInitiator(this.lport);
      return;
    }
    this.identity = identity;
    const { oxIds, honoursCleanAddress, firstBurst } = identity;
    this.lport = enode.createLport(
      {
        portName: identity.wwpn,
        nodeName: identity.wwnn,
        ...(oxIds === undefined ? {} : { oxIds }),
        ...(honoursCleanAddress === undefined ? {} : { honoursCleanAddress }),
        ...(firstBurst === undefined ? {} : { firstBurst }),
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
    else this.#enode.startLport(this.lport);
  }

  /** Goes on with a login that was another adapter's. */
  adopt(login: CarriedLogin): void {
    this.#enode.adoptLport(this.lport, login);
  }

  /** Logs out in good order. `done` hears whether every target was told and has confirmed. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void {
    const gone = (acknowledged: boolean): void => {
      this.drop();
      done(acknowledged);
    };
    if (this.identity.physical === true) this.logoutTargets(gone);
    else if (to === 'targets') this.lport.enterLogo(gone);
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
    for (const rport of [...this.#targets.keys()]) {
      waiting++;
      rport.enterLogo(one);
    }
    one(true);
  }

  /** Drops the port without a word, as a host that pulls the plug. */
  drop(): void {
    if (this.identity.physical === true) tenantsOf(this.lport)?.leave(this);
    else this.#enode.removeLport(this.lport);
  }

  /** Login complete, and every target found is scanned or given up. */
  get settled(): boolean {
    if (this.failure !== undefined) return true;
    if (this.lport.state !== 'ready' || !this.lport.discovery.completed) return false;
    for (const rport of this.lport.rports.values()) {
      if (rport.state === 'plogi' || rport.state === 'prli' || rport.state === 'adisc')
        return false;
      const target = this.#targets.get(rport);
      if (target !== undefined && target.luns === undefined) return false;
    }
    return true;
  }

  /** Target ports with their logical units, in the order they were found. */
  *targets(): Iterable<ScannedNexus> {
    const { port: ownPort } = this.identity;
    for (const { nexus, luns } of this.#targets.values())
      if (luns !== undefined) yield { nexus, ownPort, luns };
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
    if (!rport.isTarget) {
      this.#owner.vhbaChanged(this);
      return;
    }
    const target: Target = { nexus: this.#fcp.nexusOf(rport), luns: undefined };
    this.#targets.set(rport, target);
    scanLuns(target.nexus, (result) => {
      if (this.#targets.get(rport) !== target) return;
      target.luns = result.ok ? result.luns : [];
      this.#owner.vhbaChanged(this);
    });
  }

  rportGone(rport: Rport): void {
    this.#targets.delete(rport);
    // What ran under the login is being reported command by command.
    this.#owner.vhbaChanged(this);
  }

  rportFailed(): void {
    this.#owner.vhbaChanged(this);
  }
}
