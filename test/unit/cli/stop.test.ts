/** Work that is asked to end: by a signal, by its time; and the system's own way afterwards. */
import { expect, test } from 'vitest';
import { Stop } from '../../../src/cli/stop.ts';

test('the first signal asks, and then no one listens any more', async () => {
  // Whoever else listens in this process may end it.
  const before = process.listeners('SIGINT');
  const stop = new Stop();
  const added = process.listeners('SIGINT').filter((one) => !before.includes(one));
  expect(added).toHaveLength(1);
  expect(stop.reason).toBeUndefined();
  added[0]!('SIGINT');
  await stop.asked;
  expect(stop.reason).toBe('interrupted');
  expect(process.listeners('SIGINT')).toEqual(before);
});

test('a time that is over asks too', async () => {
  const stop = new Stop(1);
  await stop.asked;
  expect(stop.reason).toBe('budget');
  stop.end();
});
