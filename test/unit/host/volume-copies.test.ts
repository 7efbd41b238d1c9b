/** What a host's copies know of a guest's I/Os, from host to host. */
import { describe, expect, it, vi } from 'vitest';
import type { CoherentCache } from '../../../src/host/coherent-cache.ts';
import { Volume } from '../../../src/host/volume.ts';
import { type CopiedIo, VolumeCopies } from '../../../src/host/volume-copies.ts';
import type { GuestIo } from '../../../src/host/workload.ts';

const volume = new Volume({
  ...{ name: 'v', kind: 'cached', chunkBlocks: 1, blocks: 8 },
  members: [{ luName: 'a', blocks: 8 }],
  cache: { writes: 'write-through', atMove: 'coherent', hitNs: 1, blocks: 8 },
});

function copies() {
  const begun: (() => void)[] = [];
  const made = {
    use: vi.fn(),
    beginRead: vi.fn((lba: number) => ({ lba })),
    beginWrite: vi.fn((lba: number, _blocks: number, letGo: () => void) => {
      begun.push(letGo);
      return { lba };
    }),
    end: vi.fn(),
    leave: vi.fn(),
  };
  return { made, begun, as: made as unknown as CoherentCache };
}

const ioOf = (op: 'read' | 'write'): CopiedIo => ({
  io: { op, disk: 0, lba: 3, blocks: 2 } as GuestIo,
  ...{ open: 1, isHeld: false, copied: undefined },
});

describe('copies of a guest’s volumes', () => {
  it('are waited for as for a part of a write, and take the guest’s I/Os over where it goes', () => {
    const letGo = vi.fn();
    const guest = new VolumeCopies<CopiedIo>([volume], letGo);
    expect(guest.arrive(() => undefined)).toBe('v');
    const [here, there] = [copies(), copies()];
    expect(guest.arrive(() => here.as)).toBeUndefined();
    const [write, read] = [ioOf('write'), ioOf('read')];
    guest.enter(write);
    guest.enter(read);
    expect([write.open, read.open, write.isHeld]).toEqual([2, 1, true]);
    guest.leave();
    expect(here.made.leave).toHaveBeenCalledTimes(2);
    expect(here.made.use.mock.calls).toEqual([[true], [false]]);
    guest.arrive(() => there.as);
    expect([write.open, there.begun.length]).toEqual([2, 1]);
    write.open--;
    there.begun[0]!();
    expect(letGo.mock.calls).toEqual([[write]]);
    guest.end(write, []);
    expect(there.made.end).toHaveBeenCalledTimes(1);
    expect(here.made.end).not.toHaveBeenCalled();
    // What has ended goes along no more.
    guest.leave();
    expect(there.made.leave).toHaveBeenCalledTimes(1);
  });
});
