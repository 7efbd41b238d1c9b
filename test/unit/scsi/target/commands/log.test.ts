import { describe, expect, it } from 'vitest';
import { INITIATOR_A, INITIATOR_B, Rig, toHex } from '../../../../helpers/scsi-target.ts';

function rigWithUnit() {
  const rig = new Rig();
  rig.unit();
  return { rig, a: rig.login(INITIATOR_A), b: rig.login(INITIATOR_B) };
}

describe('LOG SENSE', () => {
  it('lists its pages and that nothing is wrong', () => {
    const { rig, a } = rigWithUnit();
    expect(toHex(rig.send(a, '4d 00 40 00 000000 00ff 00').dataIn)).toBe('00000002002f');
    expect(toHex(rig.send(a, '4d 00 40 ff 000000 00ff 00').dataIn)).toBe('40ff0006000000ff2f00');
    expect(toHex(rig.send(a, '4d 00 6f 00 000000 00ff 00').dataIn)).toBe(
      '2f000008000003040000ff00',
    );
    expect(rig.ask(a, '4d 00 42 00 000000 00ff 00')).toBe('02 5/24/00');
  });
});
