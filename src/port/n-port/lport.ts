/**
 * A local N_Port: fabric login, name server registration, state change registration, discovery.
 *
 * Ownership: an adapter owns its lports (the physical port and its NPIV ports); an lport owns its
 * exchange manager, its discovery and its rports. State changes only through the `enter…`
 * functions. Source: FC-LS-3 and FC-GS-7; the order of steps is libfc's.
 */
import { adisc, logo, rrq } from '../../codecs/els/index.ts';
import {
  FCTL_EXCHANGE_CONTEXT,
  FCTL_LAST_REPLY,
  FCTL_REQUEST,
  type FcHeader,
  FcType,
  RCtl,
} from '../../codecs/fc/index.ts';
import {
  CodecError,
  type FcId,
  formatFcId,
  type MessageWriter,
  partOf,
  type Wwn,
} from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { type CarriedLogin, carriedLoginOf } from './carried-login.ts';
import { Discovery } from './discovery.ts';
import { type ElsReply, elsReply } from './els-reply.ts';
import { answerEls, type ExchangeIds, type ExchangeState } from './els-responder.ts';
import { ExchangeManager, type OxIdRange } from './exchange.ts';
import { FabricLogin, type LportState } from './fabric-login.ts';
import { logOut, logOutOfFabric } from './fabric-logout.ts';
import { type FrameHeader, frameHeader } from './frame-header.ts';
import { E_D_TOV_NS, type PortIdentity, R_A_TOV_NS } from './login-parameters.ts';
import type { FabricLoginReply, NPortLink } from './n-port-link.ts';
import { Rport, type RportListener } from './rport.ts';

/** Remote ports one N_Port keeps. */
const RPORTS_MAX = 65_536;

/** What an N_Port is told when it is made. */
export interface LportOptions extends PortIdentity {
  /** The port that logs in by FLOGI; the others by FDISC. */
  readonly physical: boolean;
  /** Goes into the symbolic port name, RSPN_ID. */
  readonly symbolicName: string;
  /** Fabric logins that are refused or unanswered before the port is `failed`. */
  readonly loginTriesMax: number;
  /** True for a port that looks for others; a target does so when an RSCN names one, or waits for logins. */
  readonly discovers: boolean;
  /** The OX_IDs this port gives out; all when left out. */
  readonly oxIds?: OxIdRange;
  /**
   * Waits for R_A_TOV before it uses an N_Port_ID that the fabric does not call clean, so that
   * frames of an earlier holder find no login at the targets. Default false.
   */
  readonly honoursCleanAddress?: boolean;
  /** So long after its login it says its first word, as drivers that set a port up; it answers before. */
  readonly setupNs?: number;
  /** It asks to be told when frames wait, its own or those to a peer (RDF). Default false. */
  readonly notices?: boolean;
}

/** What the owner of an lport wants to hear. */
export interface LportListener extends RportListener {
  stateChanged?(lport: Lport, state: LportState, reason: string): void;
  /** The name server's list has been worked through; logins may still be under way. */
  discovered?(lport: Lport): void;
  /**
   * A frame of type FCP from the originator of an exchange, its payload in `frame` from `at` to
   * `end`; `rport` is undefined without login. The header lasts as long as the call.
   */
  commandFrame?(
    rport: Rport | undefined,
    header: FcHeader,
    frame: Uint8Array,
    at: number,
    end: number,
  ): void;
  /** ABTS from the originator. The owner answers it. */
  abts?(rport: Rport | undefined, header: FcHeader): void;
  /** REC from an originator: how its exchange stands, `undefined` when it is unknown. */
  readExchange?(rport: Rport | undefined, ids: ExchangeIds): ExchangeState | undefined;
}

/** An N_Port: its logins, its exchanges, its remote ports. Its link carries the frames. */
export class Lport {
  readonly options: LportOptions;
  readonly discovery: Discovery;
  readonly #login: FabricLogin;
  /** What the link calls the port while it has an N_Port_ID; empty where it has no word for it. */
  linkAddress = '';
  /** Feature bits of the fabric's accept: NPIV, clean address. */
  fabricFeatures = 0;
  eDTovNs = E_D_TOV_NS;
  rATovNs = R_A_TOV_NS;
  /** Counts logins, so that what belongs to an earlier one can be told apart. */
  epoch = 0;
  // What every frame needs stands together, at the end: with many ports it is not in the cache.
  readonly #link: NPortLink<Lport>;
  readonly rports = new Map<FcId, Rport>();
  readonly exchanges: ExchangeManager;
  readonly listener: LportListener;
  state: LportState = 'disabled';
  nPortId: FcId = 0;

  constructor(link: NPortLink<Lport>, options: LportOptions, listener: LportListener) {
    this.#link = link;
    this.options = options;
    this.listener = listener;
    this.exchanges = new ExchangeManager(this, options.oxIds);
    this.discovery = new Discovery(this);
    this.#login = new FabricLogin(this);
  }

  get now(): Instant {
    return this.#link.now;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#link.after(delayNs, run);
  }

  /** The fabric can be reached: log in. */
  start(): void {
    this.#login.start();
  }

  /** Sends FLOGI or FDISC. */
  sendFabricLogin(
    kind: 'flogi' | 'fdisc',
    payload: Uint8Array,
    done: (reply: FabricLoginReply) => void,
  ): void {
    this.#link.sendLogin(this, kind, undefined, payload, this.eDTovNs, done);
  }

  /** Sends LOGO to the fabric, under an OX_ID of ours. */
  sendFabricLogout(oxId: number, done: () => void): void {
    this.#link.sendLogin(this, 'logo', oxId, this.logoPayload(), this.eDTovNs, done);
  }

  /** The fabric gave these addresses. */
  enterAttached(nPortId: FcId, linkAddress: string): void {
    this.nPortId = nPortId;
    this.linkAddress = linkAddress;
    this.#link.attached(this);
  }

  /** Every step of the login is done. */
  enterReady(): void {
    this.enter('ready', '');
    if (this.options.discovers && this.options.role === 'initiator') this.discovery.start();
  }

  /**
   * Leaves in good order: LOGO to every port, to the name server, and to the fabric. `done` hears
   * whether every port that was logged in confirmed.
   */
  enterLogo(done: (acknowledged: boolean) => void): void {
    logOut(this, done);
  }

  /** Leaves the fabric alone: targets hear of it by RSCN at best. */
  enterFabricLogo(done: () => void): void {
    logOutOfFabric(this, done);
  }

  /** What another adapter needs to go on with this login. */
  carriedLogin(): CarriedLogin {
    return carriedLoginOf(this);
  }

  /** Goes on with a login that the fabric carried over here: none is sent. */
  enterCarriedLogin(login: CarriedLogin): void {
    this.fabricFeatures = login.fabricFeatures;
    this.eDTovNs = login.eDTovNs;
    this.rATovNs = login.rATovNs;
    this.exchanges.goOnFrom(login.nextOxId);
    this.enterAttached(login.nPortId, login.linkAddress);
    for (const one of login.rports) this.rport(one.portId)?.adopt(one);
    this.enterReady();
  }

  /** The login with the fabric is over. `cleared`: targets are known to have ended our tasks. */
  enterReset(reason: string, cleared: boolean): void {
    this.epoch++;
    this.discovery.stop();
    for (const rport of this.rports.values()) rport.enterGone(reason, cleared);
    this.rports.clear();
    this.exchanges.close();
    // What was closed may have asked for another try.
    this.#login.stop();
    if (this.nPortId !== 0) this.#link.detached(this);
    this.nPortId = 0;
    this.linkAddress = '';
    this.enter('disabled', reason);
  }

  /** The one place where the state changes; the parts of the port call it. */
  enter(state: LportState, reason: string): void {
    this.state = state;
    this.listener.stateChanged?.(this, state, reason);
  }

  /** The rport for an address, made when there is none yet; `undefined` when there are too many. */
  rport(portId: FcId): Rport | undefined {
    let rport = this.rports.get(portId);
    if (rport === undefined) {
      if (this.rports.size >= RPORTS_MAX) return undefined;
      rport = new Rport(this, portId);
      this.rports.set(portId, rport);
    }
    return rport;
  }

  /** The name server's list has been worked through. */
  discovered(): void {
    this.listener.discovered?.(this);
  }

  transmit(header: FrameHeader, payload: Uint8Array, last: boolean): void {
    this.#link.transmit(this, header, payload, last);
  }

  /** Sends a sequence of one frame, whose payload is this message. */
  transmitMessage<I>(header: FrameHeader, codec: MessageWriter<I>, message: I): void {
    this.#link.transmitMessage(this, header, codec, message);
  }

  /** Sends an ELS request of one frame; `onReply` is called once. */
  sendEls(
    dId: FcId,
    payload: Uint8Array,
    onReply: (reply: ElsReply) => void,
    timeoutNs = 2 * this.rATovNs,
  ): void {
    const sent = this.exchanges.request(
      { dId, rCtl: RCtl['ELS Request'], type: FcType.ELS, fCtl: FCTL_REQUEST },
      payload,
      timeoutNs,
      (reply) => {
        if (reply.result !== 'reply') onReply(reply);
        else onReply(elsReply(reply.header, reply.payload));
      },
    );
    if (sent === undefined) onReply({ result: 'timeout' });
  }

  /** Sends the one frame that answers an ELS request. */
  answer(request: FcHeader, payload: Uint8Array): void {
    this.reply(request, RCtl['ELS Reply'], FcType.ELS, payload);
  }

  /** Sends the one frame that answers a link service. */
  reply(request: FcHeader, rCtl: number, type: number, payload: Uint8Array): void {
    const { sId, seqId, oxId, rxId } = request;
    const header = frameHeader(type, rCtl, sId, this.nPortId, FCTL_LAST_REPLY, seqId, oxId, rxId);
    this.transmit(header, payload, true);
  }

  /**
   * A frame for this N_Port whose CRC and MAC addresses have been checked. Its payload lies in
   * `frame` from `at` to `end`; whoever needs it by itself takes it out. The header of FCP data and
   * commands lasts as long as the call.
   */
  handleFrame(header: FcHeader, frame: Uint8Array, at: number, end: number): void {
    // It waits until its address is clean: to answer would be to use it.
    if (this.state === 'flogi') return;
    if ((header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0) {
      if (!this.exchanges.handleFrame(header, frame, at, end)) {
        this.contradiction(
          `answer to no open exchange, OX_ID ${header.oxId.toString(16)} from ${formatFcId(header.sId)}`,
        );
      }
      return;
    }
    const rport = this.rports.get(header.sId);
    try {
      if (header.type === FcType.ELS) answerEls(this, rport, header, partOf(frame, at, end));
      else if (header.type === FcType.BLS) this.listener.abts?.(rport, header);
      else if (header.type === FcType.FCP)
        this.listener.commandFrame?.(rport, header, frame, at, end);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.contradiction(`${error.message} from ${formatFcId(header.sId)}`);
    }
  }

  /** A peer did what our state does not allow; the frame is left without effect. */
  contradiction(what: string): void {
    this.#link.peerContradiction(this, what);
  }

  recoveryQualifierOver(dId: FcId, oxId: number, rxId: number, done: () => void): void {
    if (this.rports.get(dId)?.state !== 'ready') {
      done();
      return;
    }
    this.sendEls(dId, rrq.encode({ originatorId: this.nPortId, oxId, rxId }), () => done());
  }

  logoPayload(): Uint8Array {
    return logo.encode({ nPortId: this.nPortId, portName: this.options.portName });
  }

  adiscPayload(): Uint8Array {
    const { portName, nodeName } = this.options;
    return adisc.encode({ portName, nodeName, nPortId: this.nPortId });
  }

  get portName(): Wwn {
    return this.options.portName;
  }
}
