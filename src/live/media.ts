/** What keeps the blocks of a logical unit here. */
import { MemoryMedium } from '../scsi/medium/medium.ts';
import type { SpacePool } from '../scsi/medium/pool.ts';
import { FileMedium } from './file-medium.ts';
import type { LiveUnit } from './plan.ts';
import type { ServeLog } from './serve-log.ts';

const BLOCK_BYTES = 512;

/** What backs a logical unit here. */
export type LiveMedium = MemoryMedium | FileMedium;

/** Opens what backs a logical unit; one in memory takes its space from the pool, if there is one. Errors: `LunError`. */
export async function openMedium(
  { name, source }: LiveUnit,
  log: ServeLog,
  pool?: SpacePool,
): Promise<LiveMedium> {
  return source.kind === 'memory'
    ? new MemoryMedium(source.bytes / BLOCK_BYTES, pool === undefined ? {} : { pool })
    : await FileMedium.open(source, (what) => log.mediumFailed(name, what));
}
