/**
 * A virtual HBA: one NPIV port on one ENode of a host, with the logical units it sees.
 *
 * Ownership: a virtual machine's storage owns its vHBAs. A vHBA is settled when its login is
 * complete, the name server has answered and every target port it found is scanned or given up.
 */
import { formatWwn, type Wwn } from '../../codecs/layout/index.ts';
import {
  type Enode,
  FcpInitiator,
  type Lport,
  type LportListener,
  type LportState,
  type Rport,
} from '../port/index.ts';
import { type ScannedLun, scanLuns } from './lun-scan.ts';

/** Largest frame payload of an FC port. */
const RECEIVE_BYTES = 2112;
/** FDISC refused or unanswered this often gives the vHBA up. */
const LOGIN_TRIES_MAX = 4;

/** The names a vHBA logs in with, and the host port it does so through. */
export interface VhbaIdentity {
  readonly port: number;
  readonly wwpn: Wwn;
  readonly wwnn: Wwn;
}

/** What the owner of a vHBA hears. */
export interface VhbaOwner {
  /** Its state, its targets or their logical units changed. */
  vhbaChanged(vhba: Vhba): void;
  /** A target port's login ended; what ran under it is being reported command by command. */
  targetGone(vhba: Vhba, rport: Rport): void;
}

type Target = { readonly rport: Rport; luns: readonly ScannedLun[] | undefined };

export class Vhba implements LportListener {
  readonly identity: VhbaIdentity;
  readonly lport: Lport;
  readonly fcp: FcpInitiator;
  readonly #enode: Enode;
  readonly #owner: VhbaOwner;
  readonly #targets = new Map<Rport, Target>();
  /** Why the vHBA cannot be used, once it is known. */
  failure: string | undefined;

  constructor(enode: Enode, identity: VhbaIdentity, symbolicName: string, owner: VhbaOwner) {
    this.identity = identity;
    this.#enode = enode;
    this.#owner = owner;
    this.lport = enode.createLport(
      {
        portName: identity.wwpn,
        nodeName: identity.wwnn,
        role: 'initiator',
        receiveBytes: RECEIVE_BYTES,
        physical: false,
        symbolicName,
        loginTriesMax: LOGIN_TRIES_MAX,
        discovers: true,
      },
      this,
    );
    this.fcp = new FcpInitiator(this.lport);
  }

  /** Logs in as soon as the fabric allows. */
  join(): void {
    this.#enode.startLport(this.lport);
  }

  /** Logs out in good order. `done` hears whether every target confirmed. */
  leave(done: (acknowledged: boolean) => void): void {
    this.lport.enterLogo((acknowledged) => {
      this.#enode.removeLport(this.lport);
      done(acknowledged);
    });
  }

  /** Drops the port without a word, as a host that pulls the plug. */
  drop(): void {
    this.#enode.removeLport(this.lport);
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
  *targets(): Iterable<{ readonly rport: Rport; readonly luns: readonly ScannedLun[] }> {
    for (const { rport, luns } of this.#targets.values())
      if (luns !== undefined) yield { rport, luns };
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
    const target: Target = { rport, luns: undefined };
    this.#targets.set(rport, target);
    scanLuns(this.lport, this.fcp, rport, (result) => {
      if (this.#targets.get(rport) !== target) return;
      target.luns = result.ok ? result.luns : [];
      this.#owner.vhbaChanged(this);
    });
  }

  rportGone(rport: Rport): void {
    this.#targets.delete(rport);
    this.#owner.targetGone(this, rport);
  }

  rportFailed(): void {
    this.#owner.vhbaChanged(this);
  }
}
