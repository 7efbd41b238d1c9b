/** The writer of a virtual machine: where it goes on, what it counts, what reading back finds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GuestChannel, GuestError } from '../../../../src/live/move/guest-channel.ts';
import { StampedWriter } from '../../../../src/live/move/writer.ts';
import { FakeGuest, fakeLinux, type GuestAnswer } from '../../../helpers/fake-guest.ts';

let dir: string;
const ends: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-guest-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(dir, { recursive: true });
});

const DISK = { name: 'sda', sectors: 2048 };

/** A guest of this name, and its channel. */
async function connected(name: string, own?: (command: string) => GuestAnswer) {
  const linux = fakeLinux();
  const path = join(dir, name);
  const guest = await FakeGuest.listen(path, (command) => own?.(command) ?? linux(command));
  ends.push(() => guest.close());
  const channel = await GuestChannel.connect(name, path);
  ends.push(() => channel.close());
  return { guest, channel };
}

const stopsWith = (line: string) => (command: string) =>
  command.includes('await') ? line : undefined;

describe('a run', () => {
  test('begins with the first block and what the disk has room for', async () => {
    const { guest, channel } = await connected('h1');
    const writer = new StampedWriter(7, 10);
    await writer.start(channel, DISK);
    expect(guest.commands).toEqual([
      'rm -f /tmp/move-7-1.pipe /tmp/move-7-1.log; mkfifo /tmp/move-7-1.pipe; stamp write - -g 1 -s 7 -i 10 -l /tmp/move-7-1.log <> /tmp/move-7-1.pipe > /tmp/move-7-1.end 2>&1 & echo $!',
      'echo /dev/sda 0 256 > /tmp/move-7-1.pipe',
    ]);
    expect(writer.running).toBe(true);
    const leg = await writer.stop();
    expect(guest.commands.at(-1)).toMatch(/^kill 42; await 60 /);
    expect(leg).toEqual({
      host: 'h1',
      first: 0,
      generation: 1,
      acknowledged: 50,
      firstAckS: 1,
      lastAckS: 2,
      longestGapMs: 10.5,
      error: undefined,
    });
    expect(writer.running).toBe(false);
  });

  test('goes on where the one before was acknowledged last, as another generation', async () => {
    const one = await connected('h1');
    const two = await connected('h2');
    const writer = new StampedWriter(7, 10);
    await writer.start(one.channel, DISK);
    await writer.standBy(two.channel);
    await writer.stop();
    await writer.start(two.channel, DISK);
    expect(two.guest.commands.map((one) => /-g \d/.exec(one)?.[0])).toEqual(['-g 2', undefined]);
    expect(two.guest.commands.at(-1)).toBe('echo /dev/sda 50 206 > /tmp/move-7-2.pipe');
    expect(writer.legs.map(({ host, first }) => [host, first])).toEqual([
      ['h1', 0],
      ['h2', 50],
    ]);
  });

  test('that stood by elsewhere is ended there', async () => {
    const one = await connected('h1');
    const two = await connected('h2');
    const writer = new StampedWriter(7, 10);
    await writer.standBy(two.channel);
    await writer.start(one.channel, DISK);
    expect(two.guest.commands.at(-1)).toBe('kill 42');
    expect(writer.legs[0]!.host).toBe('h1');
  });

  test('is waited for until so many blocks are acknowledged, or its end', async () => {
    const { guest, channel } = await connected('h1');
    const writer = new StampedWriter(7, 10);
    await writer.start(channel, DISK);
    await writer.reached(30, 5);
    expect(guest.commands.at(-1)).toBe(
      "wait_for 5 '[ $(grep -c ^ack /tmp/move-7-1.log) -ge 30 ] || [ -s /tmp/move-7-1.end ]'",
    );
  });

  test('that died is not killed; what ended it is told', async () => {
    const { guest, channel } = await connected(
      'h1',
      stopsWith('stop 1 from=0.0 to=0.0 acked=0 longest-gap=0.0ms error: No such device'),
    );
    const writer = new StampedWriter(7, 0);
    await writer.start(channel, DISK);
    const leg = await writer.stop(true);
    expect(guest.commands.at(-1)).toMatch(/^await 60 /);
    // Without an acknowledgement there is no first and no last one.
    expect(leg).toMatchObject({ acknowledged: 0, firstAckS: undefined, error: 'No such device' });
  });

  test('that says something else, or finds no room, is an error', async () => {
    const { channel } = await connected('h1', stopsWith('Segmentation fault'));
    const writer = new StampedWriter(7, 0);
    await expect(writer.start(channel, { name: 'sdb', sectors: 7 })).rejects.toThrow(
      new GuestError('h1: /dev/sdb is full; give a larger LUN'),
    );
    await writer.start(channel, DISK);
    await expect(writer.stop()).rejects.toThrow('h1: the writer says: Segmentation fault');
  });
});

describe('reading back', () => {
  test('adds up every run, each by its own generation', async () => {
    const answers = ['ok=48 lost=1 old=1 torn=0 unread=0', 'ok=40 lost=0 old=0 torn=7 unread=3'];
    const { guest, channel } = await connected('h1', (command) =>
      command.startsWith('stamp check') ? `checked ${answers.shift()}` : undefined,
    );
    const writer = new StampedWriter(7, 10);
    for (let run = 0; run < 2; run++) {
      await writer.start(channel, DISK);
      await writer.stop();
    }
    expect(await writer.check(channel, DISK)).toEqual({
      blocks: 100,
      lost: 1,
      old: 1,
      torn: 7,
      unread: 3,
    });
    expect(guest.commands.slice(-2)).toEqual([
      'stamp check /dev/sda 0 50 -g 1 -s 7 | tail -1',
      'stamp check /dev/sda 50 50 -g 2 -s 7 | tail -1',
    ]);
  });

  test('that says something else is an error', async () => {
    const { channel } = await connected('h1', (command) =>
      command.startsWith('stamp check') ? 'open: No such file' : undefined,
    );
    const writer = new StampedWriter(7, 10);
    await writer.start(channel, DISK);
    await writer.stop();
    await expect(writer.check(channel, DISK)).rejects.toThrow(
      'h1: stamp check says: open: No such file',
    );
  });
});
