/**
 * What an array of a pair tells the other of itself: a block that it writes to a unit of the other which only the
 * two know, now and then, so that it is a sign of life too. Its text is JSON.
 *
 * Generations: what the data of an array are called, newest first. Who goes on alone takes a new one before its next write;
 * whose newest is among the older ones of the other has nothing that the other lacks. Where neither is, both have gone
 * on: a split brain, and nobody but a person can say whose data stay. Source: the DRBD user's guide, generation identifiers.
 */
import type { PairState } from '../../history/pair.ts';
import { BLOCK_BYTES } from '../../scsi/medium/medium.ts';
import { TRANSFER_BLOCKS_MAX } from '../../scsi/target/limits.ts';

/** Older generations that are remembered. */
export const GENERATIONS_MAX = 8;
const NAME_MAX = 32;

/** What is told. */
export interface PairRecord {
  readonly site: string;
  /** When it was sent, on the clock of who sends it: an older one that comes later means nothing. */
  readonly at: number;
  readonly state: PairState;
  /** The newest first; at least one. */
  readonly generations: readonly string[];
  readonly leads: boolean;
  /** Counts how often the lead went over. */
  readonly turn: number;
  /** It would like to lead. */
  readonly asks: boolean;
  /** Regions in which its leg may differ from the other. */
  readonly differs: number;
  /** Blocks of what it has to tell of reservations; left out where there are none. */
  readonly reserved?: number;
  /** Counts the commands that this array gave up when it did not hear how they ended; left out where there are none. */
  readonly fence?: number;
  /** The name of this array's life, where nothing of it outlasts its end; no name where all does. */
  readonly life?: string;
}

const STATES: ReadonlySet<unknown> = new Set<PairState>([
  'starting',
  'in-sync',
  'suspended',
  'detached',
  'source',
  'target',
]);

/** One block. */
export function encodeRecord(record: PairRecord): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  const text = JSON.stringify(record);
  for (let i = 0; i < text.length; i++) block[i] = text.charCodeAt(i);
  return block;
}

/** `undefined` for a block that is none. */
export function decodeRecord(block: Uint8Array): PairRecord | undefined {
  const end = block.indexOf(0);
  const text = String.fromCharCode(...block.subarray(0, end < 0 ? BLOCK_BYTES : end));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= NAME_MAX;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isRecord(value: unknown): value is PairRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { asks, at, differs, fence, generations, leads, life, reserved, site, state, turn } =
    value as Record<string, unknown>;
  return (
    isName(site) &&
    STATES.has(state) &&
    Array.isArray(generations) &&
    generations.length > 0 &&
    generations.length <= GENERATIONS_MAX &&
    generations.every(isName) &&
    typeof leads === 'boolean' &&
    typeof asks === 'boolean' &&
    isCount(at) &&
    isCount(turn) &&
    isCount(differs) &&
    (reserved === undefined ||
      (isCount(reserved) && (reserved as number) <= TRANSFER_BLOCKS_MAX)) &&
    (fence === undefined || isCount(fence)) &&
    (life === undefined || isName(life))
  );
}

/** Whose data have what the other's lack: by the generations of both. */
export function compareGenerations(
  mine: readonly string[],
  theirs: readonly string[],
): 'equal' | 'newer' | 'older' | 'diverged' {
  if (mine[0] === theirs[0]) return 'equal';
  if (mine.includes(theirs[0]!)) return 'newer';
  return theirs.includes(mine[0]!) ? 'older' : 'diverged';
}
