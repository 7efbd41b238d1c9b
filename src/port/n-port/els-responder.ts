/** How an N_Port answers the extended link services that others send it. Source: FC-LS-3. */
import {
  adiscAccept,
  ElsCommand,
  type ElsRequest,
  elsRequest,
  FcpServiceParameters,
  LsRjtExplanation,
  LsRjtReason,
  logoAccept,
  lsRjt,
  prloAccept,
  recAccept,
  receiveBytesOf,
  rrqAccept,
  rscnAccept,
  rtvAccept,
} from '../../codecs/els/index.ts';
import { type FcHeader, WellKnownAddress } from '../../codecs/fc/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import { type Instant, MILLISECOND } from '../../machine/machine.ts';
import { RecentRequests } from '../../machine/recent-requests.ts';
import type { Timer } from '../../machine/timers.ts';
import type { ChangedAddress } from './discovery.ts';
import { type PortIdentity, plogiAcceptPayload, prliAcceptPayload } from './login-parameters.ts';
import type { Rport } from './rport.ts';

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

/** What answering needs of the N_Port. */
export interface ElsResponderOwner {
  readonly options: PortIdentity;
  readonly now: Instant;
  readonly nPortId: FcId;
  readonly epoch: number;
  readonly eDTovNs: number;
  readonly rATovNs: number;
  readonly rports: Map<FcId, Rport>;
  readonly discovery: { changed(pages: readonly ChangedAddress[]): void };
  readonly listener: {
    /** REC from an originator: how its exchange stands, `undefined` when it is unknown. */
    readExchange?(rport: Rport | undefined, ids: ExchangeIds): ExchangeState | undefined;
  };
  rport(portId: FcId): Rport | undefined;
  after(delayNs: number, run: () => void): Timer;
  /** Sends the one frame that answers an ELS request. */
  answer(request: FcHeader, payload: Uint8Array): void;
  contradiction(what: string): void;
}

type Request<K extends ElsRequest['kind']> = Extract<ElsRequest, { kind: K }>;

/** Answers one request. Errors: `CodecError` when the payload does not decode. */
export function answerEls(
  lport: ElsResponderOwner,
  rport: Rport | undefined,
  header: FcHeader,
  payload: Uint8Array,
): void {
  const request = elsRequest.decode(payload);
  if (LOGINS.has(request.kind) && cameTwice(lport, header, payload)) {
    lport.contradiction(`${request.kind} that came twice`);
    return;
  }
  switch (request.kind) {
    case 'PLOGI':
      answerPlogi(lport, header, request);
      return;
    case 'PRLI':
      answerPrli(lport, rport, header, request);
      return;
    case 'LOGO':
      lport.answer(header, logoAccept.encode({}));
      if (request.portName === rport?.portName || request.nPortId === rport?.portId) {
        const isNews = rport?.state !== 'gone';
        rport?.enterGone('LOGO from the other side', true);
        if (lport.options.role === 'target') lport.rports.delete(header.sId);
        else if (isNews) relogin(lport, rport);
      }
      return;
    case 'PRLO':
      lport.answer(header, prloAccept.encode({ pages: request.pages }));
      if (rport?.state === 'gone') return;
      rport?.enterGone('PRLO from the other side', true);
      if (lport.options.role === 'initiator') relogin(lport, rport);
      return;
    case 'ADISC':
      if (rport === undefined || rport.portName !== request.portName) {
        reject(lport, header, LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.N_PORT_LOGIN_REQUIRED);
        return;
      }
      lport.answer(
        header,
        adiscAccept.encode({
          portName: lport.options.portName,
          nodeName: lport.options.nodeName,
          nPortId: lport.nPortId,
        }),
      );
      return;
    case 'RSCN':
      lport.answer(header, rscnAccept.encode({}));
      if (header.sId !== WellKnownAddress['Fabric Controller']) return;
      lport.discovery.changed(request.pages);
      return;
    case 'FPIN':
      // It has no reply, not even a refusal (FC-LS-5, FPIN).
      return;
    case 'RTV':
      lport.answer(
        header,
        rtvAccept.encode({
          rATovMs: lport.rATovNs / MILLISECOND,
          eDTov: lport.eDTovNs / MILLISECOND,
        }),
      );
      return;
    case 'RRQ':
      lport.answer(header, rrqAccept.encode({}));
      return;
    case 'REC':
      answerRec(lport, rport, header, request);
      return;
    default:
      reject(
        lport,
        header,
        payload[0] === ElsCommand.FLOGI
          ? LsRjtReason.UNABLE_TO_PERFORM
          : LsRjtReason.COMMAND_NOT_SUPPORTED,
        LsRjtExplanation.REQUEST_NOT_SUPPORTED,
      );
  }
}

/** Requests that begin a login: carried out twice, the second one ends what the first began. */
const LOGINS: ReadonlySet<string> = new Set(['PLOGI', 'PRLI']);
const RECENT = new WeakMap<Rport, RecentRequests>();

/**
 * Only a target has tasks that a second login would end. Requests are remembered with the remote
 * port, which goes when its login has ended: another adapter that has the same N_Port_ID then, and
 * begins to number as the first one did, asks for something new.
 */
function cameTwice(
  lport: ElsResponderOwner,
  { oxId, sId }: FcHeader,
  payload: Uint8Array,
): boolean {
  if (lport.options.role !== 'target') return false;
  const rport = lport.rport(sId);
  if (rport === undefined) return false;
  const recent = RECENT.get(rport) ?? new RecentRequests();
  RECENT.set(rport, recent);
  return recent.isRepeated(`${oxId} ${payload[0]}`, lport.now);
}

/** A target that logged us out may take us again: try once more after E_D_TOV. */
function relogin(lport: ElsResponderOwner, rport: Rport | undefined): void {
  if (rport === undefined) return;
  const { epoch } = lport;
  lport.after(lport.eDTovNs, () => {
    if (lport.epoch === epoch && lport.rports.get(rport.portId) === rport) rport.login();
  });
}

function answerPlogi(lport: ElsResponderOwner, header: FcHeader, request: Request<'PLOGI'>): void {
  const rport = lport.rport(header.sId);
  if (rport === undefined) {
    reject(
      lport,
      header,
      LsRjtReason.UNABLE_TO_PERFORM,
      LsRjtExplanation.INSUFFICIENT_RESOURCES_FOR_LOGIN,
    );
    return;
  }
  // Two PLOGIs that cross: the one from the higher port name is carried out (FC-LS-3, PLOGI).
  if (rport.state === 'plogi' && lport.options.portName > request.portName) {
    reject(
      lport,
      header,
      LsRjtReason.COMMAND_IN_PROGRESS,
      LsRjtExplanation.NO_ADDITIONAL_EXPLANATION,
    );
    return;
  }
  const receiveBytes = receiveBytesOf(request);
  if (receiveBytes === undefined) {
    const { SERVICE_PARAMETER_RECEIVE_SIZE } = LsRjtExplanation;
    reject(lport, header, LsRjtReason.LOGICAL_ERROR, SERVICE_PARAMETER_RECEIVE_SIZE);
    return;
  }
  lport.answer(header, plogiAcceptPayload(lport.options, lport.eDTovNs / MILLISECOND));
  rport.handlePlogi(request, receiveBytes);
}

function answerPrli(
  lport: ElsResponderOwner,
  rport: Rport | undefined,
  header: FcHeader,
  request: Request<'PRLI'>,
): void {
  const page = request.pages.find((one) => one.kind === 'FCP');
  if (rport === undefined || rport.portName === 0n) {
    reject(lport, header, LsRjtReason.UNABLE_TO_PERFORM, LsRjtExplanation.N_PORT_LOGIN_REQUIRED);
    return;
  }
  if (page === undefined) {
    reject(lport, header, LsRjtReason.UNABLE_TO_PERFORM, LsRjtExplanation.REQUEST_NOT_SUPPORTED);
    return;
  }
  lport.answer(header, prliAcceptPayload(lport.options));
  const wanted =
    lport.options.role === 'target'
      ? FcpServiceParameters.INITIATOR_FUNCTION
      : FcpServiceParameters.TARGET_FUNCTION;
  rport.prliOxId = header.oxId;
  if ((page.serviceParameters & wanted) !== 0) rport.handlePrli(page.serviceParameters);
}

function answerRec(
  lport: ElsResponderOwner,
  rport: Rport | undefined,
  header: FcHeader,
  request: Request<'REC'>,
): void {
  const exchange = lport.listener.readExchange?.(rport, request);
  if (exchange === undefined) {
    reject(lport, header, LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.INVALID_OX_ID_RX_ID);
    return;
  }
  lport.answer(
    header,
    recAccept.encode({
      oxId: request.oxId,
      rxId: exchange.rxId,
      originatorId: header.sId,
      responderId: lport.nPortId,
      fc4Value: exchange.bytes,
      eStat: exchange.status,
    }),
  );
}

function reject(
  lport: ElsResponderOwner,
  header: FcHeader,
  reason: number,
  explanation: number,
): void {
  lport.answer(header, lsRjt.encode({ reason, explanation }));
}
