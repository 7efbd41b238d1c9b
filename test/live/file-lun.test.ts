/** Logical units in files: what survives, and what is refused. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileMedium, type FileSource } from '../../src/live/file-medium.ts';
import { LunError, parseLunSource } from '../../src/live/lun-source.ts';
import { builtPackage } from '../helpers/command.ts';
import { Bench } from '../helpers/live-bench.ts';

const VM1 = 0xc050_7600_0000_0100n;
const MIB = 1 << 20;

let bench: Bench;
let file: string;
beforeEach(() => {
  bench = new Bench();
  file = join(bench.dir, 'disk.img');
});
afterEach(() => bench.end());

const open = async (bytes?: number): Promise<FileMedium> => {
  const medium = await FileMedium.open({ kind: 'file', path: file, bytes });
  bench.atEnd(() => medium.close());
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

  test('a killed writer leaves no block half old and half new', async () => {
    const script = `
      import { FileMedium } from ${JSON.stringify(`${builtPackage()}/dist/live/file-medium.js`)};
      const medium = await FileMedium.open({ kind: 'file', path: ${JSON.stringify(file)}, bytes: ${4 * MIB} });
      for (let n = 1; ; n++) {
        medium.write(0, new Uint8Array(${4 * MIB}).fill(n));
        if (n === 3) process.stdout.write('writing');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const bytes = readFileSync(file);
    for (let at = 0; at < bytes.length; at += 512) {
      const block = bytes.subarray(at, at + 512);
      expect(block.equals(Buffer.alloc(512, block[0]))).toBe(true);
    }
    // The lock went with it.
    expect((await open()).blocks).toBe(8192);
  });
});

describe('files that cannot be served', () => {
  const refused = (text: string) => FileMedium.open(parseLunSource(text) as FileSource);

  test('say why, in one line', async () => {
    writeFileSync(file, Buffer.alloc(5000));
    await expect(refused(file)).rejects.toThrow(/5000 bytes are no whole number of blocks/);
    await expect(refused(`${file}.none`)).rejects.toThrow(/no such file; name FILE:SIZE/);
    await expect(refused(bench.dir)).rejects.toThrow(LunError);
    writeFileSync(file, Buffer.alloc(8192));
    await expect(refused(`${file}:64K`)).rejects.toThrow(/has 8192 bytes, not 65536/);
    mkdirSync(join(bench.dir, 'ro'));
  });

  test('one that another serve has open', async () => {
    await open(MIB);
    await expect(refused(file)).rejects.toThrow(/another serve has it open/);
  });
});

test('a file that fails under a guest is told of in the log', async () => {
  const plan = bench.plan([{ kind: 'file', path: file, bytes: 2 * MIB }]);
  const server = await bench.serve({ plan });
  const host = await bench.host();
  await host.prepare(VM1);
  truncateSync(file, 0);
  const { medium } = server.array.device.units[0]!;
  expect(() => medium.read(0, 1)).toThrow(/ends too early/);
  expect(() => medium.read(1, 1)).toThrow(/ends too early/);
  const told = bench.log.filter((one) => one.event === 'lun-failed');
  expect(told.map((one) => one.text)).toEqual([`logical unit lun0: ${file}: ends too early`]);
});

test('what a guest wrote is there after a restart of the server', async () => {
  const plan = bench.plan([{ kind: 'file', path: file, bytes: 2 * MIB }]);
  const first = await bench.serve({ plan });
  const failed = await (await bench.host()).work(VM1, 200);
  expect(failed).toEqual([]);
  const written = first.array.device.units[0]!.medium.read(0, 512);
  await first.close();
  expect(written.some((byte) => byte !== 0)).toBe(true);
  const second = await bench.serve({ plan });
  expect(second.array.device.units[0]!.medium.read(0, 512)).toEqual(written);
});
