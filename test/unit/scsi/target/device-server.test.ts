/** In which order a command is checked, and what is checked again when it runs. Source: SAM-5, 5.14. */
import { describe, expect, it } from 'vitest';
import {
  filled,
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  outcome,
  Recorder,
  Rig,
  read10,
  TUR,
  write10,
} from '../../../helpers/scsi-target.ts';

const RESERVE6 = '16 00 00 00 00 00';
const STANDBY = 2;

function rig() {
  const all = new Rig();
  const lu = all.unit();
  return { all, lu, a: all.login(INITIATOR_A), b: all.login(INITIATOR_B) };
}

describe('checks', () => {
  it('go from the LUN to the unit attention, the command, who may, and then the blocks', () => {
    const { all, lu, a, b } = rig();
    all.ask(b, RESERVE6);
    lu.attentions.add(a.pair, 0x2a01);
    all.target.setAccessStates(lu, [{ groupId: 10, state: STANDBY }]);
    lu.attentions.drop(a.pair, 0x2a06);
    const bad = read10(2 ** 31, 1);
    expect(all.ask(a, bad, undefined, 9n << 48n)).toBe('02 5/25/00');
    expect(all.ask(a, bad)).toBe('02 6/2a/01');
    expect(all.ask(a, 'ff')).toBe('02 5/20/00');
    expect(all.ask(a, bad)).toBe('18');
    lu.reservations.dropSpc2('reset');
    expect(all.ask(a, bad)).toBe('02 2/04/0b');
    all.target.setAccessStates(lu, [{ groupId: 10, state: 0 }]);
    lu.attentions.drop(a.pair, 0x2a06);
    lu.started = false;
    expect(all.ask(a, bad)).toBe('02 2/04/02');
    lu.started = true;
    expect(all.ask(a, bad)).toBe('02 5/21/00');
    expect(all.ask(a, TUR)).toBe(GOOD);
  });

  it('are made before data is fetched; the reservations of that moment count', () => {
    const { all, lu, a, b } = rig();
    const task = all.submit(a, 1, write10(0, 1), new Recorder());
    all.ask(b, RESERVE6);
    expect(outcome(task.run(filled(1, 1)))).toBe(GOOD);
    expect(all.applied[0]?.heldWhenEnabled).toBeUndefined();
    expect(lu.reservations.holdFor(a)?.spc2Holder).toEqual(b.name);
  });

  it('are made again of the mask: its LUN must lead to the same unit', () => {
    const { all, lu, a } = rig();
    const task = all.submit(a, 1, write10(0, 1), new Recorder());
    all.target.setDefaultMask([{ lun: 1, lu }]);
    expect(outcome(task.run(filled(1, 1)))).toBe('02 5/25/00');
    expect(all.applied).toEqual([]);
  });

  it('need all the data that was asked for, and use no more', () => {
    const { all, a } = rig();
    const task = all.submit(a, 1, write10(0, 1), new Recorder());
    expect(() => task.run(new Uint8Array(511))).toThrow('WRITE(10) needs 512 bytes, not 511');
    expect(outcome(task.run(filled(2, 3)))).toBe(GOOD);
    expect(all.applied[0]?.data).toEqual(filled(1, 3));
  });
});
