import { describe, expect, it } from 'vitest';
import { commentsOf, faultLines } from '../../../src/run/frame-comments.ts';
import { hit, log } from '../../helpers/held-write.ts';

describe('frames of a violation', () => {
  it('are told in words', () => {
    const all = log();
    all.conclude([hit], [3]);
    const comments = commentsOf(all, all.frames);
    expect(comments.get(1)).toContain(
      'the WRITE of I/O 1 of LBA 0: attempt 1, sent by h1 at +0.001 ms',
    );
    expect(comments.get(3)).toContain('was held by the fault (delay 7 us)');
    expect(comments.get(3)).toContain('over the WRITE of I/O 2, which is newer');
    expect(faultLines(all)).toEqual([
      expect.stringMatching(/^delay 7 us at \+0.002 ms on h1 uplink, to the switch: /),
    ]);
  });
});
