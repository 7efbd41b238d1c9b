/** NX-API, as Ansible's zoning module asks it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../../../helpers/live-bench.ts';
import { Managed } from '../../../helpers/managed.ts';

const TEXT = 'c0:50:76:00:00:00:01:00';
const ARRAY = '50:06:01:60:00:00:00:01';

let bench: Bench;
let managed: Managed;
beforeEach(async () => {
  bench = new Bench();
  managed = await Managed.open(bench);
});
afterEach(() => bench.end());

const ZONED = [
  'terminal dont-ask',
  'no zone default-zone permit vsan 1',
  'zone name z1 vsan 1',
  `member pwwn ${TEXT}`,
  `member pwwn ${ARRAY}`,
  'zoneset name zs1 vsan 1',
  'member z1',
  'zoneset activate name zs1 vsan 1',
  'no terminal dont-ask',
];

const show = async (command: string): Promise<string> =>
  (await managed.nxapi('cli_show_ascii', command))[0]!.body!;
const zoning = () => managed.san.server.fabrics.get('A')!.fcf.zoning;

describe('commands of a zoning module', () => {
  test('define, activate and show', async () => {
    expect(await show('show zone status vsan 1')).toContain('VSAN: 1 default-zone: permit');
    expect(await show('show zone vsan 1')).toBe('Zone not present\n');
    const outputs = await managed.nxapi('cli_conf', ...ZONED);
    expect(outputs.map(({ code }) => code)).toEqual(ZONED.map(() => '200'));
    expect(zoning()).toMatchObject({
      enforced: 'hard',
      defaultZone: 'deny',
      zones: [{ name: 'z1' }],
    });
    expect(await show('show zone status vsan 1')).toContain('default-zone: deny');
    expect(await show('show zone vsan 1')).toBe(
      `zone name z1 vsan 1\n  pwwn ${TEXT}\n  pwwn ${ARRAY}\n`,
    );
    expect(await show('show zoneset active vsan 1 | grep zoneset')).toBe(
      'zoneset name zs1 vsan 1\n',
    );
    expect(await show('show zoneset active vsan 1')).toMatch(
      /\* fcid 0x010001 \[pwwn 50:06:01:60:00:00:00:01\]/,
    );
    expect(await show('show zoneset vsan 1')).toContain('zone name z1 vsan 1');
  });

  test('a zone that is removed leaves its zone sets, and is out of force by the next activation', async () => {
    await managed.nxapi(
      'cli_conf',
      ...ZONED,
      'zone name z2 vsan 1',
      `member pwwn ${TEXT}`,
      'zoneset name zs1 vsan 1',
      'member z2',
    );
    await managed.nxapi('cli_conf', 'no zone name z1 vsan 1', 'zoneset activate name zs1 vsan 1');
    expect(zoning().zones.map(({ name }) => name)).toEqual(['z2']);
    await managed.nxapi('cli_conf', 'no zoneset activate name zs1 vsan 1');
    expect(zoning()).toMatchObject({ enforced: 'hard', defaultZone: 'deny', zones: [] });
    expect(await show('show zoneset active vsan 1')).toBe('Zoneset not present\n');
  });

  test('show who is logged in', async () => {
    expect(await show('show flogi database vsan 1')).toContain('Total number of flogi = 1');
    expect(await show('show fcns database vsan 1')).toContain(ARRAY);
    expect(await show('show zone status vsan 9')).toBe('VSAN 9 is not configured\n');
    const [version, inventory] = await managed.nxapi(
      'cli_show_ascii',
      'show version',
      'show inventory',
    );
    expect(version!.body).toMatch(/\s+NXOS:\s+version\s*\S+/);
    expect(inventory!.body).toMatch(/NAME: "Chassis",\s*DESCR:.*\nPID:\s*(\S+)/);
  });

  test.each([
    ['cli_conf', 'zone mode enhanced vsan 1', 'enhanced zoning is not offered'],
    ['cli_conf', 'zone smart-zoning enable vsan 1', 'smart zoning'],
    ['cli_conf', 'member pwwn 00', 'stands behind'],
    ['cli_conf', 'zone name z1 vsan 7', 'VSAN 7 is not configured'],
    ['cli_conf', 'zoneset activate name no vsan 1', 'there is no cfg no'],
    ['cli_conf', 'reload', 'Invalid command: reload'],
    ['cli_show_ascii', 'show tech-support', 'Invalid command'],
    ['cli_show_ascii', 'show version | count', 'Invalid filter'],
    ['cli_show', 'show version', 'ask for cli_show_ascii'],
  ])('%s %s fails: %s', async (type, command, message) => {
    const [output] = await managed.nxapi(type, command);
    expect(output).toMatchObject({ code: '400', clierror: expect.stringContaining(message) });
  });

  test('behind a command that fails no more is changed', async () => {
    const outputs = await managed.nxapi(
      'cli_conf',
      'zone name z1 vsan 1',
      'member pwwn nonsense',
      `member pwwn ${TEXT}`,
    );
    expect(outputs.map(({ code }) => code)).toEqual(['200', '400']);
    expect(await show('show zone vsan 1')).toBe('zone name z1 vsan 1\n');
  });
});

test.each([
  ['/ins', { method: 'GET' }, 405],
  ['/', { method: 'POST' }, 404],
  ['/ins', { method: 'POST' }, 401],
  [
    '/ins',
    { method: 'POST', headers: { authorization: `Basic ${btoa('admin:secret')}` }, body: '{' },
    400,
  ],
])('%s %j: %i', async (path, options, status) => {
  expect((await managed.fetch('nxapi', path, options)).status).toBe(status);
});
