/** How commands change blocks: every change goes through here, so that the observer sees all. */
import type { Applied, Invocation } from '../command.ts';

/** The parts of a change that the command knows. */
export type Change = Pick<Applied, 'kind' | 'lba' | 'blocks' | 'data'>;

/** Tells the observer of a change that the medium has taken. */
export function tellApplied({ target, lu, request }: Invocation, change: Change): void {
  const { nexus, lun, tag } = request;
  const { kind, lba, blocks, data } = change;
  target.observer.onApply?.({ kind, luId: lu.luId, lba, blocks, data, nexus, lun, tag });
}

/**
 * Writes whole blocks. They survive a loss of power before the command ends when FUA says so or
 * the write cache is off.
 */
export function writeBlocks(
  invocation: Invocation,
  kind: 'write' | 'compare-and-write',
  lba: number,
  data: Uint8Array,
  fua: number,
): void {
  const { lu } = invocation;
  lu.medium.write(lba, data);
  if (fua === 1 || !lu.mode.writeCacheEnabled) lu.medium.flush?.();
  tellApplied(invocation, { kind, lba, blocks: data.length / lu.medium.blockBytes, data });
}
