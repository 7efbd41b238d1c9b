import { describe, expect, it } from 'vitest';
import { CaptureError, openCapture } from '../../../src/capture/index.ts';
import {
  chunked,
  concat,
  fields,
  framesOf,
  pattern,
  pcapng,
  readAll,
} from '../../helpers/capture.ts';

// Block and option layouts: draft-ietf-opsawg-pcapng. Times worked out by hand.
const le = pcapng(true);
const COMMENT = 1;
const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const tsresol = (value: number) => le.option(IF_TSRESOL, Uint8Array.of(value));

describe('pcapng', () => {
  it.each([true, false])('reads frames, names and comments, little-endian %s', async (order) => {
    const ng = pcapng(order);
    const { frames, error } = await readAll(
      concat([
        ng.section(ng.option(4, 'somebody')),
        ng.interface(1, 0, ng.option(IF_NAME, 'h1.a')),
        ng.block(0x0000_0bad, pattern(5)),
        ng.enhanced(0, 1_700_000_000_000_001n, pattern(61, 1), 100, ng.option(COMMENT, 'grün')),
        ng.interface(1, 0, ng.option(IF_NAME, 'h2.a'), ng.option(IF_TSRESOL, Uint8Array.of(9))),
        ng.enhanced(1, 1_700_000_000_000_000_001n, pattern(64, 2)),
      ]),
    );
    expect(error).toBeUndefined();
    expect(frames).toEqual([
      {
        index: 1,
        timeNs: 1_700_000_000_000_001_000n,
        interfaceId: 0,
        interfaceName: 'h1.a',
        linkType: 1,
        bytes: pattern(61, 1),
        originalLength: 100,
        comment: 'grün',
      },
      {
        index: 2,
        timeNs: 1_700_000_000_000_000_001n,
        interfaceId: 1,
        interfaceName: 'h2.a',
        linkType: 1,
        bytes: pattern(64, 2),
        originalLength: 64,
      },
    ]);
  });

  it.each([
    { resolution: 0, ticks: 3n, ns: 3_000_000_000n, perSecond: 1n },
    { resolution: 3, ticks: 1_500n, ns: 1_500_000_000n, perSecond: 1000n },
    { resolution: 9, ticks: 0x1_2345_6789n, ns: 4_886_718_345n, perSecond: 10n ** 9n },
    { resolution: 12, ticks: 1_999n, ns: 1n, perSecond: 10n ** 12n },
    { resolution: 0x80, ticks: 2n, ns: 2_000_000_000n, perSecond: 1n },
    { resolution: 0x8a, ticks: 1536n, ns: 1_500_000_000n, perSecond: 1024n },
    { resolution: 0xa0, ticks: 0x1_8000_0000n, ns: 1_500_000_000n, perSecond: 1n << 32n },
  ])('converts if_tsresol $resolution', async ({ resolution, ticks, ns, perSecond }) => {
    const bytes = concat([
      le.section(),
      le.interface(1, 0, tsresol(resolution)),
      le.enhanced(0, ticks, pattern(4)),
    ]);
    expect((await readAll(bytes)).frames[0]!.timeNs).toBe(ns);
    const capture = await openCapture(chunked(bytes, 1 << 16));
    expect(capture.info.interfaces[0]!.ticksPerSecond).toBe(perSecond);
    await capture.close();
  });

  it('adds if_tsoffset, which is signed', async () => {
    const offset = (seconds: bigint) => le.option(IF_TSOFFSET, fields(true, [[8, seconds]]));
    const { frames } = await readAll(
      concat([
        le.section(),
        le.interface(1, 0, offset(1_700_000_000n)),
        le.interface(1, 0, offset(-1n), tsresol(9)),
        le.enhanced(0, 5n, pattern(4)),
        le.enhanced(1, 2_000_000_000n, pattern(4)),
      ]),
    );
    expect(frames.map((frame) => frame.timeNs)).toEqual([1_700_000_000_000_005_000n, 10n ** 9n]);
  });

  it('starts interface numbers again in a new section, in its own byte order', async () => {
    const be = pcapng(false);
    const capture = await openCapture(
      chunked(
        concat([
          le.section(),
          le.interface(1, 0, le.option(IF_NAME, 'one')),
          le.enhanced(0, 1n, pattern(4, 1)),
          be.section(),
          be.interface(224, 0, be.option(IF_NAME, 'two')),
          be.enhanced(0, 2n, pattern(4, 2)),
        ]),
        1 << 16,
      ),
    );
    const frames = await framesOf(capture);
    expect(frames.map((f) => [f.interfaceId, f.interfaceName, f.linkType, f.timeNs])).toEqual([
      [0, 'one', 1, 1000n],
      [1, 'two', 224, 2000n],
    ]);
    expect(capture.info.linkType).toBe(1);
    expect(capture.info.byteOrder).toBe('big');
    expect(capture.info.interfaces.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('reads Simple Packet Blocks, cut at the snap length, and obsolete Packet Blocks', async () => {
    const { frames, error } = await readAll(
      concat([
        le.section(),
        le.interface(1, 6),
        le.simple(5, pattern(5)),
        le.simple(100, pattern(6)),
        le.obsolete(0, 7, 9n, pattern(5)),
      ]),
    );
    expect(error).toBeUndefined();
    expect(frames.map((f) => [f.timeNs, f.bytes.length, f.originalLength])).toEqual([
      [0n, 5, 5],
      [0n, 6, 100],
      [9000n, 5, 5],
    ]);
  });

  it('joins several comments and drops the zeros after a text', async () => {
    const { frames } = await readAll(
      concat([
        le.section(),
        le.interface(1, 0, le.option(IF_NAME, 'eth0\0')),
        le.enhanced(0, 1n, pattern(4), 4, le.option(COMMENT, 'a'), le.option(COMMENT, 'b\0')),
      ]),
    );
    expect(frames[0]).toMatchObject({ interfaceName: 'eth0', comment: 'a\nb' });
  });

  it('delivers the frames before every possible cut, then a CaptureError', async () => {
    const blocks = [
      le.section(),
      le.interface(1, 0, le.option(IF_NAME, 'h1.a')),
      le.enhanced(0, 1n, pattern(5), 5, le.option(COMMENT, 'first')),
      le.enhanced(0, 2n, pattern(64)),
      le.simple(9, pattern(9)),
    ];
    const whole = concat(blocks);
    const ends = blocks.map((_, i) => concat(blocks.slice(0, i + 1)).length);
    for (let length = 0; length < whole.length; length += 1) {
      const { frames, error } = await readAll(whole.slice(0, length));
      const complete = ends.filter((end) => end <= length).length;
      expect(frames.length, `cut at ${length}`).toBe(Math.max(0, complete - 2));
      if (ends.includes(length)) {
        expect(error, `cut at ${length}`).toBeUndefined();
        continue;
      }
      expect(error, `cut at ${length}`).toBeInstanceOf(CaptureError);
      expect((error as CaptureError).fault).toBe(length === 0 ? 'empty' : 'truncated');
      if (length >= 4) expect((error as CaptureError).fileOffset).toBe(ends[complete - 1] ?? 0);
    }
  });

  it('opens a section without interfaces', async () => {
    const capture = await openCapture(chunked(le.section(), 10));
    expect(capture.info.linkType).toBeUndefined();
    expect(await framesOf(capture)).toEqual([]);
  });
});

describe('pcapng lies', () => {
  const head = concat([le.section(), le.interface(1, 0), le.enhanced(0, 1n, pattern(8))]);
  const patched = (bytes: Uint8Array, offset: number, size: 1 | 2 | 4, value: number) => {
    const copy = bytes.slice();
    copy.set(fields(true, [[size, value]]), offset);
    return copy;
  };
  const packet = le.enhanced(0, 2n, pattern(8), 8, le.option(COMMENT, 'abcd'));

  it.each([
    ['a total below 12', patched(packet, 4, 4, 8), 'bad-length', 4],
    ['a total of 0', patched(packet, 4, 4, 0), 'bad-length', 4],
    ['a total that is not the one at the end', patched(packet, 4, 4, 51), 'bad-length', 48],
    ['a total above 16 MiB', patched(packet, 4, 4, 0x0100_0004), 'bad-length', 4],
    ['a total of 4 GiB', patched(packet, 4, 4, 0xffff_fffc), 'bad-length', 4],
    ['another total at the end', patched(packet, packet.length - 4, 4, 16), 'bad-length', 48],
    ['more captured bytes than the block', patched(packet, 20, 4, 25), 'bad-length', 20],
    ['4 GiB of captured bytes', patched(packet, 20, 4, 0xffff_ffff), 'bad-length', 20],
    ['an option longer than the block', patched(packet, 38, 2, 9), 'bad-length', 38],
    ['an interface that was not declared', patched(packet, 8, 4, 1), 'bad-value', 8],
    ['a packet block without its fixed part', le.block(6, pattern(8)), 'bad-length', 4],
    ['an interface block without its fixed part', le.block(1, pattern(4)), 'bad-length', 4],
    ['a simple packet block without length', le.block(3), 'bad-length', 4],
    ['a simple packet longer than its block', le.simple(9, pattern(8)), 'bad-length', 8],
    ['a section without byte-order magic', patched(le.section(), 8, 4, 0), 'foreign', 8],
    ['a section of version 2.0', patched(le.section(), 12, 2, 2), 'unsupported', 12],
    [
      'a section without its fixed part',
      le.block(0x0a0d0d0a, fields(true, [[4, 0x1a2b3c4d]])),
      'bad-length',
      4,
    ],
  ] as const)('says %s, and reads on behind it', async (_, block, fault, offset) => {
    const { frames, error } = await readAll(concat([head, block, packet]));
    // What is wrong with a version is wrong with all that follows.
    expect(frames.length).toBe(fault === 'unsupported' ? 1 : 2);
    if (fault !== 'unsupported') {
      expect(frames[1]).toMatchObject({ index: 2, comment: 'abcd' });
      expect((error as Error).message).toContain(`went on at byte ${head.length + block.length}`);
    }
    expect(error).toBeInstanceOf(CaptureError);
    expect(error).toMatchObject({ fault, fileOffset: head.length + offset });
    expect((error as Error).message).toMatch(/^stream: [^\n]+ at byte \d+; [^\n]+$/);
  });

  it('finds the next block behind bytes that are none, wherever the window ends', async () => {
    const noise = Uint8Array.from({ length: 301 }, (_, i) => (i % 5 === 0 ? 6 : 0));
    const bytes = concat([head, noise, packet, noise, packet]);
    for (const chunk of [1, 7, 64, 1 << 16]) {
      const { frames, error } = await readAll(chunked(bytes, chunk));
      expect(frames.length, `chunks of ${chunk}`).toBe(3);
      expect(error).toBeInstanceOf(CaptureError);
      expect((error as CaptureError).fileOffset).toBeLessThanOrEqual(head.length + 4);
    }
  });

  it('takes no numbers of a payload for a block: it fits, and another follows it', async () => {
    // As in CT requests: 1, then a length that stands again in the next frame, so many bytes behind.
    const ct = concat([fields(true, [[4, 1]]), fields(true, [[4, 60]]), pattern(16)]);
    const asks = [le.enhanced(0, 2n, ct), le.enhanced(0, 3n, ct), le.enhanced(0, 4n, ct)];
    const distance = asks[0]!.length + 8;
    const same = asks.map((block) => patched(block, 32, 4, distance));
    const bytes = concat([head, patched(same[0]!, 4, 4, 0xdead_beef), same[1]!, same[2]!]);
    const { frames } = await readAll(bytes);
    expect(frames.map(({ timeNs }) => timeNs)).toEqual([1000n, 3000n, 4000n]);
    // A block of an interface at the end of the file needs nothing behind it.
    const last = await readAll(concat([head, pattern(9), le.interface(1, 0)]));
    expect((last.error as Error).message).toContain('went on at byte');
  });

  it('reads blocks whose length does not count the padding', async () => {
    const unpadded = le.enhanced(0, 2n, pattern(7));
    const view = new DataView(unpadded.buffer, unpadded.byteOffset);
    view.setUint32(4, unpadded.length - 1, true);
    view.setUint32(unpadded.length - 4, unpadded.length - 1, true);
    const { frames, error } = await readAll(concat([head, unpadded, packet]));
    expect(error).toBeUndefined();
    expect(frames.map(({ bytes }) => bytes.length)).toEqual([8, 7, 8]);
  });

  it('tells the FCS of an interface, and of a frame that says otherwise', async () => {
    const flags = le.option(2, fields(true, [[4, 2 << 5]]));
    const { frames } = await readAll(
      concat([
        le.section(),
        le.interface(1, 0, le.option(13, fields(true, [[1, 4]]))),
        le.enhanced(0, 1n, pattern(8)),
        le.enhanced(0, 2n, pattern(8), 8, flags),
      ]),
    );
    expect(frames.map(({ fcsBytes }) => fcsBytes)).toEqual([4, 2]);
  });

  it('refuses a simple packet where no interface is declared', async () => {
    const { error } = await readAll(concat([le.section(), le.simple(4, pattern(4))]));
    expect(error).toMatchObject({ fault: 'bad-value', fileOffset: 28 });
  });

  it('takes a block of 16 MiB', async () => {
    const { frames, error } = await readAll(
      concat([head, le.block(0x0bad, new Uint8Array((16 << 20) - 12)), packet]),
    );
    expect(error).toBeUndefined();
    expect(frames.length).toBe(2);
  });

  it('holds no more for a forged length in a long file than its window', async () => {
    const forged = patched(packet, 4, 4, 0x7fff_fffc);
    const stream = chunked(concat([head, forged, new Uint8Array(1 << 20)]), 1 << 16);
    const { frames, error } = await readAll(stream);
    expect(frames.length).toBe(1);
    expect(error).toMatchObject({ fault: 'bad-length', fileOffset: head.length + 4 });
  });
});
