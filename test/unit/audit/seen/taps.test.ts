import { expect, it } from 'vitest';
import { Taps } from '../../../../src/audit/seen/taps.ts';
import type { TimedFrame } from '../../../../src/capture/index.ts';

it('gives each interface a name of its own', () => {
  const taps = new Taps();
  const nameOf = (interfaceId: number, interfaceName: string | undefined) =>
    taps.nameOf({ interfaceId, interfaceName } as TimedFrame);
  expect(nameOf(0, 'eth0')).toBe('eth0');
  expect(nameOf(1, 'eth0')).toBe('eth0 (interface 1)');
  expect(nameOf(0, 'eth0')).toBe('eth0');
  expect(nameOf(2, undefined)).toBe('interface 2');
});
