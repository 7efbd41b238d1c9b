/** N_Ports on a link whose other end is the test: it reads each request and says how it ends. */
import {
  type CtRequest,
  ctAcc,
  ctPreambleFor,
  ctReject,
  ctRejectFor,
  ctRequest,
  nameServer,
} from '../../src/codecs/ct/index.ts';
import { type ElsRequest, elsRequest, flogiAccept, lsRjt } from '../../src/codecs/els/index.ts';
import { type FcHeader, FcType, RCtl } from '../../src/codecs/fc/index.ts';
import type { FcId, MessageWriter } from '../../src/codecs/layout/index.ts';
import type { FrameHeader } from '../../src/port/n-port/frame-header.ts';
import { Lport, type LportListener, type LportOptions } from '../../src/port/n-port/lport.ts';
import type { FabricLoginReply, NPortLink } from '../../src/port/n-port/n-port-link.ts';
import { Clock } from './loop-back.ts';

export const N_PORT_ID = 0x01_0200;
export const PEER = 0x01_0100;
export const PEER_NAME = 0x5000_0000_0000_00a0n;

/** A FLOGI, FDISC or LOGO that waits for its answer. */
export interface PendingLogin {
  readonly kind: 'flogi' | 'fdisc' | 'logo';
  readonly oxId: number | undefined;
  readonly payload: Uint8Array;
  readonly timeoutNs: number;
  readonly done: (reply: FabricLoginReply) => void;
}

/** A frame that the N_Port sent. */
export interface PortFrame {
  readonly at: number;
  readonly header: FcHeader;
  readonly payload: Uint8Array;
  readonly last: boolean;
}

/** An accept of FLOGI or FDISC. */
export const fabricAccept = (features = 0xb000, eDTov = 2000, rATovMs = 10_000): Uint8Array =>
  flogiAccept.encode({
    common: { bbCredit: 0, features, bbReceiveDataFieldSizeBytes: 2112, eDTov, rATovMs },
    portName: 1n,
    nodeName: 2n,
  });

/** One N_Port and its link. */
export class NPortRig implements NPortLink<Lport> {
  readonly clock = new Clock();
  readonly lport: Lport;
  logins: PendingLogin[] = [];
  frames: PortFrame[] = [];
  /** `state: reason`, `ready 10100`, `gone 10100 reason cleared` and so on. */
  log: string[] = [];
  /** What was told of the link: `attached`, `detached`. */
  readonly link: string[] = [];
  readonly contradictions: string[] = [];

  constructor(options: Partial<LportOptions> = {}, listener: LportListener = {}) {
    this.lport = new Lport(
      this,
      {
        portName: 0x2100_0000_0000_000an,
        nodeName: 0x2000_0000_0000_000an,
        role: 'initiator',
        receiveBytes: 2112,
        physical: false,
        symbolicName: 'port',
        loginTriesMax: 3,
        discovers: false,
        ...options,
      },
      {
        stateChanged: (_lport, state, reason) =>
          this.log.push(reason === '' ? state : `${state}: ${reason}`),
        rportReady: ({ portId }) => this.log.push(`ready ${portId.toString(16)}`),
        rportGone: ({ portId }, reason, cleared) =>
          this.log.push(`gone ${portId.toString(16)} ${reason}${cleared ? ', cleared' : ''}`),
        rportFailed: ({ portId }, reason) =>
          this.log.push(`failed ${portId.toString(16)} ${reason}`),
        discovered: () => this.log.push('discovered'),
        ...listener,
      },
    );
  }

  get now(): number {
    return this.clock.now;
  }

  after(delayNs: number, run: () => void) {
    return this.clock.after(delayNs, run);
  }

  sendLogin(
    _port: Lport,
    kind: PendingLogin['kind'],
    oxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: PendingLogin['done'],
  ): void {
    this.logins.push({ kind, oxId, payload, timeoutNs, done });
  }

  transmit(_port: Lport, header: FrameHeader, payload: Uint8Array, last: boolean): void {
    this.frames.push({ at: this.now, header: { ...header }, payload: payload.slice(), last });
  }

  transmitMessage<I>(port: Lport, header: FrameHeader, codec: MessageWriter<I>, message: I): void {
    const payload = new Uint8Array(codec.sizeOf(message));
    codec.write(payload, 0, message);
    this.transmit(port, header, payload, true);
  }

  attached(port: Lport): void {
    this.link.push(`attached ${port.nPortId.toString(16)} ${port.linkAddress}`);
  }

  detached(port: Lport): void {
    this.link.push(`detached ${port.nPortId.toString(16)}`);
  }

  peerContradiction(_port: Lport, what: string): void {
    this.contradictions.push(what);
  }

  // What the test does.

  take(): PortFrame[] {
    const { frames } = this;
    this.frames = [];
    return frames;
  }

  takeLog(): string[] {
    const { log } = this;
    this.log = [];
    return log;
  }

  /** What was asked since the last look: `PLOGI to fffffc`, `GPN_FT to fffffc`. */
  asked(): string[] {
    return this.frames.map((one) => `${this.kindOf(one)} to ${one.header.dId.toString(16)}`);
  }

  kindOf({ header, payload }: PortFrame): string {
    if (header.rCtl === RCtl.ABTS) return 'ABTS';
    if (header.rCtl === RCtl['ELS Reply']) return payload[0] === 2 ? 'LS_ACC' : 'LS_RJT';
    if (header.type === FcType.CT) return ctRequest.decode(payload).kind;
    return elsRequest.decode(payload).kind;
  }

  els(frame: PortFrame): ElsRequest {
    return elsRequest.decode(frame.payload);
  }

  ct(frame: PortFrame): CtRequest {
    return ctRequest.decode(frame.payload);
  }

  /** Grants the oldest fabric login. */
  grant(payload = fabricAccept(), nPortId: FcId = N_PORT_ID): void {
    this.logins.shift()!.done({ result: 'granted', nPortId, linkAddress: 'mac', payload });
  }

  /** A frame from the responder of a request. */
  reply({ header }: PortFrame, payload: Uint8Array, more: Partial<FcHeader> = {}): void {
    const isCt = header.type === FcType.CT;
    const rCtl = isCt ? RCtl['Solicited Control'] : RCtl['ELS Reply'];
    const { dId, sId } = header;
    const answer = { ...header, rCtl, dId: sId, sId: dId, fCtl: 0x99_0000, seqCnt: 0, ...more };
    this.lport.handleFrame(answer, payload, 0, payload.length);
  }

  /** The frame that was sent first and not yet answered. */
  next(): PortFrame {
    const frame = this.frames.shift();
    if (frame === undefined) throw new Error('nothing was asked');
    return frame;
  }

  /** LS_ACC, or CT_ACC, without more, to the oldest request. */
  accept(payload?: Uint8Array): void {
    const frame = this.next();
    this.reply(frame, payload ?? (frame.header.type === FcType.CT ? CT_ACCEPT : LS_ACCEPT));
  }

  /** LS_RJT or CT reject to the oldest request. */
  reject(reason: number, explanation: number): void {
    const frame = this.next();
    const isCt = frame.header.type === FcType.CT;
    this.reply(
      frame,
      isCt ? ctRejection(reason, explanation) : lsRjt.encode({ reason, explanation }),
    );
  }

  /** A request from another port. */
  request(payload: Uint8Array, header: Partial<FcHeader> = {}): void {
    const full = {
      rCtl: RCtl['ELS Request'],
      dId: this.lport.nPortId,
      csCtl: 0,
      sId: PEER,
      type: FcType.ELS,
      fCtl: 0x29_0000,
      seqId: 0,
      dfCtl: 0,
      seqCnt: 0,
      oxId: 0x77,
      rxId: 0xffff,
      parameter: 0,
      ...header,
    };
    this.lport.handleFrame(full, payload, 0, payload.length);
  }

  /** Brings the port up to `ready`: every step is accepted. */
  up(): void {
    this.lport.start();
    this.grant();
    while (this.frames.length > 0 && this.lport.state !== 'ready') this.accept();
    if (this.lport.state !== 'ready') throw new Error(`the port is ${this.lport.state}`);
    this.takeLog();
  }
}

export const LS_ACCEPT: Uint8Array = Uint8Array.of(2, 0, 0, 0);
const preamble = ctPreambleFor({ ...nameServer, command: 0x8002 });
export const CT_ACCEPT: Uint8Array = ctAcc.encode({ preamble });
export const ctRejection = (reason: number, explanation: number): Uint8Array =>
  ctReject.encode(ctRejectFor(preamble, reason, explanation));
