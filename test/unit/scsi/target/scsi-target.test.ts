/** A target device as a whole: units, nexuses, masks, restart. */
import { describe, expect, it } from 'vitest';
import { deviceOf, type InitiatorPort } from '../../../../src/history/port-name.ts';
import { ScsiTarget } from '../../../../src/scsi/target/scsi-target.ts';
import {
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  Recorder,
  Rig,
  TUR,
  write10,
} from '../../../helpers/scsi-target.ts';

describe('nexuses', () => {
  it('that begin anew end the one before, with its tasks', () => {
    const rig = new Rig();
    rig.unit();
    const first = rig.login();
    rig.submit(first, 1, write10(0, 1), new Recorder());
    const second = rig.login();
    expect([first.live, second.live, second.epoch]).toEqual([false, true, 2]);
    expect(rig.cleared).toEqual(['1 nexus-lost']);
    expect(() => rig.submit(first, 2, TUR, new Recorder())).toThrow(
      'the login of this command has ended',
    );
  });

  it('need a target port that exists', () => {
    expect(() => new Rig().target.nexusBegan(INITIATOR_A, 2, 0)).toThrow(
      'there is no target port 2',
    );
  });
});

describe('a fence', () => {
  it('ends what a device has under way on a unit, and shows it the unit no more', () => {
    const rig = new Rig();
    const [shut, open] = [rig.unit(), rig.unit()];
    const nexus = rig.login();
    const device = deviceOf(INITIATOR_A);
    rig.submit(nexus, 1, write10(0, 1), new Recorder());
    rig.target.fence(device, shut);
    expect(rig.cleared).toEqual(['1 preempted']);
    expect([...rig.target.masks.viewOf(device).values()]).toEqual([open]);
  });
});

describe('masks', () => {
  it('of a device count for all its ports, and tell each of them', () => {
    const rig = new Rig();
    const [one, two] = [rig.unit(), rig.unit()];
    const sessions = [1, 2].map(
      (n) => `iqn.2026-01.example:h,i,0x00000000000${n}` as InitiatorPort,
    );
    const [a, b] = sessions.map((name) => rig.login(name));
    rig.target.setMask(deviceOf(sessions[0]!), [{ lun: 0, lu: two }]);
    for (const nexus of [a!, b!]) {
      expect([1, 2].map(() => rig.ask(nexus, TUR))).toEqual(['02 6/3f/0e', GOOD]);
      expect(rig.target.masks.resolve(nexus.pair, 0n)).toBe(two);
    }
    expect(rig.target.masks.resolve(rig.login(INITIATOR_B).pair, 0n)).toBe(one);
  });
});

describe('a restart', () => {
  it('ends all nexuses and tasks, and is told as such', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login();
    rig.submit(a, 1, write10(0, 1), new Recorder());
    rig.target.restart();
    expect([a.live, rig.cleared]).toEqual([false, ['1 power-on']]);
    expect([1, 2].map(() => rig.ask(rig.login(), TUR))).toEqual(['02 6/29/01', '02 6/29/07']);
  });
});

describe('a target device', () => {
  it('without groups of its own has one, of all its ports', () => {
    const ports = new Rig().target.ports;
    expect(new ScsiTarget({ name: 'x', ports }).groups).toEqual([
      { id: 1, relativePortIds: [1, 2] },
    ]);
  });
});
