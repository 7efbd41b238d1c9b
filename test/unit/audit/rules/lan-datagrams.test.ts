/** I38 and I39 by hand. */
import { describe, expect, it } from 'vitest';
import { LanRig } from '../../../helpers/lan-rig.ts';

describe('I38, the pause is bounded', () => {
  it('passes a short one, with what was lost', () => {
    const rig = new LanRig()
      .datagram('sent', 1)
      .wait(40)
      .datagram('sent', 2)
      .datagram('received', 2, 'lan-h2');
    expect(rig.verdict('I38')).toMatchObject({
      result: 'holds',
      detail: '1 of 2 datagrams to vm1 lost, longest pause 42.000 ms; bound 50.000 ms',
    });
  });

  it('finds a long one, also without an end', () => {
    const rig = new LanRig().datagram('sent', 1).wait(60).datagram('sent', 2);
    expect(rig.verdict('I38')).toMatchObject({ result: 'violated', subject: 'vm1' });
  });

  it('finds what came and was never sent', () => {
    const rig = new LanRig().datagram('sent', 1).datagram('received', 2, 'lan-h1');
    expect(rig.verdict('I38')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('datagram 2 to-guest came, and was never sent'),
    });
  });
});

describe('I39, delivered once', () => {
  const twice = (first: string, second: string) =>
    new LanRig()
      .datagram('sent', 1)
      .datagram('received', 1, first)
      .datagram('received', 1, second)
      .verdict('I39');

  it('finds a datagram that came twice, or at both hosts', () => {
    expect(twice('lan-h1', 'lan-h1').detail).toBe('datagram 1 to vm1 came twice at lan-h1');
    expect(twice('lan-h1', 'lan-h2').detail).toBe('datagram 1 to vm1 came at lan-h1 and at lan-h2');
  });

  it('passes each that came once, and says where none came', () => {
    const rig = new LanRig().datagram('received', 1, 'lan-h1').datagram('received', 2, 'lan-h2');
    expect(rig.verdict('I39')).toMatchObject({ result: 'holds' });
    expect(new LanRig().datagram('sent', 1).verdict('I39')).toMatchObject({
      result: 'not-observable',
    });
  });
});
