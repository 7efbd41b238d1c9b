/** I37, I40 and I44 by hand. */
import { describe, expect, it } from 'vitest';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import { LAN_MAC, LanRig } from '../../../helpers/lan-rig.ts';

describe('I37, switches follow the guest', () => {
  it('passes one that follows within the bound, and finds one that does not', () => {
    const sound = new LanRig().forwards(1).moves().forwards(2).wait(100).runs('h2');
    expect(sound.verdict('I37')).toMatchObject({ result: 'holds' });
    const late = new LanRig().forwards(1).moves().wait(30).runs('h2').forwards(2);
    expect(late.verdict('I37')).toMatchObject({
      result: 'violated',
      detail: 'bridge forwards vm1 to h1, 20.000 ms after it ran on h2',
      subject: 'vm1',
    });
  });

  it('an address that is forgotten is flooded, and that is right', () => {
    const rig = new LanRig().forwards(1).moves().forwards(undefined).wait(100).runs('h2');
    expect(rig.verdict('I37')).toMatchObject({ result: 'holds' });
  });

  it('looks at a move that was rolled back from its end on', () => {
    const rig = new LanRig()
      .forwards(2)
      .wait(1000)
      .moves('rolled-back')
      .forwards(1)
      .wait(100)
      .runs('h1');
    expect(rig.verdict('I37')).toMatchObject({ result: 'holds' });
    const left = new LanRig().forwards(1).moves('rolled-back').forwards(2).wait(100).runs('h1');
    expect(left.verdict('I37')).toMatchObject({ result: 'violated' });
  });

  it('cannot say anything without a move', () => {
    expect(new LanRig().forwards(1).verdict('I37')).toMatchObject({ result: 'not-observable' });
  });
});

describe('I40, nothing goes in circles', () => {
  it('finds a datagram that passes a link again, and none that passes two', () => {
    const rig = new LanRig().tapped('lan-h1', 1).tapped('lan-h2', 1).tapped('lan-h1', 2);
    expect(rig.verdict('I40')).toMatchObject({ result: 'holds' });
    const looped = new LanRig().tapped('lan-h1', 1).tapped('lan-h1', 1);
    expect(looped.verdict('I40')).toMatchObject({
      result: 'violated',
      detail: 'datagram 1 to vm1 passed lan-h1 cable again',
    });
  });
});

describe('I44, answers are true', () => {
  const answered = (address: string, mac: string) =>
    new LanRig()
      .tell('bridge', { type: 'neighbour-answer', address, mac: mac as Mac })
      .verdict('I44');

  it('knows the guests, and says nothing of others', () => {
    expect(answered('192.0.2.1', LAN_MAC)).toMatchObject({ result: 'holds' });
    expect(answered('192.0.2.1', '02:00:00:00:00:99')).toMatchObject({
      result: 'violated',
      detail: `bridge said that 192.0.2.1 is at 02:00:00:00:00:99; it is at ${LAN_MAC}`,
    });
    expect(answered('192.0.2.77', LAN_MAC)).toMatchObject({ result: 'not-observable' });
  });
});
