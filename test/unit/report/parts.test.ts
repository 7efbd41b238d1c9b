/** The parts of a page about a run: many rows fold, and a page about many guests follows those that move. */
import { describe, expect, it } from 'vitest';
import { pathTable } from '../../../src/report/parts.ts';
import {
  followedOf,
  OTHER_GUESTS,
  type PathRecord,
  RunRecord,
} from '../../../src/report/record.ts';
import { moveWindow, timelineOf } from '../../../src/report/timeline.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { entry, PLACES, seen } from '../../helpers/run-record.ts';
import { TEXT } from '../../helpers/scenario.ts';

function pathsOf(many: number): Map<string, PathRecord> {
  const record = new RunRecord();
  record.begin(PLACES);
  for (let i = 0; i < many; i++)
    for (let n = 0; n <= i; n++) record.see(seen(i * 100 + n + 1, { tap: `cable ${i}` }));
  for (const [i, path] of [...record.taps.values()].entries()) path.counts.during = i;
  return record.taps as Map<string, PathRecord>;
}

describe('a table of paths', () => {
  it('stands open where it is short, in the order of the run', () => {
    const { text } = pathTable('cable', 'frames', pathsOf(3));
    expect(text).not.toContain('<details>');
    expect(text.indexOf('cable 0')).toBeLessThan(text.indexOf('cable 2'));
  });

  it('that is long has first what the move used most, and folds the rest', () => {
    const { text } = pathTable('cable', 'frames', pathsOf(30));
    const fold = text.indexOf('<details><summary>18 more</summary>');
    expect(fold).toBeGreaterThan(0);
    expect(text.indexOf('cable 29')).toBeLessThan(fold);
    expect(text.indexOf('>cable 0<')).toBeGreaterThan(fold);
  });
});

describe('a page about many guests', () => {
  const scenario = loadScenario(TEXT, 'x.yaml');

  it('follows those that move, all where they are few', () => {
    expect(followedOf(scenario)).toEqual({});
    const vms = Array.from({ length: 30 }, (_, i) => ({ ...scenario.vms[0]!, name: `vm${i}` }));
    expect(followedOf({ ...scenario, vms })).toEqual({ followed: [scenario.move.vm] });
  });

  it('sums the I/Os of the others', () => {
    const record = new RunRecord({ followed: ['vm1'] });
    record.begin(PLACES);
    for (const [i, vm] of ['vm1', 'vm2', 'vm3'].entries()) {
      const io = { vm, luName: '6', op: 'write', lba: 0, blocks: 8, id: i } as never;
      record.observe(entry(i * 10, 'alpha', { type: 'io-submit', ...(io as object) } as never));
      record.observe(
        entry(i * 10 + 5, 'alpha', { type: 'io-complete', ...(io as object) } as never),
      );
    }
    expect([...record.paths.keys()].sort()).toEqual([OTHER_GUESTS, 'vm1'].sort());
  });
});

describe('a part of the time', () => {
  it('is drawn as it is asked for, with marks that lie in it', () => {
    const record = new RunRecord();
    record.begin(PLACES);
    for (let n = 1; n <= 100; n++) record.see(seen(n));
    const marks = [
      { atNs: 50_000, text: 'I7' },
      { atNs: 90_000, text: 'I9' },
    ];
    const { text } = timelineOf(record, { fromNs: 40_000, untilNs: 60_000 }, marks);
    expect(text).toContain('>I7<');
    expect(text).not.toContain('>I9<');
    expect(moveWindow(record).untilNs).toBe(record.lastNs);
  });

  it('has its bands inside it, whenever their steps began', () => {
    const record = new RunRecord();
    record.begin(PLACES);
    for (const [at, phase] of [
      [10_000, 'pre-copy'],
      [50_000, 'stun'],
      [200_000, 'resume'],
    ] as const)
      record.observe(
        entry(at, 'alpha', { type: 'move-step', vm: 'vm1', phase, detail: '' } as never),
      );
    for (let n = 1; n <= 300; n++) record.see(seen(n));
    const { text } = timelineOf(record, { fromNs: 40_000, untilNs: 60_000 });
    const bands = [
      ...text.matchAll(/class="band[^"]*"><rect x="([\d.]+)" y="0" width="([\d.]+)"/g),
    ];
    expect(bands.map(([, x, width]) => [Number(x), Number(x) + Number(width)])).toEqual([
      [220, 585],
      [585, 950],
    ]);
  });

  it('has few curves: of many cables the last are one', () => {
    const record = new RunRecord();
    record.begin(PLACES);
    for (let n = 1; n <= 30; n++) record.see(seen(n, { tap: `cable ${n}` }));
    const { text } = timelineOf(record);
    expect(text.match(/class="curve/g)).toHaveLength(8);
    expect(text).toContain('23 more cables');
  });
});
