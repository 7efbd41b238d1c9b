/** `redirect`: logins at an iSCSI portal are sent elsewhere, as when an array's capacity is presented by another. */
import { z } from 'zod';
import { ISCSI_ADDRESS } from '../iscsi-plan.ts';
import { ControlError, controlCommand } from './command.ts';

/** `redirect`: shows, sets and takes back where logins at a portal are sent. */
export const redirectCommand = controlCommand(
  'redirect',
  'send logins at an iSCSI portal elsewhere, or no more',
  {
    /** Its target portal group tag; left out: nothing changes. */
    portal: z.number().int().min(1).optional(),
    /** The name of the target, of several; left out: the first. */
    target: z.string().optional(),
    /** Left out: logins stay. */
    to: z.string().regex(ISCSI_ADDRESS, { error: 'HOST:PORT' }).optional(),
    /** Told as a move for good (0102) and not for a while (0101). */
    permanent: z.boolean().default(false),
    /** Asks those who are logged in there to log out, so that they follow. */
    logout: z.boolean().default(false),
  },
  (server, { portal, target, to, permanent, logout }) => {
    const { targets } = server;
    const portals =
      target === undefined ? targets[0] : targets.find(({ targetName }) => targetName === target);
    if (portals === undefined)
      throw new ControlError(
        target === undefined || targets.length === 0
          ? 'redirect: there is no iSCSI target; --listen iscsi:HOST:PORT'
          : `redirect: there is no target ${target}; there is ${targets.map(({ targetName }) => targetName).join(', ')}`,
      );
    if (portal === undefined) {
      if (to !== undefined || logout) throw new ControlError('redirect: portal is missing');
    } else {
      const { groupTags } = portals;
      if (!groupTags.includes(portal))
        throw new ControlError(
          `redirect: there is no portal ${portal}; there is ${groupTags.join(', ')}`,
        );
      const elsewhere = to === undefined ? undefined : { address: to, permanent };
      portals.redirect(portal, elsewhere, server.now, logout);
      server.log(
        'info',
        'redirect',
        to === undefined
          ? `logins at iSCSI portal ${portal} stay there`
          : `logins at iSCSI portal ${portal} are sent to ${to}`,
        { portal, ...(to === undefined ? {} : { to, permanent }) },
      );
    }
    return {
      redirections: portals.redirections.map(({ portal: from, to: there }) => ({
        portal: from,
        to: there.address,
        permanent: there.permanent,
      })),
    };
  },
);
