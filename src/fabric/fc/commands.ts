/** What a mover may ask of a switch. Each command is carried out at once and answered. */
import { formatWwn, type Wwn } from '../../codecs/layout/index.ts';
import type { FcfContext } from '../fcoe/context.ts';
import type { FipServer } from '../fcoe/fip-server.ts';
import { Login } from './logins.ts';
import type { Logouts } from './logouts.ts';

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

export type FabricAnswer =
  | { readonly ok: true; readonly command: FabricCommand['command'] }
  | { readonly ok: false; readonly reason: string };

/** Carries a command out on the parts of a switch. */
export function carryOut(
  context: FcfContext,
  logouts: Logouts,
  fip: FipServer,
  command: FabricCommand,
): FabricAnswer {
  const { logins, access, names } = context;
  const done: FabricAnswer = { ok: true, command: command.command };
  const login = logins.byWwpn(command.wwpn);
  if (command.command === 'assign') {
    if (login !== undefined) logouts.clear(login, 'CVL');
    names.assign(command.wwpn, command.to);
    return done;
  }
  if (command.command === 'clear') {
    if (login !== undefined) logouts.clear(login, 'CVL');
    access.forgetName(command.wwpn);
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
      return rebind(context, logouts, fip, login, command.behind);
  }
}

/**
 * The login goes over to another ENode with its address, its registrations and its zones, and is
 * fenced no more; only the old ENode hears of it.
 */
function rebind(
  context: FcfContext,
  logouts: Logouts,
  fip: FipServer,
  login: Login,
  behind: Wwn,
): FabricAnswer {
  const base = context.logins.byWwpn(behind);
  if (base === undefined) return { ok: false, reason: `${formatWwn(behind)} is not logged in` };
  const { core, logins, zones, ids, access } = context;
  logouts.tell(login);
  const { nPortId, wwpn, port } = login;
  const next = new Login({ ...login, enode: base.enode, since: core.now, object: login.object });
  next.services = login.services;
  next.processLogins = login.processLogins;
  next.rscns = login.rscns;
  zones.leave(login);
  logins.replace(login, next);
  zones.join(next);
  access.forgetName(wwpn);
  ids.rebind(nPortId, base.enode.attachment);
  fip.supervise(next);
  core.emit({ type: 'handed-over', nPortId, wwpn, port, toPort: next.port });
  return { ok: true, command: 'rebind' };
}
