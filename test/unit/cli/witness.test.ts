/** `sanmotion witness`: what it says, and how it ends. */
import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { UsageError } from '../../../src/cli/output.ts';
import { witnessCommand } from '../../../src/cli/witness.ts';
import { testFolder } from '../../helpers/folder.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('witness-command');

test('says where it listens, and ends at a signal', async () => {
  const listen = `unix:${folder.path('socket')}`;
  const { status, stdout } = await said(async () => {
    const before = process.listenerCount('SIGTERM');
    const ended = witnessCommand(folder.path('said'), { listen, json: true });
    await vi.waitFor(() => {
      expect(process.listenerCount('SIGTERM')).toBeGreaterThan(before);
      expect(existsSync(folder.path('socket'))).toBe(true);
    });
    process.emit('SIGTERM');
    return await ended;
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ listening: listen, file: folder.path('said') });
});

test.each([
  [{ listen: 'unix:x', lies: 'often' }, /--lies often: none, both, other-generation/],
  [{ listen: 'udp:1,2' }, /needs unix:PATH or tcp:HOST:PORT/],
])('%j is refused', async (options, what) => {
  await expect(witnessCommand(folder.path('said'), options)).rejects.toThrow(what);
  expect(new UsageError('x')).toBeInstanceOf(Error);
});
