/**
 * ELS that N_Ports send to the fabric's services in FCoE frames: port and process logins, logouts,
 * registration for state changes and notifications, time-out values, virtual entities.
 * Source: FC-LS-3.
 */
import {
  adisc,
  adiscAccept,
  ClassOptions,
  classParameters,
  ElsCommand,
  LsRjtExplanation,
  LsRjtReason,
  logo,
  logoAccept,
  lsRjt,
  PageResponse,
  type Plogi,
  PlogiFeatures,
  plogi,
  plogiAccept,
  plogiServiceParameters,
  prli,
  prliAccept,
  prlo,
  prloAccept,
  receiveBytesOf,
  rscn,
  rscnAccept,
  rtvAccept,
  type Scr,
  scr,
  scrAccept,
} from '../../codecs/els/index.ts';
import { type FcHeader, FcType, WellKnownAddress } from '../../codecs/fc/index.ts';
import { CodecError, type FcId } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import type { ElsOriginator } from './els-originator.ts';
import type { FabricController } from './fabric-controller.ts';
import { type Login, serviceBit } from './logins.ts';
import type { Logouts } from './logouts.ts';
import type { PerformanceNotices } from './performance-notices.ts';
import { Refusal } from './refusal.ts';
import type { ServiceSender } from './service-sender.ts';
import type { VirtualEntities } from './virtual-entities.ts';

const F_PORT_CONTROLLER = WellKnownAddress['F_Port Controller'];
const FABRIC_CONTROLLER = WellKnownAddress['Fabric Controller'];
/** Buffer credit means nothing on FCoE; some initiators expect one all the same. */
const BB_CREDIT = 8;
const CONCURRENT_SEQUENCES = 255;

const NOT_SUPPORTED = new Refusal(
  LsRjtReason.COMMAND_NOT_SUPPORTED,
  LsRjtExplanation.REQUEST_NOT_SUPPORTED,
);
const LOGIN_REQUIRED = new Refusal(
  LsRjtReason.UNABLE_TO_PERFORM,
  LsRjtExplanation.N_PORT_LOGIN_REQUIRED,
);

/** What answering extended link services works with besides the context. */
export interface ServiceElsParts {
  readonly sender: ServiceSender;
  readonly originator: ElsOriginator;
  readonly fabricController: FabricController;
  readonly logouts: Logouts;
  readonly entities: VirtualEntities;
  readonly notices: PerformanceNotices;
}

/** Answers extended link services for all services of the fabric: each request gets one LS_ACC or LS_RJT. */
export class ServiceElsResponder {
  readonly #context: FabricContext;
  readonly #parts: ServiceElsParts;
  /** By service: what it answers to PLOGI is always the same. */
  readonly #plogiAccepts = new Map<FcId, Uint8Array>();

  constructor(context: FabricContext, parts: ServiceElsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Answers a request for the service at `header.dId`. */
  handle(login: Login, header: FcHeader, payload: Uint8Array): void {
    const answer = this.#answer(login, header.dId, payload);
    const reply =
      answer instanceof Refusal
        ? lsRjt.encode({ reason: answer.reason, explanation: answer.explanation })
        : answer;
    this.#parts.sender.elsReply(login, header, reply);
    // Only now: an answer needs the login it goes to.
    const left = payload[0] === ElsCommand.LOGO && header.dId === F_PORT_CONTROLLER;
    if (left && !(answer instanceof Refusal)) this.#parts.logouts.endByLogo(login);
  }

  /** Tells a port that a service knows no login of it. */
  sendLogo(login: Login, service: FcId): void {
    this.#parts.originator.send({
      to: login,
      from: service,
      payload: logo.encode({ nPortId: service, portName: this.#context.serviceName(service) }),
      retriesMax: 0,
      done: () => {},
    });
  }

  #answer(login: Login, service: FcId, payload: Uint8Array): Uint8Array | Refusal {
    try {
      switch (payload[0]) {
        case ElsCommand.PLOGI:
          return this.#plogi(login, service, plogi.view(payload));
        case ElsCommand.LOGO:
          login.services &= ~serviceBit(service);
          login.processLogins &= ~serviceBit(service);
          return logoAccept.encode({});
        case ElsCommand.PRLI:
          return this.#prli(login, service, payload);
        case ElsCommand.PRLO:
          return this.#prlo(login, service, payload);
        case ElsCommand.ADISC:
          return this.#adisc(login, service, payload);
        case ElsCommand.RTV:
          return this.#rtv();
        case ElsCommand.SCR:
          return this.#scr(login, service, scr.decode(payload));
        case ElsCommand.RSCN:
          return this.#rscn(login, service, payload);
        case ElsCommand.RDF:
          if (service !== FABRIC_CONTROLLER) return NOT_SUPPORTED;
          return this.#parts.notices.register(login, payload);
        case ElsCommand.EDC:
          if (service !== F_PORT_CONTROLLER) return NOT_SUPPORTED;
          return this.#parts.notices.capabilities(payload);
        case ElsCommand.QFPA:
          if (service !== F_PORT_CONTROLLER) return NOT_SUPPORTED;
          return this.#parts.entities.priorities();
        case ElsCommand.UVEM:
          if (service !== F_PORT_CONTROLLER) return NOT_SUPPORTED;
          return this.#parts.entities.update(login, payload);
        default:
          return NOT_SUPPORTED;
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return new Refusal(LsRjtReason.PROTOCOL_ERROR, LsRjtExplanation.INVALID_PAYLOAD_LENGTH);
    }
  }

  #plogi(
    login: Login,
    service: FcId,
    request: Pick<Plogi, 'portName' | 'common' | 'class3'>,
  ): Uint8Array | Refusal {
    if (request.portName !== login.wwpn)
      return new Refusal(LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.INVALID_PORT_NAME);
    const receiveBytes = receiveBytesOf(request);
    if (receiveBytes === undefined)
      return new Refusal(
        LsRjtReason.LOGICAL_ERROR,
        LsRjtExplanation.SERVICE_PARAMETER_RECEIVE_SIZE,
      );
    login.receiveBytes = receiveBytes;
    login.services |= serviceBit(service);
    login.processLogins &= ~serviceBit(service);
    let accept = this.#plogiAccepts.get(service);
    if (accept === undefined) {
      accept = this.#plogiAccept(service);
      this.#plogiAccepts.set(service, accept);
    }
    return accept;
  }

  #plogiAccept(service: FcId): Uint8Array {
    const { receiveDataBytes, switchName, eDTovMs } = this.#context.config;
    return plogiAccept.encode({
      common: plogiServiceParameters.decode(
        plogiServiceParameters.encode({
          bbCredit: BB_CREDIT,
          features: PlogiFeatures.CONTINUOUSLY_INCREASING_RELATIVE_OFFSET,
          bbReceiveDataFieldSizeBytes: receiveDataBytes,
          totalConcurrentSequences: CONCURRENT_SEQUENCES,
          eDTov: eDTovMs,
        }),
      ),
      portName: this.#context.serviceName(service),
      nodeName: switchName,
      class3: classParameters.decode(
        classParameters.encode({
          options: ClassOptions.VALID,
          receiveDataFieldSizeBytes: receiveDataBytes,
          concurrentSequences: CONCURRENT_SEQUENCES,
          openSequencesPerExchange: 1,
        }),
      ),
    });
  }

  /** The services speak CT and nothing else. */
  #prli(login: Login, service: FcId, payload: Uint8Array): Uint8Array | Refusal {
    if ((login.services & serviceBit(service)) === 0) return LOGIN_REQUIRED;
    const request = prli.decode(payload);
    const types = request.pages.map((page) => (page.kind === 'unknown' ? -1 : page.type));
    if (types.length === 0 || types.some((type) => type !== FcType.CT)) return NOT_SUPPORTED;
    login.processLogins |= serviceBit(service);
    const responseCode = PageResponse.REQUEST_EXECUTED;
    const pages = request.pages.map((page) =>
      page.kind === 'unknown' ? page : { ...page, responseCode },
    );
    return prliAccept.encode({ pages });
  }

  #prlo(login: Login, service: FcId, payload: Uint8Array): Uint8Array | Refusal {
    if ((login.services & serviceBit(service)) === 0) return LOGIN_REQUIRED;
    const request = prlo.decode(payload);
    login.processLogins &= ~serviceBit(service);
    const responseCode = PageResponse.REQUEST_EXECUTED;
    return prloAccept.encode({ pages: request.pages.map((page) => ({ ...page, responseCode })) });
  }

  #adisc(login: Login, service: FcId, payload: Uint8Array): Uint8Array | Refusal {
    if ((login.services & serviceBit(service)) === 0) return LOGIN_REQUIRED;
    const { portName, nPortId } = adisc.decode(payload);
    if (portName !== login.wwpn || nPortId !== login.nPortId)
      return new Refusal(LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.INVALID_PORT_NAME);
    return adiscAccept.encode({
      portName: this.#context.serviceName(service),
      nodeName: this.#context.config.switchName,
      nPortId: service,
    });
  }

  #rtv(): Uint8Array {
    const { rATovMs, eDTovMs } = this.#context.config;
    return rtvAccept.encode({ rATovMs, eDTov: eDTovMs });
  }

  /** Needs no port login: initiators register right after their fabric login. */
  #scr(login: Login, service: FcId, request: Scr): Uint8Array | Refusal {
    if (service !== FABRIC_CONTROLLER) return NOT_SUPPORTED;
    if (!this.#parts.fabricController.register(login, request.registrationFunction))
      return new Refusal(LsRjtReason.LOGICAL_ERROR);
    return scrAccept.encode({});
  }

  /** A port may only say that it changed itself. */
  #rscn(login: Login, service: FcId, payload: Uint8Array): Uint8Array | Refusal {
    if (service !== FABRIC_CONTROLLER) return NOT_SUPPORTED;
    const { pages } = rscn.decode(payload);
    if (pages.some((page) => page.nPortId !== login.nPortId))
      return new Refusal(LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.INVALID_N_PORT_ID);
    for (const page of pages) this.#parts.fabricController.noteFromPort(login, page);
    return rscnAccept.encode({});
  }
}
