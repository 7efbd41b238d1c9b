/**
 * FIP frames as they come to an FCF: which are for it and form a message, and what becomes of each.
 * Source: FC-BB-5, FIP; FC-BB-6, VLAN discovery.
 */
import { WellKnownMac } from '../../codecs/fcoe/index.ts';
import {
  checkFip,
  FipControl,
  FipDiscovery,
  FipLinkService,
  type FipMessage,
  FipOperation,
  FipVlan,
  fipMessage,
} from '../../codecs/fip/index.ts';
import { CodecError, type Mac, macAt } from '../../codecs/layout/index.ts';
import type { FcfContext } from './context.ts';
import type { FipLoginServer } from './fip-logins.ts';
import type { FipServer } from './fip-server.ts';

/** What answers FIP messages. */
export interface FipReceiverParts {
  readonly fip: FipServer;
  readonly logins: FipLoginServer;
}

/** Reads FIP frames, counts those that are nothing, and hands the others on. */
export class FipReceiver {
  readonly #context: FcfContext;
  readonly #parts: FipReceiverParts;

  constructor(context: FcfContext, parts: FipReceiverParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** A FIP frame whose FIP header begins at `at`; `vid` is 0 for a frame without a tag. */
  handle(port: number, frame: Uint8Array, at: number, vid: number): void {
    const context = this.#context;
    const to = macAt(frame, 0);
    if (to !== context.config.fcfMac && to !== WellKnownMac['All-FCF-MACs']) {
      this.#parts.fip.ignore();
      return;
    }
    let message: FipMessage;
    try {
      message = fipMessage.decode(frame, at);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      context.drop('malformed', port, { detail: error.message });
      return;
    }
    const fault = checkFip(message);
    if (fault !== undefined) {
      context.drop('malformed', port, { detail: fault });
      return;
    }
    const { operation, subcode } = message;
    const isVlanRequest = operation === FipOperation['FIP VLAN'] && subcode === FipVlan.Request;
    if (vid !== context.config.vlan && !(isVlanRequest && vid === 0)) {
      context.drop('wrong-vlan', port);
      return;
    }
    context.counters.served++;
    if (isVlanRequest) {
      this.#parts.fip.handleVlanRequest(port, message, vid !== 0);
      return;
    }
    this.#dispatch(port, macAt(frame, 6), message);
  }

  #dispatch(port: number, from: Mac, message: FipMessage): void {
    const { operation, subcode } = message;
    const is = (code: number, sub: number) => operation === code && subcode === sub;
    if (is(FipOperation.Discovery, FipDiscovery.Solicitation))
      this.#parts.fip.handleSolicitation(port, message);
    else if (is(FipOperation['Virtual Link Instantiation'], FipLinkService.Request))
      this.#parts.logins.handle(port, from, message);
    else if (is(FipOperation['FIP Control'], FipControl['Keep Alive']))
      this.#parts.fip.handleKeepAlive(port, message);
    else this.#parts.fip.ignore();
  }
}
