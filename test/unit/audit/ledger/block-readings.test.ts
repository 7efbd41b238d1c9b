import { expect, it } from 'vitest';
import { BlockReadings } from '../../../../src/audit/ledger/block-readings.ts';
import { apply, stamped } from '../../../helpers/audit-rig.ts';

it('blocks are read once, each at its place', () => {
  const readings = new BlockReadings();
  const data = new Uint8Array(1024);
  data.set(stamped(3, 4));
  data.set(stamped(3, 9), 512);
  const event = apply(1, { lba: 4, blocks: 2, data });
  const first = readings.of(event);
  expect(first).toMatchObject([{ found: 'stamp', version: 3 }, { found: 'wrong' }]);
  expect(readings.of(event)).toBe(first);
  expect(readings.of({ ...event })).not.toBe(first);
});

it('unmapped blocks bring no readings', () => {
  const data = new Uint8Array(0);
  expect(new BlockReadings().of(apply(1, { change: 'unmap', blocks: 8, data }))).toEqual([]);
});
