import { expect, test } from 'vitest';
import { UnitLayouts } from '../../../../src/audit/ledger/unit-layouts.ts';
import { type LayoutChanged, nfsClient } from '../../../../src/history/index.ts';

const [h1, h2] = [nfsClient('h1'), nfsClient('h2')];
const change = (
  initiator: LayoutChanged['initiator'],
  state: LayoutChanged['state'],
  mode: LayoutChanged['mode'] = 'read-write',
): LayoutChanged => ({ type: 'layout', state, initiator, luName: 'lu', mode });

test('a layout that is recalled holds until it is returned', () => {
  const layouts = new UnitLayouts();
  layouts.take(change(h1, 'granted'));
  layouts.take(change(h1, 'recalled'));
  expect(layouts.of('lu', h1)).toBe('read-write');
  layouts.take(change(h1, 'returned'));
  expect([layouts.of('lu', h1), layouts.of('lu', h2)]).toEqual(['returned', undefined]);
});

test('readers stand beside one another, a writer beside nobody', () => {
  const layouts = new UnitLayouts();
  expect(layouts.take(change(h1, 'granted', 'read'))).toBeUndefined();
  expect(layouts.take(change(h2, 'granted', 'read'))).toBeUndefined();
  expect(layouts.take(change(h2, 'granted'))).toBe(h1);
});
