/**
 * Layouts of blocks as a capture shows a server of NFS version 4.1 giving them out: no two clients may have that of a
 * file for writing. Source: RFC 8881, 12.5; RFC 5663, 2.1.
 */
import { LayoutIomode4, LayoutType4, type Stateid4 } from '../../../codecs/index.ts';
import { formatHex, isCutValue } from '../../../codecs/layout/index.ts';
import { remember } from '../../ledger/remember.ts';
import { isSurelyBefore, type SeenMoment } from '../session.ts';

/** Layouts that are remembered. */
const LAYOUTS_MAX = 10_000;
/** A server may take a layout away from who says nothing, or does not return it, for its lease: no lease is shorter. */
const LEASE_NS = 10e9;

/** Who asks for something of a layout, and of which file. */
export interface LayoutPlace {
  readonly server: string;
  /** Names the client. */
  readonly client: string;
  /** How people name it. */
  readonly who: string;
  readonly file: string;
}

/** What was found, with its frames. */
export interface LayoutFinding {
  readonly what: string;
  readonly frames: readonly number[];
}

interface Held extends LayoutPlace {
  readonly stateid: string;
  readonly granted: SeenMoment;
  recalled: SeenMoment | undefined;
  /** Its return was asked for, and answered. */
  returning: SeenMoment | undefined;
  returned: SeenMoment | undefined;
}

/** Keeps those of all servers. */
export class SeenLayouts {
  /** By server, client and file, the last of each. */
  readonly #held = new Map<string, Held>();

  /**
   * A layout for writing was given. `heard`: when each client was last heard of. What is found, `undefined` where
   * nothing can be.
   */
  granted(
    place: LayoutPlace,
    stateid: Stateid4,
    at: SeenMoment,
    heard: (client: string) => SeenMoment | undefined,
  ): LayoutFinding | undefined {
    const { server, client, file, who } = place;
    if (client === '' || file === '') return undefined;
    const other = [...this.#held.values()].find(
      (one) =>
        one.server === server &&
        one.file === file &&
        one.client !== client &&
        isHeldBy(one, at, heard(one.client)),
    );
    const name = idOf(stateid);
    const before = this.#held.get(keyOf(place));
    const held = { ...place, stateid: name, granted: at };
    const isSame = before?.stateid === name && before.returned === undefined;
    const since = isSame ? before.granted : at;
    remember(
      this.#held,
      keyOf(place),
      { ...held, granted: since, recalled: undefined, returning: undefined, returned: undefined },
      LAYOUTS_MAX,
    );
    if (other === undefined) return { what: '', frames: [] };
    return {
      what: `the layout of file ${file} for writing went to ${who} in frame ${at.frame}, while ${other.who} had had it since frame ${other.granted.frame}`,
      frames: [other.granted.frame, at.frame],
    };
  }

  /** The server wants those of a client back, of one file or of all. */
  recalled(server: string, client: string, file: string, at: SeenMoment): void {
    for (const one of this.#of(server, client, file)) one.recalled ??= at;
  }

  /** A client asks to return them. */
  returning(server: string, client: string, file: string, at: SeenMoment): void {
    for (const one of this.#of(server, client, file)) one.returning ??= at;
  }

  /** It has. */
  returned(server: string, client: string, file: string, at: SeenMoment): void {
    for (const one of this.#of(server, client, file)) one.returned ??= at;
  }

  /** What a client wrote under a layout was taken note of: what is found. */
  committed(place: LayoutPlace, stateid: Stateid4, sent: SeenMoment): LayoutFinding | undefined {
    const held = this.#held.get(keyOf(place));
    if (held === undefined || held.stateid !== idOf(stateid)) return undefined;
    const { returned } = held;
    if (returned === undefined || !isSurelyBefore(returned, sent)) return { what: '', frames: [] };
    return {
      what: `LAYOUTCOMMIT of frame ${sent.frame} was taken under a layout that had been returned in frame ${returned.frame}`,
      frames: [returned.frame, sent.frame],
    };
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#held.clear();
  }

  *#of(server: string, client: string, file: string): Iterable<Held> {
    for (const one of this.#held.values())
      if (one.server === server && one.client === client && (file === '' || one.file === file))
        yield one;
  }
}

/** True where a client surely has a layout still: it did not ask to return it, and is neither silent nor late. */
function isHeldBy(one: Held, at: SeenMoment, heard: SeenMoment | undefined): boolean {
  const { granted, recalled, returning } = one;
  if (returning !== undefined || heard === undefined || !isSurelyBefore(granted, at)) return false;
  if (recalled !== undefined && at.at - recalled.at > LEASE_NS) return false;
  return at.at - heard.at < LEASE_NS;
}

/** Types of layouts by which clients go to the blocks of a disk. Source: RFC 5663, RFC 8154. */
const OF_BLOCKS: ReadonlySet<number> = new Set([LayoutType4.LAYOUT4_BLOCK_VOLUME, 5]);

/** True for a layout of blocks, for writing. */
export const isForWriting = ({ iomode, type }: { iomode: number; type: number }): boolean =>
  OF_BLOCKS.has(type) && iomode === LayoutIomode4.LAYOUTIOMODE4_RW;

const keyOf = ({ server, client, file }: LayoutPlace): string => `${server} ${client} ${file}`;
const idOf = ({ other }: Stateid4): string =>
  isCutValue(other) ? 'cut' : formatHex(other as Uint8Array);
