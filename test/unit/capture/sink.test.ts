/** Sinks: memory, files and streams, full, failed or gone. */
import { mkdirSync, readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CaptureError,
  fileSink,
  memorySink,
  PcapngWriter,
  streamSink,
} from '../../../src/capture/index.ts';
import { concat, pattern, readAll, temporaryFolder } from '../../helpers/capture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

async function written(use: (writer: PcapngWriter) => void): Promise<Uint8Array> {
  const sink = memorySink();
  const writer = new PcapngWriter(sink);
  use(writer);
  await writer.close();
  return sink.bytes();
}

describe('sinks', () => {
  const frames = Array.from({ length: 700 }, (_, i) => pattern(2000, i));
  const fill = (writer: PcapngWriter) => {
    const id = writer.addInterface({ name: 'h1.a' });
    for (const [i, frame] of frames.entries()) writer.writeFrame(id, i, frame);
  };

  it('write the same bytes to memory and to a file', async () => {
    const path = folder.path('out.pcapng');
    const writer = new PcapngWriter(fileSink(path));
    fill(writer);
    await writer.close();
    expect(Buffer.compare(readFileSync(path), await written(fill))).toBe(0);
    const { frames: read, error } = await readAll(path);
    expect(error).toBeUndefined();
    expect(read.length).toBe(frames.length);
    expect(read.every((frame, i) => Buffer.compare(frame.bytes, frames[i]!) === 0)).toBe(true);
  });

  it('show what was written after flush', async () => {
    const path = folder.path('live.pcapng');
    const writer = new PcapngWriter(fileSink(path));
    const id = writer.addInterface({ name: 'h1.a' });
    for (let count = 1; count <= 3; count += 1) {
      writer.writeFrame(id, count, pattern(60));
      writer.flush();
      expect((await readAll(path)).frames.length).toBe(count);
    }
    await writer.close();
  });

  it.each([
    ['folder-missing/x.pcapng', 'its folder does not exist; make the folder first'],
    ['folder', 'it is a folder; name a file in it'],
    ['file/x.pcapng', 'a part of the path is a file; check the path'],
  ])('refuse the path %s in one line', (name, message) => {
    mkdirSync(folder.path('folder'), { recursive: true });
    folder.write('file', '');
    const path = folder.path(name);
    expect(() => fileSink(path)).toThrow(CaptureError);
    expect(() => fileSink(path)).toThrow(`${path}: cannot be written: ${message}`);
  });

  it.skipIf(process.platform !== 'linux')('say that the disk is full', async () => {
    const writer = new PcapngWriter(fileSink('/dev/full'));
    writer.addInterface({ name: 'h1.a' });
    await expect(writer.close()).rejects.toMatchObject({
      fault: 'unwritable',
      message:
        '/dev/full: cannot be written: the disk is full at byte 0; make room or choose another disk',
    });
  });

  it('stop a writer while a stream is full', async () => {
    const received: Uint8Array[] = [];
    let release = () => {};
    const stream = new Writable({
      highWaterMark: 1000,
      write(chunk, _encoding, done) {
        received.push(chunk);
        release = done;
      },
    });
    const writer = new PcapngWriter(streamSink(stream));
    const id = writer.addInterface({ name: 'h1.a' });
    let count = 0;
    while (writer.writeFrame(id, count, pattern(2000))) count += 1;
    let drained = false;
    const waiting = writer.drained().then(() => {
      drained = true;
    });
    await new Promise(setImmediate);
    expect(drained).toBe(false);
    release();
    await waiting;
    expect(writer.writeFrame(id, count, pattern(60))).toBe(true);
    const closing = writer.close();
    release();
    await new Promise(setImmediate);
    release();
    await closing;
    const { frames: read } = await readAll(concat(received));
    expect(read.length).toBe(count + 2);
  });

  it('report a stream that failed', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(), { code: 'EPIPE' })),
    });
    const writer = new PcapngWriter(streamSink(stream, 'standard output'));
    writer.flush();
    await expect(writer.close()).rejects.toMatchObject({
      fault: 'unwritable',
      file: 'standard output',
    });
  });

  it('report a stream whose reader went away while it was full', async () => {
    const stream = new Writable({ highWaterMark: 1, write: () => {} });
    const sink = streamSink(stream, 'pipe');
    expect(sink.write(pattern(100))).toBe(false);
    const waiting = sink.drained();
    stream.destroy();
    const message =
      'pipe: cannot be written: its reader went away at byte 100; start the reader again';
    await expect(waiting).rejects.toMatchObject({ fault: 'unwritable', message });
    expect(() => sink.write(pattern(1))).toThrow(CaptureError);
    await expect(sink.close()).rejects.toBeInstanceOf(CaptureError);
  });

  it('close only when a full stream has taken everything', async () => {
    let release = () => {};
    const stream = new Writable({
      highWaterMark: 1,
      write: (_c, _e, done) => {
        release = done;
      },
    });
    const sink = streamSink(stream);
    sink.write(pattern(10));
    sink.write(pattern(10));
    let closed = false;
    const closing = sink.close().then(() => {
      closed = true;
    });
    release();
    await new Promise(setImmediate);
    expect(closed).toBe(false);
    release();
    await closing;
  });

  it('in memory have what was written so far, as bytes of their own', () => {
    const sink = memorySink();
    expect(sink.write(pattern(3, 1))).toBe(true);
    const bytes = sink.bytes();
    bytes[0] = 0xff;
    sink.write(pattern(2, 9));
    expect([...sink.bytes()]).toEqual([...pattern(3, 1), ...pattern(2, 9)]);
  });
});
