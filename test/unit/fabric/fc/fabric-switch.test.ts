/** What is the same for every switch, tried on one with native links; FCFs have tests of their own. */
import { expect, it } from 'vitest';
import { NativePair } from '../../../helpers/native-pair.ts';

function make() {
  const pair = new NativePair();
  pair.port(0, 1n, true);
  const other = pair.port(1, 2n, true);
  pair.up(0);
  pair.up(1);
  return { pair, other };
}

it('a port whose link goes is logged out, and told of once', () => {
  const { pair } = make();
  pair.fabric.handleLink(0, false, 5);
  pair.fabric.handleLink(0, false, 6);
  pair.settle();
  expect(pair.fabric.logins().map(({ wwpn }) => wwpn)).toEqual([2n]);
  expect(pair.events.filter(({ type }) => type === 'logout')).toMatchObject([
    { wwpn: 1n, reason: 'link' },
  ]);
  expect(pair.fabric.portState(0)).toMatchObject({ up: false, disabled: false });
});

it('a power cycle leaves no login and keeps the zones', () => {
  const { pair } = make();
  const zoning = {
    enforced: 'soft',
    zones: [{ name: 'z', members: [1n] }],
    defaultZone: 'deny',
  } as const;
  pair.fabric.setZoning(zoning, 1);
  pair.fabric.restart(2);
  pair.settle();
  expect([pair.fabric.logins(), pair.fabric.zoning]).toEqual([[], zoning]);
  expect(pair.events).toContainEqual({ type: 'restarted' });
  expect(pair.fabric.kept()).toMatchObject({ logins: 0, 'requests of its own': 0 });
});

it('listeners hear of a zone that parts them, and of pages that the owner sends', () => {
  const { pair, other } = make();
  pair.events.length = 0;
  pair.fabric.setZoning({ enforced: 'hard', zones: [], defaultZone: 'deny' }, 1);
  pair.fabric.sendRscn([{ nPortId: other.nPortId }], 2);
  pair.settle();
  const told = pair.events.flatMap((one) => (one.type === 'rscn' ? [one.to] : []));
  expect(told.length).toBeGreaterThanOrEqual(4);
});

it('all logins behind a port can be cleared, and a port that is none is said', () => {
  const { pair, other } = make();
  pair.events.length = 0;
  pair.fabric.clearVirtualLinks({ port: 1, bare: true }, 1);
  pair.settle();
  expect(pair.events).toContainEqual(expect.objectContaining({ type: 'logout', reason: 'CVL' }));
  expect(other.state).toBe('ready');
  expect(() => pair.fabric.clearVirtualLinks({ port: 9 }, 2)).toThrow(/no port 9/);
});

it('a mover has a login handed over to another adapter', () => {
  const { pair } = make();
  const npiv = pair.port(0, 3n, false);
  const { nPortId } = npiv;
  pair.fabric.handleCommand({ command: 'fence', wwpn: 3n }, 1);
  npiv.enterReset('surrendered', false);
  const answer = pair.fabric.handleCommand({ command: 'rebind', wwpn: 3n, behind: 2n }, 2);
  expect(answer).toEqual({ ok: true, command: 'rebind' });
  expect(pair.fabric.logins().find(({ wwpn }) => wwpn === 3n)).toMatchObject({ nPortId, port: 1 });
});
