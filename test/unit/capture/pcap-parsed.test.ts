/** Classic pcap files by pcap-parser: what the reader of bytes says of them, it says too. */
import { afterAll, describe, expect, it } from 'vitest';
import { concat, pattern, pcapFile, readAll, temporaryFolder } from '../../helpers/capture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const RECORDS = [
  { seconds: 1_700_000_000, subseconds: 999_999, bytes: pattern(60, 1) },
  { seconds: 1_700_000_001, subseconds: 1, bytes: pattern(0, 2), originalLength: 9000 },
  { seconds: 1_700_000_001, subseconds: 2, bytes: pattern(2177, 3) },
];

describe('a classic pcap file', () => {
  it.each([
    {},
    { littleEndian: false },
    { nanoseconds: true },
    { littleEndian: false, nanoseconds: true },
    { version: [2, 3] as const },
    { linkType: 224 },
  ])('says by pcap-parser what its bytes say without: %j', async (options) => {
    const many = Array.from({ length: 60 }, (_, i) => RECORDS[i % RECORDS.length]!);
    const bytes = pcapFile(many, options);
    const byParser = await readAll(folder.write('x.pcap', bytes));
    expect(byParser.frames.length).toBe(60);
    expect(byParser).toEqual(await readAll(bytes));
  });

  it.each([
    ['cut', (whole: Uint8Array) => whole.subarray(0, whole.length - 9)],
    ['forged', (whole: Uint8Array) => concat([whole, new Uint8Array(16).fill(0xff)])],
  ])('that is %s has the same frames and the same fault', async (_, damage) => {
    const bytes = damage(pcapFile(RECORDS));
    const byParser = await readAll(folder.write('x.pcap', bytes));
    const without = await readAll(bytes);
    expect(byParser.frames.length).toBeGreaterThan(1);
    expect(byParser.frames).toEqual(without.frames);
    const fault = ({ fault, fileOffset }: never) => ({ fault, fileOffset });
    expect(fault(byParser.error as never)).toEqual(fault(without.error as never));
  });

  it('never makes pcap-parser join buffers by the deprecated Buffer constructor', async () => {
    const path = folder.write('three.pcap', pcapFile(RECORDS));
    const original = globalThis.Buffer;
    let constructed = 0;
    globalThis.Buffer = new Proxy(original, {
      construct(target, args) {
        constructed += 1;
        return Reflect.construct(target, args);
      },
    });
    try {
      const { frames } = await readAll(path);
      expect(frames.length).toBe(3);
    } finally {
      globalThis.Buffer = original;
    }
    expect(constructed).toBe(0);
  });
});
