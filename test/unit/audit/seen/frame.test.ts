/** What a frame is to the rules; how it is read is in see-frame.test.ts. */
import { expect, test } from 'vitest';
import { FRAME_ROLES, farEndOf, NOT_FC } from '../../../../src/audit/seen/frame.ts';

test('a link has one far end, by name', () => {
  expect(farEndOf('A.1')).toBe('A.1 at the responder');
  expect(farEndOf('A.1')).toBe(farEndOf('A.1'));
  expect(farEndOf('A.2')).not.toBe(farEndOf('A.1'));
});

test('roles are told once each, and those of no exchange are among them', () => {
  expect(new Set(FRAME_ROLES).size).toBe(FRAME_ROLES.length);
  for (const role of NOT_FC) expect(FRAME_ROLES).toContain(role);
});
