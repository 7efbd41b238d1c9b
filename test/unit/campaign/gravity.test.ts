/** Policies by run: they agree with their formula, and I8 finds a cache and a quorum that are broken. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OtherLeg } from '../../../src/array/pair/other-leg.ts';
import { compareGravity, isSound } from '../../../src/campaign/gravity.ts';
import { gravitySvg } from '../../../src/campaign/gravity-svg.ts';
import { VolumeCache } from '../../../src/host/volume-cache.ts';
import { VolumeStore } from '../../../src/host/volume-store.ts';
import { VolumeWork } from '../../../src/host/volume-work.ts';
import { POLICIES, type Policy } from '../../../src/run/policies.ts';
import { runMove } from '../../../src/run/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const base = scenarioOf({}, 'zoo');
const compared = (policies: readonly Policy[]) =>
  compareGravity({ scenario: base, rttMs: [5], policies });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('policies', () => {
  it('take what their formulas say, and no read is too old', () => {
    const result = compared(POLICIES);
    expect(result.rows.filter((row) => !isSound(row))).toEqual([]);
    expect(result.rows.every(({ linearizable }) => linearizable === 'holds')).toBe(true);
    const row = (policy: Policy) => result.rows.find((one) => one.policy === policy)!;
    // The ledger: a read that stays here crosses nothing; three nodes are asked, two of them elsewhere.
    expect(row('mirror-move').reads.frames).toBe(0);
    expect(row('leave').reads.frames).toBeGreaterThan(1);
    expect(row('distributed').writes.frames).toBeGreaterThan(1.5 * row('leave').writes.frames);
    const { arrayNs, linksNs, meanNs, waitedNs } = row('leave').writes;
    expect(arrayNs + linksNs + waitedNs).toBeCloseTo(meanNs, 0);
    expect(linksNs).toBeGreaterThan(10e6);
    expect(gravitySvg(result)).toMatch(/^<svg[\s\S]*<title>distributed: /);
  }, 120_000);
});

describe('two arrays with a leg each', () => {
  const rowsOf = (scenario: Scenario) =>
    compareGravity({ scenario, rttMs: [10], policies: ['stretched-array'] }).rows;

  it('read nearby, and write over the distance once for each round trip of FCP', () => {
    const [asked] = rowsOf(base);
    const [unasked] = rowsOf({ ...base, array: { ...base.array, firstBurst: true } });
    expect([asked!, unasked!].map(isSound)).toEqual([true, true]);
    expect(asked!.run.writeMs - unasked!.run.writeMs).toBeCloseTo(10, 0);
    expect(asked!.reads).toMatchObject({ frames: 0, away: 0 });
    // Command, XFER_RDY, data and response of what goes to the other leg; no XFER_RDY with first burst.
    expect(asked!.writes.frames - unasked!.writes.frames).toBeGreaterThan(0.9);
    expect(unasked!.writes.frames).toBeGreaterThanOrEqual(3);
  }, 60_000);

  it('do the same over iSCSI, where a write is answered as soon as the other leg has it', () => {
    const rows = rowsOf({ ...base, protocol: 'iscsi' });
    expect(rows.map(isSound)).toEqual([true]);
  }, 60_000);

  it('may be in the scenario that guest, array and links are of, too', () => {
    const scenario = scenarioOf({}, 'stretched-move');
    const { rows } = compareGravity({
      scenario,
      rttMs: [1],
      policies: ['leave', 'stretched-array'],
    });
    expect(rows.map(isSound)).toEqual([true, true]);
  }, 60_000);

  it('are caught by I8 where a write is answered before the other leg has it', () => {
    vi.spyOn(OtherLeg.prototype, 'replicate').mockImplementation((_unit, _changes, finish) =>
      finish(true),
    );
    expect(violated(scenarioOf({}, 'stretched-follows-hosts'))).toContain('I8');
  }, 60_000);
});

describe('over IP', () => {
  it.each(['iscsi', 'nfs'] as const)(
    'it is known whose segments are whose over %s',
    (protocol) => {
      const policies = ['leave', 'mirror-move'] as const;
      const { rows } = compareGravity({ scenario: { ...base, protocol }, rttMs: [5], policies });
      expect(rows.filter((row) => !isSound(row))).toEqual([]);
      const [left, near] = rows;
      // A question, an answer, and what acknowledges them; data of many blocks take several.
      expect(left!.reads.frames).toBeGreaterThan(2);
      expect(left!.writes.bytes).toBeGreaterThan(left!.reads.frames * 54);
      expect(left!.reads.arrayNs).toBeGreaterThan(0.1e6);
      expect(near!.reads.frames + near!.writes.frames).toBe(0);
    },
    60_000,
  );
});

describe('routers between the sites', () => {
  it('make every round trip two hops longer, and let nothing larger pass', () => {
    const routed = { hopNs: 1e6, mtu: 1400, tells: true };
    const scenario = { ...base, protocol: 'iscsi' } as const;
    const job = { scenario, rttMs: [5], policies: ['leave'] } as const;
    const { rows } = compareGravity({ ...job, routed });
    expect(rows.map(isSound)).toEqual([true]);
    expect(rows[0]!.run.readMs).toBeGreaterThan(7);
  }, 60_000);
});

/** A guest in haste on a few blocks, on one disk, near its data. */
function hasty(
  kind: 'quorum' | 'cached',
  writes: 'write-through' | 'write-back',
  atMove: 'carried' | 'shared' = 'carried',
): Scenario {
  const luns = kind === 'quorum' ? ['a', 'b', 'c'] : atMove === 'shared' ? ['a', 'b'] : ['a'];
  const vm = base.vms[0]!;
  const cache = { writes, atMove, hitUs: 10, blocks: 16, leaseMs: 100 };
  return {
    ...base,
    array: {
      ...base.array,
      ...{ readUs: 10, writeUs: 10, jitterUs: 1000, masks: undefined },
      luns: luns.map((name) => ({ name, blocks: 64 })),
    },
    vms: [
      {
        ...vm,
        luns,
        volumes: [
          {
            ...{ name: 'disk', kind, on: luns, by: 'identity', chunkBlocks: 128 },
            ...(kind === 'cached' ? { cache } : {}),
          },
        ],
        workload: {
          ...vm.workload,
          ...{ rangeBlocks: 32, blocksMax: 4, thinkUs: 0, readPercent: 50, queueDepth: 6 },
        },
      },
    ],
    events: [],
    nextMoves: [],
  };
}

const violated = (scenario: Scenario): string[] =>
  runMove({ scenario }).verdict.flatMap(({ invariant, result }) =>
    result === 'violated' ? [invariant] : [],
  );

describe('I8 finds', () => {
  it('nothing in sound machines', () => {
    expect(violated(hasty('quorum', 'write-through'))).toEqual([]);
    expect(violated(hasty('cached', 'write-through'))).toEqual([]);
    expect(violated(hasty('cached', 'write-back'))).toEqual([]);
    expect(violated(hasty('cached', 'write-through', 'shared'))).toEqual([]);
  }, 60_000);

  it('a quorum of one', () => {
    vi.spyOn(VolumeWork.prototype, 'quorumOf').mockReturnValue(1);
    expect(violated(hasty('quorum', 'write-through'))).toContain('I8');
  }, 60_000);

  it('a cache that believes the unit where it has what is newer', () => {
    vi.spyOn(VolumeCache.prototype, 'complete').mockImplementation(function (
      this: VolumeCache,
      lba,
      readings,
    ) {
      this.fill(lba, readings);
    });
    expect(violated(hasty('cached', 'write-back'))).toContain('I8');
  }, 60_000);

  it('a cache that writes pass by', () => {
    const fill = VolumeCache.prototype.fill;
    vi.spyOn(VolumeCache.prototype, 'fill').mockImplementation(function (
      this: VolumeCache,
      lba,
      readings,
    ) {
      if (readings.length === 0) fill.call(this, lba, readings);
    });
    expect(violated(hasty('cached', 'write-through'))).toContain('I8');
  }, 60_000);

  it('a cache of both hosts that is believed while it is written', () => {
    const { begin, has } = VolumeStore.prototype;
    const known = new WeakMap<VolumeStore, Set<number>>();
    vi.spyOn(VolumeStore.prototype, 'begin').mockImplementation(function (
      this: VolumeStore,
      lba,
      blocks,
      isFill,
    ) {
      const all = known.get(this) ?? new Set();
      known.set(this, all);
      for (let i = lba; i < lba + blocks; i++) if (has.call(this, i, 1)) all.add(i);
      return begin.call(this, lba, blocks, isFill);
    });
    vi.spyOn(VolumeStore.prototype, 'has').mockImplementation(function (
      this: VolumeStore,
      lba,
      blocks,
    ) {
      const ever = Array.from({ length: blocks }, (_, i) => known.get(this)?.has(lba + i) === true);
      return ever.every((one) => one) || has.call(this, lba, blocks);
    });
    expect(violated(hasty('cached', 'write-through', 'shared'))).toContain('I8');
  }, 60_000);
});
