/** How a virtual machine's ports and guest get to a host and away from it. */

import { describe, expect, it } from 'vitest';
import { vhbasOf } from '../../../src/host/attachment-identity.ts';
import { San } from '../../helpers/san.ts';

const drain = (san: San, how: 'wait' | 'abort' | 'purge' | 'logout-clears' | 'link-pull') =>
  san.ask('h1', { command: 'drain', vm: 'vm', drain: how, timeoutNs: 1e9 }, 60);

describe('prepare', () => {
  it('logs in, scans, and answers with what is seen; asked again, at once', () => {
    const san = new San();
    expect(san.prepare()).toMatchObject({ ok: true, fellBack: false, view: [{ blocks: 256 }] });
    const at = san.simulator.nowNs;
    expect(san.prepare()).toMatchObject({ ok: true });
    expect(san.simulator.nowNs - at).toBeLessThan(1e7);
  });

  it('refuses other names for a virtual machine that has some', () => {
    const san = new San();
    san.prepare();
    const identities = vhbasOf(san.identities).map((one) => ({ ...one, wwpn: one.wwpn + 99n }));
    expect(san.ask('h1', { command: 'prepare', vm: 'vm', identities })).toEqual({
      ok: false,
      reason: 'vm already has other ports on h1',
    });
  });

  it('fails in time where the fabric is out of reach', () => {
    const san = new San();
    san.link('h1', 0, false);
    const { identities } = san;
    expect(san.ask('h1', { command: 'prepare', vm: 'vm', identities, timeoutNs: 3e9 })).toEqual({
      ok: false,
      reason: expect.stringMatching(
        /^vm did not complete its logins on h1 in 3 s: ([0-9a-f]{2}:){7}[0-9a-f]{2} at port 0$/,
      ),
    });
  });

  it('needs an adapter with NPIV, or falls back on the physical port where that is allowed', () => {
    const hosts = [
      { name: 'h1', ports: ['A'], npiv: false },
      { name: 'h2', ports: ['A'] },
    ];
    const san = new San({ hosts });
    const reason = 'the adapter of h1 offers no NPIV';
    expect(san.prepare()).toEqual({ ok: false, reason });
    const other = new San({ hosts });
    const { identities } = other;
    expect(
      other.ask('h1', { command: 'prepare', vm: 'vm', identities, fallBack: 'physical' }),
    ).toMatchObject({ ok: true, fellBack: true });
  });
});

describe('adopt', () => {
  it('needs storage, and a guest', () => {
    const san = new San();
    san.prepare();
    expect(san.ask('h1', { command: 'adopt', vm: 'vm' })).toEqual({
      ok: false,
      reason: 'no guest for vm on h1',
    });
    const { guest } = san.world.vms[0]!;
    expect(san.ask('h1', { command: 'adopt', vm: 'vm', guest })).toMatchObject({ ok: true });
    san.ask('h1', { command: 'leave', vm: 'vm' });
    expect(san.ask('h1', { command: 'adopt', vm: 'vm' })).toEqual({
      ok: false,
      reason: 'vm has no storage on h1',
    });
  });
});

describe('drain', () => {
  it.each([
    ['wait', { aborted: 0, pending: 0 }],
    ['abort', { pending: 2 }],
    ['purge', { aborted: 0, pending: 2 }],
    ['logout-clears', { aborted: 0, pending: 2 }],
    ['link-pull', { aborted: 0, pending: 2 }],
  ] as const)('by %s leaves nothing under way', (how, expected) => {
    // A slow array: the guest's I/O is under way when it is stunned.
    const array = {
      ports: ['A'],
      luns: [{ name: 'd', blocks: 256 }],
      readUs: 20_000,
      writeUs: 20_000,
    };
    const san = new San({ array });
    san.start();
    san.run(0.01);
    expect(san.ask('h1', { command: 'stun', vm: 'vm' })).toMatchObject({ outstanding: 2 });
    expect(drain(san, how)).toMatchObject({ ok: true, ...expected });
  });
});

describe('leave', () => {
  it('logs the ports out; the guest stays and goes on once it has storage again', () => {
    const san = new San();
    san.start();
    san.run(0.05);
    san.ask('h1', { command: 'stun', vm: 'vm' });
    drain(san, 'wait');
    expect(san.ask('h1', { command: 'leave', vm: 'vm' })).toMatchObject({ acknowledged: true });
    expect(san.told<{ type: string; state: string }>('nexus').map(({ state }) => state)).toEqual([
      'began',
      'ended',
    ]);
    const before = san.told('io-complete').length;
    san.prepare();
    san.ask('h1', { command: 'adopt', vm: 'vm' });
    san.ask('h1', { command: 'resume', vm: 'vm' });
    san.run(0.05);
    expect(san.told('io-complete').length).toBeGreaterThan(before);
  });
});
