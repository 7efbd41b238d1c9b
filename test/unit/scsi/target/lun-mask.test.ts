import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../../../src/history/port-name.ts';
import {
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  outcome,
  Rig,
  read10,
  TUR,
  toHex,
} from '../../../helpers/scsi-target.ts';

const INQUIRY = '12 00 00 00ff 00';
const REPORT_LUNS = 'a0 00 00 000000 00001000 00 00';
const REQUEST_SENSE = '03 00 0000 fc 00';

describe('masks', () => {
  it('give each initiator its own numbers for the same logical unit', () => {
    const rig = new Rig();
    const one = rig.unit();
    const two = rig.unit();
    rig.target.setMask(deviceOf(INITIATOR_A), [{ lun: 3, lu: two }]);
    rig.target.setMask(deviceOf(INITIATOR_B), [
      { lun: 300, lu: two },
      { lun: 0, lu: one },
    ]);
    const a = rig.login(INITIATOR_A);
    const b = rig.login(INITIATOR_B);
    expect(toHex(rig.send(a, REPORT_LUNS).dataIn)).toBe('0000000800000000' + '0003000000000000');
    expect(toHex(rig.send(b, REPORT_LUNS).dataIn)).toBe(
      '0000001000000000' + '0000000000000000' + '412c000000000000',
    );
    rig.send(a, '2a 00 00000000 00 0001 00', new Uint8Array(512).fill(4), 3n << 48n);
    expect(rig.send(b, read10(0, 1), undefined, 0x412cn << 48n).dataIn).toEqual(
      new Uint8Array(512).fill(4),
    );
    expect(rig.applied[0]?.luId).toBe(two.luId);
  });

  it('answer for a LUN that is not there', () => {
    const rig = new Rig();
    const lu = rig.unit();
    rig.target.setMask(deviceOf(INITIATOR_A), [{ lun: 1, lu }]);
    const a = rig.login(INITIATOR_A);
    expect(rig.ask(a, TUR)).toBe('02 5/25/00');
    expect(rig.ask(a, read10(0, 1))).toBe('02 5/25/00');
    // Peripheral qualifier 3, device type 1Fh.
    expect(rig.send(a, INQUIRY).dataIn?.[0]).toBe(0x7f);
    expect(rig.ask(a, '12 01 83 00ff 00')).toBe('02 5/24/00');
    expect(toHex(rig.send(a, REPORT_LUNS).dataIn)).toBe('0000000800000000' + '0001000000000000');
    expect(rig.ask(a, REPORT_LUNS, undefined, 7n << 48n)).toBe('02 5/25/00');
    const sense = rig.send(a, REQUEST_SENSE).dataIn!;
    expect([sense[2], sense[12], sense[13]]).toEqual([5, 0x25, 0]);
  });

  it('serve the REPORT LUNS well-known logical unit', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login();
    const wellKnown = 0xc101n << 48n;
    expect(toHex(rig.send(a, REPORT_LUNS.replace('a0 00 00', 'a0 00 01')).dataIn)).toBe(
      '0000000800000000' + 'c101000000000000',
    );
    expect(toHex(rig.send(a, REPORT_LUNS.replace('a0 00 00', 'a0 00 02')).dataIn)).toBe(
      '0000001000000000' + 'c101000000000000' + '0000000000000000',
    );
    expect(rig.ask(a, REPORT_LUNS.replace('a0 00 00', 'a0 00 03'))).toBe('02 5/24/00');
    expect(rig.ask(a, TUR, undefined, wellKnown)).toBe(GOOD);
    expect(rig.send(a, INQUIRY, undefined, wellKnown).dataIn?.[0]).toBe(0x1e);
    expect(rig.ask(a, read10(0, 1), undefined, wellKnown)).toBe('02 5/20/00');
    expect(outcome(rig.send(a, REPORT_LUNS, undefined, wellKnown))).toBe(GOOD);
  });

  it('cut REPORT LUNS to the allocation length and still say how long the list is', () => {
    const rig = new Rig();
    rig.unit();
    rig.unit();
    const a = rig.login();
    const cut = rig.send(a, 'a0 00 00 000000 00000010 00 00').dataIn;
    expect(toHex(cut)).toBe('0000001000000000' + '0000000000000000');
  });

  it('refuse a command whose logical unit was unmapped while its data was under way', () => {
    const rig = new Rig();
    rig.unit();
    const other = rig.unit();
    const a = rig.login();
    let late: string | undefined;
    rig.submit(a, 1, '2a 00 00000000 00 0001 00', {
      enabled: (task) => {
        rig.target.setMask(deviceOf(INITIATOR_A), [{ lun: 0, lu: other }]);
        late = outcome(task.run(new Uint8Array(512)));
      },
      answered: () => {},
      cleared: () => {},
    });
    expect(late).toBe('02 5/25/00');
    expect(rig.applied).toEqual([]);
  });

  it('refuse a LUN that is out of range or mapped twice', () => {
    const rig = new Rig();
    const lu = rig.unit();
    expect(() => rig.target.setMask(deviceOf(INITIATOR_A), [{ lun: 16_384, lu }])).toThrow(
      RangeError,
    );
    expect(() =>
      rig.target.setMask(deviceOf(INITIATOR_A), [
        { lun: 1, lu },
        { lun: 1, lu },
      ]),
    ).toThrow(RangeError);
  });
});
