/**
 * Who has files of an NFS version 4.1 server open, by stateids: a write by an open that was closed, or that is
 * another client's, must not be carried out. Source: RFC 8881, 8.2 and 18.2.
 */
import type { Stateid4 } from '../../../codecs/index.ts';
import { formatHex, isCutValue } from '../../../codecs/layout/index.ts';
import { remember } from '../../ledger/remember.ts';
import { isSurelyBefore, type SeenMoment, type SeenTask } from '../session.ts';

/** Opens that are remembered. */
const OPENS_MAX = 10_000;
/** They stand for no open. Source: RFC 8881, 8.2.3. */
const SPECIAL: ReadonlySet<string> = new Set(['00'.repeat(12), 'ff'.repeat(12)]);

interface Open {
  /** Names the client; empty where nobody knows. */
  readonly client: string;
  closed: SeenMoment | undefined;
}

/** Keeps the opens of all servers. */
export class SeenOpens {
  readonly #opens = new Map<string, Open>();

  /** A file was opened, or a delegation of it given. */
  opened(server: string, client: string, stateid: Stateid4 | undefined): void {
    const key = keyOf(server, stateid);
    if (key !== undefined) remember(this.#opens, key, { client, closed: undefined }, OPENS_MAX);
  }

  /** It was closed, or given back. */
  closed(server: string, stateid: Stateid4 | undefined, at: SeenMoment): void {
    const key = keyOf(server, stateid);
    const open = key === undefined ? undefined : this.#opens.get(key);
    if (open !== undefined) open.closed ??= at;
  }

  /** A write went well: what is wrong with that, empty where nothing is, and `undefined` where its open is not known. */
  wrongWith(
    server: string,
    client: string,
    stateid: Stateid4 | undefined,
    { command, frame, sent }: SeenTask,
  ): { readonly what: string; readonly frames: readonly number[] } | undefined {
    const key = keyOf(server, stateid);
    const open = key === undefined ? undefined : this.#opens.get(key);
    if (open === undefined) return undefined;
    const { closed } = open;
    if (closed !== undefined && isSurelyBefore(closed, sent))
      return {
        what: `${command} of frame ${frame} was carried out by an open that was closed in frame ${closed.frame}`,
        frames: [closed.frame],
      };
    const isOther = open.client !== client && open.client !== '' && client !== '';
    const what = isOther
      ? `${command} of frame ${frame} was carried out by an open of another client`
      : '';
    return { what, frames: [] };
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#opens.clear();
  }
}

function keyOf(server: string, stateid: Stateid4 | undefined): string | undefined {
  const other: unknown = stateid?.other;
  if (other === undefined || isCutValue(other)) return undefined;
  const name = formatHex(other as Uint8Array);
  return SPECIAL.has(name) ? undefined : `${server} ${name}`;
}
