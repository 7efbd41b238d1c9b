/** When a write survives a loss of power, and when the cache is written out. */
import { describe, expect, it } from 'vitest';
import { VolatileCache } from '../../../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../../../src/scsi/medium/medium.ts';
import { flush } from '../../../../../src/scsi/target/commands/apply.ts';
import { filled, Rig, write10 } from '../../../../helpers/scsi-target.ts';

function rig(cached: boolean, writeCacheEnabled = true) {
  const all = new Rig();
  const medium = new MemoryMedium(64);
  const lu = all.unit(cached ? new VolatileCache(medium) : medium, { writeCacheEnabled });
  let flushed = 0;
  Object.assign(all.target.observer, { onFlushed: () => flushed++ });
  const write = (cdb: string) => {
    all.send(all.login(), cdb, filled(1, 4));
    return all.applied.at(-1)?.durable;
  };
  return { all, lu, medium, write, flushed: () => flushed };
}

describe('a write', () => {
  it('is durable at once without a volatile cache, and there is nothing to flush', () => {
    const { write, flushed, all, lu } = rig(false);
    expect(write(write10(0, 1))).toBe(true);
    flush(all.target, lu);
    expect(flushed()).toBe(0);
  });

  it('into a volatile cache is not, until the cache is flushed', () => {
    const { write, flushed, all, lu, medium } = rig(true);
    expect(write(write10(0, 1))).toBe(false);
    expect(medium.read(0, 1)).toEqual(filled(1, 0));
    flush(all.target, lu);
    expect([flushed(), medium.read(0, 1)]).toEqual([1, filled(1, 4)]);
  });

  it('with FUA, or with the write cache off, flushes', () => {
    const fua = rig(true);
    expect([fua.write('2a 08 00000000 00 0001 00'), fua.flushed()]).toEqual([true, 1]);
    const off = rig(true, false);
    expect([off.write(write10(0, 1)), off.flushed()]).toEqual([true, 1]);
  });
});
