/** Reads of volumes by what was written there. */
import { expect, it } from 'vitest';
import { stampValue } from '../../../../src/audit/ledger/io-ledger.ts';
import { VolumeHistory } from '../../../../src/audit/ledger/volume-history.ts';
import type { VolumeIo } from '../../../../src/history/index.ts';

const io = (
  number: number,
  op: VolumeIo['op'],
  state: VolumeIo['state'],
  change: Partial<VolumeIo> = {},
): VolumeIo => ({
  ...{ type: 'volume-io', state, vm: 'vm1', volume: 'v', io: number, op, lba: 3, blocks: 1 },
  writerId: 1,
  parts: op === 'write' ? [{ io: 10 + number, luName: 'a', lba: 0, blocks: 1, volumeLba: 3 }] : [],
  ...change,
});
const found = (version: number): Partial<VolumeIo> => ({
  readings: [{ found: 'stamp', writerId: 1, version }],
});

it('takes any that may be there for good, and finds what is too old', () => {
  const history = new VolumeHistory();
  const findings: string[] = [];
  history.onFinding(({ anomaly, lba, volume }) =>
    findings.push(`${volume} ${lba} ${anomaly.kind}`),
  );
  const tell = (...events: VolumeIo[]) => {
    for (const one of events) history.observe(one);
  };
  tell(io(1, 'write', 'begun'), io(2, 'read', 'begun'), io(2, 'read', 'good', found(11)));
  tell(io(1, 'write', 'good'), io(3, 'write', 'begun'), io(3, 'write', 'good'));
  expect(findings).toEqual([]);
  expect(history.partOf(stampValue({ writerId: 1, version: 13 }))).toMatchObject({ io: 3 });
  tell(io(4, 'read', 'begun'), io(4, 'read', 'good', found(11)));
  expect(findings).toEqual(['v 3 stale']);
  // A read that failed and one of data that nobody is known to have written say nothing.
  tell(io(5, 'read', 'begun'), io(5, 'read', 'failed'));
  tell(io(6, 'read', 'begun'), io(6, 'read', 'good', found(99)), io(7, 'read', 'good', found(11)));
  history.forget();
  tell(io(8, 'read', 'begun'), io(8, 'read', 'good', { readings: [{ found: 'blank' }] }));
  expect(findings).toHaveLength(1);
  expect(history.judged).toBe(3);
});
