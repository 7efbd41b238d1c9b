/** Tables of switches followed to the hosts that they lead to. */
import { expect, it } from 'vitest';
import { LanPlaces } from '../../../../src/audit/ledger/lan-places.ts';
import { PlaceIndex } from '../../../../src/history/index.ts';
import { LAN_MAC, LAN_PLACES } from '../../../helpers/lan-rig.ts';

const table = (port: number | undefined, vtep?: string) =>
  ({
    type: 'mac-table',
    vid: 100,
    mac: LAN_MAC,
    port,
    cause: 'learned',
    ...(vtep === undefined ? {} : { vtep }),
  }) as const;

it('names the switches that forward elsewhere, through others and through tunnels', () => {
  const places = new PlaceIndex({
    nodes: [...LAN_PLACES.nodes, { name: 'far', kind: 'lan' }, { name: 'vtep', kind: 'lan' }],
    ports: [
      ...LAN_PLACES.ports,
      { node: 'far', port: 0, link: 'trunk', fabric: '' },
      { node: 'bridge', port: 3, link: 'trunk', fabric: '' },
      { node: 'vtep', port: 0, link: 'lan-h2 cable', fabric: '' },
      { node: 'vtep', port: 1, link: 'under', fabric: '', address: '198.51.100.2' },
    ],
  });
  const lan = new LanPlaces(places);
  lan.nic({ type: 'nic', vm: 'vm1', mac: LAN_MAC, address: '192.0.2.1', state: 'attached' });
  lan.table('bridge', table(1));
  lan.table('far', table(0));
  expect(lan.astray(LAN_MAC, 'h1')).toEqual([]);
  expect(lan.astray(LAN_MAC, 'h2')).toEqual([
    { node: 'bridge', to: 'h1' },
    { node: 'far', to: 'h1' },
  ]);
  lan.table('far', table(0, '198.51.100.2'));
  expect(lan.astray(LAN_MAC, 'h1')).toEqual([{ node: 'far', to: 'h2' }]);
  lan.table('far', table(undefined));
  lan.table('bridge', table(3));
  expect(lan.astray(LAN_MAC, 'h2'), 'nobody knows').toEqual([]);
});
