/**
 * Which ISID a session gets: with the initiator's name it is its initiator port, so it decides whether a
 * login takes another session's place.
 *
 * Source: RFC 7143, 11.12.5; open-iscsi 2.1.8, usr/initiator.c, `iscsi_create_session`; libiscsi 1.19.0, lib/init.c and lib/connect.c.
 */
import type { RandomStream } from '../../machine/random.ts';

/** Gives the ISID of a login, 6 bytes. */
export interface IsidSource {
  /** For session number `session` of this initiator, from 1; `relogin`: it had one before its connection was lost. */
  isidOf(session: number, relogin: Uint8Array | undefined): Uint8Array;
}

/** The vendor number of open-iscsi, in EN format. */
const OPEN_ISCSI = [0x00, 0x02, 0x3d] as const;
const RANDOM_FORMAT = 0x80;
const ISID_BYTES = 6;

/** As open-iscsi: `00 02 3d` and the host's counter of sessions; a session keeps its own for ever. */
export const countedIsids: IsidSource = {
  isidOf: (session, relogin) =>
    relogin ?? Uint8Array.of(...OPEN_ISCSI, session >>> 16, session >>> 8, session),
};

/** As libiscsi: a random one, another at each login, also where a lost connection is made anew. */
export function randomIsids(random: RandomStream): IsidSource {
  return {
    isidOf: () => {
      const isid = Uint8Array.from({ length: ISID_BYTES }, () => random.below(0x100));
      isid[0] = RANDOM_FORMAT;
      return isid;
    },
  };
}

/** The same one for every session: each takes the place of the one before. */
export const givenIsid = (isid: Uint8Array): IsidSource => ({ isidOf: () => isid });
