import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../../../src/history/port-name.ts';
import { GOOD, INITIATOR_A, INITIATOR_B, Rig, TUR, toHex } from '../../../helpers/scsi-target.ts';

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
