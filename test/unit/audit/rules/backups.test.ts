/** I34 and I35 on hand-made histories. */
import { describe, expect, it } from 'vitest';
import type { BlockRun, ChangesTold, Happening, ImageRead } from '../../../../src/history/index.ts';
import {
  ARRAY,
  AuditRig,
  apply,
  H1,
  LU_NAME,
  PLACES,
  stamped,
} from '../../../helpers/audit-rig.ts';

const RIG_PLACES = {
  ...PLACES,
  units: [{ luName: LU_NAME, name: 'data', luns: [0], keepsSnapshots: true }],
};
const rig = () => new AuditRig({ places: RIG_PLACES });

const snapshot = (
  name: string,
  state: 'cut' | 'reverted' = 'cut',
  ...changed: BlockRun[]
): Happening => ({
  type: 'snapshot',
  state,
  snapshot: name,
  luName: LU_NAME,
  ...(changed.length === 0 ? {} : { changed }),
});
const said = (since: string, until: string, ...changed: BlockRun[]): ChangesTold => ({
  type: 'changed-blocks',
  keeper: 'array',
  luName: LU_NAME,
  since,
  until,
  changed,
});
const image = (name: string, of: ImageRead['of'], ...blocks: Uint8Array[]): ImageRead => ({
  type: 'image',
  of,
  snapshot: name,
  luName: LU_NAME,
  lba: 0,
  blocks: blocks.length,
  data: Buffer.concat(blocks),
});
const run = (lba: number, blocks = 1): BlockRun => ({ lba, blocks });
const began: Happening = { type: 'backup', step: 'began', vm: 'vm1', snapshot: 's1', detail: '' };

describe('I34', () => {
  it('finds a block that was applied since, and is not in the answer', () => {
    const told = rig().tell(
      ARRAY,
      snapshot('a'),
      apply(1, { lba: 3 }),
      apply(2, { lba: 5 }),
      snapshot('b'),
    );
    expect(told.tell(ARRAY, said('a', 'b', run(3))).verdict('I34')).toMatchObject({
      result: 'violated',
      detail: `the map that the array keeps of data (LUN 0, ${LU_NAME}) says nothing of LBA 5, changed between a and b`,
      subject: 'data, LBA 5',
    });
  });

  it('takes an answer that says more, and asks for nothing before or behind', () => {
    const told = rig().tell(
      ARRAY,
      apply(1, { lba: 1 }),
      snapshot('a'),
      apply(2, { lba: 3 }),
      snapshot('b'),
      apply(3, { lba: 9 }),
      said('a', 'b', run(0, 2 ** 40)),
      said('a', 'b', run(3)),
    );
    expect(told.verdict('I34')).toMatchObject({
      result: 'holds',
      detail: expect.stringMatching(/^2 answers/),
    });
  });

  it('goes over snapshots between, and counts what going back has changed', () => {
    const told = () =>
      rig().tell(
        ARRAY,
        snapshot('a'),
        apply(1, { lba: 3 }),
        snapshot('x'),
        snapshot('x', 'reverted', run(7)),
      );
    expect(
      told()
        .tell(ARRAY, said('a', 'now', run(3)))
        .verdict('I34').detail,
    ).toContain('LBA 7');
    expect(
      told()
        .tell(ARRAY, said('a', 'now', run(7)))
        .verdict('I34').detail,
    ).toContain('LBA 3');
    expect(
      told()
        .tell(ARRAY, said('a', 'now', run(3), run(7)))
        .verdict('I34').result,
    ).toBe('holds');
  });

  it('finds in the images what no write was told of', () => {
    const told = rig()
      .tell(ARRAY, apply(1), snapshot('a'), image('a', 'snapshot', stamped(1)))
      .tell(ARRAY, snapshot('b'), image('b', 'snapshot', stamped(2)));
    expect(told.tell(ARRAY, said('a', 'b')).verdict('I34').detail).toContain('LBA 0');
  });

  it('takes "unknown" for an answer, and then knows nothing itself', () => {
    const told = rig().tell(ARRAY, snapshot('a'), apply(1), {
      ...said('a', 'b'),
      changed: undefined,
    });
    expect(told.verdict('I34')).toMatchObject({
      result: 'not-observable',
      detail: 'maps were asked 1 times, and knew nothing',
    });
    expect(rig().verdict('I34').result).toBe('not-observable');
  });
});

describe('I35', () => {
  it('finds a block that was restored as another one', () => {
    const told = rig()
      .tell(ARRAY, image('s1', 'snapshot', stamped(1), stamped(2, 1)))
      .tell(H1, began)
      .tell(ARRAY, image('s1', 'restore', stamped(1), stamped(1, 1)));
    expect(told.verdict('I35')).toMatchObject({
      result: 'violated',
      detail: `LBA 1 of data (LUN 0, ${LU_NAME}) was restored as version 1 of writer 1 and is version 2 of writer 1 in snapshot s1`,
    });
  });

  it('holds where all are as they were cut, and says nothing where nothing was restored', () => {
    const cut = () => rig().tell(ARRAY, image('s1', 'snapshot', stamped(1)), began);
    expect(
      cut()
        .tell(ARRAY, image('s1', 'restore', stamped(1)))
        .verdict('I35'),
    ).toMatchObject({
      result: 'holds',
      detail: '1 blocks restored, each as it was cut',
    });
    const failed: Happening = { ...began, type: 'backup', step: 'failed' } as Happening;
    expect(cut().tell(H1, failed).verdict('I35')).toMatchObject({
      result: 'not-observable',
      detail: 'nothing was restored; 1 backups came to nothing and say so',
    });
  });
});
