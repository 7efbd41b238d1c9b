/**
 * The F_Ports of an FCF: their links are FIP's virtual links, their frames FCoE frames.
 * Source: FC-BB-5, VF_Ports.
 */
import type { FcHeaderInput } from '../../codecs/fc/index.ts';
import { fpma } from '../../codecs/fcoe/index.ts';
import type { FcId, Wwn } from '../../codecs/layout/index.ts';
import type { FPort } from '../fc/f-port.ts';
import type { Adapter, Login } from '../fc/logins.ts';
import type { ClearVirtualLinks } from './clear-virtual-links.ts';
import type { FcfContext } from './context.ts';
import type { Transmitter } from './transmitter.ts';

/** What virtual links are made of. */
export interface FcoeLinkParts {
  readonly transmitter: Transmitter;
  readonly clearVirtualLinks: ClearVirtualLinks;
  /** Begins to watch over the keep-alives of a login. */
  supervise(login: Login): void;
}

/** The F_Ports that the fabric services see: FIP and FCoE behind them. */
export class FcoeLinks implements FPort {
  readonly #context: FcfContext;
  readonly #parts: FcoeLinkParts;

  constructor(context: FcfContext, parts: FcoeLinkParts) {
    this.#context = context;
    this.#parts = parts;
  }

  linkAddressOf(nPortId: FcId): string {
    return fpma(this.#context.config.fcMap, nPortId);
  }

  send(to: Login, header: FcHeaderInput, payload: Uint8Array, last: boolean): void {
    this.#parts.transmitter.frame(to, header, payload, last);
  }

  loginBegan(login: Login): void {
    this.#context.access.forget(login.port, login.nPortId);
    this.#parts.supervise(login);
  }

  loginEnded(login: Login, knows: boolean): void {
    const { access, endedLogins, core } = this.#context;
    access.left(login.port, login.nPortId, login.wwpn);
    if (!knows) endedLogins.note(login, core.now);
  }

  clear(adapter: Adapter, logins: Iterable<Login> | 'all'): void {
    const { clearVirtualLinks } = this.#parts;
    if (logins === 'all') clearVirtualLinks.sendBare(adapter.port, adapter.address);
    else clearVirtualLinks.send(adapter, logins);
  }

  linkLost(port: number): void {
    this.#context.access.forgetPort(port);
    this.#context.endedLogins.forgetPort(port);
  }

  forgetName(wwpn: Wwn): void {
    this.#context.access.forgetName(wwpn);
  }
}
