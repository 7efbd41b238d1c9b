/** What a mover may ask of a switch. Each command is carried out at once and answered. */
import { formatWwn, type Wwn } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import type { FPort } from './f-port.ts';
import { Login } from './logins.ts';
import type { Logouts } from './logouts.ts';

/** A command of a mover; WWPNs name the ports that it is about. */
export type FabricCommand =
  /** Clear the virtual link of a WWPN; its port's access list lets its frames in no more. */
  | { readonly command: 'clear'; readonly wwpn: Wwn }
  /**
   * The port that logs in as `to` is `wwpn` for everybody else from now on; whoever was it before
   * is so no longer.
   */
  | { readonly command: 'assign'; readonly wwpn: Wwn; readonly to: Wwn }
  /** Take no more frames from a WWPN. Its login stays, and so does what others send it. */
  | { readonly command: 'fence'; readonly wwpn: Wwn }
  /** Carry the login of a fenced WWPN over to the adapter whose base N_Port is `behind`. */
  | { readonly command: 'rebind'; readonly wwpn: Wwn; readonly behind: Wwn };

/** What became of a command: done, or not and why, in words for people. */
export type FabricAnswer =
  | { readonly ok: true; readonly command: FabricCommand['command'] }
  | { readonly ok: false; readonly reason: string };

/** Carries a command out on the parts of a switch. */
export function carryOut(
  context: FabricContext,
  logouts: Logouts,
  fPort: FPort,
  command: FabricCommand,
): FabricAnswer {
  const { logins, names } = context;
  const done: FabricAnswer = { ok: true, command: command.command };
  const login = logins.byWwpn(command.wwpn);
  if (command.command === 'assign') {
    if (login !== undefined) logouts.clear(login, 'CVL');
    names.assign(command.wwpn, command.to);
    return done;
  }
  if (command.command === 'clear') {
    if (login !== undefined) logouts.clear(login, 'CVL');
    fPort.forgetName(command.wwpn);
    return done;
  }
  if (login === undefined) {
    return { ok: false, reason: `${formatWwn(command.wwpn)} is not logged in` };
  }
  switch (command.command) {
    case 'fence':
      logins.fence(login);
      return done;
    case 'rebind':
      return rebind(context, logouts, fPort, login, command.behind);
  }
}

/**
 * The login goes over to another adapter with its address, its registrations and its zones, and is
 * fenced no more; only the old adapter hears of it.
 */
function rebind(
  context: FabricContext,
  logouts: Logouts,
  fPort: FPort,
  login: Login,
  behind: Wwn,
): FabricAnswer {
  const base = context.logins.byWwpn(behind);
  if (base === undefined) return { ok: false, reason: `${formatWwn(behind)} is not logged in` };
  const { core, logins, zones, ids } = context;
  logouts.tell(login);
  const { nPortId, wwpn, port } = login;
  const next = new Login({
    ...login,
    adapter: base.adapter,
    since: core.now,
    object: login.object,
  });
  next.services = login.services;
  next.processLogins = login.processLogins;
  next.rscns = login.rscns;
  next.notices = login.notices;
  next.entities = login.entities;
  for (const [name, tag] of login.applications) next.applications.set(name, tag);
  zones.leave(login);
  logins.replace(login, next);
  zones.join(next);
  fPort.forgetName(wwpn);
  ids.rebind(nPortId, base.adapter.attachment);
  fPort.loginBegan(next);
  core.emit({ type: 'handed-over', nPortId, wwpn, port, toPort: next.port });
  return { ok: true, command: 'rebind' };
}
