import { describe, expect, it } from 'vitest';
import {
  GOOD,
  hex,
  INITIATOR_A,
  INITIATOR_B,
  Rig,
  TUR,
  toHex,
} from '../../../../helpers/scsi-target.ts';

const RTPG = 'a3 0a 00000000 00001000 00 00';
const RTPG_EXTENDED = 'a3 2a 00000000 00001000 00 00';
const stpg = (bytes: number) => `a4 0a 00000000 ${bytes.toString(16).padStart(8, '0')} 00 00`;
const NON_OPTIMIZED = 1;
const STANDBY = 2;

/** The rig's groups: 10 with port 1, 20 with port 2. */
function twoPaths() {
  const rig = new Rig();
  const lu = rig.unit();
  return { rig, lu, near: rig.login(INITIATOR_A, 0), far: rig.login(INITIATOR_A, 1) };
}

describe('REPORT TARGET PORT GROUPS', () => {
  it('describes each group with its ports', () => {
    const { rig, lu, near } = twoPaths();
    rig.target.setAccessStates(lu, [{ groupId: 20, state: NON_OPTIMIZED }]);
    rig.ask(near, TUR);
    const near10 = '80cf000a000000010000' + '0001';
    const far20 = '01cf0014000200010000' + '0002';
    expect(toHex(rig.send(near, RTPG).dataIn)).toBe(`00000018${near10}${far20}`);
    expect(toHex(rig.send(near, RTPG_EXTENDED).dataIn)).toBe(`0000001c103c0000${near10}${far20}`);
  });

  it('is cut to the allocation length and refuses an unknown format', () => {
    const { rig, near } = twoPaths();
    expect(toHex(rig.send(near, 'a3 0a 00000000 00000004 00 00').dataIn)).toBe('00000018');
    expect(rig.ask(near, 'a3 4a 00000000 00001000 00 00')).toBe('02 5/24/00');
  });

  it('is the same in INQUIRY: TPGS and the group of the port', () => {
    const { rig, near, far } = twoPaths();
    expect((rig.send(near, '12 00 00 00ff 00').dataIn![5]! >> 4) & 3).toBe(3);
    expect(toHex(rig.send(near, '12 01 83 00ff 00').dataIn)).toContain('01950004' + '0000000a');
    expect(toHex(rig.send(far, '12 01 83 00ff 00').dataIn)).toContain('01950004' + '00000014');
  });
});

describe('SET TARGET PORT GROUPS', () => {
  it('changes states and tells all nexuses but the one that asked', () => {
    const { rig, near, far } = twoPaths();
    const other = rig.login(INITIATOR_B, 0);
    const list = hex('00000000 0100000a 00000014');
    expect(rig.ask(far, stpg(list.length), list)).toBe(GOOD);
    expect(rig.ask(far, TUR)).toBe(GOOD);
    expect(rig.ask(near, TUR)).toBe('02 6/2a/06');
    expect(rig.ask(other, TUR)).toBe('02 6/2a/06');
    const groups = rig.send(near, RTPG).dataIn!;
    // State and status code of group 10: non-optimized, by SET TARGET PORT GROUPS.
    expect([groups[4]! & 0xf, groups[4 + 5]]).toEqual([NON_OPTIMIZED, 1]);
  });

  it('works at a standby port, which is how a fail-over begins', () => {
    const { rig, lu, near } = twoPaths();
    rig.target.setAccessStates(lu, [{ groupId: 10, state: STANDBY }]);
    rig.ask(near, TUR);
    const list = hex('00000000 0000000a');
    expect(rig.ask(near, stpg(list.length), list)).toBe(GOOD);
    expect(rig.ask(near, TUR)).toBe(GOOD);
  });

  it('changes nothing when one descriptor is wrong', () => {
    const { rig, near } = twoPaths();
    for (const wrong of ['0f000014', '0e000014', '00000099']) {
      const list = hex(`00000000 0200000a ${wrong}`);
      expect(rig.ask(near, stpg(list.length), list)).toBe('02 5/26/00');
    }
    const cut = hex('00000000 0200');
    expect(rig.ask(near, stpg(cut.length), cut)).toBe('02 5/1a/00');
    expect(rig.ask(near, TUR)).toBe(GOOD);
  });
});
