import { expect, it } from 'vitest';
import { PlaceIndex } from '../../../src/history/index.ts';
import {
  ARRAY,
  ARRAY_LINK,
  FABRIC,
  H1,
  H1_LINK,
  PLACES,
  SWITCH,
  TARGET,
} from '../../helpers/audit-rig.ts';

it('nodes, ports and target ports are where the data says', () => {
  const places = new PlaceIndex(PLACES);
  expect([places.kindOf(H1), places.kindOf('nobody')]).toEqual(['host', undefined]);
  expect([places.fabricOf(SWITCH), places.fabricOf(H1)]).toEqual([FABRIC, '']);
  expect(places.linkAt(H1, 0)).toMatchObject({ link: H1_LINK, fabric: FABRIC });
  expect(places.linkAt(H1, 1)).toBeUndefined();
  expect(places.placeOf(TARGET)).toMatchObject({ node: ARRAY, link: ARRAY_LINK });
  expect(places.endsOf(H1_LINK).map(({ node }) => node)).toEqual([H1, SWITCH]);
  expect(places.endsOf('none')).toEqual([]);
});

it('a port may become known later', () => {
  const places = new PlaceIndex({ nodes: [], ports: [] });
  places.add({ node: 'n', port: 0, link: 'l', fabric: 'f', target: TARGET });
  expect([places.linkAt('n', 0)?.link, places.placeOf(TARGET)?.node]).toEqual(['l', 'n']);
});

it('a logical unit is told by name, LUN and whole identity', () => {
  const units = [
    { luName: '60a1', name: 'data', luns: [1] },
    { luName: '60a2', name: 'log', luns: [0, 2] },
    { luName: '60a3', name: 'spare', luns: [] },
  ];
  const places = new PlaceIndex({ nodes: [], ports: [], units });
  expect(['60a1', '60a2', '60a3', '60a4'].map((one) => places.unit(one))).toEqual([
    'data (LUN 1, 60a1)',
    'log (LUN 0 or 2, 60a2)',
    'spare (60a3)',
    'logical unit 60a4',
  ]);
  expect(['60a1', '60a4'].map((one) => places.unitName(one))).toEqual(['data', '60a4']);
});
