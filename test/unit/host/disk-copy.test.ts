/** The data mover: where writes go while a disk is copied, and what is copied again. */
import { describe, expect, it } from 'vitest';
import { type CopyOwner, DiskCopy, type DiskCopyOptions } from '../../../src/host/disk-copy.ts';

const OPTIONS: DiskCopyOptions = {
  ...{ volume: 'disk', to: 'new', by: 'mirror', chunkBlocks: 8, windowBlocks: 8 },
  ...{ roundsMax: 3, restBlocks: 8 },
};

/** A copy of 32 blocks whose I/Os the test ends, one by one. */
function copyOf(change: Partial<DiskCopyOptions> = {}) {
  const asked: { io: number; op: 'read' | 'write'; lba: number; blocks: number }[] = [];
  const told: string[] = [];
  const answers: (string | undefined)[] = [];
  const ask = (op: 'read' | 'write', run: { lba: number; blocks: number }) => {
    asked.push({ io: asked.length + 1, op, ...run });
    return asked.length;
  };
  const owner: CopyOwner = {
    read: (run) => ask('read', run),
    write: (run) => ask('write', run),
    released: () => void told.push('released'),
    tell: ({ blocks, state }) => void told.push(`${state} ${blocks}`),
  };
  const options = { ...OPTIONS, ...change };
  const copy = new DiskCopy(options, 30, owner, (refusal) => void answers.push(refusal));
  let ended = 0;
  /** Ends the next I/O. */
  const step = (good = true): void => {
    expect(copy.ended(++ended, good, [], 'bad block')).toBe(true);
  };
  const steps = (count: number): void => {
    for (let i = 0; i < count; i++) step();
  };
  copy.go();
  return { answers, asked, copy, step, steps, told };
}

describe('a mirror', () => {
  it('goes over the disk once, from its first block to its last', () => {
    const { answers, asked, copy, steps, told } = copyOf();
    steps(8);
    expect(asked.map(({ op, lba, blocks }) => [op, lba, blocks])).toEqual(
      [0, 8, 16, 24].flatMap((lba) => {
        const blocks = lba === 24 ? 6 : 8;
        return ['read', 'write'].map((op) => [op, lba, blocks]);
      }),
    );
    expect(answers).toEqual([undefined]);
    expect(told.at(-1)).toBe('whole 0');
    expect(copy.isWhole).toBe(true);
    expect(copy.begin({ lba: 29, blocks: 1 })).toBe('both');
    expect(copy.ended(99, true)).toBe(false);
  });

  it('sends what is written ahead of the pass to the source, behind it to both, and where it is later', () => {
    const { copy, steps } = copyOf();
    steps(2);
    expect(copy.begin({ lba: 16, blocks: 4 })).toBe('source');
    expect(copy.begin({ lba: 7, blocks: 1 })).toBe('both');
    expect(copy.begin({ lba: 7, blocks: 2 })).toBe('both-later');
    expect(copy.isHeld({ lba: 7, blocks: 2 })).toBe(true);
    steps(2);
    expect(copy.isHeld({ lba: 7, blocks: 2 })).toBe(false);
  });

  it('reads a chunk only when no write is under way there', () => {
    const { asked, copy, steps } = copyOf();
    const run = { lba: 10, blocks: 1 };
    expect(copy.begin(run)).toBe('source');
    steps(2);
    expect(asked).toHaveLength(2);
    expect(copy.begin(run)).toBe('both-later');
    copy.end(run, true);
    expect(asked.at(-1)).toMatchObject({ op: 'read', lba: 8 });
  });

  it.each([
    ['a read of the source failed: bad block', 0],
    ['a write to the copy failed: bad block', 1],
  ])('%s: it is given up, and nobody waits', (reason, before) => {
    const { answers, copy, step, steps, told } = copyOf();
    steps(before);
    step(false);
    expect(answers).toEqual([reason]);
    expect(told.slice(-2)).toEqual(['failed 0', 'released']);
    expect(copy.begin({ lba: 0, blocks: 8 })).toBe('source');
    expect(copy.isHeld({ lba: 0, blocks: 8 })).toBe(false);
    copy.finish((refusal) => void answers.push(refusal));
    expect(answers).toEqual([reason, reason]);
  });

  it('is given up where a write of the guest failed: it may be on either unit', () => {
    const { answers, copy } = copyOf();
    copy.begin({ lba: 16, blocks: 1 });
    copy.end({ lba: 16, blocks: 1 }, false);
    expect(answers).toEqual(['a write of the guest failed']);
  });
});

describe('an iterative copy', () => {
  const wrote = (copy: DiskCopy, lba: number): void => {
    expect(copy.begin({ lba, blocks: 1 })).toBe('source');
    copy.end({ lba, blocks: 1 }, true);
  };

  it('copies what was written in the round before, until little is left, and the rest at the end', () => {
    const { answers, asked, copy, steps, told } = copyOf({ by: 'iterative' });
    wrote(copy, 0);
    wrote(copy, 20);
    steps(8);
    expect(told).toEqual(['round 16']);
    expect(answers).toEqual([]);
    wrote(copy, 25);
    steps(4);
    expect(told).toEqual(['round 16', 'copied 8']);
    expect(answers).toEqual([undefined]);
    wrote(copy, 9);
    const under = { lba: 1, blocks: 1 };
    copy.begin(under);
    copy.finish((refusal) => void answers.push(refusal ?? 'whole'));
    // What is under way when the rest begins is copied when it has ended.
    steps(6);
    expect(answers).toEqual([undefined]);
    copy.end(under, true);
    steps(2);
    expect(answers).toEqual([undefined, 'whole']);
    expect(asked.slice(-8).map(({ lba }) => lba)).toEqual([0, 0, 8, 8, 24, 24, 0, 0]);
  });

  it('is given up where its rounds come to no end', () => {
    const { answers, copy, steps } = copyOf({ by: 'iterative', roundsMax: 2 });
    for (const lba of [0, 8, 16]) wrote(copy, lba);
    steps(8);
    for (const lba of [0, 8, 16]) wrote(copy, lba);
    steps(6);
    expect(answers).toEqual(['it comes to no end: in round 2 24 of 30 blocks were written']);
  });

  it('that has a write in its map only since it was asked for forgets it', () => {
    const { copy, steps } = copyOf({ by: 'iterative', marks: 'asked', restBlocks: 0 });
    copy.begin({ lba: 0, blocks: 1 });
    steps(8);
    copy.end({ lba: 0, blocks: 1 }, true);
    expect(copy.dirtyBlocks).toBe(0);
  });
});
