/** Configuration commands of NX-OS, one after the other. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NxapiConfig } from '../../../../src/live/management/nxapi-config.ts';
import { CliError, showText } from '../../../../src/live/management/nxapi-show.ts';
import { ZoneDatabases } from '../../../../src/live/management/zone-database.ts';
import { Bench } from '../../../helpers/live-bench.ts';

const A = 'c0:50:76:00:00:00:01:00';

let bench: Bench;
let databases: ZoneDatabases;
let config: NxapiConfig;
beforeEach(async () => {
  bench = new Bench();
  databases = new ZoneDatabases(await bench.serve());
  config = new NxapiConfig(databases);
});
afterEach(() => bench.end());

const run = (...commands: string[]): void => {
  for (const command of commands) config.run(command);
};

test('members belong to the zone or zone set named last', () => {
  run(
    'zone name z1 vsan 1',
    `member pwwn ${A}`,
    'zoneset name s1 vsan 1',
    '  member  z1 ',
    'zone name z2 vsan 1',
  );
  expect([...databases.of(1)!.definitions.zone]).toEqual([
    ['z1', [A]],
    ['z2', []],
  ]);
  expect([...databases.of(1)!.definitions.cfg]).toEqual([['s1', ['z1']]]);
  run('zone name z1 vsan 1', `no member pwwn ${A}`);
  expect(showText(databases, 'show zone vsan 1')).toBe(
    'zone name z1 vsan 1\nzone name z2 vsan 1\n',
  );
});

test('a zone that goes leaves its zone sets; behind it there is nothing for members', () => {
  run('zone name z1 vsan 1', 'zoneset name s1 vsan 1', 'member z1', 'no zone name z1 vsan 1');
  expect(databases.of(1)!.definitions.cfg.get('s1')).toEqual([]);
  expect(() => run(`member pwwn ${A}`)).toThrow(CliError);
});

test('what is so already may be asked for, the rest is refused', () => {
  run(
    'terminal dont-ask',
    'no zone mode enhanced vsan 1',
    'no zone smart-zoning enable vsan 1',
    'end',
  );
  for (const command of [
    'zone commit vsan 1',
    'zone mode enhanced vsan 1',
    'reload',
    '',
    'no',
    'zone default-zone deny vsan 1',
    'no zoneset activate name s1 vsan 1',
  ])
    expect(() => run(command), command).toThrow();
});
