/** How logins end: who is told, in which order. */
import { describe, expect, it } from 'vitest';
import { FabricRig } from '../../../helpers/f-port.ts';

function make(options = {}) {
  const rig = new FabricRig(options);
  const base = rig.login('FLOGI', 1n);
  const first = rig.login('FDISC', 11n);
  const second = rig.login('FDISC', 12n);
  const peer = rig.login('FLOGI', 2n, { port: 1, adapter: 'b' });
  rig.els(peer, 0xff_fffd, { kind: 'SCR', registrationFunction: 3 });
  rig.fPort.takeLog();
  rig.events = [];
  const { logouts } = rig.fabric;
  const gone = () => rig.eventsOf('logout').map(({ wwpn, reason }) => `${wwpn} ${reason}`);
  const told = () => {
    rig.settle();
    return rig.fPort.takeLog().filter((line) => !line.startsWith('send'));
  };
  return { rig, base, first, second, peer, logouts, gone, told };
}

describe('the end of a login', () => {
  it.each([
    ['LOGO', 'known'],
    ['relogin', 'known'],
    ['link', 'known'],
    ['CVL', 'untold'],
    ['keep-alive', 'untold'],
    ['replaced', 'untold'],
    ['base-logout', 'untold'],
    ['port-disabled', 'untold'],
  ] as const)('by %s is %s to its port', (reason, knows) => {
    const { first, logouts, told, gone } = make();
    logouts.end(first, reason);
    expect(told()).toEqual([`ended 10002 ${knows}`]);
    expect(gone()).toEqual([`11 ${reason}`]);
  });

  it('comes once', () => {
    const { first, logouts, told, gone } = make();
    logouts.end(first, 'LOGO');
    logouts.end(first, 'CVL');
    expect(told()).toHaveLength(1);
    expect(gone()).toHaveLength(1);
  });

  it('is told to its peers, and its name and address are free', () => {
    const { rig, first, logouts } = make();
    logouts.end(first, 'LOGO');
    rig.settle();
    expect(rig.eventsOf('rscn')).toMatchObject([
      { to: 0x01_0004, pages: [{ nPortId: 0x01_0002 }] },
    ]);
    expect(rig.context.logins.byWwpn(11n)).toBeUndefined();
    expect(rig.context.ids.take({ wwpn: 11n, attachment: 'x' }, 0)!.nPortId).not.toBe(0x01_0002);
    expect([...rig.context.zones.visibleTo(rig.login('FDISC', 13n))]).not.toContain(first);
  });

  it('that the port did not ask for lets it log in anew under the same OX_ID', () => {
    const { rig, logouts } = make();
    const login = rig.login('FDISC', 50n, { oxId: 7 });
    logouts.end(login, 'LOGO');
    expect(rig.ask('FDISC', 50n, { oxId: 7 })).toEqual([]);
    const other = rig.login('FDISC', 51n, { oxId: 7 });
    logouts.end(other, 'CVL');
    expect(rig.ask('FDISC', 51n, { oxId: 7 })).toHaveLength(1);
  });
});

describe('the end of several', () => {
  it('of an adapter is that of its base port last', () => {
    const { base, logouts, gone, told } = make();
    logouts.endAdapter(base.adapter, 'relogin');
    told();
    expect(gone()).toEqual(['11 relogin', '12 relogin', '1 relogin']);
  });

  it('by a lost link tells the F_Port first', () => {
    const { logouts, told } = make();
    logouts.endPort(0, 'link');
    expect(told()).toEqual([
      'link lost 0',
      'ended 10002 known',
      'ended 10003 known',
      'ended 10001 known',
    ]);
  });

  it('by LOGO of the base port clears the others, which did not ask', () => {
    const { base, logouts, gone, told } = make();
    logouts.endByLogo(base);
    expect(told()).toEqual([
      'ended 10001 known',
      'clear 0 a: 10002,10003',
      'ended 10002 untold',
      'ended 10003 untold',
    ]);
    expect(gone()).toEqual(['1 LOGO', '11 base-logout', '12 base-logout']);
  });

  it('by LOGO is that of one where the rule is new, or it is not the base port', () => {
    const { base, logouts, gone, told } = make({ baseLogout: 'new' });
    logouts.endByLogo(base);
    expect(told()).toEqual(['ended 10001 known']);
    const legacy = make();
    legacy.logouts.endByLogo(legacy.first);
    expect(legacy.told()).toEqual(['ended 10002 known']);
    expect([gone(), legacy.gone()]).toEqual([['1 LOGO'], ['11 LOGO']]);
  });

  it('by clearing lists all that go, before any of them does', () => {
    const { base, logouts, gone, told } = make();
    logouts.clear(base, 'CVL');
    expect(told()[0]).toBe('clear 0 a: 10001,10002,10003');
    expect(gone()).toEqual(['1 CVL', '11 base-logout', '12 base-logout']);
    const one = make();
    one.logouts.clear(one.second, 'CVL');
    expect(one.told()).toEqual(['clear 0 a: 10003', 'ended 10003 untold']);
  });

  it('by clearing an adapter comes with or without a list', () => {
    const { base, logouts, told } = make();
    logouts.clearAdapter(base.adapter, 'CVL', true);
    expect(told()[0]).toBe('clear 0 a: all');
    const listed = make();
    listed.logouts.clearAdapter(listed.base.adapter, 'CVL');
    expect(listed.told()[0]).toBe('clear 0 a: 10001,10002,10003');
  });

  it('by taking a port out of service leaves it disabled, and other ports as they are', () => {
    const { rig, logouts, gone, told } = make();
    logouts.disablePort(0, 99n);
    expect(told()[0]).toBe('clear 0 a: 10001,10002,10003');
    expect(gone()).toEqual(['11 port-disabled', '12 port-disabled', '1 port-disabled']);
    expect(rig.context.ports.map((one) => one.disabled)).toEqual([true, false, false, false]);
    expect(rig.eventsOf('port-disabled')).toEqual([{ type: 'port-disabled', port: 0, wwpn: 99n }]);
    expect(rig.context.logins.size).toBe(1);
  });
});
