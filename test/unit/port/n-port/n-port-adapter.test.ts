/** What adapters of both kinds do alike, tried on a native link. */
import { expect, it } from 'vitest';
import { NativePair } from '../../../helpers/native-pair.ts';

it('a port that is taken away is reset, and none of the others', () => {
  const pair = new NativePair();
  const own = pair.port(0, 1n, true);
  const npiv = pair.port(0, 2n, false);
  pair.up();
  const link = pair.links[0]!;
  expect([link.mayLogIn(npiv), link.wants(npiv)]).toEqual([true, true]);
  link.removeLport(npiv);
  expect([npiv.nPortId, own.state]).toEqual([0, 'ready']);
  expect([link.mayLogIn(npiv), link.wants(npiv)]).toEqual([false, false]);
});

it('an N_Port_ID is for one port, and 0 for none', () => {
  const pair = new NativePair();
  const own = pair.port(0, 1n, true);
  const npiv = pair.port(0, 2n, false);
  pair.up();
  const link = pair.links[0]!;
  expect(link.mayHold(npiv, own.nPortId)).toBe(false);
  expect(link.mayHold(own, own.nPortId)).toBe(true);
  expect(link.mayHold(npiv, 0)).toBe(false);
});

it('a login goes on at another adapter with what was carried over', () => {
  const pair = new NativePair();
  pair.port(0, 1n, true);
  const npiv = pair.port(0, 3n, false);
  pair.port(1, 2n, true);
  pair.up(0);
  pair.up(1);
  const carried = npiv.carriedLogin();
  pair.links[0]!.removeLport(npiv);
  const { options, listener } = npiv;
  const taken = pair.links[1]!.createLport(options, listener);
  pair.links[1]!.adoptLport(taken, carried);
  expect([taken.state, taken.nPortId]).toEqual(['ready', carried.nPortId]);
});

it('a port that the fabric clears twice at once waits before it logs in again', () => {
  const pair = new NativePair();
  pair.port(0, 1n, true);
  const npiv = pair.port(0, 2n, false);
  pair.up();
  pair.fabric.clearVirtualLinks({ wwpn: 2n }, 1);
  pair.settle();
  expect(npiv.state).toBe('ready');
  pair.fabric.clearVirtualLinks({ wwpn: 2n }, 2);
  pair.settle();
  expect(npiv.state).toBe('disabled');
  pair.clock.run(npiv.eDTovNs);
  pair.settle();
  expect(npiv.state).toBe('ready');
});
