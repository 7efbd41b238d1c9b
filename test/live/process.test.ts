/** `sanmotion serve` as a process: what it prints, how it ends, what it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCapture } from '../../src/capture/index.ts';
import { commandFile } from '../helpers/command.ts';
import { Bench, until } from '../helpers/live-bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<number | string | null>;
}

function run(...words: string[]): Run {
  const child = spawn(process.execPath, [commandFile(), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  bench.atEnd(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { child, out: () => out, err: () => err, ended };
}

async function serve(...words: string[]): Promise<Run> {
  const one = run('serve', '--listen', `unix:${bench.socket}`, ...words);
  await until(() => /listening/.test(one.out()), `it listens: ${one.err()}`);
  return one;
}

describe('serve', () => {
  test('says where guests may connect, answers requests, and cleans up at SIGINT', async () => {
    const control = join(bench.dir, 'ctl');
    const one = await serve('--json', '--lun', '8M', '--control', control);
    expect(JSON.parse(one.out())).toEqual({
      listening: [{ fabric: 'A', address: `unix:${bench.socket}` }],
      control,
      services: [],
      luns: [{ name: 'lun0', kind: 'memory', bytes: 8_388_608 }],
      pid: one.child.pid,
    });
    await (await bench.host()).prepare(0xc050_7600_0000_0100n);
    const asked = run('control', control, 'cvl', 'wwpn=c050760000000100', '--json');
    expect(await asked.ended).toBe(0);
    expect(JSON.parse(asked.out())).toEqual({ ok: true, cleared: 1 });
    const refused = run('control', control, 'cvl', 'wwpn=c0:50');
    expect(await refused.ended).toBe(1);
    one.child.kill('SIGINT');
    expect(await one.ended).toBe(0);
    expect([existsSync(bench.socket), existsSync(control)]).toEqual([false, false]);
    const events = one
      .err()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    for (const event of ['connected', 'login', 'nexus-began', 'shutdown', 'logout'])
      expect(events).toContain(event);
  });

  test('killed, it leaves a whole capture, and a socket that the next one takes over', async () => {
    const tap = join(bench.dir, 'tap.pcapng');
    const first = await serve('--tap', tap);
    await (await bench.host()).prepare(0xc050_7600_0000_0100n);
    let bytes = 0;
    await until(() => {
      const { length } = readFileSync(tap);
      const grown = length > 4096 && length === bytes;
      bytes = length;
      return grown;
    }, 'the tap is written while it runs');
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    let frames = 0;
    const capture = await openCapture(tap);
    for await (const batch of capture.frames) frames += batch.length;
    expect(frames).toBeGreaterThan(20);
    expect(existsSync(bench.socket)).toBe(true);
    const second = await serve('--tap', tap);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  test('what cannot be had is one line and status 2, and harms no capture', async () => {
    const tap = join(bench.dir, 'tap.pcapng');
    const one = await serve('--tap', tap);
    const before = readFileSync(tap).length;
    const two = run('serve', '--listen', `unix:${bench.socket}`, '--tap', tap);
    expect(await two.ended).toBe(2);
    expect(two.err().trim().split('\n').at(-1)).toBe(
      `sanmotion: cannot listen on unix:${bench.socket}: another program listens there; stop it or choose another address`,
    );
    expect(readFileSync(tap).length).toBeGreaterThanOrEqual(before);
    one.child.kill('SIGINT');
    expect(await one.ended).toBe(0);
  });
});
