/** Capture files built byte by byte, apart from the code under test, and ways to read them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Capture,
  type CaptureInput,
  openCapture,
  type TimedFrame,
} from '../../src/capture/index.ts';

export interface PcapRecord {
  readonly seconds: number;
  readonly subseconds: number;
  readonly bytes: Uint8Array;
  readonly originalLength?: number;
  /** Replaces the captured length in the record header. */
  readonly claimedLength?: number;
}

export interface PcapFileOptions {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly snapLength?: number;
  readonly linkType?: number;
  readonly version?: readonly [number, number];
}

export function pcapFile(
  records: readonly PcapRecord[],
  options: PcapFileOptions = {},
): Uint8Array {
  const { littleEndian = true, nanoseconds = false, snapLength = 262_144, linkType = 1 } = options;
  const [major, minor] = options.version ?? [2, 4];
  const header = fields(littleEndian, [
    [4, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4],
    [2, major],
    [2, minor],
    [4, 0],
    [4, 0],
    [4, snapLength],
    [4, linkType],
  ]);
  const parts = [header];
  for (const record of records) {
    parts.push(
      fields(littleEndian, [
        [4, record.seconds],
        [4, record.subseconds],
        [4, record.claimedLength ?? record.bytes.length],
        [4, record.originalLength ?? record.bytes.length],
      ]),
      record.bytes,
    );
  }
  return concat(parts);
}

/** Unsigned integers in wire order: size in bytes, value. */
export function fields(
  littleEndian: boolean,
  list: readonly (readonly [size: 1 | 2 | 4 | 8, value: number | bigint])[],
): Uint8Array {
  const bytes = new Uint8Array(list.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let position = 0;
  for (const [size, value] of list) {
    if (size === 8) view.setBigUint64(position, BigInt.asUintN(64, BigInt(value)), littleEndian);
    else if (size === 4) view.setUint32(position, Number(value), littleEndian);
    else if (size === 2) view.setUint16(position, Number(value), littleEndian);
    else view.setUint8(position, Number(value));
    position += size;
  }
  return bytes;
}

/** The pcapng blocks of one byte order. */
export function pcapng(littleEndian = true) {
  const block = (type: number, ...body: Uint8Array[]): Uint8Array => {
    const padded = pad4(concat(body));
    const total = padded.length + 12;
    return concat([
      fields(littleEndian, [
        [4, type],
        [4, total],
      ]),
      padded,
      fields(littleEndian, [[4, total]]),
    ]);
  };
  const option = (code: number, value: Uint8Array | string): Uint8Array => {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    const head = fields(littleEndian, [
      [2, code],
      [2, bytes.length],
    ]);
    return concat([head, pad4(bytes)]);
  };
  const endOfOptions = new Uint8Array(4);
  const withEnd = (options: readonly Uint8Array[]) =>
    options.length === 0 ? [] : [...options, endOfOptions];
  return {
    block,
    option,
    section: (...options: Uint8Array[]) =>
      block(
        0x0a0d0d0a,
        fields(littleEndian, [
          [4, 0x1a2b3c4d],
          [2, 1],
          [2, 0],
          [8, -1n],
        ]),
        ...withEnd(options),
      ),
    interface: (linkType: number, snapLength: number, ...options: Uint8Array[]) =>
      block(
        1,
        fields(littleEndian, [
          [2, linkType],
          [2, 0],
          [4, snapLength],
        ]),
        ...withEnd(options),
      ),
    enhanced: (
      interfaceId: number,
      ticks: bigint,
      bytes: Uint8Array,
      originalLength = bytes.length,
      ...options: Uint8Array[]
    ) =>
      block(
        6,
        fields(littleEndian, [
          [4, interfaceId],
          [4, ticks >> 32n],
          [4, ticks & 0xffffffffn],
          [4, bytes.length],
          [4, originalLength],
        ]),
        pad4(bytes),
        ...withEnd(options),
      ),
    simple: (originalLength: number, bytes: Uint8Array) =>
      block(3, fields(littleEndian, [[4, originalLength]]), bytes),
    obsolete: (interfaceId: number, drops: number, ticks: bigint, bytes: Uint8Array) =>
      block(
        2,
        fields(littleEndian, [
          [2, interfaceId],
          [2, drops],
          [4, ticks >> 32n],
          [4, ticks & 0xffffffffn],
          [4, bytes.length],
          [4, bytes.length],
        ]),
        bytes,
      ),
  };
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function pad4(bytes: Uint8Array): Uint8Array {
  return concat([bytes, new Uint8Array(-bytes.length & 3)]);
}

/** Bytes that differ from place to place and from seed to seed. */
export function pattern(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 31 + 1) & 0xff);
}

/** The capture as a stream of chunks of at most `chunkBytes`; counts the chunks asked for. */
export function chunked(bytes: Uint8Array, chunkBytes: number) {
  const stream = {
    chunksRead: 0,
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        stream.chunksRead += 1;
        yield bytes.slice(at, at + chunkBytes);
      }
    },
  };
  return stream;
}

export async function framesOf(capture: Capture): Promise<TimedFrame[]> {
  const frames: TimedFrame[] = [];
  for await (const batch of capture.frames) frames.push(...batch);
  return frames;
}

export interface ReadResult {
  readonly frames: TimedFrame[];
  readonly error: unknown;
}

/** Reads to the end or to the fault. */
export async function readAll(input: CaptureInput): Promise<ReadResult> {
  const frames: TimedFrame[] = [];
  try {
    const capture = await openCapture(
      input instanceof Uint8Array ? chunked(input, 1 << 16) : input,
    );
    for await (const batch of capture.frames) frames.push(...batch);
    return { frames, error: undefined };
  } catch (error) {
    return { frames, error };
  }
}

/** A folder of its own for one test file; `remove` it at the end. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-capture-'));
  return {
    path: (name: string) => join(folder, name),
    write(name: string, content: Uint8Array | string): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
