/** What two hosts show a guest, compared: a difference is told with unit, names and fabrics. */
import { describe, expect, test } from 'vitest';
import { compareViews } from '../../../src/mobility/views.ts';
import type { LuView } from '../../../src/scsi/initiator/multipath.ts';
import { movePlan, unit } from '../../helpers/move-plan.ts';

const identity = (port: number, wwpn: bigint) => ({ port, wwpn, wwnn: 9n });
const fabric = (name: string, port: number, from: bigint, to: bigint) => ({
  name,
  wwpn: from,
  sourceWwpn: from,
  destinationWwpn: to,
  destinationPort: port,
});
const plan = movePlan({
  source: [identity(0, 1n), identity(1, 3n)],
  destination: [identity(0, 2n), identity(1, 4n)],
  fabrics: [fabric('A', 0, 1n, 2n), fabric('B', 1, 3n, 4n)],
  units: [{ luName: 'a', name: 'data' }],
});
const [A, B] = ['00:00:00:00:00:00:00:02 on fabric A', '00:00:00:00:00:00:00:04 on fabric B'];

const both = (luName: string, other: Partial<LuView> = {}) =>
  unit(luName, { ports: [0, 1], paths: 4, ...other });
const luns = (...numbers: (number | undefined)[]) => ({
  lunNumber: new Set(numbers).size === 1 ? numbers[0] : undefined,
  luns: numbers.map((lunNumber, port) => ({ port, lunNumber })),
});
const compare = (source: readonly LuView[], destination: readonly LuView[]) =>
  compareViews(plan, source, destination);

describe('what two hosts see', () => {
  test('is the same, in any order, with more elsewhere', () => {
    const [a, b] = [both('a'), both('b', { lunNumber: 1 })];
    expect(compare([a, b], [both('c'), b, { ...a, ports: [0, 1, 2], paths: 8 }])).toEqual([]);
  });

  test('is not there, and the destination knows what it found', () => {
    const why = '010001, which the fabric names, took no login: no answer';
    expect(compareViews(plan, [both('a')], [], [why])).toEqual([
      `h2 does not see data (LUN 0, a) as ${A}, ${B} (${why})`,
    ]);
  });

  test.each<[string, LuView[], string]>([
    ['not there', [], `h2 does not see data (LUN 0, a) as ${A}, ${B} (not zoned or not masked)`],
    [
      'another LUN everywhere',
      [both('a', luns(3, 3))],
      `data (a) is LUN 0 on h1 and LUN 3 on h2 (${A}, ${B})`,
    ],
    [
      'another LUN on one fabric',
      [both('a', luns(0, 3))],
      `data (a) is LUN 0 on h1 and LUN 3 on h2 (${B})`,
    ],
    [
      'two LUNs at one port',
      [both('a', luns(0, undefined))],
      `data (a) is LUN 0 on h1 and LUN unclear on h2 (${B})`,
    ],
    ['another size', [both('a', { blocks: 9 })], 'data (a) has 2048 blocks on h1 and 9 on h2'],
    [
      'a fabric less',
      [both('a', { ports: [0] })],
      `data (a) is reached over 2 fabrics on h1 and over 1 on h2: not as ${B}`,
    ],
    [
      'standby',
      [both('a', { access: ['standby', 'unavailable'] })],
      `h2 has 2 paths to data (LUN 0, a) as ${A}, ${B}, but in standby or unavailable state (ALUA): none serves it now`,
    ],
    [
      'standby over one path',
      [both('a', { ports: [1], access: ['standby'] })],
      `h2 has 1 path to data (LUN 0, a) as ${B}, but in standby state (ALUA): none serves it now`,
    ],
  ])('differs: %s', (_what, there, complaint) => {
    expect(compare([both('a', luns(0, 0))], there)).toEqual([complaint]);
  });

  test('may differ by fabric, as long as each is as it was', () => {
    expect(compare([both('a', luns(0, 3))], [both('a', luns(0, 3))])).toEqual([]);
    expect(compare([both('a', luns(0, 3))], [both('a', luns(3, 3))])).toEqual([
      `data (a) is LUN 0 on h1 and LUN 3 on h2 (${A})`,
    ]);
  });

  test('a unit that nobody named is told by its identity', () => {
    expect(compare([both('b', { lunNumber: 7 })], [])).toEqual([
      `h2 does not see logical unit b (LUN 7) as ${A}, ${B} (not zoned or not masked)`,
    ]);
  });

  test('one path that serves is enough; the size of a unit that none serves is not known', () => {
    const access = ['active-non-optimized', 'standby'] as const;
    expect(compare([both('a')], [both('a', { access })])).toEqual([]);
    const asleep = both('a', { blocks: 0, access: ['standby'] });
    expect(compare([asleep], [both('a')])).toEqual([]);
  });

  test('every difference is told', () => {
    const there = [both('a', { blocks: 1, lunNumber: 1 })];
    expect(compare([both('a'), both('b')], there)).toHaveLength(3);
  });

  test('a source without a logical unit has nothing to move', () => {
    expect(compare([], [both('a')])).toEqual(['no logical unit on h1']);
  });
});
