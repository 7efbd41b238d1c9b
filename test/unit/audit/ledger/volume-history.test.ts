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
  expect(history.originOf(stampValue({ writerId: 1, version: 13 }), 3)).toMatchObject({ io: 3 });
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

it('knows data that were copied to a cache for those of the write that they are of', () => {
  const history = new VolumeHistory();
  history.observe(io(1, 'write', 'begun'));
  const part = { io: 20, luName: 'b', lba: 3, blocks: 1, volumeLba: 3 };
  const copy = { type: 'volume-filled', vm: 'vm1', volume: 'v', writerId: 1, part } as const;
  history.filled({ ...copy, version: 11 });
  // A copy of a copy, and one of what nobody is known to have written.
  history.filled({ ...copy, version: 20, part: { ...part, io: 21 } });
  history.filled({ ...copy, version: 77, part: { ...part, io: 22 } });
  const ofVersion = (version: number) => {
    const origin = history.originOf(stampValue({ writerId: 1, version }), 3);
    return origin === 'blank' ? origin : origin?.io;
  };
  expect([20, 21, 22].map(ofVersion)).toEqual([1, 1, undefined]);
  // A host copies a disk block by block, each with its own origin.
  const found = [11, 20, 77].map((version) => ({ found: 'stamp', writerId: 1, version }) as const);
  history.copied({
    ...{ type: 'blocks-copied', vm: 'vm1', volume: 'v', writerId: 1 },
    part: { io: 30, luName: 'c', lba: 3, blocks: 4, volumeLba: 3 },
    readings: [...found, { found: 'blank' }],
  });
  const value = stampValue({ writerId: 1, version: 30 });
  const origins = [3, 4, 5, 6].map((lba) => history.originOf(value, lba));
  expect(origins.map((one) => (one === 'blank' ? one : one?.io))).toEqual([
    1,
    1,
    undefined,
    'blank',
  ]);
});
