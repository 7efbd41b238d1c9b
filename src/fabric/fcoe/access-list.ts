/**
 * Which port may send with which N_Port_ID: the access lists that FIP snooping makes.
 *
 * A strict list follows the logins. A lazy one forgets an entry only when it is told to, or when
 * the port's link goes: then a frame that is late on the way from the old port still passes once
 * its N_Port_ID is logged in again elsewhere. Source: FC-BB-5, annex on FIP snooping.
 */
import type { FcId, Wwn } from '../../codecs/layout/index.ts';

/** Whether entries go with their logins (`strict`) or stay until they are cleared (`lazy`). */
export type AccessLists = 'strict' | 'lazy';

/** The entries that a lazy list kept, by port and N_Port_ID; a strict list keeps none. */
export class AccessList {
  /** Entries that outlived their logins, and whose names they were. */
  readonly #left = new Map<number, Wwn>();
  readonly #lazy: boolean;

  constructor(kind: AccessLists) {
    this.#lazy = kind === 'lazy';
  }

  /** A login on a port ended: a lazy list keeps its entry. */
  left(port: number, nPortId: FcId, wwpn: Wwn): void {
    if (this.#lazy) this.#left.set(keyOf(port, nPortId), wwpn);
  }

  /** The entry is gone: by a login on the port, by command, or with the link. */
  forget(port: number, nPortId: FcId): void {
    this.#left.delete(keyOf(port, nPortId));
  }

  forgetPort(port: number): void {
    for (const key of this.#left.keys())
      if (Math.floor(key / 2 ** 24) === port) this.#left.delete(key);
  }

  /** Forgets the entries of a WWPN on every port. */
  forgetName(wwpn: Wwn): void {
    for (const [key, name] of this.#left) if (name === wwpn) this.#left.delete(key);
  }

  /** True where a frame passes although its N_Port_ID is logged in on another port. */
  admits(port: number, nPortId: FcId): boolean {
    return this.#left.size > 0 && this.#left.has(keyOf(port, nPortId));
  }
}

const keyOf = (port: number, nPortId: FcId): number => port * 2 ** 24 + nPortId;
