/** The services of a fabric on F_Ports that only write down what they are asked for. */
import { type CtRequestInput, ctRequest } from '../../src/codecs/ct/index.ts';
import {
  type ElsRequestInput,
  elsRequest,
  flogi,
  flogiAccept,
  lsRjt,
} from '../../src/codecs/els/index.ts';
import {
  FCTL_REQUEST,
  type FcHeader,
  type FcHeaderInput,
  FcType,
  fcHeader,
  RCtl,
} from '../../src/codecs/fc/index.ts';
import type { FcId, Wwn } from '../../src/codecs/layout/index.ts';
import { FabricContext } from '../../src/fabric/fc/context.ts';
import type { FPort } from '../../src/fabric/fc/f-port.ts';
import { FabricServices } from '../../src/fabric/fc/fabric-services.ts';
import type { FabricRequest } from '../../src/fabric/fc/login-server.ts';
import type { Adapter, Login } from '../../src/fabric/fc/logins.ts';
import { FABRIC_DEFAULTS, type FabricOptions } from '../../src/fabric/fc/options.ts';
import type { FabricEvent } from '../../src/history/fabric.ts';
import { FABRIC_NAME, loginPayload, SWITCH_NAME } from './fcf.ts';

const hex = (value: number | bigint) => value.toString(16);
const hex2 = (value: number) => hex(value).padStart(2, '0');

/** A frame that a service sent. */
export interface ServiceFrame {
  readonly to: Login;
  readonly header: FcHeaderInput;
  readonly payload: Uint8Array;
  readonly last: boolean;
}

/** F_Ports without links: calls become lines, frames are kept. */
export class FakeFPort implements FPort {
  /** `clear 0 a: 10001`, `ended 10001 untold`, `send 10001 61` and so on, in the order of the calls. */
  log: string[] = [];
  frames: ServiceFrame[] = [];

  linkAddressOf(nPortId: FcId): string {
    return `at ${hex(nPortId)}`;
  }

  send(to: Login, header: FcHeaderInput, payload: Uint8Array, last: boolean): void {
    this.log.push(`send ${hex(to.nPortId)} ${hex2(payload[0] ?? 0)}`);
    this.frames.push({ to, header, payload, last });
  }

  loginBegan({ nPortId }: Login): void {
    this.log.push(`began ${hex(nPortId)}`);
  }

  loginEnded({ nPortId }: Login, knows: boolean): void {
    this.log.push(`ended ${hex(nPortId)} ${knows ? 'known' : 'untold'}`);
  }

  clear({ port, address }: Adapter, logins: Iterable<Login> | 'all'): void {
    const listed = logins === 'all' ? logins : [...logins].map((one) => hex(one.nPortId)).join();
    this.log.push(`clear ${port} ${address}: ${listed}`);
  }

  linkLost(port: number): void {
    this.log.push(`link lost ${port}`);
  }

  forgetName(wwpn: Wwn): void {
    this.log.push(`forget ${hex(wwpn)}`);
  }

  takeLog(): string[] {
    const { log } = this;
    this.log = [];
    return log;
  }

  takeFrames(): ServiceFrame[] {
    const { frames } = this;
    this.frames = [];
    return frames;
  }
}

/** Where a login comes from, and what it says besides its WWPN. */
export interface From {
  readonly port?: number;
  readonly adapter?: string;
  readonly oxId?: number;
  readonly sId?: FcId;
  readonly wwnn?: Wwn;
  readonly receiveBytes?: number;
}

/** What came back for a FLOGI, FDISC or LOGO. */
export interface FabricAnswerSeen {
  /** `09/29` of an LS_RJT; `undefined` for an LS_ACC. */
  readonly refusal: string | undefined;
  readonly dId: FcId;
  readonly linkAddress: string | undefined;
  readonly payload: Uint8Array;
}

/** A fabric of one switch with four ports and domain 1. */
export class FabricRig {
  readonly fPort = new FakeFPort();
  readonly context: FabricContext;
  readonly fabric: FabricServices;
  events: FabricEvent[] = [];
  #oxId = 0x100;

  constructor(options: Partial<FabricOptions> = {}) {
    this.context = new FabricContext({
      ...FABRIC_DEFAULTS,
      name: 'fabric',
      fabricName: FABRIC_NAME,
      switchName: SWITCH_NAME,
      domain: 1,
      ports: 4,
      ...options,
    });
    this.fabric = new FabricServices(this.context, this.fPort);
  }

  /** Ends a change as a switch does: listeners are told, events come out. */
  settle(): void {
    this.fabric.controller.flush();
    const { core } = this.context;
    for (let output = core.poll(); output !== undefined; output = core.poll())
      if ('event' in output) this.events.push(output.event);
  }

  eventsOf<T extends FabricEvent['type']>(type: T): Extract<FabricEvent, { type: T }>[] {
    return this.events.filter((one): one is Extract<FabricEvent, { type: T }> => one.type === type);
  }

  /** Lets time pass, with every deadline in between. */
  advance(ns: number): void {
    const { core } = this.context;
    const end = core.now + ns;
    for (let at = core.deadline; at !== undefined && at <= end; at = core.deadline) {
      core.handleTimeout(at);
      this.settle();
    }
    core.now = end;
  }

  #request({ port = 0, adapter = 'a', oxId = this.#oxId++, sId = 0 }: From) {
    const answers: FabricAnswerSeen[] = [];
    const request: FabricRequest = {
      port,
      adapter,
      oxId,
      sId,
      reply: (dId, payload, linkAddress) => {
        this.fPort.log.push(`reply ${hex(dId)} ${hex2(payload[0]!)}`);
        const reject = payload[0] === 1 ? lsRjt.decode(payload) : undefined;
        const refusal = reject && `${hex2(reject.reason)}/${hex2(reject.explanation)}`;
        answers.push({ refusal, dId, linkAddress, payload });
      },
    };
    return { request, answers };
  }

  /** A FLOGI or FDISC and all answers to it. */
  ask(by: 'FLOGI' | 'FDISC', wwpn: Wwn, from: From = {}): FabricAnswerSeen[] {
    const { request, answers } = this.#request(from);
    const { wwnn = wwpn, receiveBytes = 2112 } = from;
    const parameters = flogi.decode(loginPayload('FLOGI', wwpn, wwnn, receiveBytes));
    this.fabric.loginServer.login({ ...request, by, parameters }, undefined);
    this.settle();
    return answers;
  }

  /** A login that is granted. */
  login(by: 'FLOGI' | 'FDISC', wwpn: Wwn, from: From = {}): Login {
    const [answer] = this.ask(by, wwpn, from);
    if (answer?.refusal !== undefined) throw new Error(`login refused: ${answer.refusal}`);
    return this.context.logins.byId(answer!.dId)!;
  }

  /** Whether an accept says that the address is clean. */
  isClean({ payload }: FabricAnswerSeen): boolean {
    return (flogiAccept.decode(payload).common.features & 0x8000) !== 0;
  }

  logo(sId: FcId, portName: Wwn, from: From = {}, nPortId = sId): FabricAnswerSeen {
    const { request, answers } = this.#request({ ...from, sId });
    const logo = { command: 5, reserved1: 0, nPortId, portName };
    this.fabric.loginServer.logo(request, logo as never);
    this.settle();
    return answers[0]!;
  }

  /** A frame for a service, and what the services sent until its end. */
  feed(
    from: Login,
    dId: FcId,
    payload: Uint8Array,
    header: Partial<FcHeaderInput> = {},
  ): ServiceFrame[] {
    this.fPort.takeFrames();
    const full: FcHeader = fcHeader.decode(
      fcHeader.encode({
        rCtl: RCtl['ELS Request'],
        type: FcType.ELS,
        fCtl: FCTL_REQUEST,
        oxId: this.#oxId++,
        ...header,
        dId,
        sId: from.nPortId,
      }),
    );
    this.fabric.services.handle(from, full, payload);
    this.settle();
    return this.fPort.takeFrames();
  }

  /** An ELS request for a service. */
  els(from: Login, dId: FcId, request: ElsRequestInput | Uint8Array): ServiceFrame[] {
    return this.feed(
      from,
      dId,
      request instanceof Uint8Array ? request : elsRequest.encode(request),
    );
  }

  /** Logs in with a service. */
  plogi(from: Login, dId: FcId, receiveBytes = 2112): ServiceFrame[] {
    const common = {
      bbCredit: 8,
      features: 0,
      bbReceiveDataFieldSizeBytes: receiveBytes,
      totalConcurrentSequences: 255,
    };
    return this.els(from, dId, {
      kind: 'PLOGI',
      common,
      portName: from.wwpn,
      nodeName: from.wwnn,
    } as ElsRequestInput);
  }

  /** A CT request for the name server. */
  ct(from: Login, request: CtRequestInput | Uint8Array, dId: FcId = 0xff_fffc): ServiceFrame[] {
    const payload = request instanceof Uint8Array ? request : ctRequest.encode(request);
    return this.feed(from, dId, payload, { rCtl: RCtl['Unsolicited Control'], type: FcType.CT });
  }

  /** Answers an ELS request that a service sent. */
  answer({ to, header }: ServiceFrame, payload: Uint8Array, from: Login = to): ServiceFrame[] {
    return this.feed(from, header.sId!, payload, {
      rCtl: RCtl['ELS Reply'],
      fCtl: 0x99_0000,
      oxId: header.oxId!,
    });
  }
}
