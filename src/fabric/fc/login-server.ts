/**
 * Login server: FLOGI, FDISC and LOGO with the fabric, and what becomes of a WWPN that is logged in
 * twice. How they come and how their answers go is the F_Port's.
 *
 * Whoever loses a login without having asked for it is told first.
 * Source: FC-LS-3, FLOGI, FDISC and LOGO.
 */
import {
  type Logo,
  LsRjtExplanation,
  LsRjtReason,
  logoAccept,
  lsRjt,
  receiveBytesOf,
} from '../../codecs/els/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import type { FPort } from './f-port.ts';
import {
  checkFabricLogin,
  FabricLoginAccepts,
  type LoginParameters,
  type LoginRefusal,
} from './login-parameters.ts';
import { Adapter, Login } from './logins.ts';
import type { Logouts } from './logouts.ts';
import type { NameServerDatabase } from './name-server-database.ts';
import { newNameServerObject } from './name-server-object.ts';

/** What a request with the fabric says of its sender, and how it is answered. */
export interface FabricRequest {
  readonly port: number;
  /** Address of the adapter that it came from. */
  readonly adapter: string;
  readonly oxId: number;
  readonly sId: FcId;
  /** Sends the ELS that answers; `linkAddress`: what the link calls the port that is logged in, or was. */
  reply(dId: FcId, payload: Uint8Array, linkAddress?: string): void;
}

/** A FLOGI or FDISC. */
export interface LoginRequest extends FabricRequest {
  readonly by: 'FLOGI' | 'FDISC';
  readonly parameters: LoginParameters;
}

const refuse = (reason: number, explanation: number): LoginRefusal => ({ reason, explanation });
const DUPLICATE_NAME = refuse(LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.INVALID_PORT_NAME);
const NO_RESOURCES = refuse(
  LsRjtReason.UNABLE_TO_PERFORM,
  LsRjtExplanation.INSUFFICIENT_RESOURCES_FOR_LOGIN,
);

/** What the login server works with besides the context. */
export interface LoginServerParts {
  readonly fPort: FPort;
  readonly logouts: Logouts;
  readonly names: NameServerDatabase;
}

/** Answers FLOGI, FDISC and fabric LOGO. Nothing that is asked makes it throw: refusals are LS_RJTs. */
export class LoginServer {
  readonly #context: FabricContext;
  readonly #parts: LoginServerParts;
  readonly #accepts: FabricLoginAccepts;

  constructor(context: FabricContext, parts: LoginServerParts) {
    this.#context = context;
    this.#accepts = new FabricLoginAccepts(context.config);
    this.#parts = parts;
  }

  /** A FLOGI or FDISC. `complaint`: what its link finds wrong with it. */
  login(request: LoginRequest, complaint: LoginRefusal | undefined): void {
    const { by, adapter, parameters, port, oxId, sId } = request;
    const { recentLogins, core } = this.#context;
    const key = `${port} ${adapter} ${parameters.portName} ${oxId}`;
    if (recentLogins.isRepeated(key, core.now)) {
      this.#context.protocol(port, `${by} that came twice`, sId);
      return;
    }
    const refusal = complaint ?? checkFabricLogin(parameters);
    if (refusal !== undefined) {
      this.#reject(request, refusal);
      return;
    }
    if (by === 'FLOGI') this.#flogi(request);
    else this.#fdisc(request);
  }

  #flogi(request: LoginRequest): void {
    const { port, adapter, parameters } = request;
    const { logins, core, config } = this.#context;
    // A new FLOGI says that the adapter knows nothing of its former logins.
    const former = logins.adapter(port, adapter);
    if (former !== undefined) this.#parts.logouts.endAdapter(former, 'relogin');
    const holder = logins.byWwpn(this.#context.names.nameOf(parameters.portName));
    if (holder !== undefined && !this.#giveWay(holder, port)) {
      this.#reject(request, DUPLICATE_NAME);
      if (config.duplicateDisablesPort) this.#parts.logouts.disablePort(port, parameters.portName);
      return;
    }
    this.#grant(request, new Adapter(port, adapter, core.now));
  }

  #fdisc(request: LoginRequest): void {
    const { port, parameters } = request;
    const { logins, config } = this.#context;
    if (config.npivLoginsMax === 0) {
      this.#reject(
        request,
        refuse(LsRjtReason.COMMAND_NOT_SUPPORTED, LsRjtExplanation.REQUEST_NOT_SUPPORTED),
      );
      return;
    }
    const adapter = logins.adapter(port, request.adapter);
    if (adapter === undefined) {
      this.#reject(
        request,
        refuse(LsRjtReason.UNABLE_TO_PERFORM, LsRjtExplanation.N_PORT_LOGIN_REQUIRED),
      );
      return;
    }
    const holder = logins.byWwpn(this.#context.names.nameOf(parameters.portName));
    if (holder?.adapter === adapter) {
      if (holder === adapter.base) {
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
    this.#grant(request, adapter);
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

  #grant(request: LoginRequest, adapter: Adapter): void {
    const { by, port, parameters } = request;
    const { core, ids, logins, zones, ports, names } = this.#context;
    const wwpn = names.nameOf(parameters.portName);
    const grant = ids.take({ wwpn, attachment: adapter.attachment }, core.now);
    if (grant === undefined) {
      this.#reject(request, NO_RESOURCES);
      return;
    }
    const { nPortId, clean } = grant;
    const linkAddress = this.#parts.fPort.linkAddressOf(nPortId);
    const login = new Login({
      nPortId,
      wwpn,
      saidWwpn: parameters.portName,
      wwnn: parameters.nodeName,
      linkAddress,
      by,
      adapter,
      since: core.now,
      // It was checked with the rest of the request.
      receiveBytes: receiveBytesOf(parameters)!,
      object: newNameServerObject(parameters.nodeName),
    });
    logins.add(login);
    zones.join(login);
    this.#parts.names.enter(login);
    this.#parts.fPort.loginBegan(login);
    const payload = this.#accepts.make(by, ports[port]!.portName, clean);
    request.reply(nPortId, payload, linkAddress);
    const { wwnn } = login;
    const enodeMac = adapter.address;
    core.emit({ type: 'login', nPortId, wwpn, wwnn, port, mac: linkAddress, by, enodeMac, clean });
  }

  #reject(request: LoginRequest, refusal: LoginRefusal): void {
    const { by, port, adapter: enodeMac, parameters } = request;
    const { reason, explanation } = refusal;
    request.reply(request.sId, lsRjt.encode({ reason, explanation }));
    const wwpn = parameters.portName;
    this.#context.core.emit({
      type: 'login-rejected',
      wwpn,
      port,
      enodeMac,
      by,
      reason,
      explanation,
    });
  }

  /** A LOGO, which says who leaves. */
  logo(request: FabricRequest, { nPortId, portName }: Logo): void {
    const { port, adapter, sId } = request;
    const login = this.#context.logins.byId(sId);
    if (login === undefined) {
      // A LOGO sent again because its LS_ACC was lost: what it asks for is done.
      this.#context.protocol(port, 'LOGO of a port that is not logged in', sId);
      const payload = logoAccept.encode({});
      request.reply(sId, payload, this.#parts.fPort.linkAddressOf(sId));
      return;
    }
    const isOwn = login.port === port && login.adapter.address === adapter;
    if (!isOwn || nPortId !== sId || portName !== login.saidWwpn) {
      this.#context.protocol(port, 'LOGO for a login of somebody else', sId);
      const explanation = isOwn
        ? LsRjtExplanation.INVALID_PORT_NAME
        : LsRjtExplanation.INVALID_ORIGINATOR_S_ID;
      const payload = lsRjt.encode({ reason: LsRjtReason.LOGICAL_ERROR, explanation });
      request.reply(sId, payload);
      return;
    }
    request.reply(sId, logoAccept.encode({}), login.linkAddress);
    this.#parts.logouts.endByLogo(login);
  }
}
