/** Work that is asked to end: by a signal, by its time; and the system's own way afterwards. */
import { expect, test } from 'vitest';
import { Stop } from '../../../src/cli/stop.ts';

test('the first signal asks, and then no one listens any more', async () => {
  const before = process.listenerCount('SIGINT');
  const stop = new Stop();
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
  expect(stop.reason).toBeUndefined();
  process.emit('SIGINT');
  await stop.asked;
  expect(stop.reason).toBe('interrupted');
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('a time that is over asks too', async () => {
  const stop = new Stop(1);
  await stop.asked;
  expect(stop.reason).toBe('budget');
  stop.end();
});
