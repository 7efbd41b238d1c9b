import { describe, expect, it } from 'vitest';
import { luIdOf } from '../../../../../src/scsi/target/logical-unit.ts';
import { be, Rig, toHex } from '../../../../helpers/scsi-target.ts';

function rigWithUnit() {
  const rig = new Rig();
  rig.unit();
  return { rig, a: rig.login() };
}

describe('INQUIRY', () => {
  it('identifies the same logical unit alike at all ports, and different ones differently', () => {
    const rig = new Rig();
    const one = rig.unit();
    const two = rig.unit();
    const near = rig.login(undefined, 0);
    const far = rig.login(undefined, 1);
    const page = (nexus: typeof near, lun: bigint) =>
      toHex(rig.send(nexus, '12 01 83 00ff 00', undefined, lun).dataIn);
    // NAA designator of the logical unit, 16 bytes, IEEE Registered Extended.
    const head = '0103001060';
    expect(page(near, 0n)).toContain(head);
    expect(page(near, 0n)).toContain(`01030010${toHex(one.luId)}`);
    expect(page(far, 0n)).toContain(`01030010${toHex(one.luId)}`);
    expect(page(near, 1n << 48n)).toContain(`01030010${toHex(two.luId)}`);
    expect(toHex(one.luId)).not.toBe(toHex(two.luId));
    expect(one.serial).not.toBe(two.serial);
  });

  it('names a logical unit the same in every run', () => {
    expect(toHex(luIdOf('rig', 3))).toBe(toHex(luIdOf('rig', 3)));
    expect(toHex(luIdOf('rig', 3))).not.toBe(toHex(luIdOf('rag', 3)));
  });

  it('lists its VPD pages in ascending order and refuses others', () => {
    const { rig, a } = rigWithUnit();
    const pages = rig.send(a, '12 01 00 00ff 00').dataIn!;
    expect(toHex(pages)).toBe('00000007' + '00808386b0b1b2');
    for (const page of pages.subarray(4)) {
      const answer = rig.send(a, `12 01 ${be(page, 1)} 00ff 00`).dataIn!;
      expect(answer[1]).toBe(page);
      expect(answer[2]! * 256 + answer[3]!).toBe(answer.length - 4);
    }
    expect(rig.ask(a, '12 01 b5 00ff 00')).toBe('02 5/24/00');
    expect(rig.ask(a, '12 00 80 00ff 00')).toBe('02 5/24/00');
  });

  it('is cut to the allocation length', () => {
    const { rig, a } = rigWithUnit();
    for (const bytes of [0, 1, 5, 36, 96]) {
      expect(rig.send(a, `12 00 00 ${be(bytes, 2)} 00`).dataIn?.length).toBe(Math.min(bytes, 66));
    }
    expect(rig.send(a, '12 01 83 0008 00').dataIn?.length).toBe(8);
  });

  it('tells limits that the commands keep', () => {
    const { rig, a } = rigWithUnit();
    const limits = rig.send(a, '12 01 b0 00ff 00').dataIn!;
    const view = new DataView(limits.buffer, limits.byteOffset);
    expect(view.getUint32(8)).toBe(32_768);
    expect(view.getUint32(20)).toBe(2 ** 20);
    expect(view.getUint32(24)).toBe(256);
  });
});
