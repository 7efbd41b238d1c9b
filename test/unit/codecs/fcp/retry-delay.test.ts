/** The retry delay timer of an FCP_RSP. */
import { describe, expect, test } from 'vitest';
import { ScsiStatus } from '../../../../src/codecs/fcp/names.ts';
import {
  RETRY_DELAY_100_MS_MAX,
  RetryDelayScope,
  retryDelayOf,
} from '../../../../src/codecs/fcp/retry-delay.ts';

describe('retry delay timer', () => {
  const { BUSY, TASK_SET_FULL, GOOD } = ScsiStatus;

  // SAM-5, status qualifier: scope in the upper 2 bits, units of 100 ms up to 3FEFh.
  test.each([
    [BUSY, 0x0000, { kind: 'none' }],
    [BUSY, 0x4001, { kind: 'wait', scope: RetryDelayScope.I_T_NEXUS, delayMs: 100 }],
    [TASK_SET_FULL, 0x3fef, { kind: 'wait', scope: 0, delayMs: 1_636_700 }],
    [BUSY, 0x7ff0, { kind: 'reserved', scope: 1 }],
    [BUSY, 0xbffe, { kind: 'stop', scope: RetryDelayScope.LOGICAL_UNIT }],
    [BUSY, 0x3fff, { kind: 'crowded', scope: 0 }],
    [TASK_SET_FULL, 0x3fff, { kind: 'reserved', scope: 0 }],
    [GOOD, 0x0010, { kind: 'none' }],
  ] as const)('status %i, timer %i', (scsiStatus, retryDelayTimer, expected) => {
    expect(retryDelayOf({ scsiStatus, retryDelayTimer })).toEqual(expected);
  });

  test('scopes and the largest delay are those of SAM-5, status qualifier', () => {
    expect(RetryDelayScope).toEqual({
      I_T_L_NEXUS: 0,
      I_T_NEXUS: 1,
      LOGICAL_UNIT: 2,
      TARGET_PORT: 3,
    });
    expect(RETRY_DELAY_100_MS_MAX).toBe(0x3fef);
  });
});
