/** Blocks in a file: what is read and written, and which files cannot be served. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileMedium, type FileSource } from '../../../src/live/file-medium.ts';
import { LunError, parseLunSource } from '../../../src/live/lun-source.ts';
import { MediumError } from '../../../src/scsi/medium/medium.ts';

const MIB = 1 << 20;

let dir: string;
let file: string;
const opened: FileMedium[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-medium-'));
  file = join(dir, 'disk.img');
});
afterEach(async () => {
  for (const medium of opened.splice(0)) await medium.close();
  rmSync(dir, { recursive: true });
});

const open = async (bytes?: number): Promise<FileMedium> => {
  const medium = await FileMedium.open({ kind: 'file', path: file, bytes });
  opened.push(medium);
  return medium;
};
const filled = (value: number, blocks = 1) => new Uint8Array(blocks * 512).fill(value);

describe('a file as a medium', () => {
  test('blocks written are blocks read, by the next one to open it too', async () => {
    const medium = await open(MIB);
    medium.write(3, filled(7, 2));
    medium.flush();
    await medium.close();
    const again = await open();
    expect(again.blocks).toBe(2048);
    expect(again.read(2, 4)).toEqual(
      new Uint8Array([...filled(0), ...filled(7), ...filled(7), ...filled(0)]),
    );
  });

  test.each([
    ['a few blocks', 100, 8],
    ['megabytes', 0, 6144],
  ])('unmapped blocks are zeros, and only those: %s', async (_, lba, blocks) => {
    const medium = await open(4 * MIB);
    for (let at = 0; at < medium.blocks; at += 1024) medium.write(at, filled(9, 1024));
    medium.unmap(lba, blocks);
    const bytes = medium.read(0, medium.blocks);
    const isZero = (block: number) => block >= lba && block < lba + blocks;
    for (let block = 0; block < medium.blocks; block += 1)
      expect(bytes[block * 512]).toBe(isZero(block) ? 0 : 9);
    if (blocks > 2048) expect(statSync(file).blocks).toBeLessThan(8192 - 4096);
  });

  test('beyond its end there is nothing', async () => {
    const medium = await open(MIB);
    expect(() => medium.read(2047, 2)).toThrow(RangeError);
    expect(() => medium.write(2048, filled(1))).toThrow(RangeError);
    truncateSync(file, 512);
    expect(() => medium.read(5, 1)).toThrow(/ends too early/);
  });
});

describe('files that cannot be served', () => {
  const refused = (text: string) => FileMedium.open(parseLunSource(text) as FileSource);

  test('say why, in one line', async () => {
    writeFileSync(file, Buffer.alloc(5000));
    await expect(refused(file)).rejects.toThrow(/5000 bytes are no whole number of blocks/);
    await expect(refused(`${file}.none`)).rejects.toThrow(/no such file; name FILE:SIZE/);
    await expect(refused(dir)).rejects.toThrow(LunError);
    await expect(refused(`${dir}/none/disk:64K`)).rejects.toThrow(
      /its folder does not exist; make/,
    );
    expect(existsSync(`${dir}/none`)).toBe(false);
    writeFileSync(file, Buffer.alloc(8192));
    await expect(refused(`${file}:64K`)).rejects.toThrow(/has 8192 bytes, not 65536/);
  });

  test('one that another serve has open', async () => {
    await open(MIB);
    await expect(refused(file)).rejects.toThrow(/another serve has it open/);
  });

  test('but an empty one is made as long as asked for', async () => {
    writeFileSync(file, '');
    const medium = await open(MIB);
    expect([medium.blocks, readFileSync(file).length]).toEqual([2048, MIB]);
  });

  test('but one that was closed is free again', async () => {
    const medium = await open(MIB);
    await medium.close();
    await medium.close();
    expect((await open()).blocks).toBe(2048);
  });
});

test('whoever opened it hears of each fault, with what sense is made of', async () => {
  const heard: string[] = [];
  const medium = await FileMedium.open({ kind: 'file', path: file, bytes: MIB }, (what) =>
    heard.push(what),
  );
  opened.push(medium);
  truncateSync(file, 512);
  let error: unknown;
  try {
    medium.read(5, 1);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(MediumError);
  expect((error as MediumError).fault).toBe('unreadable');
  expect(heard).toEqual([`${file}: ends too early`]);
  expect(() => medium.write(0, new Uint8Array(100))).toThrow(/no whole number of blocks/);
});
