/** A guest's disk over iSCSI sessions of its host: login, scan, multipath, loss, leaving. */
import { describe, expect, it } from 'vitest';
import { iscsiInitiatorPort } from '../../../src/history/port-name.ts';
import { IP_BLOCKS, IP_INITIATOR, IP_TARGET, IpSan } from '../../helpers/ip-san.ts';

const FIRST = '00023d000001';
const SECOND_ISID = '00023d000002';
const portOf = (isid: string) => iscsiInitiatorPort(IP_INITIATOR, Buffer.from(isid, 'hex'));

describe('a guest over iSCSI', () => {
  it('has its disk over every portal, and runs', () => {
    const san = new IpSan();
    const prepared = san.start([san.identity(FIRST), san.identity(SECOND_ISID, 11)]);
    expect(prepared).toMatchObject({ ok: true, view: [{ blocks: IP_BLOCKS, paths: 2 }] });
    san.run(2);
    expect(san.completed).toBeGreaterThan(30);
    expect(san.told('io-sent')[0]).toMatchObject({ initiator: portOf(FIRST), address: 1 });
    expect(new Set(san.told('io-sent').map(({ target }) => target))).toEqual(
      new Set([`${IP_TARGET},t,0x0001`, `${IP_TARGET},t,0x0002`]),
    );
    expect(san.told('protocol')).toEqual([]);
  });

  it('is not taken from a guest that runs, by a move that takes it for prepared ports', () => {
    const san = new IpSan();
    san.start([san.identity(FIRST)]);
    expect(san.ask('h1', { command: 'discard', vm: 'vm' })).toEqual({
      ok: false,
      reason: 'vm runs on h1',
    });
    const before = san.completed;
    san.run(1);
    expect(san.completed).toBeGreaterThan(before);
  });

  it('says why it cannot have it', () => {
    const san = new IpSan();
    const target = { name: 'iqn.2026-01.com.example:none', address: '10.0.0.10', port: 3260 };
    const identities = [san.identity(FIRST, 10, { target })];
    expect(san.ask('h1', { command: 'prepare', vm: 'vm', identities })).toEqual({
      ok: false,
      reason: 'iSCSI iqn.2026-01.com.example:none at 10.0.0.10:3260: the target refuses: not found',
    });
  });

  it('goes on over the other portal when one is gone, and has it back', () => {
    const san = new IpSan();
    san.start([san.identity(FIRST), san.identity(SECOND_ISID, 11)]);
    san.run(1);
    san.simulator.act('array', (now) => san.array.handleLink(0, false, now));
    san.simulator.link('array.0-bridge.0').cut(30e9);
    san.run(29);
    const during = san.completed;
    expect(san.told('path').some(({ state }) => state === 'lost')).toBe(true);
    san.simulator.act('array', (now) => san.array.handleLink(0, true, now));
    san.run(20);
    expect(san.completed).toBeGreaterThan(during);
    // Linux's 5 s and 5 s find the loss; relogin with the same ISID.
    const began = san.told('nexus').filter(({ state }) => state === 'began');
    expect(began.filter(({ nexus }) => nexus.initiator === portOf(FIRST)).length).toBe(2);
    expect(san.told('io-complete').every(({ result }) => result === 'good')).toBe(true);
  });

  it('leaves with the word of every target, or without one', () => {
    const san = new IpSan();
    san.start([san.identity(FIRST)]);
    san.ask('h1', { command: 'stun', vm: 'vm' });
    san.ask('h1', { command: 'drain', vm: 'vm', drain: 'wait', timeoutNs: 1e9 });
    expect(san.ask('h1', { command: 'leave', vm: 'vm' })).toMatchObject({ acknowledged: true });
    const again = new IpSan();
    again.start([again.identity(FIRST)]);
    again.ask('h1', { command: 'stun', vm: 'vm' });
    again.ask('h1', { command: 'drain', vm: 'vm', drain: 'wait', timeoutNs: 1e9 });
    expect(again.ask('h1', { command: 'leave', vm: 'vm', to: 'fabric' })).toMatchObject({
      acknowledged: false,
    });
    const reset = new IpSan();
    reset.start([reset.identity(FIRST)]);
    reset.ask('h1', { command: 'stun', vm: 'vm' });
    expect(reset.ask('h1', { command: 'leave', vm: 'vm', to: 'nexus' })).toMatchObject({
      acknowledged: true,
    });
    expect(reset.told('task-management')).toMatchObject([{ function: 'i-t-nexus-reset' }]);
  });

  it('of the same ISID on another host takes the session of the first', () => {
    const san = new IpSan();
    san.start([san.identity(FIRST)]);
    san.run(0.1);
    const there = san.ask('h2', {
      command: 'prepare',
      vm: 'vm',
      identities: [san.identity(FIRST)],
    });
    expect(there).toMatchObject({ ok: true, view: [{ paths: 1 }] });
    expect(
      san
        .told('nexus')
        .map(({ state }) => state)
        .slice(0, 3),
    ).toEqual(['began', 'ended', 'began']);
  });

  it.each(['wait', 'abort', 'purge', 'logout-clears', 'link-pull', 'crash'] as const)(
    'is brought to rest by %s',
    (drain) => {
      const san = new IpSan();
      san.start([san.identity(FIRST)]);
      san.run(0.1);
      san.ask('h1', { command: 'stun', vm: 'vm' });
      expect(san.ask('h1', { command: 'drain', vm: 'vm', drain, timeoutNs: 5e9 })).toMatchObject({
        ok: true,
      });
    },
  );
});
