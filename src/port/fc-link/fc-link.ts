/**
 * A port of a Fibre Channel adapter: N_Ports on a native link, without an ENode. Its link is all that
 * tells whether the fabric can be reached: FLOGI goes out when it comes up, and nothing keeps a login
 * alive but that it stays up. Buffer credit is the link's to keep (`src/link`), not this machine's.
 *
 * Ownership: a host or an array owns its adapters; an adapter owns its lports.
 * Source: FC-FS-3, frames; FC-LS-3, FLOGI, FDISC and LOGO.
 */
import { ElsCommand, elsRequest, flogiAccept, logoAccept } from '../../codecs/els/index.ts';
import {
  encodeLinkFrame,
  encodeLinkMessage,
  type FcHeader,
  type FcHeaderInput,
  FcType,
  fcHeader,
  LinkFrameLocator,
  RCtl,
  WellKnownAddress,
} from '../../codecs/fc/index.ts';
import { fcCrcIsGood } from '../../codecs/fcoe/index.ts';
import {
  CodecError,
  type MessageWriter,
  partOf,
  uint24At,
  type Wwn,
} from '../../codecs/layout/index.ts';
import { roomFor } from '../../machine/slab.ts';
import {
  type FabricRequestKind,
  type FabricRequestOwner,
  FabricRequests,
} from '../n-port/fabric-requests.ts';
import { type FrameHeader, frameHeader, headerOf } from '../n-port/frame-header.ts';
import { Lport, type LportListener, type LportOptions } from '../n-port/lport.ts';
import { type AdapterOwner, NPortAdapter } from '../n-port/n-port-adapter.ts';
import type { FabricLoginReply } from '../n-port/n-port-link.ts';

const F_PORT = WellKnownAddress['F_Port Controller'];

/** Frames that a port takes before it must give credit back, where nothing is said. */
export const BB_CREDIT_DEFAULT = 16;

/** What an adapter port is told when it is made. */
export interface FcLinkOptions {
  /** Port number on the machine that owns it. */
  readonly port: number;
  /** Frames that the port takes before it must give credit back, 1 to 65535; it goes into FLOGI. */
  readonly bbCredit: number;
  /** BB_SC_N of FLOGI: lost frames and R_RDYs are counted every 2^n of them; 0 does not. */
  readonly bbScN: number;
}

/** N_Ports on one native link. */
export class FcLink extends NPortAdapter implements FabricRequestOwner<Lport> {
  readonly options: FcLinkOptions;
  readonly #requests = new FabricRequests<Lport>(this);
  #isUp = false;
  #fabricName: Wwn = 0n;

  constructor(options: FcLinkOptions, owner: AdapterOwner) {
    super(options.port, owner);
    this.options = options;
  }

  protected get isReachable(): boolean {
    return this.#isUp;
  }

  protected get requestsUnderWay(): number {
    return this.#requests.size;
  }

  get fabricName(): Wwn {
    return this.#fabricName;
  }

  /** A native link leads to one F_Port: there is nothing to choose. */
  get complaint(): string {
    return '';
  }

  linkUp(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.physical?.start();
  }

  linkDown(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#fabricName = 0n;
    this.#requests.close();
    this.reset('link down');
  }

  createLport(options: LportOptions, listener: LportListener): Lport {
    const { bbCredit, bbScN } = this.options;
    return new Lport(this, { ...options, bbCredit, bbScN }, listener);
  }

  // What lports ask for.

  transmit(lport: Lport, header: FrameHeader, payload: Uint8Array, last: boolean): void {
    if (!this.#isUp || lport.nPortId === 0) return;
    this.#send(encodeLinkFrame(header, payload, last, roomFor));
  }

  transmitMessage<I>(lport: Lport, header: FrameHeader, codec: MessageWriter<I>, message: I): void {
    if (!this.#isUp || lport.nPortId === 0) return;
    this.#send(encodeLinkMessage(header, codec, message, roomFor));
  }

  /** FLOGI, FDISC and fabric LOGO are frames like all others, but that a port without N_Port_ID sends some. */
  sendLogin(
    lport: Lport,
    kind: FabricRequestKind,
    oxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void {
    if (this.#isUp) this.#requests.send(lport, kind, oxId, payload, timeoutNs, done);
    else done({ result: 'closed' });
  }

  sendFabricRequest(_kind: FabricRequestKind, header: FcHeaderInput, payload: Uint8Array): void {
    const { rCtl, dId, sId, type, fCtl, oxId } = header;
    const whole = frameHeader(type, rCtl, dId, sId, fCtl, 0, oxId, 0xffff);
    this.#send(encodeLinkFrame(whole, payload, true, roomFor));
  }

  #send(frame: Uint8Array): void {
    this.owner.send(this.options.port, frame);
  }

  // Frames from the link.

  handleFrame(frame: Uint8Array): void {
    if (!this.#isUp) return;
    const fault = locator.find(frame);
    if (fault !== undefined) {
      this.contradiction(fault.message);
      return;
    }
    if (!locator.isGood) return;
    if (!fcCrcIsGood(frame, locator)) {
      this.contradiction('frame with a wrong FC CRC dropped');
      return;
    }
    const { fcAt, payloadAt, payloadEnd } = locator;
    try {
      if (uint24At(frame, fcAt + 5) === F_PORT) this.#fromFPort(frame, payloadAt, payloadEnd);
      else {
        const lport = this.byNPortId.get(uint24At(frame, fcAt + 1));
        lport?.handleFrame(headerOf(frame, fcAt), frame, payloadAt, payloadEnd);
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.contradiction(error.message);
    }
  }

  /** Answers to logins, which come to an N_Port_ID that nobody here has yet, and LOGOs of the F_Port. */
  #fromFPort(frame: Uint8Array, at: number, end: number): void {
    const header = fcHeader.decode(frame, locator.fcAt, locator.payloadAt);
    const isReply = header.rCtl === RCtl['ELS Reply'] && header.type === FcType.ELS;
    const kind = isReply ? this.#requests.kindOf(header) : undefined;
    if (kind !== undefined) {
      const payload = partOf(frame, at, end);
      if (kind === 'flogi' && payload[0] === ElsCommand.LS_ACC)
        this.#fabricName = flogiAccept.decode(payload).nodeName;
      this.#requests.handleReply(kind, header, payload, () => '');
      return;
    }
    const lport = this.byNPortId.get(header.dId);
    if (lport === undefined) return;
    if (isLogo(header, frame, at)) this.#loggedOut(lport, header, partOf(frame, at, end));
    else lport.handleFrame(header, frame, at, end);
  }

  /** The fabric ends a login: where it is the base N_Port's, all log in anew. */
  #loggedOut(lport: Lport, header: FcHeader, payload: Uint8Array): void {
    const request = elsRequest.decode(payload);
    lport.answer(header, logoAccept.encode({}));
    if (request.kind !== 'LOGO' || request.nPortId !== lport.nPortId) return;
    if (lport !== this.physical) {
      this.relogin(lport, 'LOGO of the F_Port');
      return;
    }
    this.#requests.close();
    this.reset('LOGO of the F_Port: the physical port');
    this.physical.start();
  }
}

/** Moves from frame to frame; its places are read before anybody else can move it. */
const locator = new LinkFrameLocator();

function isLogo({ rCtl, type }: FcHeader, frame: Uint8Array, at: number): boolean {
  return rCtl === RCtl['ELS Request'] && type === FcType.ELS && frame[at] === ElsCommand.LOGO;
}
