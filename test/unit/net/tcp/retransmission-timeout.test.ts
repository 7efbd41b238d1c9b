import { expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../../../../src/machine/machine.ts';
import { RetransmissionTimeout } from '../../../../src/net/tcp/retransmission-timeout.ts';

it('is one second at first, then RFC 6298 (2.2) and (2.3)', () => {
  const timeout = new RetransmissionTimeout(0);
  expect(timeout.ns).toBe(SECOND);
  timeout.measured(100 * MILLISECOND);
  expect(timeout.ns).toBe(300 * MILLISECOND);
  timeout.measured(200 * MILLISECOND);
  // SRTT 112.5 ms, RTTVAR 62.5 ms.
  expect(timeout.ns).toBe(362.5 * MILLISECOND);
});

it('doubles where it ran out, up to 120 s, and never falls below its floor', () => {
  const timeout = new RetransmissionTimeout(200 * MILLISECOND);
  timeout.measured(MILLISECOND);
  expect(timeout.ns).toBe(200 * MILLISECOND);
  timeout.backOff();
  expect(timeout.ns).toBe(400 * MILLISECOND);
  for (let i = 0; i < 20; i++) timeout.backOff();
  expect(timeout.ns).toBe(120 * SECOND);
});
