/** A guest's command channel: one command at a time, each with its end, and a clock to compare. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GuestChannel, GuestError } from '../../../../src/live/move/guest-channel.ts';
import { FakeGuest, type GuestAnswer } from '../../../helpers/fake-guest.ts';

let dir: string;
const ends: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-guest-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(dir, { recursive: true });
});

async function rig(answer: (command: string) => GuestAnswer, before = '') {
  const path = join(dir, 'channel');
  const guest = await FakeGuest.listen(path, answer, before);
  ends.push(() => guest.close());
  const channel = await GuestChannel.connect('h1', path);
  ends.push(() => channel.close());
  return { guest, channel };
}

describe('a command', () => {
  test('has its output and its status', async () => {
    const { channel } = await rig(() => ({ output: 'one\ntwo', status: 3 }));
    expect(await channel.run('show')).toEqual({ status: 3, output: 'one\ntwo' });
  });

  test('that may not fail gives its output, or an error with its last line', async () => {
    const { channel } = await rig((command) =>
      command === 'good' ? 'fine\r' : { output: 'first\nno such port', status: 1 },
    );
    expect(await channel.ok('good')).toBe('fine');
    await expect(channel.ok('bad')).rejects.toThrow(
      new GuestError('h1: `bad` ended with 1: no such port'),
    );
  });

  test('waits for those before it, also when one of them failed', async () => {
    const { guest, channel } = await rig((command) => ({
      output: command,
      status: command === 'b' ? 1 : 0,
    }));
    const all = await Promise.allSettled(['a', 'b', 'c'].map((one) => channel.ok(one)));
    expect(all.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(guest.commands).toEqual(['a', 'b', 'c']);
  });

  test('that does not end, and a guest that dies, are errors', async () => {
    const { guest, channel } = await rig(() => undefined);
    await expect(channel.run('sleep', 1)).rejects.toThrow(/^h1: `sleep` has not ended$/);
    const lost = channel.run('more');
    const refused = expect(lost).rejects.toThrow(/^h1 went away in `more`$/);
    guest.hangUp();
    await refused;
  });
});

describe('connecting', () => {
  test('passes over what an earlier user left unread', async () => {
    const { channel } = await rig(() => 'mine', 'theirs\n@rc 0\nhalf a li\n');
    expect(await channel.ok('x')).toBe('mine');
  });

  test('to nobody is one line', async () => {
    await expect(GuestChannel.connect('h1', join(dir, 'none'))).rejects.toThrow(
      `h1: ${join(dir, 'none')}: there is no such socket; give the guest's command channel`,
    );
  });
});

test('clocks are compared as closely as the questions allow', async () => {
  // Ours goes 1 ms with each look; the guest's is 5 s ahead and looks half way.
  let ourNs = 0;
  const { channel } = await rig(() => `${(ourNs + 0.5e6) / 1e9 + 5}`);
  const clock = await channel.clock(() => {
    ourNs += 1e6;
    return ourNs;
  });
  expect(clock.offsetNs / 1e9).toBeCloseTo(-5, 6);
  expect(clock.uncertaintyNs).toBeCloseTo(0.5e6, -1);
  expect(clock.guestNs / 1e9).toBeCloseTo(5.0315, 6);
});
