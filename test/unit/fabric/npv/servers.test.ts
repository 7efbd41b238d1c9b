/** Who is logged in through a virtualizer. */
import { expect, it } from 'vitest';
import { type Server, type ServerLogin, Servers } from '../../../../src/fabric/npv/servers.ts';
import { Timers } from '../../../../src/machine/timers.ts';

const adapter = (port: number, uplink: number): Server => ({
  port,
  address: `52:54:00:00:00:0${port}`,
  uplink,
  logins: new Set(),
  lastKeepAlive: 0,
  supervision: undefined,
});
const login = (of: Server, nPortId: number, saidWwpn: bigint): ServerLogin => ({
  nPortId,
  linkAddress: `0e:fc:00:01:00:0${nPortId}`,
  saidWwpn,
  adapter: of,
  port: of.port,
});

it('finds logins by address, name, adapter and uplink', () => {
  const servers = new Servers();
  const [one, two] = [adapter(1, 0), adapter(2, 1)];
  const [a, b, c] = [login(one, 1, 11n), login(one, 2, 12n), login(two, 3, 13n)];
  for (const each of [a, b, c]) servers.add(each);
  expect(servers.byId(2)).toBe(b);
  expect(servers.byName(13n)).toBe(c);
  expect(servers.server(1, one.address)).toBe(one);
  expect(servers.server(2, one.address)).toBeUndefined();
  expect([...servers.behind(0)]).toEqual([a, b]);
  expect([servers.countBehind(1), servers.countBehind(2), servers.size]).toEqual([1, 0, 3]);
});

it('forgets an adapter with its last login, and its timer', () => {
  const servers = new Servers();
  const timers = new Timers();
  const one = adapter(1, 0);
  one.supervision = timers.set(5, () => {});
  const [a, b] = [login(one, 1, 11n), login(one, 2, 12n)];
  for (const each of [a, b]) servers.add(each);
  servers.remove(a);
  expect(servers.server(1, one.address)).toBe(one);
  servers.remove(b);
  servers.remove(b);
  expect([servers.all(), servers.size, timers.pending]).toEqual([[], 0, 0]);
});

it('has no address and no name twice', () => {
  const servers = new Servers();
  const [one, two] = [adapter(1, 0), adapter(2, 0)];
  servers.add(login(one, 1, 11n));
  servers.add(login(one, 2, 12n));
  servers.add(login(two, 1, 12n));
  expect(servers.size).toBe(1);
  expect(servers.all()).toEqual([two]);
});

it('is empty after a power cycle, and full at a bound', () => {
  const servers = new Servers();
  const one = adapter(1, 0);
  for (let i = 0; i < 4096; i++) servers.add(login(one, i + 1, BigInt(i + 1)));
  expect(servers.isFull).toBe(true);
  servers.clear();
  expect([servers.size, servers.isFull, servers.all()]).toEqual([0, false, []]);
});
