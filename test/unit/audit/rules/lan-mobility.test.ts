/** I42 and I43 by hand. */
import { describe, expect, it } from 'vitest';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import { LAN_MAC, LanRig } from '../../../helpers/lan-rig.ts';

const route = (
  step: 'advertised' | 'withdrawn' | 'chosen',
  vtep: string,
  sequence: number,
  sticky = false,
) => ({ type: 'mac-route', mac: LAN_MAC, vtep, sequence, sticky, step }) as const;

describe('I42, numbers rise', () => {
  const told = (...events: ReturnType<typeof route>[]) =>
    new LanRig().tell('vtep', ...events).verdict('I42');

  it('passes numbers that rise by one with each move', () => {
    const sound = told(
      route('advertised', 'a', 0),
      route('advertised', 'b', 1),
      route('withdrawn', 'a', 0),
      route('advertised', 'a', 2),
    );
    expect(sound).toMatchObject({
      result: 'holds',
      detail: 'numbers up to 2 rose by one with each move',
    });
    // With an address that has become known.
    expect(told(route('advertised', 'a', 0), route('advertised', 'a', 0))).toMatchObject({
      result: 'holds',
    });
  });

  it('an endpoint that fell begins at 0, and whoever follows it then does', () => {
    const begins = (fell: boolean) => {
      const rig = new LanRig().tell(
        'vtep',
        route('advertised', 'a', 0),
        route('advertised', 'b', 1),
      );
      rig.tell('other', route('chosen', 'b', 1));
      if (fell) rig.tell('vtep', { type: 'node-crashed' });
      rig.tell('vtep', route('advertised', 'b', 0)).tell('other', route('chosen', 'b', 0));
      return rig.tell('vtep', route('advertised', 'a', 1)).verdict('I42');
    };
    expect(begins(true)).toMatchObject({ result: 'holds' });
    expect(begins(false)).toMatchObject({ result: 'violated' });
  });

  it.each([
    [
      'one that stays',
      [route('advertised', 'a', 0), route('advertised', 'b', 0)],
      /number 0, not 1/,
    ],
    [
      'one that jumps',
      [route('advertised', 'a', 0), route('advertised', 'b', 3)],
      /number 3, not 1/,
    ],
    [
      'one that changes without a move',
      [route('advertised', 'a', 0), route('advertised', 'a', 1)],
      /has not moved/,
    ],
    ['one that begins too high', [route('advertised', 'a', 4)], /begins with number 4/],
    [
      'an older one that is followed',
      [route('chosen', 'b', 2), route('chosen', 'a', 1)],
      /follows number 1/,
    ],
    [
      'one that moves and is sticky',
      [route('advertised', 'a', 0, true), route('advertised', 'b', 1)],
      /sticky at a/,
    ],
  ])('finds %s', (_, events, what) => {
    expect(told(...events)).toMatchObject({
      result: 'violated',
      detail: expect.stringMatching(what),
    });
  });

  it('a lower number is right where the higher one was taken back', () => {
    expect(
      told(route('chosen', 'b', 2), route('withdrawn', 'b', 2), route('chosen', 'a', 1)),
    ).toMatchObject({
      result: 'holds',
    });
  });

  const moved = (count: number) => {
    const rig = new LanRig();
    for (let i = 0; i <= count; i++)
      rig.tell('vtep', route('advertised', i % 2 === 0 ? 'a' : 'b', i));
    return rig;
  };
  const duplicate = { type: 'mac-duplicate', mac: LAN_MAC, moves: 5 } as const;

  it('a duplicate is flagged at the limit, not before, and not never', () => {
    expect(moved(4).tell('vtep', duplicate).verdict('I42')).toMatchObject({ result: 'holds' });
    expect(moved(2).tell('vtep', duplicate).verdict('I42').detail).toContain(
      'was called a duplicate',
    );
    expect(moved(7).verdict('I42').detail).toContain('nobody called it a duplicate');
  });
});

describe('I43, profiles follow', () => {
  const profile = (port: number, state: 'in-force' | 'gone', mac = LAN_MAC) =>
    ({ type: 'port-profile', mac: mac as Mac, port, vid: 100, priority: 3, state }) as const;
  const drop = (reason: 'profile' | 'vlan' | 'storm') =>
    ({ type: 'lan-dropped', port: 2, reason, mac: LAN_MAC }) as const;

  it('passes one that goes with its guest, and finds one that stays', () => {
    const sound = new LanRig().tell(
      'bridge',
      profile(1, 'in-force'),
      profile(2, 'in-force'),
      profile(1, 'gone'),
    );
    expect(sound.verdict('I43')).toMatchObject({ result: 'holds' });
    const left = new LanRig().tell('bridge', profile(1, 'in-force'), profile(2, 'in-force'));
    expect(left.verdict('I43').detail).toBe(
      'the profile of vm1 is in force at port 1 of bridge and port 2 of bridge',
    );
  });

  it('finds frames that were dropped for want of a profile or a VLAN, and not those of a storm', () => {
    const dropped = (reason: 'profile' | 'vlan' | 'storm') =>
      new LanRig().tell('bridge', drop(reason)).verdict('I43');
    expect(dropped('profile').detail).toContain('no profile lets it in');
    expect(dropped('vlan').detail).toContain('the VLAN is missing');
    expect(dropped('storm')).toMatchObject({ result: 'not-observable' });
  });
});
