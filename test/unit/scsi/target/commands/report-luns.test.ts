/** REPORT LUNS and REQUEST SENSE by their bytes. Source: SPC-4, 6.33 and 6.39. */
import { describe, expect, it } from 'vitest';
import { outcome, Rig, toHex } from '../../../../helpers/scsi-target.ts';

const reportLuns = (select: string) => `a0 00 ${select} 000000 00001000 00 00`;
const WELL_KNOWN = 'c101000000000000';

function rig() {
  const all = new Rig();
  const units = [all.unit(), all.unit()];
  all.target.setDefaultMask([
    { lun: 300, lu: units[0]! },
    { lun: 2, lu: units[1]! },
  ]);
  return { all, units, nexus: all.login() };
}

describe('REPORT LUNS', () => {
  it('lists LUNs in order, and the well-known one only where it is asked for', () => {
    const { all, nexus } = rig();
    const list = (select: string) => toHex(all.send(nexus, reportLuns(select)).dataIn);
    const two = `0002000000000000${'412c000000000000'}`;
    expect(list('00')).toBe(`0000001000000000${two}`);
    expect(list('01')).toBe(`0000000800000000${WELL_KNOWN}`);
    expect(list('02')).toBe(`0000001800000000${WELL_KNOWN}${two}`);
    expect(outcome(all.send(nexus, reportLuns('03')))).toBe('02 5/24/00');
  });
});

describe('REQUEST SENSE', () => {
  const REQUEST = '03 00 0000 fc 00';
  const LUN = 2n << 48n;

  it('tells why a unit is not ready, though it answers GOOD', () => {
    const { all, units, nexus } = rig();
    const sense = () => {
      const { status, dataIn } = all.send(nexus, REQUEST, undefined, LUN);
      return [status, dataIn?.[2], dataIn?.[12], dataIn?.[13]];
    };
    expect(sense()).toEqual([0, 0, 0, 0]);
    units[1]!.started = false;
    expect(sense()).toEqual([0, 2, 0x04, 0x02]);
    all.target.setAccessStates(units[1]!, [{ groupId: 10, state: 3 }]);
    units[1]!.attentions.drop(nexus.pair, 0x2a06);
    expect(sense()).toEqual([0, 2, 0x04, 0x0c]);
  });

  it('has no descriptor format', () => {
    const { all, nexus } = rig();
    expect(outcome(all.send(nexus, '03 01 0000 fc 00', undefined, LUN))).toBe('02 5/24/00');
  });
});
