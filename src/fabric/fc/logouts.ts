/**
 * How logins end. Whatever the reason: the peers are told (RSCN), the name server forgets, the
 * N_Port_ID begins to rest; and an adapter that did not ask for it is told first (Clear Virtual
 * Links), because a fabric that forgets without a word leaves its commands to time out.
 */

import { RscnEventQualifier } from '../../codecs/els/index.ts';
import type { Wwn } from '../../codecs/layout/index.ts';
import type { LogoutReason } from '../../history/fabric.ts';
import type { FabricContext } from './context.ts';
import type { FPort } from './f-port.ts';
import type { FabricController } from './fabric-controller.ts';
import type { Adapter, Login } from './logins.ts';
import type { NameServerDatabase } from './name-server-database.ts';

/** Reasons of which the adapter knows, or nobody is there to know. */
const ASKED_FOR: ReadonlySet<LogoutReason> = new Set(['LOGO', 'relogin', 'link']);

/** What hears of the end of a login. */
export interface LogoutParts {
  readonly fabricController: FabricController;
  readonly names: NameServerDatabase;
  readonly fPort: FPort;
}

/** Ends logins, one or all of an adapter or a port; a login ends once. */
export class Logouts {
  readonly #context: FabricContext;
  readonly #parts: LogoutParts;

  constructor(context: FabricContext, parts: LogoutParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Ends one login without telling its adapter, which knows. */
  end(login: Login, reason: LogoutReason): void {
    if (!login.live) return;
    const { core, ids, logins, zones } = this.#context;
    this.#parts.fabricController.noteChange(login, RscnEventQualifier.REMOVED_OBJECT);
    zones.leave(login);
    logins.remove(login);
    const knows = ASKED_FOR.has(reason);
    this.#parts.fPort.loginEnded(login, knows);
    this.#parts.names.forget(login);
    ids.release(login.nPortId, core.now);
    const { nPortId, wwpn, port, adapter, saidWwpn } = login;
    if (!knows) {
      // It logs in anew at once, and Linux counts OX_IDs from 1 again: that is no copy of the old request.
      this.#context.recentLogins.forget(`${port} ${adapter.address} ${saidWwpn} `);
    }
    core.emit({ type: 'logout', nPortId, wwpn, port, reason });
  }

  /** Ends every login of an adapter, which knows; the base N_Port's last. */
  endAdapter(adapter: Adapter, reason: LogoutReason): void {
    for (const login of [...adapter.logins]) if (login !== adapter.base) this.end(login, reason);
    if (adapter.base !== undefined) this.end(adapter.base, reason);
  }

  /** Ends every login behind a port whose link is gone: nobody is there to be told. */
  endPort(port: number, reason: LogoutReason): void {
    this.#parts.fPort.linkLost(port);
    for (const adapter of this.#context.logins.adaptersOn(port)) this.endAdapter(adapter, reason);
  }

  /** The port asked for it. Those that rest on it did not, where the rule ends them too. */
  endByLogo(login: Login): void {
    const { adapter } = login;
    const takesAlong = this.takesAlong(login);
    this.end(login, 'LOGO');
    if (takesAlong) this.clearAdapter(adapter, 'base-logout');
  }

  /** Tells an adapter that it has lost a login. */
  tell(login: Login): void {
    this.#parts.fPort.clear(login.adapter, [login]);
  }

  /** Tells an adapter that one of its logins is over, and ends it with those that rest on it. */
  clear(login: Login, reason: LogoutReason): void {
    const { adapter } = login;
    const takesAlong = this.takesAlong(login);
    this.#parts.fPort.clear(adapter, takesAlong ? adapter.logins : [login]);
    this.end(login, reason);
    if (takesAlong) this.endAdapter(adapter, 'base-logout');
  }

  /** Tells an adapter that all its logins are over, and ends them. `bare`: without a list of them. */
  clearAdapter(adapter: Adapter, reason: LogoutReason, bare = false): void {
    this.#parts.fPort.clear(adapter, bare ? 'all' : adapter.logins);
    this.endAdapter(adapter, reason);
  }

  /** Takes a port out of service because of a WWPN: it ignores every frame from now on. */
  disablePort(port: number, wwpn: Wwn): void {
    for (const adapter of this.#context.logins.adaptersOn(port))
      this.clearAdapter(adapter, 'port-disabled');
    this.#context.ports[port]!.disabled = true;
    this.#context.core.emit({ type: 'port-disabled', port, wwpn });
  }

  /** True when the end of a login ends the others of its adapter. */
  takesAlong(login: Login): boolean {
    return login === login.adapter.base && this.#context.config.baseLogout === 'legacy';
  }
}
