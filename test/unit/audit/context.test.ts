import { expect, it } from 'vitest';
import { newContext } from '../../../src/audit/context.ts';
import { seeFrame } from '../../../src/audit/seen/see-frame.ts';
import {
  ARRAY_LINK,
  apply,
  BOUNDS,
  FABRIC,
  NEXUS,
  OTHER,
  PLACES,
} from '../../helpers/audit-rig.ts';
import { command } from '../../helpers/fc-frames.ts';

it('rules find the fabric of a nexus, and the frames of its commands', () => {
  const context = newContext(BOUNDS, PLACES, false);
  expect(context.fabricOf({ ...NEXUS, initiator: OTHER })).toBe(FABRIC);
  expect(context.fabricOf({ ...NEXUS, target: 'elsewhere' as typeof NEXUS.target })).toBe('');
  const tap = { at: 0, number: 4, tap: ARRAY_LINK, fabric: FABRIC, direction: 'out' } as const;
  const seen = seeFrame({ ...tap, bytes: command(7) });
  if (seen.protocol === 'fc') context.exchanges.add(seen);
  expect([context.framesOf(apply(7)), context.framesOf(apply(8))]).toEqual([[4], []]);
});
