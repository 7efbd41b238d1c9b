/** Copies of a disk by formula and by run: they agree, and a mover that does less at once is found. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CopyJob, compareCopies, isCopySound } from '../../../src/campaign/gravity-copy.ts';
import { MovedDisk } from '../../../src/host/moved-disk.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const scenario = scenarioOf({}, 'two-host-move');
const JOB: CopyJob = {
  ...{ scenario, rttMs: [2], dirtyMBs: [20], policies: ['mirror-move', 'iterative-copy'] },
  ...{ nearWriteMs: 0.5, leftRate: () => 1e6 },
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a copy', () => {
  it('takes by run what it takes by formula', () => {
    const rows = compareCopies(JOB);
    expect(rows.map(({ policy }) => policy)).toEqual(JOB.policies);
    for (const row of rows) expect(isCopySound(row, 0.1), JSON.stringify(row)).toBe(true);
    const [mirror, iterative] = rows;
    expect(mirror!.run.stopMs).toBe(0);
    expect(iterative!.run.stopMs).toBeGreaterThan(4);
    expect(iterative!.run.writesMBs).toBeGreaterThan(mirror!.run.writesMBs);
    expect(mirror!.breakEvenSeconds).toBeGreaterThan(4);
  });

  it('that does half as much at once as it says takes longer than by formula', () => {
    const { copy } = MovedDisk.prototype;
    vi.spyOn(MovedDisk.prototype, 'copy').mockImplementation(function (
      this: MovedDisk,
      options,
      asked,
    ) {
      copy.call(this, { ...options, windowBlocks: options.windowBlocks / 2 }, asked);
    });
    const [row] = compareCopies({ ...JOB, policies: ['mirror-move'] });
    expect(row!.differs).toBeGreaterThan(0.5);
    expect(isCopySound(row!, 0.1)).toBe(false);
  });

  it('that is not asked for is not made', () => {
    expect(compareCopies({ ...JOB, policies: [] })).toEqual([]);
  });
});
