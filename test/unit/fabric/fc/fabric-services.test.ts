/** The services of one switch, joined. */
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FabricRig } from '../../../helpers/f-port.ts';

describe('the services of a switch', () => {
  it('forget everything in a power cycle, and tell nobody', () => {
    const rig = new FabricRig();
    const one = rig.login('FLOGI', 1n);
    const two = rig.login('FLOGI', 2n, { port: 1 });
    rig.els(one, 0xff_fffd, { kind: 'SCR', registrationFunction: 3 });
    rig.fabric.logouts.end(two, 'LOGO');
    // The RSCN about it is noted, not sent.
    rig.fPort.takeLog();
    rig.events = [];
    rig.fabric.restart();
    rig.settle();
    rig.advance(100 * SECOND);
    expect(rig.fPort.log).toEqual([]);
    // The one that left before.
    expect(rig.events).toMatchObject([{ type: 'logout', wwpn: 2n }]);
    expect(rig.context.logins.size).toBe(0);
    expect(one.live).toBe(false);
  });

  it('send a request from before a power cycle no more', () => {
    const rig = new FabricRig();
    const one = rig.login('FLOGI', 1n);
    rig.els(one, 0xff_fffd, { kind: 'SCR', registrationFunction: 3 });
    rig.fabric.controller.noteTo(one, { nPortId: 5 });
    rig.settle();
    expect(rig.fPort.takeFrames()).toHaveLength(1);
    rig.fabric.restart();
    rig.advance(100 * SECOND);
    expect(rig.fPort.frames).toEqual([]);
    expect(rig.eventsOf('rscn-unanswered')).toEqual([]);
  });

  it('begin anew with the first N_Port_ID, not clean until R_A_TOV is over', () => {
    const rig = new FabricRig({ rATovMs: 5000 });
    rig.login('FLOGI', 1n);
    rig.context.core.now = SECOND;
    rig.fabric.restart();
    const clean = () => {
      const [answer] = rig.ask('FLOGI', 1n);
      return [answer!.dId, rig.isClean(answer!)];
    };
    expect(clean()).toEqual([0x01_0001, false]);
    rig.advance(5 * SECOND);
    expect(clean()[1]).toBe(true);
  });

  it('know the zones of ports that log in after a power cycle', () => {
    const zoning = {
      enforced: 'soft',
      defaultZone: 'deny',
      zones: [{ name: 'z', members: [1n, 2n] }],
    } as const;
    const rig = new FabricRig({ zoning });
    rig.login('FLOGI', 1n);
    rig.fabric.restart();
    const one = rig.login('FLOGI', 1n);
    const two = rig.login('FLOGI', 2n, { port: 1 });
    expect([...rig.context.zones.visibleTo(two)]).toEqual([one, two]);
  });
});
