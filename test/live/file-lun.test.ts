/** Logical units in files: what survives. */
import { spawn } from 'node:child_process';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileMedium } from '../../src/live/file-medium.ts';
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
  const medium = await FileMedium.open({ kind: 'file', path: file, bytes: undefined });
  bench.atEnd(() => medium.close());
  expect(medium.blocks).toBe(8192);
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
