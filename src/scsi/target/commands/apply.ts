/** How commands change blocks: every change goes through here, so that the observer sees all. */
import type { Invocation, TargetContext } from '../command.ts';
import type { LogicalUnit } from '../logical-unit.ts';
import type { Applied } from '../observer.ts';

/** The parts of a change that the command knows. */
export type Change = Pick<Applied, 'kind' | 'lba' | 'blocks' | 'data'>;

/** Tells the observer of a change that the medium has taken. */
export function tellApplied(
  { target, lu, task, heldWhenEnabled }: Invocation,
  change: Change,
  durable: boolean,
): void {
  const { kind, lba, blocks, data } = change;
  target.observer.onApply?.({
    kind,
    lu,
    luId: lu.luId,
    lba,
    blocks,
    data,
    durable,
    task,
    heldWhenEnabled,
  });
}

/**
 * Makes what was just changed survive a loss of power where FUA or the cache's mode asks for it.
 * True when it does.
 */
export function settle({ target, lu }: Invocation, fua: number): boolean {
  if (fua === 0 && lu.mode.writeCacheEnabled) return lu.medium.volatile !== true;
  flush(target, lu);
  return true;
}

/** Makes everything that the logical unit took survive a loss of power. */
export function flush(target: TargetContext, lu: LogicalUnit): void {
  lu.medium.flush?.();
  if (lu.medium.volatile === true) target.observer.onFlushed?.(lu);
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
  const blocks = data.length / lu.medium.blockBytes;
  tellApplied(invocation, { kind, lba, blocks, data }, settle(invocation, fua));
}
