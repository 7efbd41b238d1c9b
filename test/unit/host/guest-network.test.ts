/** A guest whose initiator is its own: its connections and sessions go with it from host to host. */
import { describe, expect, it } from 'vitest';
import { IP_INITIATOR, IpSan } from '../../helpers/ip-san.ts';

const NIC = { mac: '52:54:00:00:01:00', address: '10.0.0.77', vlan: 0 };

function started() {
  const san = new IpSan();
  const identities = [
    san.identity('00023d000001', 10, { nic: NIC }),
    san.identity('00023d000002', 11, { nic: NIC }),
  ];
  expect(san.start(identities)).toMatchObject({ ok: true, view: [{ paths: 2 }] });
  san.run(1);
  return { san, identities };
}

/** Takes the guest from h1, and waits. */
function taken(san: IpSan) {
  san.ask('h1', { command: 'stun', vm: 'vm' });
  const given = san.ask('h1', { command: 'surrender', vm: 'vm' });
  if (given?.ok !== true || given.command !== 'surrender') throw new Error('not surrendered');
  return { token: given.guest, carried: san.host('h1').takeGuest(given.guest)! };
}

describe('a guest with an initiator of its own', () => {
  it('goes with what is under way: no login, no loss, nothing sent again', () => {
    const { san, identities } = started();
    const before = san.completed;
    const { token, carried } = taken(san);
    expect(carried.own).toBeDefined();
    // Nobody answers for it meanwhile, and the hosts do not know it.
    san.run(0.05);
    expect(san.ask('h1', { command: 'view', vm: 'vm' })).toMatchObject({ ok: false });
    san.host('h2').bringGuest(token, carried);
    expect(san.ask('h2', { command: 'adopt', vm: 'vm', guest: token, identities })).toEqual({
      ok: true,
      command: 'adopt',
    });
    san.ask('h2', { command: 'resume', vm: 'vm' });
    san.run(2);
    expect(san.completed).toBeGreaterThan(before + 20);
    expect(san.told('nexus').filter(({ state }) => state === 'began')).toHaveLength(2);
    expect(san.told('io-requeue')).toEqual([]);
    expect(new Set(san.told('io-sent').map(({ initiator }) => initiator.split(',')[0]))).toEqual(
      new Set([IP_INITIATOR]),
    );
    const last = san.events.findLast(({ event }) => event.type === 'io-complete');
    expect(last?.node).toBe('h2');
  });

  it('goes on where it was when nobody took it', () => {
    const { san } = started();
    san.ask('h1', { command: 'stun', vm: 'vm' });
    const standing = san.completed;
    san.run(0.3);
    expect(san.completed).toBe(standing);
    san.ask('h1', { command: 'resume', vm: 'vm' });
    san.run(1);
    expect(san.completed).toBeGreaterThan(standing);
    expect(san.told('nexus').filter(({ state }) => state === 'began')).toHaveLength(2);
  });

  it('is not taken in where a host has no port for each of its own', () => {
    const { san } = started();
    const { token, carried } = taken(san);
    san.host('h2').bringGuest(token, carried);
    expect(san.ask('h2', { command: 'adopt', vm: 'vm', guest: token, identities: [] })).toEqual({
      ok: false,
      reason: "h2 has no port for each of vm's own",
    });
  });

  it('is over with the power of its host', () => {
    const { san } = started();
    san.ask('h1', { command: 'stun', vm: 'vm' });
    san.ask('h1', { command: 'drain', vm: 'vm', drain: 'crash', timeoutNs: 1e9 });
    const before = san.completed;
    san.run(1);
    expect(san.completed).toBe(before);
    expect(san.host('h1').ip?.kept().connections).toBe(0);
  });
});
