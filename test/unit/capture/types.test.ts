/** The one error of captures. */
import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../../src/capture/types.ts';

const parts = {
  file: 'a.pcap',
  fault: 'truncated',
  what: 'ends',
  advice: 'copy it again',
} as const;

describe('a capture error', () => {
  it('is one line: file, what, where, what to do', () => {
    const error = new CaptureError({ ...parts, fileOffset: 12, cause: 'x' });
    expect(error.message).toBe('a.pcap: ends at byte 12; copy it again');
    expect(error).toMatchObject({ name: 'CaptureError', fault: 'truncated', fileOffset: 12 });
    expect(error.cause).toBe('x');
  });

  it('says no place where there is none', () => {
    expect(new CaptureError(parts).message).toBe('a.pcap: ends; copy it again');
  });

  it('lets no file name break the line or steer the terminal', () => {
    const { message, file } = new CaptureError({ ...parts, file: 'a\n\u001b[2Jb\u2028c' });
    expect(message).toBe('a [2Jb c: ends; copy it again');
    expect(file).toBe('a\n\u001b[2Jb\u2028c');
  });
});
