/** The ledger of ways: whose frames, how far, how long. */
import { expect, it } from 'vitest';
import { cdb } from '../../../src/codecs/scsi/index.ts';
import type { Happening, VolumeIo } from '../../../src/history/index.ts';
import { WayLedger } from '../../../src/run/way-ledger.ts';
import { ADDRESS, sent } from '../../helpers/audit-rig.ts';
import { command, dataOut, response } from '../../helpers/fc-frames.ts';

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
    isBetweenArrays: () => false,
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

it('counts what an array writes to the leg of another as frames of the write to the same blocks', () => {
  const ledger = new WayLedger({
    isLong: (tap) => tap === 'between',
    isOfArray: (tap) => tap !== 'host',
    isAway: () => false,
    isBetweenArrays: (tap) => tap === 'between',
  });
  const tell = (at: number, event: Happening) => ledger.observe({ at, node: 'h', event });
  let at = 120;
  const see = (bytes: Uint8Array) =>
    ledger.see({
      at: at++,
      number: 1,
      tap: 'between',
      fabric: 'A',
      direction: 'in',
      bytes,
    });
  const write = (lba: bigint) =>
    cdb.encode({ kind: 'WRITE(16)', lba, transferLengthBlocks: 1 }) as Uint8Array;
  const leg = 0x0001_0000_0000_0000n;
  ledger.countFrom(100);
  tell(100, asked('begun', 'write', 2, 'unit'));
  tell(110, sent(20, { address: 0x01_02_03, tag: 7 }));
  const frames = [command(9, { lun: leg, cdb: write(0n) }), dataOut(9, 512), response(9)];
  for (const frame of frames) see(frame);
  // Other blocks, a record, and what is no command of FCP that decodes.
  see(command(10, { lun: leg, cdb: write(5n) }));
  see(response(10));
  see(command(11, { cdb: write(0n) }));
  see(response(11));
  see(command(12, { lun: leg, cdb: Uint8Array.of(0xff) }));
  tell(222, asked('good', 'write', 2));
  // The exchange is another one's from now on.
  tell(230, asked('begun', 'write', 3, 'unit'));
  tell(231, sent(30, { address: 0x01_02_03, tag: 8 }));
  see(command(9, { lun: leg, cdb: write(6n) }));
  see(response(9));
  tell(240, asked('good', 'write', 3));
  const bytes = frames.reduce((sum, { length }) => sum + length, 0);
  expect(ledger.sums('write')).toMatchObject({ ios: 2, frames: 1.5, bytes: bytes / 2 });
});
