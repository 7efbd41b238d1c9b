import { describe, expect, it } from 'vitest';
import { AccessState } from '../../../../src/codecs/scsi/index.ts';
import {
  ARRAY,
  AuditRig,
  CRASHED,
  H1,
  H2,
  LU_NAME,
  runs,
  SWITCH,
  UNIT,
} from '../../../helpers/audit-rig.ts';

describe('I23, the same logical units after a move', () => {
  const unit = { ...UNIT, paths: 2, targetPorts: [1, 2] };
  const group = (id: number, targetPorts: number[], state: number) =>
    ({ type: 'access', luName: LU_NAME, group: id, targetPorts, state, explicit: false }) as const;
  const told = () =>
    new AuditRig().tell(
      ARRAY,
      group(1, [1], AccessState.ACTIVE_OPTIMIZED),
      group(2, [2], AccessState.ACTIVE_NON_OPTIMIZED),
      group(3, [3], AccessState.STANDBY),
      group(4, [4], AccessState.UNAVAILABLE),
    );
  const moved = (after: Partial<typeof UNIT>) =>
    told()
      .tell(H1, runs(unit))
      .tell(H2, runs({ ...unit, ...after }));

  it.each([
    [{ lunNumber: 1 }, 'is LUN 1'],
    [{ blocks: 4096 }, 'has 4096 blocks'],
    [{ product: 'OTHER' }, 'calls itself SANMOTN OTHER'],
    [{ ports: [] }, 'is reached over 0 ports'],
    [{ luName: 'ff' }, 'is gone'],
    [{ luName: 'ff' }, 'ff is there as LUN 0, and was not on h1'],
    [{ paths: 1 }, 'is reached over 1 paths, before 2'],
    [{ targetPorts: [1] }, "is reached through 1 of the array's port groups, before 2"],
    [{ targetPorts: [3, 4] }, 'is reached in standby at best, before active/optimized'],
  ])('finds a unit that differs by %j', (after, words) => {
    expect(moved(after).verdict('I23').detail).toContain(words);
  });

  it('finds ports that sit on fewer cards; a host that tells of none has one for each port', () => {
    const two = { ...unit, ports: [0, 1] };
    const verdict = (before: number[] | undefined, after: number[] | undefined) => {
      const withCards = (cards: number[] | undefined) => ({ ...two, ...(cards && { cards }) });
      return told()
        .tell(H1, runs(withCards(before)))
        .tell(H2, runs(withCards(after)))
        .verdict('I23');
    };
    const words = 'is reached over 2 ports of one physical card, before of 2';
    expect(verdict([0, 1], [3]).detail).toContain(words);
    expect(verdict(undefined, [3]).detail).toContain(words);
    expect(verdict([0], [0, 1]).result).toBe('holds');
    expect(verdict([0, 1], undefined).result).toBe('holds');
  });

  it('passes the same view, and forgives a path that a fault took', () => {
    expect(moved({}).verdict('I23').result).toBe('holds');
    const faulted = new AuditRig().tell(H1, runs(UNIT)).tell(SWITCH, CRASHED);
    expect(faulted.tell(H2, runs({ ...UNIT, ports: [] })).verdict('I23')).toMatchObject({
      result: 'holds',
      excused: {
        what: `${LU_NAME} of vm1 is reached over 0 ports`,
        by: 'the fall of switch',
      },
    });
    const moving = { type: 'target-port-moved', port: 0, to: 1 } as const;
    const failedOver = told().tell(H1, runs(unit)).tell(ARRAY, moving);
    const fewer = runs({ ...unit, targetPorts: [1], paths: 1 });
    expect(failedOver.tell(H2, fewer).verdict('I23').result).toBe('holds');
  });

  it('passes a unit that was away for a while, and finds one that was never there', () => {
    const back = told().tell(H1, runs(unit)).tell(SWITCH, CRASHED).tell(H2, runs(), runs(unit));
    expect(back.verdict('I23')).toMatchObject({ result: 'holds' });
    expect(back.verdict('I23')).not.toHaveProperty('excused');
    const other = told().tell(H1, runs(unit), runs(unit, { ...unit, luName: 'ff' }));
    expect(other.verdict('I23').detail).toContain('ff is there as LUN 0, and was not on h1');
  });

  it('looks at a guest that stays in the end, too', () => {
    const stays = (after: Partial<typeof UNIT>) =>
      told()
        .tell(H1, runs(unit), runs({ ...unit, ...after }))
        .verdict('I23');
    expect(stays({ paths: 1 })).toMatchObject({ result: 'violated' });
    expect(stays({})).toMatchObject({
      result: 'holds',
      detail: '1 logical units, the same at the end',
    });
    expect(told().tell(H1, runs(unit)).verdict('I23').result).toBe('not-observable');
  });
});
