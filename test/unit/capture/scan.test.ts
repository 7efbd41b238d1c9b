import { execFileSync } from 'node:child_process';
import { createWriteStream, readdirSync, readlinkSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type FramePlace, openCapture, scanCapture } from '../../../src/capture/index.ts';
import {
  chunked,
  pattern,
  pcapFile,
  pcapng,
  readAll,
  temporaryFolder,
} from '../../helpers/capture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const RECORDS = Array.from({ length: 2500 }, (_, i) => ({
  seconds: 1_700_000_000 + i,
  subseconds: 999_999 - i,
  bytes: pattern(i === 700 ? 200_000 : (i * 7) % 1600, i),
  originalLength: i % 5 === 0 ? 2000 : undefined,
})).map(({ originalLength, ...record }) =>
  originalLength === undefined ? record : { ...record, originalLength },
);

function twoInterfaces(): Uint8Array {
  const ng = pcapng(false);
  const frames = Array.from({ length: 600 }, (_, i) =>
    ng.enhanced(i % 2, 1_000_000n * BigInt(i) + 7n, pattern(1000 + i, i)),
  );
  const blocks = [ng.section(), ng.interface(1, 65_536), ng.interface(224, 0), ...frames];
  return Buffer.concat(blocks);
}

const copyOf = (place: FramePlace) => ({
  index: place.index,
  timeNs: place.timeNs,
  interfaceId: place.interfaceId,
  linkType: place.linkType,
  originalLength: place.originalLength,
  bytes: Buffer.from(place.bytes.subarray(place.at, place.end)).toString('hex'),
});

async function scanned(input: Parameters<typeof scanCapture>[0]) {
  const frames: ReturnType<typeof copyOf>[] = [];
  try {
    await scanCapture(input, (place) => frames.push(copyOf(place)));
  } catch (error) {
    return { frames, error };
  }
  return { frames, error: undefined };
}

/** The same through an opened capture, whose facts are known before. */
async function visited(input: Parameters<typeof scanCapture>[0]) {
  const frames: ReturnType<typeof copyOf>[] = [];
  try {
    const capture = await openCapture(input);
    expect(capture.info.linkType).toBeDefined();
    await capture.visitAll((place) => frames.push(copyOf(place)));
  } catch (error) {
    return { frames, error };
  }
  return { frames, error: undefined };
}

async function read(input: Parameters<typeof scanCapture>[0]) {
  const { frames, error } = await readAll(input);
  const copies = frames.map(({ bytes, interfaceName: _, ...rest }) => ({
    ...rest,
    bytes: Buffer.from(bytes).toString('hex'),
  }));
  return { frames: copies, error };
}

const whole = pcapFile(RECORDS, { littleEndian: false });
const forged = pcapFile([...RECORDS.slice(0, 3), { ...RECORDS[3]!, claimedLength: 300_000 }]);
const ng = twoInterfaces();
const files: Record<string, Uint8Array> = {
  'whole.pcap': whole,
  'nanoseconds.pcap': pcapFile(RECORDS, { nanoseconds: true, linkType: 225 }),
  'cut.pcap': whole.subarray(0, whole.length - 5),
  'cut-header.pcap': whole.subarray(0, 24 + 16 + 9),
  'forged.pcap': forged,
  'two.pcapng': ng,
  'cut.pcapng': ng.subarray(0, ng.length - 50),
};

describe('scanCapture', () => {
  it.each(Object.keys(files))('visits what openCapture gives: %s', async (name) => {
    const path = folder.write(name, files[name]!);
    const expected = await read(path);
    expect(expected.frames.length).toBeGreaterThan(0);
    expect(await scanned(path)).toEqual(expected);
    expect(await visited(path)).toEqual(expected);
    expect(await scanned(chunked(files[name]!, 7777))).toMatchObject({ frames: expected.frames });
  });

  it('visits the frames of a named pipe', async () => {
    const path = folder.path('pipe');
    execFileSync('mkfifo', [path]);
    const scanning = scanned(path);
    createWriteStream(path).end(whole);
    expect((await scanning).frames.length).toBe(RECORDS.length);
  });

  it('gives the facts of the capture', async () => {
    const path = folder.write('facts.pcapng', ng);
    const info = await scanCapture(path, () => {});
    expect(info).toMatchObject({ file: path, format: 'pcapng', byteOrder: 'big', linkType: 1 });
    expect(info.interfaces.length).toBe(2);
  });

  it('lets an error of its visitor through and closes the file', async () => {
    const path = folder.write('closed.pcap', whole);
    const stop = new Error('enough');
    const scanning = scanCapture(path, ({ index }) => {
      if (index === 3) throw stop;
    });
    await expect(scanning).rejects.toBe(stop);
    const open = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    });
    expect(open).not.toContain(path);
  });

  it('uses its memory again, which openCapture never does', async () => {
    const path = folder.write('memory.pcap', whole);
    const windows = new Set<ArrayBufferLike>();
    await scanCapture(path, ({ bytes }) => windows.add(bytes.buffer));
    expect(windows.size).toBe(1);
    const kept = [];
    for await (const batch of (await openCapture(path)).frames) kept.push(...batch);
    expect(kept.every(({ bytes }, i) => Buffer.compare(bytes, RECORDS[i]!.bytes) === 0)).toBe(true);
  });
});

describe('a batch', () => {
  it.each(['whole.pcap', 'two.pcapng'])('holds no more than 256 frames: %s', async (name) => {
    const path = folder.write(name, files[name]!);
    const sizes = [];
    for await (const batch of (await openCapture(path)).frames) sizes.push(batch.length);
    expect(Math.max(...sizes)).toBe(256);
  });
});

it.each([
  ['pcap', pcapFile(RECORDS)],
  ['pcapng', twoInterfaces()],
])('a visited frame says where in a %s file it lies', async (_, file) => {
  for (const visitAll of [
    (visit: (place: FramePlace) => void) => scanCapture(chunked(file, 999), visit),
    async (visit: (place: FramePlace) => void) => (await openCapture(file)).visitAll(visit),
  ]) {
    let frames = 0;
    await visitAll(({ at, bytes, end, fileOffset }) => {
      frames += 1;
      const there = file.subarray(fileOffset, fileOffset + end - at);
      expect(Buffer.compare(there, bytes.subarray(at, end))).toBe(0);
    });
    expect(frames).toBeGreaterThan(500);
  }
});
