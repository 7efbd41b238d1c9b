/** What came of an extended link service request. */
import { describe, expect, it } from 'vitest';
import { elsReply, formatElsReply } from '../../../../src/port/n-port/els-reply.ts';

const HEADER = {} as never;

describe('an ELS reply', () => {
  it('is an accept, a reject, or a reject without reasons', () => {
    const accept = Uint8Array.of(2, 0, 0, 0);
    expect(elsReply(HEADER, accept)).toEqual({ result: 'accept', header: HEADER, payload: accept });
    expect(elsReply(HEADER, Uint8Array.of(1, 0, 0, 0, 0, 9, 0x29, 0))).toEqual({
      result: 'reject',
      reason: 9,
      explanation: 0x29,
    });
    const none = { result: 'reject', reason: 0, explanation: 0 };
    expect(elsReply(HEADER, Uint8Array.of(1, 0, 0))).toEqual(none);
    expect(elsReply(HEADER, new Uint8Array(0))).toEqual(none);
  });

  it('is told in words', () => {
    const reject = { result: 'reject', reason: 0xb, explanation: 0x2c } as const;
    expect(formatElsReply(reject)).toBe(
      'LS_RJT reason bh explanation 2ch (COMMAND NOT SUPPORTED, REQUEST NOT SUPPORTED)',
    );
    const unknown = { ...reject, reason: 0x77, explanation: 0xfe };
    expect(formatElsReply(unknown)).toBe('LS_RJT reason 77h explanation feh');
    expect(formatElsReply({ result: 'timeout' })).toBe('no answer');
    expect(formatElsReply({ result: 'closed' })).toBe('the login ended');
  });
});
