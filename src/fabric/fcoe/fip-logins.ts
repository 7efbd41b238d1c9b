/**
 * FLOGI, FDISC and LOGO inside FIP: taken out for the login server, and its answers put back with the
 * MAC address that goes with the N_Port_ID.
 * Source: FC-BB-5, FIP virtual link instantiation.
 */
import { ElsCommand, fdisc, flogi, type Logo, LsRjtReason, logo } from '../../codecs/els/index.ts';
import { FCTL_LAST_REPLY, FcType, RCtl, WellKnownAddress } from '../../codecs/fc/index.ts';
import { fcMapOf } from '../../codecs/fcoe/index.ts';
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
import type { LoginParameters, LoginRefusal } from '../fc/login-parameters.ts';
import type { FabricRequest, LoginServer } from '../fc/login-server.ts';
import type { FcfContext } from './context.ts';
import type { Transmitter } from './transmitter.ts';

/** Explanations that only FIP logins know. Source: FC-LS-3, LS_RJT reason code explanations. */
const MAC_ADDRESSING_MODE_NOT_SUPPORTED = 0x60;
const PROPOSED_MAC_ADDRESS_INCORRECTLY_FORMED = 0x61;
const NO_MAC: Mac = '00:00:00:00:00:00';

/** The ELS inside a FIP request. */
type Parsed =
  | { readonly by: 'FLOGI' | 'FDISC'; readonly parameters: LoginParameters }
  | { readonly by: 'LOGO'; readonly logo: Logo };

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

const refuse = (explanation: number): LoginRefusal => ({
  reason: LsRjtReason.FIP_ERROR,
  explanation,
});

/** Reads the ELS in FIP requests and writes the answers. What does not form one is dropped and counted. */
export class FipLoginServer {
  readonly #context: FcfContext;
  readonly #transmitter: Transmitter;
  readonly #loginServer: LoginServer;

  constructor(context: FcfContext, transmitter: Transmitter, loginServer: LoginServer) {
    this.#context = context;
    this.#transmitter = transmitter;
    this.#loginServer = loginServer;
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
    else if (request.by === 'LOGO')
      this.#loginServer.logo(this.#requestOf(port, enodeMac, els), request.logo);
    else
      this.#loginServer.login(
        { ...request, ...this.#requestOf(port, enodeMac, els) },
        this.#checkAddressing(message),
      );
  }

  #requestOf(port: number, enodeMac: Mac, els: FipEncapsulated): FabricRequest {
    const { oxId, sId } = els.header;
    return {
      port,
      adapter: enodeMac,
      oxId,
      sId,
      reply: (dId, payload, mac) => this.#reply(port, enodeMac, els, dId, payload, mac),
    };
  }

  /** Addresses are the fabric's to provide; a proposed one must at least look like that. */
  #checkAddressing(message: FipMessage): LoginRefusal | undefined {
    if ((message.flags & FipFlags.FP) === 0) return refuse(MAC_ADDRESSING_MODE_NOT_SUPPORTED);
    const { mac } = fipDescriptorOf(message, 'mac')!;
    // With SP set too, the proposal is the ENode's own address in case the fabric provides none.
    const mayPropose = (message.flags & FipFlags.SP) !== 0 || mac === NO_MAC;
    if (mayPropose || fcMapOf(mac) === this.#context.config.fcMap) return undefined;
    return refuse(PROPOSED_MAC_ADDRESS_INCORRECTLY_FORMED);
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
    this.#transmitter.fip(port, enodeMac, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Reply,
      flags: FipFlags.FP,
      descriptors: granted === undefined ? [els] : [els, { kind: 'mac', mac: granted }],
    });
  }
}
