/** `sanmotion serve`: what it is given, what it says, and how it ends. */
import { existsSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { UsageError } from '../../../src/cli/output.ts';
import { type ServeOptions, serveCommand } from '../../../src/cli/serve.ts';
import { ListenError } from '../../../src/live/listen-address.ts';
import { LunError } from '../../../src/live/lun-source.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('serve');

// A second signal would end the process at once: what waits for it must not outlive the test.
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const before = SIGNALS.map((signal) => process.listeners(signal));
afterEach(() => {
  for (const [at, signal] of SIGNALS.entries())
    for (const listener of process.listeners(signal))
      if (!before[at]!.includes(listener)) process.removeListener(signal, listener);
});

/** Serves until it listens to signals and its sockets are there, then is interrupted. */
async function served(options: Partial<ServeOptions>, file?: string) {
  const listen = `unix:${folder.path('fcf.sock')}`;
  const own = options.listen === undefined ? [folder.path('fcf.sock')] : [];
  const paths = [...own, ...(options.control ? [options.control] : [])];
  return await said(async () => {
    const ended = serveCommand(file, { listen: [listen], lun: [], logJson: true, ...options });
    const ready = vi.waitFor(() => {
      expect(process.listenerCount('SIGTERM')).toBeGreaterThan(before[1]!.length);
      expect(paths.map((path) => existsSync(path))).not.toContain(false);
    }, 10_000);
    await Promise.race([ended, ready]);
    process.emit('SIGTERM');
    return await ended;
  });
}

test('says where guests may connect, ends at a signal, and takes its sockets with it', async () => {
  const control = folder.path('ctl');
  const { status, stdout, stderr } = await served({ json: true, lun: ['8M'], vlan: '7', control });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    listening: [{ fabric: 'A', address: `unix:${folder.path('fcf.sock')}` }],
    services: [],
    control,
    luns: [{ name: 'lun0', kind: 'memory', bytes: 8_388_608 }],
    pid: process.pid,
  });
  expect(stderr).toMatch(/"event":"shutdown"/);
  expect([existsSync(folder.path('fcf.sock')), existsSync(control)]).toEqual([false, false]);
});

test('says it to a person in lines', async () => {
  const { stdout } = await served({ control: folder.path('ctl') });
  expect(stdout).toBe(
    `control on ${folder.path('ctl')}\nlistening on unix:${folder.path('fcf.sock')}\n`,
  );
});

test.each<[Partial<ServeOptions>, string, abstract new (...args: never[]) => Error]>([
  [{ vlan: '4095' }, '--vlan 4095: 1 to 4094, or 0 for untagged', UsageError],
  [{ vlan: 'x' }, '--vlan x', UsageError],
  [{ listen: ['ftp:x'] }, 'listen ftp:x: needs unix:PATH', ListenError],
  [{ listen: [] }, '--listen', ListenError],
  [{ lun: ['0M'] }, '0M', LunError],
  [{ listen: ['unix:/nowhere/x', 'B=unix:/nowhere/y/../x'] }, 'x: given twice', ListenError],
  [{ listen: ['tcp:127.0.0.1:4000', 'tcp:127.0.0.1:4000'] }, 'given twice', ListenError],
  [{ listen: ['udp:4000,4001', 'udp:4000,4002'] }, 'listen udp:4000,4002: given', ListenError],
  [{ control: '/nowhere/x' }, 'listen unix:/nowhere/x: given twice', ListenError],
  [{ lun: ['/nowhere/d:8M', '/nowhere/d:8M'] }, '/nowhere/d is given twice', LunError],
  [{ lun: ['/nowhere/d:8M'], tap: '/nowhere/d' }, '/nowhere/d is given twice', LunError],
  [
    { tap: '/nowhere/d', history: '/nowhere/d' },
    '--history /nowhere/d: it is the file of --tap too',
    UsageError,
  ],
])('%j is refused', async (options, message, kind) => {
  const refusal = serveCommand(undefined, { listen: ['unix:/nowhere/x'], lun: [], ...options });
  await expect(refusal).rejects.toThrow(message);
  await expect(refusal).rejects.toBeInstanceOf(kind);
});

test('where the control socket cannot be, nothing is left behind', async () => {
  const listen = [`unix:${folder.path('left.sock')}`];
  const options = { listen, lun: [], control: '/nowhere/ctl', logJson: true };
  await expect(said(() => serveCommand(undefined, options))).rejects.toThrow('/nowhere/ctl');
  expect(existsSync(folder.path('left.sock'))).toBe(false);
});

test('units as files need no fabric, and rules for them need a server of files', async () => {
  const listen = ['nfs:127.0.0.1:0'];
  const { status, stdout } = await served({ listen, json: true, lun: ['8M'], export: ['*:ro'] });
  expect(status).toBe(0);
  const { listening, services } = JSON.parse(stdout);
  expect(listening).toEqual([]);
  expect(services).toEqual([
    { address: expect.stringMatching(/^nfs:127\.0\.0\.1:\d+$/), files: ['lun0.img'] },
  ]);
  await expect(served({ export: ['*'] })).rejects.toThrow('--export says who may mount');
});

test('files that whoever reaches the machine may write are warned of', async () => {
  const { stderr } = await served({ listen: ['nfs:0.0.0.0:0'], lun: ['8M'] });
  expect(stderr).toContain('whoever reaches 0.0.0.0 may mount and write');
});
