/** A unit that takes its space from a pool: what it says of it, and when it warns. */
import { expect, it } from 'vitest';
import { MemoryMedium } from '../../../../../src/scsi/medium/medium.ts';
import { SpacePool } from '../../../../../src/scsi/medium/pool.ts';
import {
  be,
  filled,
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  Rig,
  toHex,
  write10,
} from '../../../../helpers/scsi-target.ts';

function thinRig() {
  const pool = new SpacePool({ extents: 4, thresholdPercent: 50 });
  const rig = new Rig();
  pool.onThreshold = () => rig.target.poolFills(pool);
  const lu = rig.target.addUnit({ medium: new MemoryMedium(4096, { pool }), pool });
  rig.target.setDefaultMask([{ lun: 0, lu }]);
  const [a, b] = [rig.login(INITIATOR_A), rig.login(INITIATOR_B)];
  const write = (extent: number, login = a) =>
    rig.ask(login, write10(extent * 128, 1), filled(1, 7));
  return { rig, pool, a, b, write };
}

it('everybody who sees it is told once that its threshold is reached; a full pool refuses writes', () => {
  const { rig, a, b, pool, write } = thinRig();
  expect(write(0)).toBe(GOOD);
  expect(write(1)).toBe(GOOD);
  expect(write(2)).toBe('02 6/38/07');
  expect(rig.ask(b, '00 00 00 00 00 00')).toBe('02 6/38/07');
  expect([write(2), write(3), write(4), write(3)]).toEqual([GOOD, GOOD, '02 7/27/07', GOOD]);
  expect(rig.ask(b, '00 00 00 00 00 00')).toBe(GOOD);
  // UNMAP gives space back, as a write of zeros by WRITE SAME with UNMAP does.
  const list = Uint8Array.from([
    0,
    22,
    0,
    16,
    0,
    0,
    0,
    0,
    ...[0, 0, 0, 0, 0, 0, 0, 0],
    0,
    0,
    0,
    128,
    0,
    0,
    0,
    0,
  ]);
  expect(rig.ask(a, '42 00 00000000 00 0018 00', list)).toBe(GOOD);
  expect(rig.ask(a, `93 08 ${be(128, 8)} ${be(128, 4)} 00 00`, new Uint8Array(512))).toBe(GOOD);
  expect(pool.used).toBe(2);
  expect(write(4)).toBe(GOOD);
});

it('the log page counts what is left and what is used, in extents', () => {
  const { rig, a, write } = thinRig();
  write(0);
  expect(toHex(rig.send(a, '4d 00 40 00 000000 00ff 00').dataIn)).toBe('00000003000c2f');
  expect(toHex(rig.send(a, '4d 00 4c 00 000000 00ff 00').dataIn)).toBe(
    '0c000018' + '0001030800000003' + '02000000' + '0002030800000001' + '02000000',
  );
  // VPD page B2h: the exponent by which they count.
  expect(rig.send(a, '12 01 b2 00ff 00').dataIn![4]).toBe(7);
});

it('the mode page has its threshold, which cannot be changed; a unit without a pool has none', () => {
  const { rig, a } = thinRig();
  const page = (control: string) => `1a 08 ${control} 02 ff 00`;
  const body = (reply: { dataIn?: Uint8Array }) => toHex(reply.dataIn!.subarray(4));
  const head = `5c020014${'00'.repeat(12)}`;
  expect(body(rig.send(a, page('1c')))).toBe(`${head}8102000000000002`);
  expect(body(rig.send(a, page('5c')))).toBe(`${head}${'00'.repeat(8)}`);
  expect(body(rig.send(a, '1a 08 1c ff ff 00'))).toContain('8102000000000002');
  const plain = new Rig();
  plain.unit();
  expect(plain.ask(plain.login(), page('1c'))).toBe('02 5/24/00');
});
