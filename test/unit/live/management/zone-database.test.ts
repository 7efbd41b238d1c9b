/** The zone database of a fabric: copies that are changed, saved and enabled, and what others put in force. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ZoneDatabases,
  ZoneEdit,
  ZoneError,
} from '../../../../src/live/management/zone-database.ts';
import type { LiveServer } from '../../../../src/live/server.ts';
import { Bench } from '../../../helpers/live-bench.ts';

const A = 'c0:50:76:00:00:00:01:00';
const B = '50:06:01:60:00:00:00:01';
const [A_NAME, B_NAME] = [0xc050_7600_0000_0100n, 0x5006_0160_0000_0001n];

const empty = () => ({ alias: new Map(), zone: new Map(), cfg: new Map() });

describe('a copy', () => {
  test('names members in one way, each once', () => {
    const edit = new ZoneEdit(empty(), 0);
    edit.add('zone', 'z1', [A.toUpperCase(), A, '0xc050760000000100']);
    edit.add('zone', 'z1', [B]);
    expect(edit.definitions.zone.get('z1')).toEqual([A, B]);
    edit.remove('zone', 'z1', [A.replaceAll(':', '')]);
    expect(edit.definitions.zone.get('z1')).toEqual([B]);
    edit.replace('zone', 'z1', [A]);
    expect(edit.definitions.zone.get('z1')).toEqual([A]);
    edit.remove('zone', 'z1');
    expect(edit.definitions.zone.size).toBe(0);
  });

  test('gives the zones of a configuration with the WWPNs of their aliases', () => {
    const edit = new ZoneEdit(empty(), 0);
    edit.add('alias', 'guest', [A]);
    edit.add('zone', 'z1', ['guest', B]);
    edit.add('cfg', 'c1', ['z1']);
    expect(edit.zonesOf('c1')).toEqual([{ name: 'z1', members: [A_NAME, B_NAME] }]);
  });

  test.each<[string, (edit: ZoneEdit) => unknown]>([
    ['there is no cfg c9', (edit) => edit.zonesOf('c9')],
    ['cfg c0 has no zone', (edit) => edit.zonesOf('c0')],
    ['the zone z9, which is not defined', (edit) => edit.zonesOf('c1')],
    ['there is no zone z9', (edit) => edit.remove('zone', 'z9')],
    ['is no name', (edit) => edit.add('zone', 'a b', [])],
    ['is no name', (edit) => edit.add('zone', `z${'x'.repeat(64)}`, [])],
    ['is no WWPN', (edit) => edit.add('alias', 'x', ['guest'])],
    ['is no zone name', (edit) => edit.add('cfg', 'x', [A])],
    [
      'more than 65536 members',
      (edit) =>
        edit.add(
          'zone',
          'x',
          Array.from({ length: 65_537 }, (_, i) => `a${i}`),
        ),
    ],
  ])('says %s', (message, change) => {
    const edit = new ZoneEdit(empty(), 0);
    edit.add('cfg', 'c0', []);
    edit.add('cfg', 'c1', ['z9']);
    expect(() => change(edit)).toThrow(ZoneError);
    expect(() => change(edit)).toThrow(message);
  });

  test('changes together are made or not', () => {
    const edit = new ZoneEdit(empty(), 0);
    const change = () =>
      edit.together(() => {
        edit.add('zone', 'z1', [A]);
        edit.remove('zone', 'z9');
      });
    expect(change).toThrow(ZoneError);
    expect(edit.definitions.zone.size).toBe(0);
  });
});

describe('the database', () => {
  let bench: Bench;
  let server: LiveServer;
  beforeEach(async () => {
    bench = new Bench();
    server = await bench.serve();
  });
  afterEach(() => bench.end());

  const database = () => new ZoneDatabases(server).of(1)!;

  test('a copy is void once another one was saved', () => {
    const one = database();
    const [mine, theirs] = [one.edit(), one.edit()];
    theirs.add('zone', 'z1', [A]);
    const before = one.checksum;
    one.save(theirs);
    expect([one.isCurrent(mine), one.checksum === before]).toEqual([false, false]);
    expect([...one.definitions.zone.keys()]).toEqual(['z1']);
  });

  test('enables and disables in the switch', () => {
    const one = database();
    const edit = one.edit();
    edit.add('zone', 'z1', [A, B]);
    edit.add('cfg', 'c1', ['z1']);
    one.enable(edit, 'c1', 'deny');
    expect(one.effectiveCfg).toBe('c1');
    expect(one.zoning).toEqual({
      enforced: 'hard',
      defaultZone: 'deny',
      zones: [{ name: 'z1', members: [A_NAME, B_NAME] }],
    });
    one.disable(one.edit(), 'deny');
    expect([one.effectiveCfg, one.zoning.zones, one.zoning.enforced]).toEqual([
      undefined,
      [],
      'hard',
    ]);
    one.setDefaultZone('permit');
    expect(one.zoning.defaultZone).toBe('permit');
    one.disable(one.edit(), 'permit');
    expect(one.zoning.enforced).toBe('none');
    expect(one.definitions.zone.size).toBe(1);
  });

  test('what cannot be enabled changes nothing', () => {
    const one = database();
    const { zoning, checksum } = one;
    expect(() => one.enable(one.edit(), 'c1', 'deny')).toThrow(ZoneError);
    expect([one.zoning, one.checksum]).toEqual([zoning, checksum]);
  });

  test('zones that somebody else puts in force are defined, and void copies', () => {
    const one = database();
    const mine = one.edit();
    const zones = [{ name: 'z7', members: [A_NAME] }];
    server.act(one.fabric, (fcf, now) =>
      fcf.setZoning({ enforced: 'hard', defaultZone: 'deny', zones }, now),
    );
    expect(one.isCurrent(mine)).toBe(false);
    expect([one.effectiveCfg, one.definitions.zone.get('z7')]).toEqual(['active', [A]]);
  });

  test('there is one for each fabric, from 1', () => {
    const all = new ZoneDatabases(server);
    expect([all.of(0), all.of(2), all.of(1.5), all.of(Number.NaN)]).toEqual(
      Array(4).fill(undefined),
    );
  });
});
