/** A login with a remote port: PLOGI, PRLI, tries, and everything that ends it. */
import { describe, expect, it } from 'vitest';
import { lsRjt, plogi, plogiAccept, prliAccept } from '../../../../src/codecs/els/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import type { LportOptions } from '../../../../src/port/n-port/lport.ts';
import { NPortRig, PEER, PEER_NAME } from '../../../helpers/n-port-link.ts';

/** Features of PRLI: target, RETRY, confirmed completion, write data unasked. */
const TARGET = 0x10;
const RETRY = 0x100;
const CONFIRM = 0x80;
const FIRST_BURST = 0x1;

const plogiOk = (receiveBytes = 1024, portName = PEER_NAME) =>
  plogiAccept.encode({
    common: {
      bbCredit: 8,
      features: 0,
      bbReceiveDataFieldSizeBytes: receiveBytes,
      totalConcurrentSequences: 255,
    },
    portName,
    nodeName: 3n,
  });
const prliOk = (serviceParameters = TARGET | RETRY | CONFIRM, responseCode = 1) =>
  prliAccept.encode({
    pages: [{ kind: 'FCP', flags: 0x2, responseCode, serviceParameters }],
  });

function make(options: Partial<LportOptions> = {}) {
  const rig = new NPortRig(options);
  rig.up();
  rig.take();
  const rport = rig.lport.rport(PEER)!;
  return { rig, rport };
}

function ready(options: Partial<LportOptions> = {}, parameters?: number) {
  const made = make(options);
  made.rport.login();
  made.rig.accept(plogiOk());
  made.rig.accept(prliOk(parameters));
  expect(made.rport.state).toBe('ready');
  made.rig.takeLog();
  return made;
}

describe('a login with a remote port', () => {
  it('is PLOGI, then PRLI, and takes what each says', () => {
    const { rig, rport } = make();
    rport.login();
    expect(rig.asked()).toEqual(['PLOGI to 10100']);
    expect(plogi.decode(rig.frames[0]!.payload).common.eDTov).toBe(2000);
    rig.accept(plogiOk());
    expect(rig.asked()).toEqual(['PRLI to 10100']);
    expect(rig.log).toEqual([]);
    rig.accept(prliOk());
    expect(rig.log).toEqual(['ready 10100']);
    expect(rport).toMatchObject({
      portName: PEER_NAME,
      nodeName: 3n,
      receiveBytes: 1024,
      isTarget: true,
      retry: true,
      confirm: true,
      firstBurst: false,
      logins: 1,
    });
  });

  it('is asked for once, however often', () => {
    const { rig, rport } = make();
    rport.login();
    rport.login();
    expect(rig.frames).toHaveLength(1);
    rig.accept(plogiOk());
    rport.login();
    expect(rig.frames).toHaveLength(1);
  });

  it('of a target ends with PLOGI: the initiator sends PRLI', () => {
    const { rig, rport } = make({ role: 'target' });
    rport.login();
    rig.accept(plogiOk());
    expect([rig.frames, rport.state]).toEqual([[], 'init']);
  });

  it.each([
    [{}, TARGET | RETRY | CONFIRM | FIRST_BURST, { retry: true, confirm: true, firstBurst: false }],
    [{ retry: false }, TARGET | RETRY, { retry: false, confirm: false, firstBurst: false }],
    [{ firstBurst: true }, TARGET | FIRST_BURST, { retry: false, firstBurst: true }],
    [{ firstBurst: true }, TARGET, { firstBurst: false }],
  ])('agrees on what both offer: %o and %i', (options, parameters, agreed) => {
    expect(ready(options, parameters).rport).toMatchObject(agreed);
  });

  it('is tried three times, E_D_TOV apart, then given up with the reason', () => {
    const { rig, rport } = make();
    rport.login();
    for (let i = 0; i < 2; i++) {
      rig.reject(3, 0xd);
      rig.clock.run(2 * SECOND - 1);
      expect(rig.frames).toEqual([]);
      rig.clock.run(1);
      expect(rig.asked()).toEqual(['PLOGI to 10100']);
    }
    rig.reject(3, 0xd);
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
    expect(rport.state).toBe('gone');
    expect(rig.log).toEqual([
      'failed 10100 LS_RJT reason 3h explanation dh (LOGICAL ERROR, INVALID PORT NAME)',
    ]);
  });

  it('begins anew with PLOGI where PRLI fails: refused, not executed, of another type, cut', () => {
    const other = prliOk().slice();
    other[4] = 0x28;
    for (const answer of [
      lsRjt.encode({ reason: 9, explanation: 0 }),
      prliOk(TARGET, 2),
      other,
      prliOk().subarray(0, 6),
    ]) {
      const { rig, rport } = make();
      rport.login();
      rig.accept(plogiOk());
      rig.accept(answer);
      rig.clock.run(2 * SECOND);
      expect(rig.asked()).toEqual(['PLOGI to 10100']);
      expect(rport.state).toBe('plogi');
    }
  });

  it('is tried again when its accept does not decode', () => {
    const { rig, rport } = make();
    rport.login();
    rig.accept(plogiOk().subarray(0, 40));
    rig.clock.run(2 * SECOND);
    expect(rig.asked()).toEqual(['PLOGI to 10100']);
  });

  it('does not believe a receive size below 256', () => {
    const { rig, rport } = make();
    rport.login();
    rig.accept(plogiOk(2));
    expect(rport.receiveBytes).toBe(256);
  });
});

describe('the end of a login', () => {
  it('by our LOGO waits for the answer; a reject says as much as an accept', () => {
    for (const reject of [false, true]) {
      const { rig, rport } = ready();
      const acknowledged: boolean[] = [];
      rport.enterLogo((one) => acknowledged.push(one));
      expect(rig.asked()).toEqual(['LOGO to 10100']);
      expect(acknowledged).toEqual([]);
      if (reject) rig.reject(9, 0);
      else rig.accept();
      expect(acknowledged).toEqual([true]);
      expect(rig.log).toEqual(['gone 10100 logged out, cleared']);
    }
  });

  it('by our LOGO without answer is not confirmed', () => {
    const { rig, rport } = ready();
    const acknowledged: boolean[] = [];
    rport.enterLogo((one) => acknowledged.push(one));
    rig.clock.run(20 * SECOND);
    expect(acknowledged).toEqual([false]);
    expect(rig.log).toEqual(['gone 10100 logged out']);
  });

  it('needs no LOGO where there was no login', () => {
    const { rig, rport } = make();
    const acknowledged: boolean[] = [];
    rport.enterLogo((one) => acknowledged.push(one));
    expect(acknowledged).toEqual([true]);
    expect([rig.frames, rig.log]).toEqual([[], []]);
  });

  it('comes once, closes its exchanges and stops its tries', () => {
    const { rig, rport } = ready();
    const ends: string[] = [];
    rig.lport.sendEls(PEER, Uint8Array.of(0x0e, 0, 0, 0), ({ result }) => ends.push(result));
    rig.lport.sendEls(0xff_fffc, Uint8Array.of(0x0e, 0, 0, 0), ({ result }) => ends.push(result));
    rport.enterGone('why', false);
    rport.enterGone('again', true);
    expect(ends).toEqual(['closed']);
    expect([rig.log, rport.cleared]).toEqual([['gone 10100 why'], false]);
    const trying = make();
    trying.rport.login();
    trying.rig.reject(3, 0);
    trying.rport.enterGone('gone', false);
    trying.rig.clock.run(100 * SECOND);
    expect(trying.rig.frames).toEqual([]);
    expect(trying.rig.log).toEqual([]);
  });
});

describe('recovery by a new login', () => {
  it('tells that the old one is gone, and all who wait when PLOGI is accepted', () => {
    const { rig, rport } = ready();
    const cleared: boolean[] = [];
    rport.enterRecovery((one) => cleared.push(one));
    rport.enterRecovery((one) => cleared.push(one));
    expect(rig.asked()).toEqual(['PLOGI to 10100']);
    expect(rig.log).toEqual(['gone 10100 no answer to ABTS']);
    rig.accept(plogiOk());
    expect(cleared).toEqual([true, true]);
    rig.accept(prliOk());
    expect([rport.state, rport.logins]).toEqual(['ready', 2]);
  });

  it('is not confirmed when the login fails or ends', () => {
    const { rig, rport } = ready();
    const cleared: boolean[] = [];
    rport.enterRecovery((one) => cleared.push(one));
    rport.enterGone('gone from the name server', false);
    expect(cleared).toEqual([false]);
    rig.clock.run(100 * SECOND);
    expect(cleared).toEqual([false]);
  });
});

describe('ADISC', () => {
  it('that is accepted leaves the login as it is', () => {
    const { rig, rport } = ready();
    rport.enterAdisc();
    rport.enterAdisc();
    expect(rig.asked()).toEqual(['ADISC to 10100']);
    rig.accept();
    expect([rport.state, rig.log, rport.logins]).toEqual(['ready', [], 1]);
  });

  it('that is refused ends it, and it logs in anew', () => {
    const { rig, rport } = ready();
    rport.enterAdisc();
    rig.reject(3, 0x1e);
    expect(rig.log).toEqual(['gone 10100 ADISC was not accepted']);
    expect(rig.asked()).toEqual(['PLOGI to 10100']);
  });

  it('is for logins that are ready alone', () => {
    const { rig, rport } = make();
    rport.enterAdisc();
    expect(rig.frames).toEqual([]);
  });
});

describe('a login from the other side', () => {
  const names = { portName: 0xbn, nodeName: 0xcn };

  it('replaces ours: what ran is cleared, and an initiator sends PRLI', () => {
    const { rig, rport } = ready();
    rport.handlePlogi(names, 512);
    expect(rig.log).toEqual(['gone 10100 new PLOGI, cleared']);
    expect(rig.asked()).toEqual(['PRLI to 10100']);
    expect(rport).toMatchObject({ ...names, receiveBytes: 512, cleared: true });
  });

  it('takes the place of our own PLOGI, and is done by the PRLI of the other side', () => {
    const { rig, rport } = make();
    rport.login();
    rport.handlePlogi(names, 512);
    expect(rport).toMatchObject({ ...names, state: 'init' });
    expect(rig.log).toEqual(['failed 10100 the login ended']);
    rport.handlePrli(TARGET);
    expect(rport.state).toBe('ready');
  });

  it('is done by PRLI; a second PRLI ends the tasks of a target', () => {
    const { rig, rport } = make({ role: 'target' });
    rport.handlePlogi(names, 512);
    expect(rport.state).toBe('init');
    rport.handlePrli(0x20 | RETRY);
    expect(rig.log).toEqual(['ready 10100']);
    rport.handlePrli(0x20);
    expect(rig.log).toEqual(['ready 10100', 'gone 10100 new PRLI, cleared', 'ready 10100']);
    expect([rport.retry, rport.logins]).toEqual([false, 2]);
  });

  it('is carried over without a frame', () => {
    const { rig, rport } = make();
    const login = {
      portId: PEER,
      portName: 5n,
      nodeName: 6n,
      receiveBytes: 700,
      fcpParameters: TARGET | RETRY,
    };
    rport.adopt(login);
    expect(rport).toMatchObject({ ...login, state: 'ready', retry: true });
    expect([rig.frames, rig.log]).toEqual([[], ['ready 10100']]);
  });
});
