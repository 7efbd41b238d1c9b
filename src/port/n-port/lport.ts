/**
 * A local N_Port: fabric login, name server registration, state change registration, discovery.
 *
 * Ownership: an ENode owns its lports (the physical port and its NPIV ports); an lport owns its
 * exchange manager, its discovery and its rports. State changes only through the `enter…`
 * functions. Source: FC-LS-3 and FC-GS-7; the order of steps is libfc's.
 */
import {
  adisc,
  ElsCommand,
  FlogiAcceptFeatures,
  flogiAccept,
  logo,
  lsRjt,
  rrq,
  ScrFunction,
  scr,
} from '../../codecs/els/index.ts';
import {
  FCTL_EXCHANGE_CONTEXT,
  FCTL_LAST_REPLY,
  FCTL_REQUEST,
  type FcHeader,
  FcType,
  RCtl,
  WellKnownAddress,
} from '../../codecs/fc/index.ts';
import type { MessageWriter } from '../../codecs/fcoe/index.ts';
import {
  CodecError,
  type FcId,
  formatFcId,
  type Mac,
  partOf,
  type Wwn,
} from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { Discovery } from './discovery.ts';
import { answerEls } from './els-responder.ts';
import { Exchange, ExchangeManager, type OxIdRange } from './exchange.ts';
import { type FrameHeader, frameHeader } from './frame-header.ts';
import {
  E_D_TOV_NS,
  fabricLoginPayload,
  fabricTimesOf,
  type PortIdentity,
  plogiPayload,
  R_A_TOV_NS,
} from './login-parameters.ts';
import { registrations, sendCt } from './name-server-client.ts';
import { decodeOrNone, describe, Rport, type RportLogin } from './rport.ts';

const NAME_SERVER = WellKnownAddress['Directory Server'];
const FABRIC_CONTROLLER = WellKnownAddress['Fabric Controller'];
/** Remote ports one N_Port keeps. */
const RPORTS_MAX = 65_536;

export type LportState =
  | 'disabled'
  | 'flogi'
  | 'name-server-login'
  | 'register'
  | 'scr'
  | 'ready'
  | 'logo'
  | 'failed';

export interface LportOptions extends PortIdentity {
  /** The port that logs in by FLOGI; the others by FDISC. */
  readonly physical: boolean;
  /** Goes into the symbolic port name, RSPN_ID. */
  readonly symbolicName: string;
  /** Fabric logins that are refused or unanswered before the port is `failed`. */
  readonly loginTriesMax: number;
  /** True for a port that looks for others; a target waits for logins. */
  readonly discovers: boolean;
  /** The OX_IDs this port gives out; all when left out. */
  readonly oxIds?: OxIdRange;
  /**
   * Waits for R_A_TOV before it uses an N_Port_ID that the fabric does not call clean, so that
   * frames of an earlier holder find no login at the targets. Default false.
   */
  readonly honoursCleanAddress?: boolean;
}

/** What the owner of an lport wants to hear. */
export interface LportListener {
  stateChanged?(lport: Lport, state: LportState, reason: string): void;
  /** The name server's list has been worked through; logins may still be under way. */
  discovered?(lport: Lport): void;
  /** PLOGI and PRLI are done. */
  rportReady?(rport: Rport): void;
  /** A login that was ready is over. `cleared`: the other side is known to have ended its tasks. */
  rportGone?(rport: Rport, reason: string, cleared: boolean): void;
  /** A login attempt has been given up. */
  rportFailed?(rport: Rport, reason: string): void;
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

/** How an originator names its exchange; the RX_ID is FFFFh where it has heard none. */
export interface ExchangeIds {
  readonly oxId: number;
  readonly rxId: number;
}

/** What a responder says of an exchange. */
export interface ExchangeState {
  readonly rxId: number;
  /** Data transferred, either way. */
  readonly bytes: number;
  /** `ExchangeStatus`. */
  readonly status: number;
}

/** A login with the fabric and those with remote ports, as they are carried to another adapter. */
export interface CarriedLogin {
  readonly nPortId: FcId;
  readonly mac: Mac;
  readonly fabricFeatures: number;
  readonly eDTovNs: number;
  readonly rATovNs: number;
  /** OX_IDs go on from here, so that none of the old ones comes again. */
  readonly nextOxId: number;
  readonly rports: readonly RportLogin[];
}

/** How an ELS request ended. */
export type ElsReply =
  | { readonly result: 'accept'; readonly header: FcHeader; readonly payload: Uint8Array }
  | { readonly result: 'reject'; readonly reason: number; readonly explanation: number }
  | { readonly result: 'timeout' }
  | { readonly result: 'closed' };

/** How a fabric login in FIP ended. */
export type FabricLoginReply =
  | ElsReply
  | {
      readonly result: 'granted';
      readonly nPortId: FcId;
      readonly mac: Mac;
      readonly payload: Uint8Array;
    };

/** What an lport needs of its ENode. */
export interface LportFabric {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /**
   * Sends FLOGI, FDISC or LOGO in FIP; `done` is called once. A LOGO takes an OX_ID of the port's
   * own; the others carry no S_ID yet, so the ENode numbers them.
   */
  sendLogin(
    lport: Lport,
    kind: 'flogi' | 'fdisc' | 'logo',
    oxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void;
  transmit(lport: Lport, header: FrameHeader, payload: Uint8Array, last: boolean): void;
  transmitMessage<I>(lport: Lport, header: FrameHeader, codec: MessageWriter<I>, message: I): void;
  /** The lport now has (or no longer has) an N_Port_ID. */
  attached(lport: Lport): void;
  detached(lport: Lport): void;
  peerContradiction(lport: Lport, what: string): void;
}

export class Lport {
  readonly options: LportOptions;
  readonly listener: LportListener;
  readonly exchanges: ExchangeManager;
  readonly rports = new Map<FcId, Rport>();
  readonly discovery: Discovery;
  readonly #fabric: LportFabric;
  state: LportState = 'disabled';
  nPortId: FcId = 0;
  /** The VN_Port's MAC address that the fabric granted. */
  mac: Mac = '';
  /** Its halves as numbers, which the ENode compares and writes with every frame. */
  macHigh24 = 0;
  macLow24 = 0;
  /** Feature bits of the fabric's accept: NPIV, clean address. */
  fabricFeatures = 0;
  eDTovNs = E_D_TOV_NS;
  rATovNs = R_A_TOV_NS;
  #tries = 0;
  #retry: Timer | undefined;
  /** Counts logins, so that what belongs to an earlier one can be told apart. */
  epoch = 0;

  constructor(fabric: LportFabric, options: LportOptions, listener: LportListener) {
    this.#fabric = fabric;
    this.options = options;
    this.listener = listener;
    this.exchanges = new ExchangeManager(this, options.oxIds);
    this.discovery = new Discovery(this);
  }

  get now(): Instant {
    return this.#fabric.now;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#fabric.after(delayNs, run);
  }

  /** The fabric can be reached: log in. */
  start(): void {
    this.#tries = 0;
    this.enterFlogi();
  }

  enterFlogi(): void {
    this.#enter('flogi', '');
    const { physical } = this.options;
    const payload = fabricLoginPayload(this.options, physical ? 'FLOGI' : 'FDISC');
    const { epoch } = this;
    this.#fabric.sendLogin(
      this,
      physical ? 'flogi' : 'fdisc',
      undefined,
      payload,
      this.eDTovNs,
      (reply) => {
        if (this.state !== 'flogi' || this.epoch !== epoch) return;
        if (reply.result === 'granted') this.#granted(reply.nPortId, reply.mac, reply.payload);
        else this.#loginFailed(reply as ElsReply);
      },
    );
  }

  #granted(nPortId: FcId, mac: Mac, payload: Uint8Array): void {
    const accept = decodeOrNone(() => flogiAccept.decode(payload));
    if (accept === undefined) {
      this.contradiction('an accept of the fabric login does not decode');
      this.#loginFailed({ result: 'reject', reason: 0, explanation: 0 });
      return;
    }
    this.nPortId = nPortId;
    this.mac = mac;
    this.fabricFeatures = accept.common.features;
    const times = fabricTimesOf(accept.common);
    this.eDTovNs = times.eDTovNs;
    this.rATovNs = times.rATovNs;
    this.#tries = 0;
    this.#fabric.attached(this);
    const isClean = (this.fabricFeatures & FlogiAcceptFeatures.CLEAN_ADDRESS) !== 0;
    if (this.options.honoursCleanAddress === true && !isClean) {
      this.#retry = this.after(this.rATovNs, () => this.enterNameServerLogin());
    } else this.enterNameServerLogin();
  }

  #loginFailed(reply: ElsReply): void {
    this.#tries++;
    if (this.#tries >= this.options.loginTriesMax) {
      this.#enter('failed', `fabric login: ${describe(reply)}`);
      return;
    }
    const wait = reply.result === 'timeout' ? 0 : this.eDTovNs;
    this.#retry = this.after(wait, () => this.enterFlogi());
  }

  enterNameServerLogin(): void {
    this.#enter('name-server-login', '');
    this.sendEls(NAME_SERVER, plogiPayload(this.options, this.eDTovNs / MILLISECOND), (reply) => {
      if (this.state !== 'name-server-login') return;
      if (reply.result === 'accept') this.enterRegister(0);
      else this.#stepFailed('name server login', reply, () => this.enterNameServerLogin());
    });
  }

  /** RNN_ID, RSNN_NN, RSPN_ID, RFT_ID, RFF_ID, each after the one before was accepted. */
  enterRegister(step: number): void {
    if (this.state !== 'register') this.#enter('register', '');
    const registration = registrations(this)[step];
    if (registration === undefined) {
      this.enterScr();
      return;
    }
    sendCt(this, registration.request, (reply) => {
      if (this.state !== 'register') return;
      if (reply.result === 'accept') this.enterRegister(step + 1);
      else this.#stepFailed(registration.name, reply, () => this.enterRegister(step));
    });
  }

  enterScr(): void {
    this.#enter('scr', '');
    this.sendEls(
      FABRIC_CONTROLLER,
      scr.encode({ registrationFunction: ScrFunction.FULL }),
      (reply) => {
        if (this.state !== 'scr') return;
        if (reply.result === 'accept') this.enterReady();
        else this.#stepFailed('SCR', reply, () => this.enterScr());
      },
    );
  }

  enterReady(): void {
    this.#tries = 0;
    this.#enter('ready', '');
    if (this.options.discovers) this.discovery.start();
  }

  /** A step towards `ready` failed: again after E_D_TOV, and after too many, `failed`. */
  #stepFailed(step: string, reply: { result: string }, again: () => void): void {
    this.#tries++;
    if (this.#tries >= this.options.loginTriesMax) {
      this.enterReset(`${step}: ${reply.result}`, false);
      this.#enter('failed', `${step}: ${reply.result}`);
      return;
    }
    const { epoch } = this;
    this.#retry = this.after(reply.result === 'timeout' ? 0 : this.eDTovNs, () => {
      if (this.epoch === epoch) again();
    });
  }

  /**
   * Leaves in good order: LOGO to every port, to the name server, and in FIP to the fabric.
   * `done` hears whether every port that was logged in confirmed.
   */
  enterLogo(done: (acknowledged: boolean) => void): void {
    if (this.nPortId === 0) {
      this.enterReset('logged out', true);
      done(true);
      return;
    }
    this.#enter('logo', '');
    let waiting = 1;
    let all = true;
    const one = (acknowledged: boolean): void => {
      all &&= acknowledged;
      waiting--;
      if (waiting === 0) this.#logoNameServer(() => this.#logoFabric(() => done(all)));
    };
    for (const rport of [...this.rports.values()]) {
      waiting++;
      rport.enterLogo(one);
    }
    one(true);
  }

  /** Leaves the fabric alone: targets hear of it by RSCN at best. */
  enterFabricLogo(done: () => void): void {
    if (this.nPortId === 0) {
      this.enterReset('logged out', false);
      done();
      return;
    }
    this.#enter('logo', '');
    this.#logoFabric(done, false);
  }

  #logoNameServer(done: () => void): void {
    this.sendEls(NAME_SERVER, this.logoPayload(), () => done(), this.eDTovNs);
  }

  #logoFabric(done: () => void, cleared = true): void {
    const slot = new SilentExchange(WellKnownAddress['F_Port Controller']);
    if (this.state !== 'logo' || !this.exchanges.open(slot)) {
      done();
      return;
    }
    this.#fabric.sendLogin(this, 'logo', slot.oxId, this.logoPayload(), this.eDTovNs, () => {
      this.exchanges.end(slot);
      this.enterReset('logged out', cleared);
      done();
    });
  }

  /** What another adapter needs to go on with this login. */
  carriedLogin(): CarriedLogin {
    const { nPortId, mac, fabricFeatures, eDTovNs, rATovNs, exchanges } = this;
    const rports = [...this.rports.values()].filter((one) => one.state === 'ready');
    return {
      nPortId,
      mac,
      fabricFeatures,
      eDTovNs,
      rATovNs,
      nextOxId: exchanges.next,
      rports: rports.map(({ portId, portName, nodeName, receiveBytes, fcpParameters }) => ({
        portId,
        portName,
        nodeName,
        receiveBytes,
        fcpParameters,
      })),
    };
  }

  /** Goes on with a login that the fabric carried over here: none is sent. */
  enterCarriedLogin(login: CarriedLogin): void {
    this.nPortId = login.nPortId;
    this.mac = login.mac;
    this.fabricFeatures = login.fabricFeatures;
    this.eDTovNs = login.eDTovNs;
    this.rATovNs = login.rATovNs;
    this.exchanges.goOnFrom(login.nextOxId);
    this.#fabric.attached(this);
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
    this.#retry?.cancel();
    if (this.nPortId !== 0) this.#fabric.detached(this);
    this.nPortId = 0;
    this.mac = '';
    this.#enter('disabled', reason);
  }

  #enter(state: LportState, reason: string): void {
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

  transmit(header: FrameHeader, payload: Uint8Array, last: boolean): void {
    this.#fabric.transmit(this, header, payload, last);
  }

  /** Sends a sequence of one frame, whose payload is this message. */
  transmitMessage<I>(header: FrameHeader, codec: MessageWriter<I>, message: I): void {
    this.#fabric.transmitMessage(this, header, codec, message);
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
    this.#fabric.peerContradiction(this, what);
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

/** The answer to a fabric LOGO comes in FIP, so that its exchange hears nothing. */
class SilentExchange extends Exchange {
  handleFrame(): void {}
  handleClosed(): void {}
}

/** The answer to an ELS or FC-4 link service: LS_ACC or LS_RJT. */
export function elsReply(header: FcHeader, payload: Uint8Array): ElsReply {
  if (payload[0] === ElsCommand.LS_ACC) return { result: 'accept', header, payload };
  try {
    const { reason, explanation } = lsRjt.decode(payload);
    return { result: 'reject', reason, explanation };
  } catch {
    return { result: 'reject', reason: 0, explanation: 0 };
  }
}
