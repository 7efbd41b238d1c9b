/** The way into the fabric: order of steps, tries, what makes a port give up. */
import { describe, expect, it } from 'vitest';
import { flogi } from '../../../../src/codecs/els/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { fabricAccept, NPortRig } from '../../../helpers/n-port-link.ts';

const MS = SECOND / 1000;

describe('the fabric login', () => {
  it('goes FLOGI, name server, registrations, SCR, each after the one before', () => {
    const rig = new NPortRig({ physical: true, role: 'target' });
    rig.lport.start();
    expect(rig.logins.map(({ kind, oxId, timeoutNs }) => [kind, oxId, timeoutNs])).toEqual([
      ['flogi', undefined, 2 * SECOND],
    ]);
    expect(flogi.decode(rig.logins[0]!.payload).portName).toBe(rig.lport.portName);
    expect(rig.frames).toEqual([]);
    rig.grant();
    const asked: string[] = [];
    while (rig.frames.length > 0) {
      expect(rig.frames).toHaveLength(1);
      asked.push(...rig.asked());
      rig.accept();
    }
    expect(asked).toEqual([
      'PLOGI to fffffc',
      'RNN_ID to fffffc',
      'RSNN_NN to fffffc',
      'RSPN_ID to fffffc',
      'RFT_ID to fffffc',
      'RFF_ID to fffffc',
      'SCR to fffffd',
    ]);
    expect(rig.log).toEqual(['flogi', 'name-server-login', 'register', 'scr', 'ready']);
    expect(rig.link).toEqual(['attached 10200 mac']);
  });

  it('of an NPIV port is by FDISC', () => {
    const rig = new NPortRig({ physical: false });
    rig.lport.start();
    expect(rig.logins[0]!.kind).toBe('fdisc');
    expect(rig.logins[0]!.payload[0]).toBe(0x51);
  });

  it("takes the fabric's time-outs, in milliseconds or, where a bit says so, in nanoseconds", () => {
    const rig = new NPortRig();
    rig.lport.start();
    rig.grant(fabricAccept(0xb000, 1500, 7000));
    expect([rig.lport.eDTovNs, rig.lport.rATovNs]).toEqual([1500 * MS, 7 * SECOND]);
    const fine = new NPortRig();
    fine.lport.start();
    fine.grant(fabricAccept(0xb400, 2_000_000, 7000));
    expect(fine.lport.eDTovNs).toBe(2 * MS);
  });

  it('that is refused comes again after E_D_TOV, one without answer at once', () => {
    const rig = new NPortRig({ loginTriesMax: 5 });
    rig.lport.start();
    rig.logins.shift()!.done({ result: 'reject', reason: 5, explanation: 0 });
    rig.clock.run(2 * SECOND - 1);
    expect(rig.logins).toEqual([]);
    rig.clock.run(1);
    expect(rig.logins).toHaveLength(1);
    rig.logins.shift()!.done({ result: 'timeout' });
    rig.clock.run(0);
    expect(rig.logins).toHaveLength(1);
  });

  it('fails for good after so many tries, and says how the last one ended', () => {
    const rig = new NPortRig({ loginTriesMax: 2 });
    rig.lport.start();
    rig.logins.shift()!.done({ result: 'timeout' });
    rig.clock.run(0);
    rig.logins.shift()!.done({ result: 'reject', reason: 9, explanation: 0x29 });
    rig.clock.run(100 * SECOND);
    expect(rig.logins).toEqual([]);
    expect(rig.log.at(-1)).toBe(
      'failed: fabric login: LS_RJT reason 9h explanation 29h (UNABLE TO PERFORM, INSUFFICIENT RESOURCES FOR LOGIN)',
    );
  });

  it('counts tries anew when it is started again', () => {
    const rig = new NPortRig({ loginTriesMax: 2 });
    for (let round = 0; round < 3; round++) {
      rig.lport.start();
      rig.logins.shift()!.done({ result: 'timeout' });
      rig.clock.run(0);
      expect(rig.logins).toHaveLength(1);
      rig.lport.enterReset('again', false);
      rig.logins = [];
    }
  });

  it('takes no answer to a login of an earlier epoch', () => {
    const rig = new NPortRig();
    rig.lport.start();
    const late = rig.logins.shift()!;
    rig.lport.enterReset('link down', false);
    rig.lport.start();
    late.done({ result: 'granted', nPortId: 5, linkAddress: 'old', payload: fabricAccept() });
    expect(rig.lport.nPortId).toBe(0);
    rig.grant();
    expect(rig.lport.nPortId).toBe(0x01_0200);
  });
});

describe('an address that is not clean', () => {
  const CLEAN = 0xb000;
  const UNCLEAN = 0x3000;

  it.each([
    [true, UNCLEAN, 10 * SECOND],
    [true, CLEAN, 0],
    [false, UNCLEAN, 0],
  ])('honoured %s, features %i: the next step comes after %i ns', (honours, features, waitNs) => {
    const rig = new NPortRig({ honoursCleanAddress: honours });
    rig.lport.start();
    rig.grant(fabricAccept(features));
    if (waitNs > 0) {
      rig.clock.run(waitNs - 1);
      expect(rig.frames).toEqual([]);
      expect(rig.lport.state).toBe('flogi');
      rig.clock.run(1);
    }
    expect(rig.asked()).toEqual(['PLOGI to fffffc']);
  });

  it('is not used when the port was reset while it waited', () => {
    const rig = new NPortRig({ honoursCleanAddress: true });
    rig.lport.start();
    rig.grant(fabricAccept(UNCLEAN));
    rig.lport.enterReset('link down', false);
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
  });
});

describe('a step behind the fabric login', () => {
  const atRegistration = () => {
    const rig = new NPortRig({ loginTriesMax: 3 });
    rig.lport.start();
    rig.grant();
    rig.accept();
    expect(rig.asked()).toEqual(['RNN_ID to fffffc']);
    return rig;
  };

  it('that is refused is tried again by itself after E_D_TOV', () => {
    const rig = atRegistration();
    rig.accept();
    rig.reject(9, 0);
    rig.clock.run(2 * SECOND - 1);
    expect(rig.frames).toEqual([]);
    rig.clock.run(1);
    expect(rig.asked()).toEqual(['RSNN_NN to fffffc']);
  });

  it('without answer is tried again at once: CT after 3 x R_A_TOV, ELS after 2 x', () => {
    const rig = atRegistration();
    rig.next();
    rig.clock.run(30 * SECOND - 1);
    expect(rig.frames).toEqual([]);
    rig.clock.run(1);
    expect(rig.asked()).toEqual(['RNN_ID to fffffc']);
    const early = new NPortRig();
    early.lport.start();
    early.grant();
    early.next();
    early.clock.run(20 * SECOND);
    expect(early.asked()).toEqual(['PLOGI to fffffc']);
  });

  it('that fails too often resets the port and leaves it failed', () => {
    const rig = atRegistration();
    for (let i = 0; i < 3; i++) {
      rig.reject(9, 0);
      rig.clock.run(2 * SECOND);
    }
    expect(rig.log.slice(-2)).toEqual(['disabled: RNN_ID: reject', 'failed: RNN_ID: reject']);
    expect(rig.link.at(-1)).toBe('detached 10200');
    expect([rig.frames, rig.lport.nPortId]).toEqual([[], 0]);
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
  });

  it('is not tried again after a reset', () => {
    const rig = atRegistration();
    rig.reject(9, 0);
    rig.lport.enterReset('link down', false);
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
  });

  it.each(['name server', 'SCR'])('refused too often: %s', (step) => {
    const rig = new NPortRig({ loginTriesMax: 1 });
    rig.lport.start();
    rig.grant();
    if (step === 'SCR') for (let i = 0; i < 6; i++) rig.accept();
    rig.reject(9, 0);
    const name = step === 'SCR' ? 'SCR' : 'name server login';
    expect(rig.log.at(-1)).toBe(`failed: ${name}: reject`);
  });
});
