/** What is typed behind --listen and --lun, and what comes off a stream. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_BYTES_MAX, FrameSplitter, withPrefix } from '../../../src/live/frame-splitter.ts';
import { formatPlace, ListenError, parseListenAddress } from '../../../src/live/listen-address.ts';
import { LunError, parseLunSource } from '../../../src/live/lun-source.ts';

describe('--listen', () => {
  it.each([
    ['unix:/tmp/a.sock', undefined, { kind: 'unix', path: '/tmp/a.sock' }],
    ['unix:a=b', undefined, { kind: 'unix', path: 'a=b' }],
    ['B=unix:x', 'B', { kind: 'unix', path: 'x' }],
    ['tcp:127.0.0.1:9000', undefined, { kind: 'tcp', host: '127.0.0.1', port: 9000 }],
    ['tcp:localhost:0', undefined, { kind: 'tcp', host: 'localhost', port: 0 }],
    ['prod.a=tcp:[::1]:1', 'prod.a', { kind: 'tcp', host: '::1', port: 1 }],
    ['udp:9000,9001', undefined, { kind: 'udp', localPort: 9000, remotePort: 9001 }],
  ])('%s', (text, fabric, place) => {
    expect(parseListenAddress(text)).toEqual({ fabric, place });
    expect(parseListenAddress(formatPlace(parseListenAddress(text).place)).place).toEqual(place);
  });

  it.each([
    ['fcf.sock', /needs unix:PATH, tcp:HOST:PORT or udp:LOCALPORT,REMOTEPORT/],
    ['unix:', /needs a path/],
    [`unix:${'x'.repeat(108)}`, /has 108 bytes; a socket's path has at most 107/],
    ['tcp:192.0.2.1:9000', /192\.0\.2\.1 is not this machine's loopback/],
    ['tcp:0.0.0.0:9000', /loopback/],
    ['tcp:127.0.0.1:65536', /port 65536 is not 0 to 65535/],
    ['udp:0,9001', /port 0 is not 1 to 65535/],
    ['udp:9000,9000', /must differ/],
    ['udp:127.0.0.1:9000', /needs unix:PATH/],
    ['1A=unix:x', /needs unix:PATH/],
  ])('%s is refused in one line', (text, why) => {
    const parse = () => parseListenAddress(text);
    expect(parse).toThrow(ListenError);
    expect(parse).toThrow(why);
  });
});

describe('--lun', () => {
  it.each([
    ['64M', { kind: 'memory', bytes: 67_108_864 }],
    ['8192', { kind: 'memory', bytes: 8192 }],
    ['1gib', { kind: 'memory', bytes: 1_073_741_824 }],
    ['./disk.img', { kind: 'file', path: './disk.img', bytes: undefined }],
    ['disk.img:2T', { kind: 'file', path: 'disk.img', bytes: 2_199_023_255_552 }],
    ['a:b.img', { kind: 'file', path: 'a:b.img', bytes: undefined }],
  ])('%s', (text, source) => {
    expect(parseLunSource(text)).toEqual(source);
  });

  it.each([
    ['1000', /1000 bytes are no whole number of blocks of 512/],
    ['512', /at least 4096/],
    ['disk.img:1001', /no whole number/],
    ['999999999T', /more than a logical unit can have/],
    [':64M', /needs a size such as 64M, a file, or FILE:SIZE/],
  ])('%s is refused in one line', (text, why) => {
    expect(() => parseLunSource(text)).toThrow(LunError);
    expect(() => parseLunSource(text)).toThrow(why);
  });
});

describe('FrameSplitter', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 });

  it('frames come out whole, however the bytes are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 400 })), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(withPrefix));
        const splitter = new FrameSplitter();
        const out: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          // A copy each: a socket's chunks are memory of their own.
          out.push(...splitter.push(new Uint8Array(bytes.subarray(at, at + cut))));
          at += cut;
        }
        expect(out).toEqual(sent);
        expect(splitter.atBoundary).toBe(true);
      }),
      { seed: 20_261_122 },
    );
  });

  it('frames are no Buffers, whose slice would not copy', () => {
    const [frame] = new FrameSplitter().push(Buffer.from(withPrefix(Uint8Array.of(1, 2))));
    expect(Buffer.isBuffer(frame)).toBe(false);
    const copy = frame!.slice();
    copy[0] = 9;
    expect(frame![0]).toBe(1);
  });

  it.each([0, FRAME_BYTES_MAX + 1, 0xffff_ffff])(
    'a frame of %d bytes ends the stream',
    (length) => {
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(length);
      expect(() => new FrameSplitter().push(prefix)).toThrow(
        `says its next frame has ${length} bytes`,
      );
    },
  );

  it('knows what it lacks', () => {
    const splitter = new FrameSplitter();
    expect(splitter.push(Uint8Array.of(0, 0, 0, 9, 1, 2))).toEqual([]);
    expect(splitter.atBoundary).toBe(false);
    expect(splitter.pending).toEqual({ bytes: 2, of: 9 });
  });
});
