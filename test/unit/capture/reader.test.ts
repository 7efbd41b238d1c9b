import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { CaptureError, openCapture, readFrames } from '../../../src/capture/index.ts';
import {
  chunked,
  framesOf,
  pattern,
  pcapFile,
  readAll,
  temporaryFolder,
} from '../../helpers/capture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const RECORDS = Array.from({ length: 3 }, (_, i) => ({
  seconds: i,
  subseconds: 0,
  bytes: pattern(60, i),
}));

describe('what is no capture', () => {
  mkdirSync(folder.path('folder'));
  it.each([
    ['missing.pcap', undefined, 'missing', 'no such file; check the path'],
    ['folder', undefined, 'directory', 'it is a folder; name a file in it'],
    ['empty.pcap', '', 'empty', 'is empty at byte 0; capture again'],
    ['short', 'ab', 'truncated', 'is too short for a capture at byte 2; capture again'],
    [
      'text.txt',
      'hello world, this is text',
      'foreign',
      'is no pcap or pcapng capture (it starts 68 65 6c 6c) at byte 0; ' +
        'name a capture, or convert it with editcap -F pcapng',
    ],
    [
      'image.png',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      'foreign',
      'is no pcap or pcapng capture (it starts 89 50 4e 47) at byte 0; ' +
        'name a capture, or convert it with editcap -F pcapng',
    ],
    [
      'x.pcap.zst',
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd),
      'compressed',
      'is zstd-compressed at byte 0; unzstd it first',
    ],
    [
      'cut-header.pcap',
      pcapFile([]).slice(0, 20),
      'truncated',
      'file header is cut (20 of 24 bytes are there) at byte 20; copy the file again',
    ],
  ] as const)('%s', async (name, content, fault, message) => {
    const path = content === undefined ? folder.path(name) : folder.write(name, content);
    const opening = openCapture(path);
    await expect(opening).rejects.toBeInstanceOf(CaptureError);
    await expect(opening).rejects.toMatchObject({ fault, message: `${path}: ${message}` });
  });

  it('gzip is read through, from a file and from chunks', async () => {
    const file = pcapFile(RECORDS);
    const gz = new Uint8Array(gzipSync(file));
    for (const input of [folder.write('x.pcap.gz', gz), chunked(gz, 7)]) {
      const { frames, error } = await readAll(input);
      expect(error).toBeUndefined();
      expect(frames.map(({ bytes }) => bytes)).toEqual(RECORDS.map(({ bytes }) => bytes));
    }
  });

  it('damaged gzip is an error of one line, cut gzip gives what is in it', async () => {
    const records = Array.from({ length: 400 }, (_, i) => ({
      seconds: i,
      subseconds: 0,
      bytes: pattern(900, i * 7),
    }));
    const gz = new Uint8Array(gzipSync(pcapFile(records), { level: 0 }));
    const cut = await readAll(folder.write('cut.gz', gz.subarray(0, gz.length - 1000)));
    expect(cut.frames.length).toBeGreaterThan(390);
    expect(cut.error).toMatchObject({ fault: 'truncated' });
    const bad = new Uint8Array(gzipSync(pcapFile(RECORDS)));
    // Its check sum is wrong.
    bad[bad.length - 8]! ^= 1;
    const { error } = await readAll(folder.write('bad.gz', bad));
    expect(error).toBeInstanceOf(CaptureError);
    expect((error as Error).message).toMatch(/bad\.gz: is damaged gzip \([^\n]+$/);
  });

  it('keeps its message on one line whatever the file is called', async () => {
    const { error } = await readAll(folder.path('a\nb\u001b[31m.pcap'));
    expect((error as Error).message).toBe(
      `${folder.path('a b [31m.pcap')}: no such file; check the path`,
    );
  });
});

describe('readFrames', () => {
  it('gives the frames of a file one by one', async () => {
    const path = folder.write('three.pcap', pcapFile(RECORDS));
    const frames = [];
    for await (const frame of readFrames(path)) frames.push(frame.bytes);
    expect(frames).toEqual(RECORDS.map((record) => record.bytes));
  });

  it('reads a file longer than its windows', async () => {
    const records = Array.from({ length: 1500 }, (_, i) => ({
      seconds: i,
      subseconds: 0,
      bytes: pattern(1000, i),
    }));
    const path = folder.write('long.pcap', pcapFile(records));
    let count = 0;
    for await (const frame of readFrames(path)) {
      expect(Buffer.compare(frame.bytes, records[count]!.bytes)).toBe(0);
      count += 1;
    }
    expect(count).toBe(1500);
  });

  it('reads a named pipe', async () => {
    const path = folder.path('pipe');
    execFileSync('mkfifo', [path]);
    const reading = readAll(path);
    writeFileSync(path, pcapFile(RECORDS));
    const { frames, error } = await reading;
    expect(error).toBeUndefined();
    expect(frames.length).toBe(3);
  });
});

describe('an opened capture', () => {
  const openFiles = () =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    });

  it.skipIf(process.platform !== 'linux')('closes its file however it ends', async () => {
    const good = folder.write('good.pcap', pcapFile(RECORDS));
    const cut = folder.write('cut.pcap', pcapFile(RECORDS).slice(0, 120));
    const foreign = folder.write('foreign', 'no capture at all');
    await readAll(good);
    for await (const _ of readFrames(good)) break;
    expect((await readAll(cut)).error).toBeInstanceOf(CaptureError);
    expect((await readAll(foreign)).error).toBeInstanceOf(CaptureError);
    const unread = await openCapture(good);
    expect(openFiles()).toContain(good);
    await unread.close();
    await unread.close();
    for (const path of [good, cut, foreign]) expect(openFiles()).not.toContain(path);
  });

  it('gives each frame once', async () => {
    const capture = await openCapture(chunked(pcapFile(RECORDS), 50));
    expect((await framesOf(capture)).length).toBe(3);
    expect(await framesOf(capture)).toEqual([]);
  });

  it('gives no more frames after it was closed', async () => {
    const capture = await openCapture(chunked(pcapFile(RECORDS), 1 << 16));
    await capture.close();
    expect(await framesOf(capture)).toEqual([]);
  });

  it('delivers what a live stream has brought, without waiting for more', async () => {
    const bytes = pcapFile(RECORDS);
    async function* live() {
      yield bytes.slice(0, 24 + 76 + 10);
      await new Promise(() => {});
    }
    const capture = await openCapture(live());
    const first = await capture.frames[Symbol.asyncIterator]().next();
    expect(first.value?.map((frame: { index: number }) => frame.index)).toEqual([1]);
  });

  it('copies the chunks of a stream, whose memory may be used again', async () => {
    const bytes = pcapFile(RECORDS);
    async function* reused() {
      const chunk = new Uint8Array(40);
      for (let at = 0; at < bytes.length; at += 40) {
        const part = bytes.subarray(at, at + 40);
        chunk.set(part);
        yield chunk.subarray(0, part.length);
      }
    }
    const { frames } = await readAll(reused());
    expect(frames.map((frame) => frame.bytes)).toEqual(RECORDS.map((record) => record.bytes));
  });

  it('says that a stream failed, after the frames before', async () => {
    const cause = new Error('incorrect data check');
    async function* failing() {
      yield pcapFile(RECORDS);
      throw cause;
    }
    const { frames, error } = await readAll(failing());
    expect(frames.length).toBe(3);
    expect(error).toMatchObject({ fault: 'unreadable', fileOffset: 24 + 3 * 76, cause });
    expect((error as Error).message).toContain('incorrect data check');
  });

  it('refuses chunks that are no bytes', async () => {
    async function* text() {
      yield 'text' as unknown as Uint8Array;
    }
    expect((await readAll(text())).error).toBeInstanceOf(TypeError);
  });
});
