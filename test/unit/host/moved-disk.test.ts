/** A guest's disk that goes along: copied, switched to, or given up, and the unit left for it given back. */
import { expect, it } from 'vitest';
import { formatHex } from '../../../src/codecs/layout/index.ts';
import type { DiskCopyOptions } from '../../../src/host/disk-copy.ts';
import { MovedDisk } from '../../../src/host/moved-disk.ts';
import { Volume } from '../../../src/host/volume.ts';
import { VolumeParts } from '../../../src/host/volume-parts.ts';
import { luIdOf } from '../../../src/scsi/target/logical-unit.ts';

const [from, to] = [0, 1].map((unit) => formatHex(luIdOf('array', unit))) as [string, string];
const OPTIONS: DiskCopyOptions = {
  ...{ volume: 'v', to, by: 'mirror', chunkBlocks: 64, windowBlocks: 64 },
  ...{ roundsMax: 3, restBlocks: 0 },
};

function diskOf(kind: 'linear' | 'mirror' = 'linear') {
  const parts = new VolumeParts(1);
  const members = [{ luName: from, blocks: 64 }];
  const volumes = [new Volume({ name: 'v', kind, members, chunkBlocks: 8, blocks: 64 })];
  const told: string[] = [];
  const put: unknown[] = [];
  const answers: (string | undefined)[] = [];
  const disk = new MovedDisk(parts, {
    ...{ vm: 'vm1', writerId: 7, volumes, end() {} },
    host: {
      now: 0,
      emit: (event) => void (event.type === 'disk-copy' && told.push(event.state)),
      after() {},
      pumpOwn() {},
    },
    put: (...args) => void put.push(args),
  });
  const copy = () => disk.copy(OPTIONS, (refusal) => void answers.push(refusal));
  /** Ends the next of its I/Os. */
  const step = (good = true) => {
    const io = parts.waiting.shift()!;
    expect(disk.ended(io.id, good, [{ found: 'blank' }], 'bad block')).toBe(true);
    return `${io.op} ${io.luName}`;
  };
  return { answers, copy, disk, parts, put, step, told, volumes };
}

it('copies, is switched to, and gives the blocks of the unit back that was left', () => {
  const { answers, copy, disk, parts, put, step, told, volumes } = diskOf();
  expect(disk.isAtWork).toBe(false);
  copy();
  expect(disk.copyOf(1)).toBeUndefined();
  expect(disk.copyOf(0)?.to).toBe(to);
  expect(disk.switch([to])).toMatch('is not whole');
  expect([step(), step()]).toEqual([`read ${from}`, `write ${to}`]);
  expect(answers).toEqual([undefined]);
  expect(disk.switch([from])).toBe(`volume v lacks logical unit ${to}`);
  expect(disk.switch([from, to])).toBeUndefined();
  expect([put, volumes[0]!.options.members[0]!.luName]).toEqual([[[0, to]], to]);
  expect(disk.isAtWork).toBe(true);
  expect(step()).toBe(`unmap ${from}`);
  expect([disk.isAtWork, parts.waiting.length]).toEqual([false, 0]);
  expect(told).toEqual(['began', 'whole', 'switched', 'dropped']);
});

it('gives the blocks of the copy back where it is given up, and the guest keeps what it has', () => {
  const { copy, disk, put, step, told } = diskOf();
  copy();
  expect(disk.lost(from, 'bad block')).toBe(false);
  expect(disk.lost(to, 'bad block')).toBe(true);
  expect(disk.copyOf(0)).toBeUndefined();
  expect(disk.switch([to])).toBe('no disk of vm1 is being copied');
  expect(told).toEqual(['began', 'failed']);
  const ended = [step(), step()];
  expect(ended).toContain(`unmap ${to}`);
  expect([put, disk.isAtWork, told.at(-1)]).toEqual([[], false, 'dropped']);
});

it('copies one disk at a time, on one unit', () => {
  const { answers, copy, disk } = diskOf();
  disk.finish((refusal) => void answers.push(refusal));
  copy();
  copy();
  expect(answers).toEqual([
    'no disk of vm1 is being copied',
    'vm1 has a disk that is being copied already',
  ]);
  const mirror = diskOf('mirror');
  mirror.copy();
  expect(mirror.answers).toEqual(['v is no linear volume of vm1 on one unit']);
});
