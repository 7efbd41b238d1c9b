import { describe, expect, it } from 'vitest';
import type { BufferOptions } from '../../../src/link/qos-options.ts';
import { SharedBuffer } from '../../../src/link/shared-buffer.ts';

const OPTIONS: BufferOptions = {
  totalBytes: 100_000,
  reserveBytes: 1000,
  headroomBytes: 5000,
  threshold: 10_000,
  shift: 3,
  resumeBytes: 3000,
};
const NO_DROP = 1 << 3;

function made(options: Partial<BufferOptions> = {}, ports = 1) {
  const all = { ...OPTIONS, ...options };
  const buffer = new SharedBuffer(all);
  for (let port = 0; port < ports; port++) buffer.setPort(port, NO_DROP, all.headroomBytes);
  return buffer;
}
/** How many frames of 1000 bytes find room. */
function fill(buffer: SharedBuffer, port = 0, priority = 3, most = 1000): number {
  let count = 0;
  while (count < most && buffer.admit(port, priority, 1000)) count++;
  return count;
}

describe('a shared buffer', () => {
  it('takes reserve, threshold and headroom, and drops the next frame', () => {
    expect(fill(made())).toBe(1 + 10 + 5);
    expect(fill(made({ headroomBytes: 4999 }))).toBe(1 + 10 + 4);
  });

  it('gives a priority that is not paused no headroom', () => {
    expect(fill(made(), 0, 0)).toBe(1 + 10);
  });

  it('pauses once at the threshold and resumes once below it', () => {
    const buffer = made();
    expect(fill(buffer, 0, 3, 10)).toBe(10);
    expect(buffer.pauses(0, 3)).toBe(false);
    buffer.admit(0, 3, 1000);
    expect(buffer.pauses(0, 3)).toBe(true);
    expect(buffer.pauses(0, 3)).toBe(false);
    expect(buffer.pausing(0)).toBe(NO_DROP);
    for (let i = 0; i < 2; i++) {
      buffer.release(0, 3, 1000);
      expect(buffer.resumes(0, 3)).toBe(false);
    }
    buffer.release(0, 3, 1000);
    expect(buffer.resumes(0, 3)).toBe(true);
    expect(buffer.pausing(0)).toBe(0);
  });

  it('has a dynamic threshold that gets lower the more is in use', () => {
    const options = { threshold: 'dynamic', reserveBytes: 0, headroomBytes: 0, shift: 1 } as const;
    const buffer = made(options, 3);
    // Half of what is then free: a third of all, of what that leaves a third, and so on.
    expect(fill(buffer, 0)).toBe(33);
    expect(fill(buffer, 1)).toBe(22);
    expect(fill(buffer, 2)).toBe(15);
  });

  it('is empty again when all has left', () => {
    const buffer = made({}, 2);
    const counts = [fill(buffer, 0), fill(buffer, 1)];
    expect(buffer.usedBytes).toBe((counts[0]! + counts[1]!) * 1000);
    for (const [port, count] of counts.entries())
      for (let i = 0; i < count; i++) buffer.release(port, 3, 1000);
    expect(buffer.usedBytes).toBe(0);
    expect(fill(buffer)).toBe(16);
  });

  it('forgets pauses with the link, and knows no port that is none', () => {
    const buffer = made();
    fill(buffer);
    buffer.pauses(0, 3);
    buffer.forget(0);
    expect(buffer.pausing(0)).toBe(0);
    expect(() => buffer.admit(7, 3, 1)).toThrow(TypeError);
  });
});
