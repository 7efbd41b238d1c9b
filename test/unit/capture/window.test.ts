/** The window of a capture: what is held, where it lies in the file, whose memory it is. */
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/capture/source.ts';
import { ReadWindow } from '../../../src/capture/window.ts';

/** Bytes 0, 1, 2, … of a file, at most `readBytes` a read; which reads did not wait. */
function rig(length: number, readBytes: number, reuse = false) {
  let at = 0;
  const kinds: string[] = [];
  const take = (into: Uint8Array): number => {
    const count = Math.min(readBytes, into.length, length - at);
    for (let i = 0; i < count; i++) into[i] = at + i;
    at += count;
    return count;
  };
  const source: ByteSource = {
    name: 'a.pcap',
    windowBytes: 16,
    read: async (into) => {
      kinds.push('waits');
      return take(into);
    },
    readNow: (into) => {
      kinds.push('now');
      return take(into);
    },
    close: async () => {},
  };
  const window = new ReadWindow(source, reuse);
  const held = () => [...window.bytes.subarray(window.position, window.end)];
  return { window, held, kinds };
}

describe('filling', () => {
  it('reads on until enough is held, and moves what is left over to the front', async () => {
    const { window, held } = rig(40, 8);
    expect(await window.fill(10)).toBe(true);
    expect(held().slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    window.position = 9;
    expect(await window.fill(12)).toBe(true);
    expect(held()[0]).toBe(9);
    expect(window.position).toBe(0);
    expect(window.fileOffset(window.position)).toBe(9);
    expect(window.view.getUint8(1)).toBe(10);
  });

  it('does nothing when enough is held', async () => {
    const { window, kinds } = rig(40, 16);
    await window.fill(4);
    const reads = kinds.length;
    expect(await window.fill(window.heldBytes)).toBe(true);
    expect(kinds).toHaveLength(reads);
  });

  it('says that the file ends before, and holds what it had', async () => {
    const { window, held } = rig(5, 3);
    expect(await window.fill(6)).toBe(false);
    expect(held()).toEqual([0, 1, 2, 3, 4]);
    expect(await window.fill(5)).toBe(true);
  });

  it('makes room for what is longer than a window', async () => {
    const { window, held } = rig(100, 100);
    expect(await window.fill(60)).toBe(true);
    expect(held().slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });
});

describe('memory', () => {
  it('of frames is left alone', async () => {
    const { window } = rig(64, 16);
    await window.fill(16);
    const frame = window.bytes.subarray(0, 16);
    const copy = [...frame];
    window.position = 16;
    await window.fill(16);
    expect([...frame]).toEqual(copy);
    expect(window.bytes.buffer).not.toBe(frame.buffer);
  });

  it('of a scan is written again, and its reads wait only now and then', async () => {
    const { window, kinds } = rig(16 * 40, 16, true);
    await window.fill(16);
    const { buffer } = window.bytes;
    for (let i = 0; i < 31; i++) {
      window.position = window.end;
      await window.fill(16);
    }
    expect(window.bytes.buffer).toBe(buffer);
    expect(kinds.filter((one) => one === 'waits')).toHaveLength(2);
  });
});
