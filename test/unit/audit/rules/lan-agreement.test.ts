/** I41 by hand. */
import { describe, expect, it } from 'vitest';
import { LanRig } from '../../../helpers/lan-rig.ts';

const LOGIN = {
  type: 'login',
  nPortId: 1,
  wwpn: 1n,
  wwnn: 1n,
  port: 0,
  mac: undefined,
  by: 'FDISC',
  enodeMac: '02:00:00:00:00:aa',
  clean: true,
} as const;

describe('I41, the halves agree', () => {
  const apart = (ms: number) =>
    new LanRig()
      .tell('switch', LOGIN as never)
      .tapped('lan-h1', 1)
      .tapped('lan-h2', 2)
      .wait(ms)
      .tapped('lan-h2', 3);

  it('finds a LAN that sends elsewhere for longer than declared, and passes a shorter time', () => {
    expect(
      apart(40).runs('h2').tapped('lan-h2', 4).tapped('lan-h2', 5).verdict('I41'),
    ).toMatchObject({
      result: 'violated',
      subject: 'vm1',
      detail: expect.stringMatching(
        /^vm1: the LAN sends its frames to h2, its storage is logged out, and it is on h1, for 4\d\.000 ms; bound 30\.000 ms$/,
      ),
    });
    expect(
      apart(10).runs('h2').tapped('lan-h2', 4).tapped('lan-h2', 5).verdict('I41'),
    ).toMatchObject({
      result: 'holds',
    });
  });

  it('finds one that never comes back within the bound, and does not accuse where the run ended before', () => {
    expect(apart(40).verdict('I41').detail).toMatch(
      /to the end, for 4\d\.000 ms by then; bound 30/,
    );
    const ended = apart(20).verdict('I41');
    expect(ended.result).toBe('holds');
    expect(ended.detail).toMatch(/the run ended while they were, for 2\d\.000 ms by then/);
  });

  it('what is flooded comes to the guest too', () => {
    const rig = new LanRig()
      .tell('switch', LOGIN as never)
      .tapped('lan-h1', 1)
      .tapped('lan-h2', 1)
      .wait(90);
    expect(rig.tapped('lan-h1', 2).tapped('lan-h1', 3).verdict('I41')).toMatchObject({
      result: 'holds',
    });
  });
});
