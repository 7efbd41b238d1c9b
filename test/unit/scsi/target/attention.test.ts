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

describe('unit attentions', () => {
  it('tell power on once to each nexus and logical unit', () => {
    const rig = new Rig({ powerOnAttention: true });
    rig.unit();
    rig.unit();
    const a = rig.login(INITIATOR_A);
    const b = rig.login(INITIATOR_B);
    expect(rig.ask(a, TUR)).toBe('02 6/29/00');
    expect(rig.ask(a, TUR)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe('02 6/29/00');
    expect(rig.ask(a, TUR, undefined, 1n << 48n)).toBe('02 6/29/00');
    expect(rig.ask(a, TUR, undefined, 1n << 48n)).toBe(GOOD);
  });

  it('do not come before the first login unless there was a power on', () => {
    const rig = new Rig();
    rig.unit();
    expect(rig.ask(rig.login(), TUR)).toBe(GOOD);
  });

  it('are neither reported nor cleared by INQUIRY and REPORT LUNS', () => {
    const rig = new Rig({ powerOnAttention: true });
    rig.unit();
    const a = rig.login();
    expect(rig.ask(a, INQUIRY)).toBe(GOOD);
    expect(rig.ask(a, REPORT_LUNS)).toBe(GOOD);
    expect(rig.ask(a, TUR)).toBe('02 6/29/00');
  });

  it('are told by REQUEST SENSE as data, once', () => {
    const rig = new Rig({ powerOnAttention: true });
    rig.unit();
    const a = rig.login();
    const first = rig.send(a, REQUEST_SENSE);
    expect(first.status).toBe(0);
    expect(toHex(first.dataIn)).toBe('70000600000000' + '0a' + '00000000' + '2900' + '00000000');
    expect(toHex(rig.send(a, REQUEST_SENSE).dataIn?.subarray(0, 3))).toBe('700000');
    expect(rig.ask(a, TUR)).toBe(GOOD);
  });

  it('cut REQUEST SENSE data to the allocation length', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login();
    expect(rig.send(a, '03 00 0000 04 00').dataIn?.length).toBe(4);
    expect(rig.send(a, '03 00 0000 00 00').dataIn?.length).toBe(0);
  });

  it('come before an unknown operation code is refused', () => {
    const rig = new Rig({ powerOnAttention: true });
    rig.unit();
    const a = rig.login();
    expect(rig.ask(a, 'ff')).toBe('02 6/29/00');
    expect(rig.ask(a, 'ff')).toBe('02 5/20/00');
  });

  it('tell I_T nexus loss once, at the first command of the next login', () => {
    const rig = new Rig();
    rig.unit();
    const first = rig.login();
    expect(rig.ask(first, TUR)).toBe(GOOD);
    rig.target.nexusLost(first);
    rig.target.nexusLost(first);
    const second = rig.login();
    expect(second.epoch).toBe(2);
    expect(rig.ask(second, TUR)).toBe('02 6/29/07');
    expect(rig.ask(second, TUR)).toBe(GOOD);
  });

  it('tell I_T nexus loss also at a logical unit that the first login never used', () => {
    const rig = new Rig();
    rig.unit();
    rig.target.nexusLost(rig.login());
    expect(rig.ask(rig.login(), TUR)).toBe('02 6/29/07');
  });

  it('tell a login that replaces a live one of the loss, and not the other port', () => {
    const rig = new Rig();
    rig.unit();
    const other = rig.login(INITIATOR_A, 1);
    const first = rig.login();
    const second = rig.login();
    expect(first.live).toBe(false);
    expect(rig.ask(second, TUR)).toBe('02 6/29/07');
    expect(rig.ask(other, TUR)).toBe(GOOD);
  });

  it('keep what was pending through a nexus loss, behind the loss', () => {
    const rig = new Rig();
    const lu = rig.unit();
    const first = rig.login();
    lu.attentions.add(first.pair, 0x2a06);
    rig.target.nexusLost(first);
    const second = rig.login();
    expect([1, 2, 3].map(() => rig.ask(second, TUR))).toEqual(['02 6/29/07', '02 6/2a/06', GOOD]);
  });

  it('queue a condition once, however often it happens', () => {
    const rig = new Rig();
    const lu = rig.unit();
    const a = rig.login();
    for (let i = 0; i < 3; i++) lu.attentions.add(a.pair, 0x2a01);
    expect([1, 2].map(() => rig.ask(a, TUR))).toEqual(['02 6/2a/01', GOOD]);
  });

  it('let a reset swallow what came before it', () => {
    const rig = new Rig();
    const lu = rig.unit();
    const a = rig.login();
    lu.attentions.add(a.pair, 0x2a01);
    lu.attentions.add(a.pair, 0x2903);
    expect([1, 2].map(() => rig.ask(a, TUR))).toEqual(['02 6/29/03', GOOD]);
  });

  it('tell everybody of a restart, instead of a nexus loss', () => {
    const rig = new Rig({ powerOnAttention: true });
    rig.unit();
    const a = rig.login();
    rig.ask(a, TUR);
    rig.target.restart();
    expect(a.live).toBe(false);
    expect(() => rig.send(a, TUR)).toThrow(RangeError);
    const again = rig.login();
    expect(rig.ask(again, TUR)).toBe('02 6/29/01');
    expect(rig.ask(again, TUR)).toBe(GOOD);
    expect(rig.ask(rig.login(INITIATOR_B), TUR)).toBe('02 6/29/01');
  });
});

describe('REPORTED LUNS DATA HAS CHANGED', () => {
  it('is owed by each logical unit the initiator sees, at both ports, once', () => {
    const rig = new Rig();
    const one = rig.unit();
    const two = rig.unit();
    const near = rig.login(INITIATOR_A, 0);
    const far = rig.login(INITIATOR_A, 1);
    const other = rig.login(INITIATOR_B, 0);
    rig.target.setMask(deviceOf(INITIATOR_A), [
      { lun: 0, lu: one },
      { lun: 5, lu: two },
    ]);
    for (const nexus of [near, far]) {
      expect(rig.ask(nexus, TUR)).toBe('02 6/3f/0e');
      expect(rig.ask(nexus, TUR)).toBe(GOOD);
      expect(rig.ask(nexus, TUR, undefined, 5n << 48n)).toBe('02 6/3f/0e');
    }
    expect(rig.ask(other, TUR)).toBe(GOOD);
  });

  it('is cleared everywhere by REPORT LUNS, for that nexus only', () => {
    const rig = new Rig();
    const one = rig.unit();
    const two = rig.unit();
    const near = rig.login(INITIATOR_A, 0);
    const far = rig.login(INITIATOR_A, 1);
    rig.target.setMask(deviceOf(INITIATOR_A), [
      { lun: 0, lu: one },
      { lun: 5, lu: two },
    ]);
    expect(rig.ask(near, REPORT_LUNS)).toBe(GOOD);
    expect(rig.ask(near, TUR)).toBe(GOOD);
    expect(rig.ask(near, TUR, undefined, 5n << 48n)).toBe(GOOD);
    expect(rig.ask(far, TUR)).toBe('02 6/3f/0e');
  });

  it('is not owed for a mask that says the same as before', () => {
    const rig = new Rig();
    const one = rig.unit();
    const a = rig.login();
    rig.target.setMask(deviceOf(INITIATOR_A), [{ lun: 0, lu: one }]);
    rig.target.setMask(deviceOf(INITIATOR_A), undefined);
    expect(rig.ask(a, TUR)).toBe(GOOD);
  });

  it('waits for the next login when there is none', () => {
    const rig = new Rig();
    const one = rig.unit();
    const two = rig.unit();
    rig.target.nexusLost(rig.login());
    rig.target.setMask(deviceOf(INITIATOR_A), [
      { lun: 0, lu: two },
      { lun: 1, lu: one },
    ]);
    const a = rig.login();
    expect([1, 2, 3].map(() => rig.ask(a, TUR))).toEqual(['02 6/29/07', '02 6/3f/0e', GOOD]);
  });
});

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
