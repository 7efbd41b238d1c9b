/**
 * How logins end. Whatever the reason: the peers are told (RSCN), the name server forgets, the
 * N_Port_ID begins to rest; and an ENode that did not ask for it is told first (Clear Virtual
 * Links), because a fabric that forgets without a word leaves its commands to time out.
 */

import { RscnEventQualifier } from '../../codecs/els/index.ts';
import type { Wwn } from '../../codecs/layout/index.ts';
import type { LogoutReason } from '../../history/fabric.ts';
import type { ClearVirtualLinks } from '../fcoe/clear-virtual-links.ts';
import type { FcfContext } from '../fcoe/context.ts';
import type { FabricController } from './fabric-controller.ts';
import type { ENode, Login } from './logins.ts';
import type { NameServerDatabase } from './name-server-database.ts';

/** Reasons of which the ENode knows, or nobody is there to know. */
const ASKED_FOR: ReadonlySet<LogoutReason> = new Set(['LOGO', 'relogin', 'link']);

export interface LogoutParts {
  readonly fabricController: FabricController;
  readonly names: NameServerDatabase;
  readonly clearVirtualLinks: ClearVirtualLinks;
}

export class Logouts {
  readonly #context: FcfContext;
  readonly #parts: LogoutParts;

  constructor(context: FcfContext, parts: LogoutParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Ends one login without telling its ENode, which knows. */
  end(login: Login, reason: LogoutReason): void {
    if (!login.live) return;
    const { core, ids, logins, zones, access } = this.#context;
    this.#parts.fabricController.noteChange(login, RscnEventQualifier.REMOVED_OBJECT);
    zones.leave(login);
    logins.remove(login);
    access.left(login.port, login.nPortId, login.wwpn);
    this.#parts.names.forget(login);
    ids.release(login.nPortId, core.now);
    const { nPortId, wwpn, port, enode, saidWwpn } = login;
    if (!ASKED_FOR.has(reason)) {
      this.#context.endedLogins.note(login, core.now);
      // It logs in anew at once, and Linux counts OX_IDs from 1 again: that is no copy of the old request.
      this.#context.recentLogins.forget(`${port} ${enode.mac} ${saidWwpn} `);
    }
    core.emit({ type: 'logout', nPortId, wwpn, port, reason });
  }

  /** Ends every login of an ENode, which knows; the base N_Port's last. */
  endENode(enode: ENode, reason: LogoutReason): void {
    for (const login of [...enode.logins]) if (login !== enode.base) this.end(login, reason);
    if (enode.base !== undefined) this.end(enode.base, reason);
  }

  /** Ends every login behind a port whose link is gone: nobody is there to be told. */
  endPort(port: number, reason: LogoutReason): void {
    this.#context.access.forgetPort(port);
    this.#context.endedLogins.forgetPort(port);
    for (const enode of this.#context.logins.enodesOn(port)) this.endENode(enode, reason);
  }

  /** The port asked for it. Those that rest on it did not, where the rule ends them too. */
  endByLogo(login: Login): void {
    const { enode } = login;
    const takesAlong = this.takesAlong(login);
    this.end(login, 'LOGO');
    if (takesAlong) this.clearENode(enode, 'base-logout');
  }

  /** Tells an ENode that it has lost a login. */
  tell(login: Login): void {
    this.#parts.clearVirtualLinks.send(login.enode, [login]);
  }

  /** Tells an ENode that one of its logins is over, and ends it with those that rest on it. */
  clear(login: Login, reason: LogoutReason): void {
    const { enode } = login;
    const takesAlong = this.takesAlong(login);
    this.#parts.clearVirtualLinks.send(enode, takesAlong ? enode.logins : [login]);
    this.end(login, reason);
    if (takesAlong) this.endENode(enode, 'base-logout');
  }

  /** Tells an ENode that all its logins are over, and ends them. `bare`: without a list of them. */
  clearENode(enode: ENode, reason: LogoutReason, bare = false): void {
    if (bare) this.#parts.clearVirtualLinks.sendBare(enode.port, enode.mac);
    else this.#parts.clearVirtualLinks.send(enode, enode.logins);
    this.endENode(enode, reason);
  }

  /** Takes a port out of service because of a WWPN: it ignores every frame from now on. */
  disablePort(port: number, wwpn: Wwn): void {
    for (const enode of this.#context.logins.enodesOn(port))
      this.clearENode(enode, 'port-disabled');
    this.#context.ports[port]!.disabled = true;
    this.#context.core.emit({ type: 'port-disabled', port, wwpn });
  }

  /** True when the end of a login ends the others of its ENode. */
  takesAlong(login: Login): boolean {
    return login === login.enode.base && this.#context.config.baseLogout === 'legacy';
  }
}
