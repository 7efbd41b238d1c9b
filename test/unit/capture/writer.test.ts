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
import { concat, pattern, pcapng, readAll, temporaryFolder } from '../../helpers/capture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

async function written(use: (writer: PcapngWriter) => void): Promise<Uint8Array> {
  const sink = memorySink();
  const writer = new PcapngWriter(sink);
  use(writer);
  await writer.close();
  return sink.bytes();
}

describe('PcapngWriter', () => {
  it('writes the blocks of the draft, byte for byte', async () => {
    const bytes = await written((writer) => {
      writer.addInterface({ name: 'h1.a', description: 'vHBA' });
      writer.writeFrame(0, 5, pattern(5));
      writer.addInterface({ name: 'tap', linkType: 224 });
      writer.writeFrame(1, 0x1_0000_0002n, pattern(8), { comment: 'LOGO', originalLength: 99 });
    });
    const ng = pcapng(true);
    const tsresol = ng.option(9, Uint8Array.of(9));
    expect(bytes).toEqual(
      concat([
        ng.section(ng.option(2, 'sanmotion'), ng.option(3, 'sanmotion'), ng.option(4, 'sanmotion')),
        ng.interface(1, 262_144, ng.option(2, 'h1.a'), ng.option(3, 'vHBA'), tsresol),
        ng.enhanced(0, 5n, pattern(5)),
        ng.interface(224, 262_144, ng.option(2, 'tap'), tsresol),
        ng.enhanced(1, 0x1_0000_0002n, pattern(8), 99, ng.option(1, 'LOGO')),
      ]),
    );
  });

  it('writes numbers and bigints alike, up to the last that is exact', async () => {
    for (const time of [0, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER]) {
      const asNumber = await written((w) =>
        w.writeFrame(w.addInterface({ name: 'a' }), time, pattern(1)),
      );
      const asBigint = await written((w) =>
        w.writeFrame(w.addInterface({ name: 'a' }), BigInt(time), pattern(1)),
      );
      expect(asNumber).toEqual(asBigint);
      expect((await readAll(asNumber)).frames[0]!.timeNs).toBe(BigInt(time));
    }
  });

  it('copies a frame, whose memory may be used again', async () => {
    const frame = pattern(60);
    const bytes = await written((writer) => {
      writer.writeFrame(writer.addInterface({ name: 'a' }), 0, frame);
      frame.fill(0);
    });
    expect((await readAll(bytes)).frames[0]!.bytes).toEqual(pattern(60));
  });

  it('refuses what does not fit, and writes nothing of it', async () => {
    const bytes = await written((writer) => {
      const refuse = (call: () => unknown, rule: RegExp) => {
        expect(call).toThrow(RangeError);
        expect(call).toThrow(rule);
      };
      refuse(() => writer.writeFrame(0, 0, pattern(1)), /interface 0 of 0 was not added/);
      const id = writer.addInterface({ name: 'a' });
      refuse(() => writer.writeFrame(-1, 0, pattern(1)), /interface -1 of 1/);
      refuse(() => writer.writeFrame(0.5, 0, pattern(1)), /interface 0.5 of 1/);
      refuse(() => writer.writeFrame(id, -1, pattern(1)), /time stamp is -1 ns/);
      refuse(() => writer.writeFrame(id, -1n, pattern(1)), /time stamp is -1 ns/);
      refuse(() => writer.writeFrame(id, 2 ** 53, pattern(1)), /time stamp/);
      refuse(() => writer.writeFrame(id, 1n << 64n, pattern(1)), /time stamp/);
      refuse(() => writer.writeFrame(id, 0.5, pattern(1)), /time stamp/);
      refuse(() => writer.writeFrame(id, 0, new Uint8Array(262_145)), /frame length/);
      refuse(() => writer.writeFrame(id, 0, pattern(1), { originalLength: -1 }), /original length/);
      refuse(() => writer.writeFrame(id, 0, pattern(1), { comment: 'x'.repeat(65_536) }), /text/);
      refuse(() => writer.addInterface({ name: 'b', linkType: 65_536 }), /link type/);
    });
    const alone = await written((writer) => writer.addInterface({ name: 'a' }));
    expect(bytes).toEqual(alone);
  });

  it('refuses frames after close', async () => {
    const writer = new PcapngWriter(memorySink());
    const id = writer.addInterface({ name: 'a' });
    await writer.close();
    await writer.close();
    expect(() => writer.writeFrame(id, 0, pattern(1))).toThrow(TypeError);
  });

  it('carries a comment on the capture and other origins', async () => {
    const sink = memorySink();
    const options = { hardware: 'x86', os: 'Linux', application: 'test', comment: 'seed 7' };
    await new PcapngWriter(sink, options).close();
    const ng = pcapng(true);
    expect(sink.bytes()).toEqual(
      ng.section(
        ng.option(1, 'seed 7'),
        ng.option(2, 'x86'),
        ng.option(3, 'Linux'),
        ng.option(4, 'test'),
      ),
    );
  });
});

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
});
