/**
 * Which remote ports there are: asked of the name server at first and after every RSCN.
 *
 * Ownership: an lport owns one. Source: FC-GS-7, GPN_FT and GPN_ID; FC-LS-3, RSCN; libfc's disc.
 */
import { CtReason, gpnFt, gpnFtAccept, gpnId, gpnIdAccept } from '../../codecs/ct/index.ts';
import { RscnAddressFormat } from '../../codecs/els/index.ts';
import { FcType } from '../../codecs/fc/index.ts';
import { CodecError, type FcId, formatFcId, type Wwn } from '../../codecs/layout/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type { LportState } from './fabric-login.ts';
import type { Role } from './login-parameters.ts';
import { type CtSender, sendCt } from './name-server-client.ts';
import type { Rport } from './rport.ts';

const TRIES_MAX = 3;
/** Ports that the name server is asked for at once, one by one: RSCNs beyond that are lost. */
const ASKING_MAX = 1024;

/** What an RSCN says of one address, or of an area and more. */
export interface ChangedAddress {
  readonly nPortId: FcId;
  /** `RscnAddressFormat`. */
  readonly addressFormat: number;
}

/** What discovery needs of the N_Port that owns it. */
export interface DiscoveryOwner extends CtSender {
  readonly options: { readonly discovers: boolean; readonly role: Role };
  readonly state: LportState;
  readonly epoch: number;
  readonly nPortId: FcId;
  readonly eDTovNs: number;
  readonly rports: Map<FcId, Rport>;
  after(delayNs: number, run: () => void): Timer;
  rport(portId: FcId): Rport | undefined;
  contradiction(what: string): void;
  /** The name server's list has been worked through; logins may still be under way. */
  discovered(): void;
}

/** Keeps the remote ports of one N_Port as the name server lists them. */
export class Discovery {
  readonly #lport: DiscoveryOwner;
  #running = false;
  /** An RSCN came while a query was under way: ask again when it ends. */
  #again = false;
  /** The name server has answered at least once since the login. */
  completed = false;
  /** Queries for one port that are under way. */
  #asking = 0;
  #tries = 0;
  #retry: Timer | undefined;

  constructor(lport: DiscoveryOwner) {
    this.#lport = lport;
  }

  stop(): void {
    this.#retry?.cancel();
    this.#running = false;
    this.#again = false;
    this.completed = false;
    this.#tries = 0;
  }

  /** Asks for all ports that speak FCP, and logs in with those that are new. */
  start(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    const lport = this.#lport;
    const { epoch } = lport;
    sendCt(lport, gpnFt.encode({ fc4Type: FcType.FCP }), (reply) => {
      if (lport.epoch !== epoch || lport.state !== 'ready') return;
      this.#running = false;
      if (reply.result === 'accept') this.#found(reply.payload);
      else if (reply.result === 'reject' && reply.reason === CtReason.UNABLE_TO_PERFORM)
        this.#keep(new Map());
      else this.#failed();
      if (this.#again) {
        this.#again = false;
        this.start();
      }
    });
  }

  #failed(): void {
    this.#tries++;
    if (this.#tries >= TRIES_MAX) return;
    this.#retry = this.#lport.after(this.#lport.eDTovNs, () => this.start());
  }

  #found(payload: Uint8Array): void {
    this.#tries = 0;
    try {
      const { ports } = gpnFtAccept.decode(payload);
      this.#keep(new Map(ports.map((one) => [one.portId, one.portName])));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#lport.contradiction(error.message);
      this.#failed();
    }
  }

  /** Logs in with what is listed, and out of what is not any more. */
  #keep(listed: ReadonlyMap<FcId, Wwn>): void {
    this.completed = true;
    const lport = this.#lport;
    for (const rport of [...lport.rports.values()]) {
      if (!listed.has(rport.portId)) this.#gone(rport.portId);
    }
    for (const [portId, portName] of listed) {
      if (portId !== lport.nPortId) this.#seen(portId, portName);
    }
    lport.discovered();
  }

  #seen(portId: FcId, portName: Wwn): void {
    const rport = this.#lport.rport(portId);
    if (rport === undefined) return;
    if (rport.state === 'ready' && rport.portName === portName) rport.enterAdisc();
    else if (rport.state === 'ready') {
      rport.enterGone('another port has its address', false);
      rport.login();
    } else rport.login();
  }

  /** The name server no longer lists the port: LOGO, and fail what waits for it. */
  #gone(portId: FcId): void {
    const rport = this.#lport.rports.get(portId);
    if (rport === undefined) return;
    this.#lport.rports.delete(portId);
    rport.enterGone('gone from the name server', false);
    // Its login may have been under way: whoever waits for that to end is to look again.
    this.#lport.discovered();
  }

  /** An RSCN named these. Each port is asked for once, however often it is named. */
  changed(pages: readonly ChangedAddress[]): void {
    const lport = this.#lport;
    const { discovers, role } = lport.options;
    if (lport.state !== 'ready') return;
    const others = pages.filter(({ nPortId }) => nPortId !== lport.nPortId);
    const ports = others.filter(({ addressFormat }) => addressFormat === RscnAddressFormat.PORT);
    const portIds = new Set(ports.map(({ nPortId }) => nPortId));
    const isWide = ports.length < others.length;
    if (role === 'target') {
      for (const rport of isWide ? [...lport.rports.values()] : this.#known(portIds))
        this.#stillThere(rport);
      if (discovers) for (const portId of portIds) this.#meet(portId);
    } else if (discovers) {
      for (const portId of portIds) this.#ask(portId);
      if (isWide) this.start();
    }
  }

  #known(portIds: Iterable<FcId>): Rport[] {
    const { rports } = this.#lport;
    return [...portIds].flatMap((portId) => rports.get(portId) ?? []);
  }

  #ask(portId: FcId): void {
    this.#nameOf(portId, (portName) => {
      if (portName === undefined) this.#gone(portId);
      else this.#seen(portId, portName);
    });
  }

  /** A target logs in to a port that is new, before that does. */
  #meet(portId: FcId): void {
    const lport = this.#lport;
    if (lport.rports.has(portId)) return;
    this.#nameOf(portId, (portName) => {
      if (portName !== undefined && !lport.rports.has(portId)) lport.rport(portId)?.login();
    });
  }

  /** A target ends the login of an initiator that the fabric does not know any more. */
  #stillThere(rport: Rport): void {
    this.#nameOf(rport.portId, (portName) => {
      const known = this.#lport.rports.get(rport.portId) === rport;
      // Where its own PLOGI is under way that port has not said yet who it is.
      const isNew = rport.state === 'plogi' && portName !== undefined;
      if (known && !isNew && portName !== rport.portName) this.#gone(rport.portId);
    });
  }

  /** The port name that the name server has for an address; `undefined` when it has none. */
  #nameOf(portId: FcId, answer: (portName: Wwn | undefined) => void): void {
    const lport = this.#lport;
    const { epoch } = lport;
    if (this.#asking >= ASKING_MAX) {
      lport.contradiction(
        `${ASKING_MAX} ports are asked for already: ${formatFcId(portId)} is not`,
      );
      return;
    }
    this.#asking++;
    sendCt(lport, gpnId.encode({ portId }), (reply) => {
      this.#asking--;
      if (lport.epoch !== epoch || lport.state !== 'ready') return;
      if (reply.result === 'reject') answer(undefined);
      if (reply.result !== 'accept') return;
      try {
        answer(gpnIdAccept.decode(reply.payload).portName);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        lport.contradiction(error.message);
      }
    });
  }
}
