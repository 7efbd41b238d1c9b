/** A guest on volumes: its I/Os in parts, and its own end when all of them have ended. */
import { describe, expect, it } from 'vitest';
import { formatHex } from '../../../src/codecs/layout/index.ts';
import { readStamp } from '../../../src/codecs/stamp/index.ts';
import type { VolumeAssembled, VolumeIo } from '../../../src/history/index.ts';
import type { VolumeOptions } from '../../../src/host/volume.ts';
import { type VolumeHost, VolumeWork } from '../../../src/host/volume-work.ts';
import type { GuestIo } from '../../../src/host/workload.ts';
import { streams } from '../../../src/machine/random.ts';
import { luIdOf } from '../../../src/scsi/target/logical-unit.ts';

const units = [0, 1].map((unit) => formatHex(luIdOf('array', unit)));
const OPTIONS = {
  ...{ writerId: 7, queueDepth: 2, readPercent: 0, blocksMax: 8, rangeBlocks: 64, thinkNs: 0 },
  ...{ compareAndWritePercent: 0, unmapPercent: 0, writeSamePercent: 0, synchronizePercent: 0 },
  ...{ fuaPercent: 0, retryNonIdempotent: false },
};

function workOn(change: Partial<VolumeOptions>, options: Partial<typeof OPTIONS> = {}) {
  const volume: VolumeOptions = {
    name: 'v',
    kind: 'mirror',
    members: units.map((luName) => ({ luName, blocks: 64 })),
    chunkBlocks: 8,
    blocks: 64,
    ...change,
  };
  const random = streams(1).stream('guest');
  const work = new VolumeWork('vm1', [volume], { ...OPTIONS, ...options }, random);
  const told: (VolumeAssembled | VolumeIo)[] = [];
  const later: (() => void)[] = [];
  const host = {
    now: 0,
    emit: (event: VolumeAssembled | VolumeIo) => void told.push(event),
    after: (_delayNs: number, run: () => void) => void later.push(run),
    pump() {},
    pumpOwn() {},
  } satisfies VolumeHost;
  return { host, work, told, later, assemble: (found = units) => work.assemble(found, host) };
}

function drained(work: VolumeWork): GuestIo[] {
  const ios: GuestIo[] = [];
  for (let io = work.next(0); io !== undefined; io = work.next(0)) ios.push(io);
  return ios;
}

describe('a guest on volumes', () => {
  it('writes both legs of a mirror, and is told when both have it', () => {
    const { assemble, told, work } = workOn({});
    expect(assemble()).toBeUndefined();
    expect(told).toEqual([
      { type: 'volume', vm: 'vm1', volume: 'v', kind: 'mirror', luNames: units },
    ]);
    const ios = drained(work);
    expect(ios.map(({ luName }) => luName)).toEqual([...units, ...units]);
    expect(ios.map(({ id, version }) => [id, version])).toEqual([1, 2, 3, 4].map((n) => [n, n]));
    expect(work.outstanding).toBe(2);
    const [first, second] = ios;
    const { luId, lba } = second!;
    expect(readStamp(work.dataOf(second!), 0, { lba, luId })).toMatchObject({ version: 2 });
    expect([...work.busy()].length).toBe(ios.reduce((sum, { blocks }) => sum + blocks, 0));
    work.ended(first!, true);
    expect(work.outstanding).toBe(2);
    work.ended(second!, false);
    expect(work.outstanding).toBe(1);
    // It is ended once, whatever is said of it again.
    work.ended(second!, true);
    expect(told.map((one) => (one.type === 'volume-io' ? one.state : one.type))).toEqual([
      'volume',
      'begun',
      'begun',
      'failed',
    ]);
  });

  it('reads the leg of a mirror that answers soonest, and asks each once first', () => {
    const { assemble, host, work } = workOn({}, { readPercent: 100, queueDepth: 1 });
    assemble();
    const asked: string[] = [];
    for (let i = 0; i < 6; i++) {
      const [io] = drained(work);
      asked.push(io!.luName);
      host.now += io!.luName === units[0] ? 1000 : 10;
      work.ended(io!, true);
    }
    expect(asked).toEqual([units[0], ...Array.from({ length: 5 }, () => units[1])]);
  });

  it('is done with a quorum when two of three have answered, and fails where two have failed', () => {
    const three = [...units, formatHex(luIdOf('array', 2))];
    const members = three.map((luName) => ({ luName, blocks: 64 }));
    const { assemble, told, work } = workOn({ kind: 'quorum', members }, { queueDepth: 1 });
    assemble(three);
    const ends = [
      [true, true, false],
      [false, true, true],
      [false, false, true],
    ];
    for (const end of ends) {
      for (const [i, io] of drained(work).entries()) work.ended(io, end[i]!);
    }
    const states = told.flatMap((one) => (one.type === 'volume-io' ? [one.state] : []));
    expect(states.filter((one) => one !== 'begun')).toEqual(['good', 'good', 'failed']);
  });

  it('is told at once of what a thin volume does not have', () => {
    const { assemble, told, work } = workOn({ kind: 'thin', blocks: 4096 }, { readPercent: 50 });
    assemble();
    const ios = drained(work);
    expect(ios.length).toBeGreaterThan(0);
    const parts = told.flatMap((one) => (one.type === 'volume-io' ? one.parts : []));
    expect(parts.length).toBe(ios.length);
    expect(work.placesOf('v', ios[0]!.lba)).toBeDefined();
    expect(work.placesOf('w', 0)).toBeUndefined();
    expect(work.placesOf('v', 4096)).toBeUndefined();
  });

  it('does not turn for ever where nothing is ever written', () => {
    const { assemble, work } = workOn({ kind: 'thin' }, { readPercent: 100 });
    assemble();
    expect(work.next(0)).toBeUndefined();
  });

  it('is assembled by identity, or by the order of LUNs, and not without all its units', () => {
    const found = [...units].reverse();
    const { assemble, told, work } = workOn({});
    assemble(found);
    expect(told[0]).toMatchObject({ luNames: units });
    const byLun = workOn({ by: 'lun' });
    byLun.assemble(found);
    expect(byLun.told[0]).toMatchObject({ luNames: found });
    expect(assemble(units.slice(1))).toBe(`volume v lacks logical unit ${units[0]}`);
    expect(work.luNames).toEqual(units);
  });
});
