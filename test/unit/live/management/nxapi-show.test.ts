/** What show commands of NX-OS print. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CliError, showText } from '../../../../src/live/management/nxapi-show.ts';
import { ZoneDatabases } from '../../../../src/live/management/zone-database.ts';
import { Bench } from '../../../helpers/live-bench.ts';

let bench: Bench;
let databases: ZoneDatabases;
beforeEach(async () => {
  bench = new Bench();
  databases = new ZoneDatabases(await bench.serve());
});
afterEach(() => bench.end());

test('the parts that a zoning module looks for', () => {
  const edit = databases.of(1)!.edit();
  edit.add('alias', 'guest', ['c0:50:76:00:00:00:01:00']);
  edit.add('zone', 'z1', ['guest', '50:06:01:60:00:00:00:01']);
  edit.add('cfg', 's1', ['z1']);
  databases.of(1)!.enable(edit, 's1', 'deny');
  const status = showText(databases, 'show zone status vsan 1');
  expect(status).toMatch(/^VSAN: 1 default-zone: deny /);
  expect(status).toMatch(/^ +mode: basic/m);
  expect(status).toMatch(/^ +Name: s1 {2}Zonesets:1 {2}Zones:1$/m);
  expect(showText(databases, 'show zone vsan 1')).toBe(
    'zone name z1 vsan 1\n  fcalias name guest\n  pwwn 50:06:01:60:00:00:00:01\n',
  );
  expect(showText(databases, 'show zoneset active vsan 1 | include pwwn | grep 50:06')).toBe(
    '  * fcid 0x010001 [pwwn 50:06:01:60:00:00:00:01]\n',
  );
});

test('nothing there, another VSAN, and what is no command', () => {
  expect(showText(databases, 'show zoneset vsan 1')).toBe('Zoneset not present\n');
  expect(showText(databases, 'show  zone   vsan 4094')).toBe('VSAN 4094 is not configured\n');
  for (const command of ['show', 'show zone', 'show zone vsan x', 'show zone vsan 1 | sort'])
    expect(() => showText(databases, command), command).toThrow(CliError);
});
