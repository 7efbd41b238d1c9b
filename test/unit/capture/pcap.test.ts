import { describe, expect, it } from 'vitest';
import { CaptureError, openCapture, scanCapture } from '../../../src/capture/index.ts';
import { chunked, concat, pattern, pcapFile, readAll } from '../../helpers/capture.ts';

// Field order and magics: draft-ietf-opsawg-pcap. Times worked out by hand.
const RECORDS = [
  { seconds: 1_700_000_000, subseconds: 999_999, bytes: pattern(60, 1) },
  { seconds: 1_700_000_001, subseconds: 1, bytes: pattern(0, 2), originalLength: 9000 },
  { seconds: 1_700_000_001, subseconds: 2, bytes: pattern(2177, 3) },
];

describe('classic pcap', () => {
  it.each([
    { littleEndian: true, nanoseconds: false, first: 1_700_000_000_999_999_000n },
    { littleEndian: false, nanoseconds: false, first: 1_700_000_000_999_999_000n },
    { littleEndian: true, nanoseconds: true, first: 1_700_000_000_000_999_999n },
    { littleEndian: false, nanoseconds: true, first: 1_700_000_000_000_999_999n },
  ])('reads little-endian $littleEndian, nanoseconds $nanoseconds', async (options) => {
    const { frames, error } = await readAll(pcapFile(RECORDS, options));
    expect(error).toBeUndefined();
    expect(frames.map((frame) => frame.bytes)).toEqual(RECORDS.map((record) => record.bytes));
    expect(frames[0]!.bytes).not.toBeInstanceOf(Buffer);
    expect(frames.map((frame) => frame.index)).toEqual([1, 2, 3]);
    expect(frames.map((frame) => frame.originalLength)).toEqual([60, 9000, 2177]);
    expect(frames[0]!.timeNs).toBe(options.first);
    expect(frames[2]!.timeNs - frames[1]!.timeNs).toBe(options.nanoseconds ? 1n : 1000n);
  });

  it('says what the file header says', async () => {
    const bytes = pcapFile(RECORDS, { littleEndian: false, linkType: 224, snapLength: 4000 });
    const capture = await openCapture(chunked(bytes, 100), 'x.pcap');
    expect(capture.info).toMatchObject({
      file: 'x.pcap',
      format: 'pcap',
      byteOrder: 'big',
      linkType: 224,
    });
    expect(capture.info.interfaces).toEqual([
      { name: undefined, linkType: 224, snapLength: 4000, ticksPerSecond: 1_000_000n },
    ]);
    await capture.close();
  });

  it('reads a file without frames', async () => {
    expect(await readAll(pcapFile([]))).toEqual({ frames: [], error: undefined });
  });

  it.each([1, 3, 16, 17, 100, 4096])('reads a stream of %i-byte chunks', async (chunkBytes) => {
    const { frames, error } = await readAll(chunked(pcapFile(RECORDS), chunkBytes));
    expect(error).toBeUndefined();
    expect(frames.map((frame) => frame.bytes)).toEqual(RECORDS.map((record) => record.bytes));
  });

  it('delivers the frames before every possible cut, then a CaptureError', async () => {
    const whole = pcapFile(RECORDS);
    const starts = [24, 24 + 16 + 60, 24 + 16 + 60 + 16];
    for (let length = 0; length < whole.length; length += 1) {
      const { frames, error } = await readAll(whole.slice(0, length));
      const complete = starts.slice(1).filter((start) => start <= length).length;
      expect(frames.length, `cut at ${length}`).toBe(complete);
      if (starts.includes(length)) {
        expect(error, `cut at ${length}`).toBeUndefined();
        continue;
      }
      expect(error, `cut at ${length}`).toBeInstanceOf(CaptureError);
      expect((error as CaptureError).fault).toBe(length === 0 ? 'empty' : 'truncated');
      const where = length < 24 ? length : starts[complete];
      expect((error as CaptureError).fileOffset, `cut at ${length}`).toBe(where);
    }
  });

  it.each([
    { snapLength: 2000, claimedLength: 262_145, limit: 262_144 },
    { snapLength: 0, claimedLength: 262_145, limit: 262_144 },
    { snapLength: 0xffff_ffff, claimedLength: 0xffff_fff0, limit: 262_144 },
  ])('stops at a forged length of $claimedLength', async ({ snapLength, claimedLength, limit }) => {
    const forged = { seconds: 0, subseconds: 0, bytes: pattern(50), claimedLength };
    const { frames, error } = await readAll(
      pcapFile([RECORDS[0]!, RECORDS[1]!, forged, RECORDS[0]!], { snapLength }),
    );
    expect(frames.length).toBe(2);
    expect(error).toMatchObject({ fault: 'bad-length', fileOffset: 24 + 16 + 60 + 16 });
    expect((error as Error).message).toBe(
      `stream: frame 3 claims ${claimedLength} captured bytes, more than the limit of ${limit}, ` +
        'at byte 116; the file is damaged there; the frames before it are good',
    );
  });

  it('believes a record that is longer than the snap length', async () => {
    const { frames, error } = await readAll(pcapFile(RECORDS, { snapLength: 10 }));
    expect(error).toBeUndefined();
    expect(frames.map(({ bytes }) => bytes)).toEqual(RECORDS.map(({ bytes }) => bytes));
  });

  it.each([[2, 2] as const, [2, 3] as const])('reads version %i.%i', async (major, minor) => {
    const file = pcapFile([RECORDS[0]!], { version: [major, minor] });
    const view = new DataView(file.buffer, file.byteOffset);
    // The two lengths stand the other way round.
    const { length } = RECORDS[0]!.bytes;
    view.setUint32(24 + 8, length + 7, true);
    view.setUint32(24 + 12, length, true);
    const { frames, error } = await readAll(file);
    expect(error).toBeUndefined();
    expect(frames[0]).toMatchObject({ bytes: RECORDS[0]!.bytes, originalLength: length + 7 });
  });

  it('tells the FCS that the F bit declares, in both readings', async () => {
    const file = pcapFile(RECORDS, {});
    new DataView(file.buffer, file.byteOffset).setUint32(20, 0x2400_0001, true);
    const { frames } = await readAll(file);
    expect(frames.map(({ linkType, fcsBytes }) => [linkType, fcsBytes])).toEqual(
      RECORDS.map(() => [1, 4]),
    );
    const seen: unknown[] = [];
    await scanCapture(chunked(file, 1 << 16), ({ fcsBytes }) => seen.push(fcsBytes));
    expect(seen).toEqual(RECORDS.map(() => 4));
  });

  it('takes the longest record that is allowed', async () => {
    const bytes = pattern(262_144);
    const { frames, error } = await readAll(
      pcapFile([{ seconds: 1, subseconds: 0, bytes }], { snapLength: 0 }),
    );
    expect(error).toBeUndefined();
    expect(frames[0]!.bytes).toEqual(bytes);
  });

  it('reads no further than a forged length in a long file', async () => {
    const forged = { seconds: 0, subseconds: 0, bytes: pattern(0), claimedLength: 0x7fff_ffff };
    const stream = chunked(concat([pcapFile([forged]), new Uint8Array(64 << 20)]), 1 << 16);
    const { error } = await readAll(stream);
    expect(error).toMatchObject({ fault: 'bad-length', fileOffset: 24 });
    expect(stream.chunksRead).toBe(1);
  });

  it.each([[[2, 1] as const], [[2, 5] as const], [[1, 4] as const], [[3, 0] as const]])(
    'refuses version %j',
    async (version) => {
      const { error } = await readAll(pcapFile(RECORDS, { version }));
      expect(error).toMatchObject({ fault: 'unsupported', fileOffset: 4 });
    },
  );

  it('leaves frames alone that are kept while the rest is read', async () => {
    const records = Array.from({ length: 2000 }, (_, i) => ({
      seconds: i,
      subseconds: 0,
      bytes: pattern(1000, i),
    }));
    const { frames } = await readAll(pcapFile(records));
    expect(frames.length).toBe(2000);
    expect(frames.every((frame, i) => Buffer.compare(frame.bytes, records[i]!.bytes) === 0)).toBe(
      true,
    );
  });
});
