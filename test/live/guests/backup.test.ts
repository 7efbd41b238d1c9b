/**
 * Backups of our array by QEMU: its storage daemon has our unit over iSCSI and a bitmap of its own. Its full and incremental
 * backups, ours by NBD, and both maps are compared with each other and with the unit. No guest is booted.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { missing } from '../../peers/support/debian.ts';
import { Qmp } from '../support/qmp.ts';
import { Serve } from '../support/serve.ts';
import { until } from '../support/wait.ts';

const without = missing(
  ['qemu-system-x86', 'qemu-utils', 'qemu-block-extra', 'libnbd-bin'],
  [
    '/usr/bin/qemu-storage-daemon',
    '/usr/bin/qemu-system-x86_64',
    '/usr/bin/qemu-img',
    '/usr/bin/nbdinfo',
    '/usr/lib/x86_64-linux-gnu/qemu/block-iscsi.so',
  ],
);
const TARGET = 'iqn.2026-01.com.example:sanmotion';
const LIMIT_MS = 60_000;
const SIZE = '8M';
/** Of QEMU's bitmap; ours has 64 KiB. */
const GRANULARITY = 4096;
const OURS = 65_536;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What a program prints. Errors: `Error` unless it goes well. */
function run(program: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
  return stdout;
}

/** Dirty ranges of a bitmap, as bytes `[from, to)`. */
function dirtyOf(url: string, bitmap: string): [number, number][] {
  const lines = run('nbdinfo', `--map=qemu:dirty-bitmap:${bitmap}`, url).trimEnd().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , flags]) => flags === '1')
    .map(([from, length]) => [Number(from), Number(from) + Number(length)]);
}

/** Units of so many bytes that ranges touch. */
const touched = (ranges: readonly [number, number][], unit: number): Set<number> =>
  new Set(
    ranges.flatMap(([from, to]) => {
      const first = Math.floor(from / unit);
      return Array.from({ length: Math.ceil(to / unit) - first }, (_, i) => first + i);
    }),
  );

async function served() {
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-backup-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const ours = join(folder, 'ours.sock');
  const serve = await Serve.start(
    folder,
    { listen: ['iscsi:127.0.0.1:0', `nbd:unix:${ours}`], arguments: ['--lun', SIZE] },
    false,
  );
  closing.push(() => serve.stop());
  const port = /listening on iscsi:127\.0\.0\.1:(\d+)/.exec(serve.log)![1]!;
  const lun = ['driver=iscsi', 'node-name=lun', 'transport=tcp', `portal=127.0.0.1:${port}`]
    .concat(`target=${TARGET}`, 'lun=0', 'read-only=off', 'auto-read-only=off')
    .join(',');
  return {
    folder,
    serve,
    lun,
    ours: (name: string) => `nbd+unix:///${name}?socket=${ours}`,
    theirs: `nbd+unix:///lun?socket=${join(folder, 'theirs.sock')}`,
  };
}

/** Exports the node `lun` of a QEMU, with its bitmap, so that `qemu-io` may write to it. */
async function exportLun(qmp: Qmp, folder: string, bitmaps: readonly string[]): Promise<void> {
  const path = join(folder, 'theirs.sock');
  await qmp.ask('nbd-server-start', { addr: { type: 'unix', data: { path } } });
  await qmp.ask('block-export-add', {
    ...{ type: 'nbd', id: 'e', 'node-name': 'lun', name: 'lun', writable: true, bitmaps },
  });
}

const write = (url: string, ...commands: string[]): string =>
  run('qemu-io', '-f', 'raw', ...commands.flatMap((command) => ['-c', command]), url);
const same = (a: string, b: string, formats: readonly [string, string] = ['raw', 'raw']): boolean =>
  spawnSync('qemu-img', ['compare', '-q', '-f', formats[0], '-F', formats[1], a, b]).status === 0;

describe.skipIf(without !== undefined)('QEMU’s storage daemon', { timeout: 180_000 }, () => {
  test('full and incremental backups give the unit back; its map and ours contain each other', async () => {
    const { folder, lun, ours, serve, theirs } = await served();
    const path = join(folder, 'qmp.sock');
    const qmp = await Qmp.start(
      'qemu-storage-daemon',
      [
        ...['--chardev', `socket,id=c,path=${path},server=on,wait=off`, '--monitor', 'chardev=c'],
        ...['--blockdev', lun],
      ],
      path,
    );
    closing.push(() => qmp.end());
    const [full, increment] = [join(folder, 'full.qcow2'), join(folder, 'increment.qcow2')];
    run('qemu-img', 'create', '-q', '-f', 'qcow2', full, SIZE);
    const add = async (name: string, filename: string) => {
      const file = { driver: 'file', filename };
      await qmp.ask('blockdev-add', { driver: 'qcow2', 'node-name': name, file });
    };
    // What is there before the first backup.
    write(ours('lun0'), 'write -q -P 1 0 300k', 'write -q -P 2 4M 64k');
    await serve.control({ command: 'snapshot', action: 'cut', name: 's1' });
    await add('full', full);
    await qmp.ask('transaction', {
      actions: [
        {
          type: 'block-dirty-bitmap-add',
          data: { node: 'lun', name: 'b0', granularity: GRANULARITY },
        },
        {
          type: 'blockdev-backup',
          data: { 'job-id': 'j', device: 'lun', target: 'full', sync: 'full' },
        },
      ],
    });
    await qmp.jobsEnd();
    await qmp.ask('blockdev-del', { 'node-name': 'full' });
    expect(same(ours('lun0@s1'), full, ['raw', 'qcow2'])).toBe(true);

    // Whoever writes through QEMU writes to our unit: both maps see it.
    await exportLun(qmp, folder, ['b0']);
    write(
      theirs,
      'write -q -P 3 64k 4k',
      'write -q -P 4 1M 200k',
      'discard -q 4M 64k',
      'write -q -z 5000 10000',
    );
    const [qemu, mine] = [dirtyOf(theirs, 'b0'), dirtyOf(ours('lun0'), 's1')];
    expect(qemu.length).toBeGreaterThan(0);
    const [qemuUnits, myUnits] = [touched(qemu, OURS), touched(mine, OURS)];
    expect([...qemuUnits].filter((unit) => !myUnits.has(unit))).toEqual([]);
    expect([...myUnits].filter((unit) => !qemuUnits.has(unit))).toEqual([]);
    expect(
      [...touched(qemu, GRANULARITY)].every((unit) => touched(mine, GRANULARITY).has(unit)),
    ).toBe(true);
    await qmp.ask('nbd-server-stop');

    await serve.control({ command: 'snapshot', action: 'cut', name: 's2' });
    run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', full, '-F', 'qcow2', increment);
    await add('increment', increment);
    await qmp.ask('blockdev-backup', {
      ...{ 'job-id': 'j', device: 'lun', target: 'increment', sync: 'incremental', bitmap: 'b0' },
    });
    await qmp.jobsEnd();
    await qmp.ask('blockdev-del', { 'node-name': 'increment' });
    expect(same(ours('lun0@s2'), increment, ['raw', 'qcow2'])).toBe(true);
    expect(same(ours('lun0@s2'), full, ['raw', 'qcow2'])).toBe(false);

    // The same by our own exports: the whole snapshot, and of the next one what our map names.
    const copy = join(folder, 'copy.img');
    run('nbdcopy', ours('lun0@s1'), copy);
    for (const [from, to] of dirtyOf(ours('lun0@s2'), 's1')) {
      const part = join(folder, 'part.img');
      run(
        'qemu-img',
        'convert',
        '-O',
        'raw',
        '--image-opts',
        partOf(ours('lun0@s2'), from, to),
        part,
      );
      run(
        'dd',
        `if=${part}`,
        `of=${copy}`,
        'bs=4096',
        `seek=${from / 4096}`,
        'conv=notrunc',
        'status=none',
      );
    }
    expect(same(ours('lun0@s2'), copy)).toBe(true);
  });

  test.each([true, false])('a live migration, its bitmaps taken along: %s', async (carried) => {
    const { folder, lun, ours, serve, theirs } = await served();
    await serve.control({ command: 'snapshot', action: 'cut', name: 's1' });
    const channel = `unix:${join(folder, 'migration.sock')}`;
    const machine = async (name: string, ...more: string[]) => {
      const path = join(folder, `${name}.sock`);
      const words = ['-nodefaults', '-display', 'none', '-S', '-m', '64', '-accel', 'tcg'];
      const qmp = await Qmp.start(
        'qemu-system-x86_64',
        [...words, '-blockdev', lun, '-qmp', `unix:${path},server=on,wait=off`, ...more],
        path,
      );
      closing.push(() => qmp.end());
      await qmp.ask('migrate-set-capabilities', {
        capabilities: [{ capability: 'dirty-bitmaps', state: carried }],
      });
      return qmp;
    };
    const source = await machine('source');
    const destination = await machine('destination', '-incoming', 'defer');
    await source.ask('block-dirty-bitmap-add', {
      node: 'lun',
      name: 'b0',
      granularity: GRANULARITY,
    });
    await exportLun(source, folder, ['b0']);
    write(theirs, 'write -q -P 3 64k 4k', 'write -q -P 4 1M 200k');
    const before = dirtyOf(theirs, 'b0');
    await source.ask('nbd-server-stop');
    await destination.ask('migrate-incoming', { uri: channel });
    await source.ask('migrate', { uri: channel });
    await until(
      async () => (await source.ask('query-migrate')).status === 'completed',
      LIMIT_MS,
      'the migration is done',
    );
    const [node] = (await destination.ask('query-named-block-nodes', { flat: true })).filter(
      (one: { 'node-name': string }) => one['node-name'] === 'lun',
    );
    const bitmaps = ((node['dirty-bitmaps'] ?? []) as { name: string }[]).map(({ name }) => name);
    // QEMU says nothing of a bitmap that it left behind; our map has it either way.
    expect(bitmaps).toEqual(carried ? ['b0'] : []);
    if (carried) {
      await exportLun(destination, folder, ['b0']);
      write(theirs, 'write -q -P 5 6M 4k');
      expect(dirtyOf(theirs, 'b0')).toEqual([...before, [6 << 20, (6 << 20) + 4096]]);
      expect(touched(dirtyOf(theirs, 'b0'), OURS)).toEqual(
        touched(dirtyOf(ours('lun0'), 's1'), OURS),
      );
    } else expect(touched(before, OURS)).toEqual(touched(dirtyOf(ours('lun0'), 's1'), OURS));
  });
});

/** A part of an export as QEMU opens it. */
const partOf = (url: string, from: number, to: number): string => {
  const { pathname, searchParams } = new URL(url);
  const server = `file.server.type=unix,file.server.path=${searchParams.get('socket')}`;
  return `driver=raw,offset=${from},size=${to - from},file.driver=nbd,${server},file.export=${pathname.slice(1)}`;
};
