/**
 * Login server: FLOGI, FDISC and LOGO inside FIP, the granted MAC address with the N_Port_ID, and
 * what becomes of a WWPN that is logged in twice.
 *
 * Whoever loses a login without having asked for it is told by Clear Virtual Links first.
 * Source: FC-BB-5, FIP virtual link instantiation; FC-LS-3, FLOGI, FDISC and LOGO.
 */
import {
  ElsCommand,
  fdisc,
  flogi,
  type Logo,
  LsRjtExplanation,
  LsRjtReason,
  logo,
  logoAccept,
  lsRjt,
  receiveBytesOf,
} from '../../codecs/els/index.ts';
import { FCTL_LAST_REPLY, FcType, RCtl, WellKnownAddress } from '../../codecs/fc/index.ts';
import { fcMapOf, fpma } from '../../codecs/fcoe/index.ts';
import {
  type FipEncapsulated,
  FipFlags,
  FipLinkService,
  type FipMessage,
  FipOperation,
  fipDescriptorOf,
  fipElsOf,
  fipEncapsulate,
} from '../../codecs/fip/index.ts';
import { CodecError, type FcId, type Mac } from '../../codecs/layout/index.ts';
import type { FcfContext } from '../fcoe/context.ts';
import type { FipServer } from '../fcoe/fip-server.ts';
import type { Transmitter } from '../fcoe/transmitter.ts';
import {
  checkFabricLogin,
  FabricLoginAccepts,
  type LoginParameters,
  type LoginRefusal,
} from './login-parameters.ts';
import { ENode, Login } from './logins.ts';
import type { Logouts } from './logouts.ts';
import type { NameServerDatabase } from './name-server-database.ts';
import { newNameServerObject } from './name-server-object.ts';

/** Explanations that only FIP logins know. Source: FC-LS-3, LS_RJT reason code explanations. */
const MAC_ADDRESSING_MODE_NOT_SUPPORTED = 0x60;
const PROPOSED_MAC_ADDRESS_INCORRECTLY_FORMED = 0x61;
const NO_MAC: Mac = '00:00:00:00:00:00';

type By = 'FLOGI' | 'FDISC';

/** The ELS inside a FIP request. */
type Parsed =
  | { readonly by: By; readonly parameters: LoginParameters }
  | { readonly by: 'LOGO'; readonly logo: Logo };

/** A fabric login as it came. */
interface LoginRequest {
  readonly by: By;
  readonly parameters: LoginParameters;
  readonly port: number;
  readonly enodeMac: Mac;
  readonly els: FipEncapsulated;
}

/** `undefined` when the descriptor and the command in it do not belong together. */
function parse({ kind, payload }: FipEncapsulated): Parsed | undefined {
  const command = payload[0];
  if (kind === 'flogi' && command === ElsCommand.FLOGI)
    return { by: 'FLOGI', parameters: flogi.view(payload) };
  if (kind === 'fdisc' && command === ElsCommand.FDISC)
    return { by: 'FDISC', parameters: fdisc.view(payload) };
  if (kind === 'logo' && command === ElsCommand.LOGO)
    return { by: 'LOGO', logo: logo.decode(payload) };
  return undefined;
}

const refuse = (reason: number, explanation: number): LoginRefusal => ({ reason, explanation });
const DUPLICATE_NAME = refuse(LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.INVALID_PORT_NAME);
const NO_RESOURCES = refuse(
  LsRjtReason.UNABLE_TO_PERFORM,
  LsRjtExplanation.INSUFFICIENT_RESOURCES_FOR_LOGIN,
);

export interface LoginServerParts {
  readonly transmitter: Transmitter;
  readonly logouts: Logouts;
  readonly names: NameServerDatabase;
  readonly fip: FipServer;
}

export class LoginServer {
  readonly #context: FcfContext;
  readonly #parts: LoginServerParts;
  readonly #accepts: FabricLoginAccepts;

  constructor(context: FcfContext, parts: LoginServerParts) {
    this.#context = context;
    this.#accepts = new FabricLoginAccepts(context.config);
    this.#parts = parts;
  }

  /** An ELS request inside FIP, from an ENode's MAC address. */
  handle(port: number, enodeMac: Mac, message: FipMessage): void {
    const els = fipElsOf(message)!;
    const { header, payload } = els;
    const isRequest = header.rCtl === RCtl['ELS Request'] && header.type === FcType.ELS;
    if (!isRequest || header.dId !== WellKnownAddress['F_Port Controller']) {
      this.#context.drop('malformed', port, { detail: 'no ELS request to FFFFFEh' });
      return;
    }
    let request: Parsed | undefined;
    try {
      request = parse(els);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#context.drop('malformed', port, { detail: error.message });
      return;
    }
    if (request === undefined)
      this.#context.drop('unsupported', port, { detail: `${els.kind} of command ${payload[0]}` });
    else if (request.by === 'LOGO') this.#logo(port, enodeMac, els, request.logo);
    else this.#login(message, { ...request, port, enodeMac, els });
  }

  #login(message: FipMessage, request: LoginRequest): void {
    const { by, els, enodeMac, parameters, port } = request;
    const { recentLogins, core } = this.#context;
    const key = `${port} ${enodeMac} ${parameters.portName} ${els.header.oxId}`;
    if (recentLogins.isRepeated(key, core.now)) {
      this.#context.protocol(port, `${by} that came twice`, els.header.sId);
      return;
    }
    const refusal = this.#checkAddressing(message) ?? checkFabricLogin(request.parameters);
    if (refusal !== undefined) {
      this.#reject(request, refusal);
      return;
    }
    if (request.by === 'FLOGI') this.#flogi(request);
    else this.#fdisc(request);
  }

  /** Addresses are the fabric's to provide; a proposed one must at least look like that. */
  #checkAddressing(message: FipMessage): LoginRefusal | undefined {
    if ((message.flags & FipFlags.FP) === 0)
      return refuse(LsRjtReason.FIP_ERROR, MAC_ADDRESSING_MODE_NOT_SUPPORTED);
    const { mac } = fipDescriptorOf(message, 'mac')!;
    // With SP set too, the proposal is the ENode's own address in case the fabric provides none.
    const mayPropose = (message.flags & FipFlags.SP) !== 0 || mac === NO_MAC;
    if (mayPropose || fcMapOf(mac) === this.#context.config.fcMap) return undefined;
    return refuse(LsRjtReason.FIP_ERROR, PROPOSED_MAC_ADDRESS_INCORRECTLY_FORMED);
  }

  #flogi(request: LoginRequest): void {
    const { port, enodeMac, parameters } = request;
    const { logins, core, config } = this.#context;
    // A new FLOGI says that the ENode knows nothing of its former logins.
    const former = logins.enode(port, enodeMac);
    if (former !== undefined) this.#parts.logouts.endENode(former, 'relogin');
    const holder = logins.byWwpn(this.#context.names.nameOf(parameters.portName));
    if (holder !== undefined && !this.#giveWay(holder, port)) {
      this.#reject(request, DUPLICATE_NAME);
      if (config.duplicateDisablesPort) this.#parts.logouts.disablePort(port, parameters.portName);
      return;
    }
    this.#grant(request, new ENode(port, enodeMac, core.now));
  }

  #fdisc(request: LoginRequest): void {
    const { port, enodeMac, parameters } = request;
    const { logins, config } = this.#context;
    if (config.npivLoginsMax === 0) {
      this.#reject(
        request,
        refuse(LsRjtReason.COMMAND_NOT_SUPPORTED, LsRjtExplanation.REQUEST_NOT_SUPPORTED),
      );
      return;
    }
    const enode = logins.enode(port, enodeMac);
    if (enode === undefined) {
      this.#reject(
        request,
        refuse(LsRjtReason.UNABLE_TO_PERFORM, LsRjtExplanation.N_PORT_LOGIN_REQUIRED),
      );
      return;
    }
    const holder = logins.byWwpn(this.#context.names.nameOf(parameters.portName));
    if (holder?.enode === enode) {
      if (holder === enode.base) {
        this.#reject(request, DUPLICATE_NAME);
        return;
      }
      this.#parts.logouts.end(holder, 'relogin');
    } else if (holder !== undefined && !this.#giveWay(holder, port)) {
      this.#reject(request, DUPLICATE_NAME);
      return;
    }
    if (logins.npivCount(port) >= config.npivLoginsMax) {
      this.#reject(request, NO_RESOURCES);
      return;
    }
    this.#grant(request, enode);
  }

  /** Whether the former login of a WWPN is to end; if so, it is told and ended. */
  #giveWay(holder: Login, newPort: number): boolean {
    const { duplicateWwpn, duplicateDisablesPort } = this.#context.config;
    const isProtected = duplicateWwpn === 2 && holder.by === 'FLOGI';
    if (duplicateWwpn === 0 || isProtected) return false;
    const { port, wwpn } = holder;
    const takesPort = duplicateDisablesPort && this.#parts.logouts.takesAlong(holder);
    this.#parts.logouts.clear(holder, 'replaced');
    if (takesPort && port !== newPort) this.#parts.logouts.disablePort(port, wwpn);
    return true;
  }

  #grant(request: LoginRequest, enode: ENode): void {
    const { by, port, enodeMac, parameters, els } = request;
    const { config, core, ids, logins, zones, ports, names } = this.#context;
    const wwpn = names.nameOf(parameters.portName);
    const grant = ids.take({ wwpn, attachment: enode.attachment }, core.now);
    if (grant === undefined) {
      this.#reject(request, NO_RESOURCES);
      return;
    }
    const { nPortId, clean } = grant;
    const mac = fpma(config.fcMap, nPortId);
    const login = new Login({
      nPortId,
      wwpn,
      saidWwpn: parameters.portName,
      wwnn: parameters.nodeName,
      mac,
      by,
      enode,
      since: core.now,
      // It was checked with the rest of the request.
      receiveBytes: receiveBytesOf(parameters)!,
      object: newNameServerObject(parameters.nodeName),
    });
    logins.add(login);
    this.#context.access.forget(port, nPortId);
    zones.join(login);
    this.#parts.names.enter(login);
    this.#parts.fip.supervise(login);
    const payload = this.#accepts.make(by, ports[port]!.portName, clean);
    this.#reply(port, enodeMac, els, nPortId, payload, mac);
    const { wwnn } = login;
    core.emit({ kind: 'login', nPortId, wwpn, wwnn, port, mac, by, enodeMac, clean });
  }

  #reject(request: LoginRequest, refusal: LoginRefusal): void {
    const { by, port, enodeMac, els, parameters } = request;
    const { reason, explanation } = refusal;
    this.#reply(port, enodeMac, els, els.header.sId, lsRjt.encode({ reason, explanation }));
    const wwpn = parameters.portName;
    this.#context.core.emit({
      kind: 'login-rejected',
      wwpn,
      port,
      enodeMac,
      by,
      reason,
      explanation,
    });
  }

  #logo(port: number, enodeMac: Mac, els: FipEncapsulated, request: Logo): void {
    const { nPortId, portName } = request;
    const { sId } = els.header;
    const login = this.#context.logins.byId(sId);
    const { fcMap } = this.#context.config;
    if (login === undefined) {
      // A LOGO sent again because its LS_ACC was lost: what it asks for is done.
      this.#context.protocol(port, 'LOGO of a port that is not logged in', sId);
      const payload = logoAccept.encode({});
      this.#reply(port, enodeMac, els, sId, payload, fpma(fcMap, sId));
      return;
    }
    const isOwn = login.port === port && login.enode.mac === enodeMac;
    if (!isOwn || nPortId !== sId || portName !== login.saidWwpn) {
      this.#context.protocol(port, 'LOGO for a login of somebody else', sId);
      const explanation = isOwn
        ? LsRjtExplanation.INVALID_PORT_NAME
        : LsRjtExplanation.INVALID_ORIGINATOR_S_ID;
      const payload = lsRjt.encode({ reason: LsRjtReason.LOGICAL_ERROR, explanation });
      this.#reply(port, enodeMac, els, sId, payload);
      return;
    }
    this.#reply(port, enodeMac, els, sId, logoAccept.encode({}), login.mac);
    this.#parts.logouts.endByLogo(login);
  }

  /** The ELS first, the granted address second: initiators read them in this order. */
  #reply(
    port: number,
    enodeMac: Mac,
    request: FipEncapsulated,
    dId: FcId,
    payload: Uint8Array,
    granted?: Mac,
  ): void {
    const header = {
      rCtl: RCtl['ELS Reply'],
      dId,
      sId: request.header.dId,
      type: FcType.ELS,
      fCtl: FCTL_LAST_REPLY,
      oxId: request.header.oxId,
    };
    const els = fipEncapsulate(request.kind, header, payload);
    this.#parts.transmitter.fip(port, enodeMac, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Reply,
      flags: FipFlags.FP,
      descriptors: granted === undefined ? [els] : [els, { kind: 'mac', mac: granted }],
    });
  }
}
