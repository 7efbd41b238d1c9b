import { describe, expect, it } from 'vitest';
import {
  GOOD,
  hex,
  INITIATOR_A,
  INITIATOR_B,
  Recorder,
  Rig,
  TUR,
  toHex,
  write10,
} from '../../../../helpers/scsi-target.ts';

const RTPG = 'a3 0a 00000000 00001000 00 00';
const RTPG_EXTENDED = 'a3 2a 00000000 00001000 00 00';
const stpg = (bytes: number) => `a4 0a 00000000 ${bytes.toString(16).padStart(8, '0')} 00 00`;
const NON_OPTIMIZED = 1;
const STANDBY = 2;
const UNAVAILABLE = 3;

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

describe('who may change states', () => {
  const SUPPORTED_STPG = 'a3 0c 02 a4 000a 00001000 00 00';
  it.each([
    ['implicit', 1, false],
    ['explicit', 2, true],
    ['both', 3, true],
  ] as const)('%s: TPGS %d, SET TARGET PORT GROUPS there or not', (accessChanges, tpgs, there) => {
    const rig = new Rig({ accessChanges });
    rig.unit();
    const near = rig.login();
    expect((rig.send(near, '12 00 00 00ff 00').dataIn![5]! >> 4) & 3).toBe(tpgs);
    // SUPPORT: 1 not, 3 as the standard says.
    expect(rig.send(near, SUPPORTED_STPG).dataIn![1]! & 7).toBe(there ? 3 : 1);
    const list = hex('00000000 0200000a');
    expect(rig.ask(near, stpg(list.length), list)).toBe(there ? GOOD : '02 5/24/00');
    expect(rig.ask(near, TUR)).toBe(there ? '02 2/04/0b' : GOOD);
  });
});

describe('a write whose data is still to come', () => {
  const BLOCK = new Uint8Array(512).fill(7);
  /** One command over each path, both waiting for their data. */
  function waiting() {
    const paths = twoPaths();
    const { rig, near, far } = paths;
    const sink = new Recorder();
    const old = rig.submit(near, 1, write10(0, 1), sink);
    const beside = rig.submit(far, 2, write10(1, 1), sink);
    return { ...paths, sink, old, beside };
  }

  it.each([STANDBY, UNAVAILABLE])(
    'is ended by SET TARGET PORT GROUPS that leaves its group in state %d, one at another group is not',
    (state) => {
      const { rig, near, far, old, beside } = waiting();
      const list = hex(`00000000 0${state}00000a 00000014`);
      expect(rig.ask(far, stpg(list.length), list)).toBe(GOOD);
      expect(rig.cleared).toEqual(['1 access-lost']);
      expect(() => old.run(BLOCK)).toThrow(RangeError);
      expect(beside.run(BLOCK).status).toBe(0);
      expect(rig.applied.map(({ lba }) => lba)).toEqual([1]);
      expect([rig.ask(near, TUR), rig.ask(near, TUR)]).toEqual(['02 6/2f/00', '02 6/2a/06']);
    },
  );

  it.each([
    ['leaves its group active', `00000000 0${NON_OPTIMIZED}00000a`],
    ['is refused', '00000000 0200000a 00000099'],
    ['asks for nothing', ''],
  ])('comes behind SET TARGET PORT GROUPS that %s', (_, bytes) => {
    const { rig, far, old } = waiting();
    const list = hex(bytes);
    rig.ask(far, stpg(list.length), list);
    expect(rig.cleared).toEqual([]);
    expect(old.run(BLOCK).status).toBe(0);
  });

  it('comes behind a change that the array makes by itself', () => {
    const { rig, lu, old } = waiting();
    rig.target.setAccessStates(lu, [{ groupId: 10, state: UNAVAILABLE }]);
    expect(old.run(BLOCK).status).toBe(0);
    expect(rig.applied.map(({ lba }) => lba)).toEqual([0]);
  });
});
