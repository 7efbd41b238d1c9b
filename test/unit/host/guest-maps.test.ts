/** Maps of changed blocks that a host keeps of its guest: what is under way counts, and what a move does to them. */
import { describe, expect, it } from 'vitest';
import { GuestMaps } from '../../../src/host/guest-maps.ts';
import type { MapPolicy } from '../../../src/scsi/medium/changed-blocks.ts';

const workload = (...busy: (readonly [string, number])[]) => ({
  luNames: ['a', 'b'],
  busy: () => busy,
});
const maps = (atMove: MapPolicy) => new GuestMaps({ granularityBlocks: 1, atMove });

describe('the maps of a guest', () => {
  it('have what was written since each reference, in its own unit', () => {
    const kept = maps('carried');
    kept.mark({ luName: 'a', lba: 1, blocks: 1 });
    kept.begin('r1', workload());
    kept.mark({ luName: 'a', lba: 2, blocks: 2 });
    kept.begin('r2', workload());
    kept.mark({ luName: 'b', lba: 7, blocks: 1 });
    kept.mark({ luName: 'a', lba: 0, blocks: 0 });
    expect(kept.since('a', 'r1')).toEqual([{ lba: 2, blocks: 2 }]);
    expect(kept.since('a', 'r2')).toEqual([]);
    expect(kept.since('b', 'r1')).toEqual([{ lba: 7, blocks: 1 }]);
    expect(kept.since('a', 'never')).toBeUndefined();
    expect(kept.since('of another', 'r1')).toBeUndefined();
  });

  it('count what is under way at a reference as changed', () => {
    const kept = maps('carried');
    kept.begin('r1', workload(['b', 5], ['b', 6]));
    expect(kept.since('b', 'r1')).toEqual([{ lba: 5, blocks: 2 }]);
  });

  it('go along, or are lost, or say that they are', () => {
    const moved = (atMove: MapPolicy) => {
      const kept = maps(atMove);
      kept.begin('r1', workload());
      kept.mark({ luName: 'a', lba: 2, blocks: 1 });
      kept.leave();
      return kept.since('a', 'r1');
    };
    expect(moved('carried')).toEqual([{ lba: 2, blocks: 1 }]);
    expect([moved('lost'), moved('said-lost')]).toEqual([[], undefined]);
  });
});
