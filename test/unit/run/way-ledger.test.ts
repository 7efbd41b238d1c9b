/** The ledger of ways: whose frames, how far, how long. */
import { expect, it } from 'vitest';
import type { Happening, VolumeIo } from '../../../src/history/index.ts';
import { WayLedger } from '../../../src/run/way-ledger.ts';
import { ADDRESS, sent } from '../../helpers/audit-rig.ts';
import { command, response } from '../../helpers/fc-frames.ts';

const asked = (state: VolumeIo['state'], op: VolumeIo['op'], io: number, ...units: string[]) =>
  ({
    ...{ type: 'volume-io', state, vm: 'vm1', volume: 'v', io, op, lba: 0, blocks: 1 },
    writerId: 1,
    parts: units.map((luName, i) => ({ io: 10 * io + i, luName, lba: 0, blocks: 1, volumeLba: 0 })),
  }) as VolumeIo;

it('splits an I/O into waiting, links and array, and counts what crossed', () => {
  const ledger = new WayLedger({
    isLong: (tap) => tap === 'long',
    isOfArray: (tap) => tap === 'array',
    isAway: (luName) => luName === 'far',
  });
  const tell = (at: number, event: Happening) => ledger.observe({ at, node: 'h', event });
  const see = (at: number, tap: string, direction: 'in' | 'out', bytes: Uint8Array) =>
    ledger.see({ at, number: 1, tap, fabric: 'A', direction, bytes });
  const question = command(7);
  const answer = response(7);
  ledger.countFrom(100);
  // Before that nothing counts.
  tell(10, asked('begun', 'read', 1));
  tell(20, asked('good', 'read', 1));
  tell(100, asked('begun', 'write', 2, 'far'));
  tell(110, sent(20, { address: ADDRESS, tag: 7 }));
  see(150, 'long', 'in', question);
  see(151, 'array', 'out', question);
  see(181, 'array', 'in', answer);
  see(182, 'long', 'out', answer);
  tell(222, asked('good', 'write', 2));
  expect(ledger.sums('write')).toEqual({
    ...{ ios: 1, byHost: 0, away: 1, meanNs: 122, waitedNs: 10, arrayNs: 30, linksNs: 82 },
    ...{ frames: 2, bytes: question.length + answer.length },
  });
  tell(300, asked('begun', 'read', 3));
  tell(310, asked('good', 'read', 3));
  expect(ledger.sums('read')).toMatchObject({ ios: 1, byHost: 1, away: 0, meanNs: 10 });
  const bytes = question.length + answer.length;
  expect(ledger.between).toEqual({ frames: 2, bytes, forNs: 210 });
});
