/** The REST surface of Fabric OS: sessions, what is shown, and zoning as a transaction, in JSON and XML. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../../../helpers/live-bench.ts';
import { Managed } from '../../../helpers/managed.ts';

const WWPN = 0xc050_7600_0000_0100n;
const TEXT = 'c0:50:76:00:00:00:01:00';
const ARRAY = '50:06:01:60:00:00:00:01';
const ZONING = 'running/brocade-zone';
const EFFECTIVE = `${ZONING}/effective-configuration`;
const DEFINED = `${ZONING}/defined-configuration`;

let bench: Bench;
let managed: Managed;
beforeEach(async () => {
  bench = new Bench();
  managed = await Managed.open(bench, { listen: [`unix:${bench.socket}`] });
});
afterEach(() => bench.end());

type Ask = Awaited<ReturnType<Managed['session']>>['ask'];
const checksumOf = async (ask: Ask): Promise<string> =>
  (await ask('GET', `${EFFECTIVE}/checksum`)).json.Response['effective-configuration'].checksum;

describe('sessions', () => {
  test('a login gives a token, a logout takes it back', async () => {
    const { ask, login, token } = await managed.session();
    expect([login.status, token]).toEqual([200, expect.stringMatching(/^Custom_Basic /)]);
    expect((await ask('GET', 'running/switch/fibrechannel-switch')).status).toBe(200);
    expect((await ask('POST', 'logout')).status).toBe(204);
    const after = await ask('GET', 'running/switch/fibrechannel-switch');
    expect([after.status, after.json.errors.error[0]['error-message']]).toEqual([
      401,
      expect.stringContaining('log in'),
    ]);
  });

  test.each([
    ['admin', 'wrong'],
    ['root', 'secret'],
    ['', ''],
  ])('%s with %s does not get in', async (user, password) => {
    expect((await managed.session(user, password)).login.status).toBe(401);
  });

  test('only three at once; a fourth is told to come later', async () => {
    for (let i = 0; i < 3; i++) expect((await managed.session()).login.status).toBe(200);
    expect((await managed.session()).login.status).toBe(503);
  });
});

describe('what is shown', () => {
  test('the name server has who is logged in, by JSON and by XML from the same values', async () => {
    const host = await bench.host();
    await host.prepare(WWPN);
    const { ask } = await managed.session();
    const path = 'running/brocade-name-server/fibrechannel-name-server';
    const { json } = await ask('GET', path);
    const rows = json.Response['fibrechannel-name-server'];
    const row = rows.find((one: Record<string, string>) => one['port-name'] === TEXT);
    expect(row).toMatchObject({
      'port-type': 'N',
      'permanent-port-name': '20:00:00:25:b5:00:00:01',
    });
    expect(row['port-id']).toMatch(/^0x0[0-9a-f]{5}$/);
    const { text } = await ask('GET', path, undefined, 'xml');
    expect(text).toMatch(/^<\?xml/);
    for (const [key, value] of Object.entries(row).filter(([, one]) => one !== ''))
      expect(text).toContain(`<${key}>${value}</${key}>`);
    expect(text.match(/<fibrechannel-name-server>/g)).toHaveLength(rows.length);
  });

  test('the switch, its ports, statistics and HBAs, under the paths of old and new versions', async () => {
    await (await bench.host()).prepare(WWPN);
    const { ask } = await managed.session();
    const shown = async (path: string) =>
      Object.values((await ask('GET', `running/${path}`)).json.Response)[0];
    const old = await shown('switch/fibrechannel-switch');
    expect(old).toMatchObject({ 'firmware-version': 'v9.1.1', 'domain-id': 1 });
    expect(await shown('brocade-fibrechannel-switch/fibrechannel-switch')).toEqual(old);
    expect(await shown('brocade-fabric/fabric-switch')).toMatchObject([{ principal: 1 }]);
    expect(await shown('brocade-interface/fibrechannel/name/0%2F1')).toMatchObject({
      'user-friendly-name': 'A.1',
      'operational-status': 2,
    });
    const [, guest] = (await shown('brocade-interface/fibrechannel-statistics')) as Record<
      string,
      number
    >[];
    expect(guest!['in-frames']).toBeGreaterThan(3);
    expect(guest!['in-octets']).toBeGreaterThan(60 * guest!['in-frames']!);
    expect(await shown('brocade-fdmi/hba')).toMatchObject([
      { 'hba-id': ARRAY },
      { 'hba-port-list': { wwn: ['20:00:00:25:b5:00:00:01', TEXT] } },
    ]);
    expect(await shown('brocade-fdmi/port')).toHaveLength(3);
  });

  test.each([
    ['GET', 'running/brocade-name-server/nothing', 404],
    ['GET', 'running/brocade-name-server/fibrechannel-name-server/port-id/0x999999', 404],
    ['POST', 'running/brocade-name-server/fibrechannel-name-server', 405],
    ['GET', `${DEFINED}/zone`, 404],
    ['GET', `${DEFINED}?vf-id=7`, 400],
    ['GET', 'operations/x', 404],
    ['GET', 'running/%zz', 400],
  ])('%s %s: %i, with the reason', async (method, path, status) => {
    const { ask } = await managed.session();
    const answer = await ask(method, path);
    expect(answer.status).toBe(status);
    expect(answer.json.errors.error[0]['error-message']).toMatch(/^\S.*$/);
  });
});

describe('zoning', () => {
  const MEMBERS = { 'member-entry': { 'entry-name': [TEXT, ARRAY] } };

  test('a zone that is made, saved and enabled is in force, and a guest sees its disk again', async () => {
    const host = await bench.host();
    const { ask } = await managed.session();
    await managed.san.ask({ command: 'zone', action: 'activate', zoning: { zones: [] } });
    const unseen = host.prepare(WWPN).catch(() => []);
    await managed.san.until('login', ({ wwpn }) => wwpn === WWPN);
    expect((await ask('POST', `${DEFINED}/zone/zone-name/z1`, MEMBERS)).status).toBe(201);
    const cfg = { 'member-zone': { 'zone-name': ['z1'] } };
    expect((await ask('POST', `${DEFINED}/cfg/cfg-name/c1`, cfg)).status).toBe(201);
    // Nothing is in force before the end of the transaction.
    expect(managed.san.server.fabrics.get('A')!.fcf.zoning.zones).toEqual([]);
    const checksum = await checksumOf(ask);
    expect((await ask('PATCH', `${EFFECTIVE}/cfg-name/c1`, { checksum })).status).toBe(204);
    expect(await unseen).toHaveLength(1);
    const { json } = await ask('GET', EFFECTIVE);
    expect(json.Response['effective-configuration']).toMatchObject({
      'cfg-name': 'c1',
      'enabled-zone': [{ 'zone-name': 'z1', 'member-entry': { 'entry-name': [TEXT, ARRAY] } }],
    });
    expect(json.Response['effective-configuration'].checksum).not.toBe(checksum);
  });

  test('the same in XML, where a list of one is no list', async () => {
    const { ask } = await managed.session();
    const zone = `<zone><zone-name>z1</zone-name><member-entry><entry-name>${TEXT}</entry-name></member-entry></zone>`;
    expect(
      (await ask('POST', DEFINED, `<defined-configuration>${zone}</defined-configuration>`, 'xml'))
        .status,
    ).toBe(201);
    const cfg =
      '<cfg><cfg-name>c1</cfg-name><member-zone><zone-name>z1</zone-name></member-zone></cfg>';
    expect((await ask('POST', `${DEFINED}/cfg`, cfg, 'xml')).status).toBe(201);
    const checksum = await checksumOf(ask);
    const enable = `<effective-configuration><cfg-name>c1</cfg-name><checksum>${checksum}</checksum></effective-configuration>`;
    expect((await ask('PATCH', EFFECTIVE, enable, 'xml')).status).toBe(204);
    expect((await ask('GET', `${DEFINED}/zone/zone-name/z1`, undefined, 'xml')).text).toContain(
      `<entry-name>${TEXT}</entry-name>`,
    );
  });

  test('what is not saved is seen by nobody else, and lost when another session saves', async () => {
    const [one, other] = [await managed.session(), await managed.session()];
    await one.ask('POST', `${DEFINED}/zone/zone-name/mine`, MEMBERS);
    expect((await one.ask('GET', `${DEFINED}/zone`)).status).toBe(200);
    expect((await other.ask('GET', `${DEFINED}/zone`)).status).toBe(404);
    await other.ask('POST', `${DEFINED}/zone/zone-name/theirs`, MEMBERS);
    const before = await checksumOf(one.ask);
    expect(
      (await other.ask('PATCH', `${EFFECTIVE}/cfg-action/1`, { checksum: before })).status,
    ).toBe(204);
    const stale = await one.ask('PATCH', `${EFFECTIVE}/cfg-action/1`, { checksum: before });
    expect([stale.status, stale.json.errors.error[0]['error-message']]).toEqual([
      400,
      expect.stringContaining('checksum'),
    ]);
    const checksum = await checksumOf(one.ask);
    expect((await one.ask('PATCH', `${EFFECTIVE}/cfg-action/1`, { checksum })).status).toBe(204);
    const { json } = await one.ask('GET', `${DEFINED}/zone`);
    expect(json.Response.zone.map((zone: Record<string, string>) => zone['zone-name'])).toEqual([
      'theirs',
    ]);
  });

  test('members of aliases are zoned, are added, replaced and taken away', async () => {
    const { ask } = await managed.session();
    const alias = {
      alias: [{ 'alias-name': 'guest', 'member-entry': { 'alias-entry-name': [TEXT] } }],
    };
    const zone = { zone: [{ 'zone-name': 'z1', 'member-entry': { 'entry-name': ['guest'] } }] };
    await ask('POST', DEFINED, { 'defined-configuration': { ...alias, ...zone } });
    await ask('POST', `${DEFINED}/zone/zone-name/z1`, {
      'member-entry': { 'entry-name': [ARRAY] },
    });
    await ask('POST', `${DEFINED}/cfg`, {
      cfg: { 'cfg-name': 'c1', 'member-zone': { 'zone-name': 'z1' } },
    });
    await ask('PATCH', `${EFFECTIVE}/cfg-name/c1`, { checksum: await checksumOf(ask) });
    const zones = () => managed.san.server.fabrics.get('A')!.fcf.zoning.zones;
    expect(zones()).toEqual([{ name: 'z1', members: [WWPN, 0x5006_0160_0000_0001n] }]);
    await ask('DELETE', `${DEFINED}/zone`, {
      zone: [{ 'zone-name': 'z1', 'member-entry': { 'entry-name': ['guest'] } }],
    });
    await ask('PATCH', EFFECTIVE, { 'cfg-name': 'c1', checksum: await checksumOf(ask) });
    expect(zones()).toEqual([{ name: 'z1', members: [0x5006_0160_0000_0001n] }]);
    await ask('PATCH', `${EFFECTIVE}/cfg-action/2`, { checksum: await checksumOf(ask) });
    expect(managed.san.server.fabrics.get('A')!.fcf.zoning.enforced).toBe('none');
  });

  test('zones of the control socket are defined here too', async () => {
    await managed.san.ask({
      command: 'zone',
      action: 'activate',
      zoning: { zones: [{ name: 'z9', members: [TEXT] }] },
    });
    const { ask } = await managed.session();
    const { json } = await ask('GET', EFFECTIVE);
    expect(json.Response['effective-configuration']).toMatchObject({ 'cfg-name': 'active' });
    expect((await ask('GET', `${DEFINED}/zone/zone-name/z9`)).status).toBe(200);
  });

  test.each([
    [`${DEFINED}/zone/zone-name/1x`, MEMBERS, 'is no name'],
    [
      `${DEFINED}/zone/zone-name/z1`,
      { 'member-entry': { 'entry-name': ['1,2'] } },
      '1,2 is no WWPN',
    ],
    [`${DEFINED}/zone`, { zone: [{}] }, 'zone-name is missing'],
    [`${DEFINED}/zone`, { zone: [{ 'zone-name': 7 }] }, 'must be text'],
    [`${DEFINED}/thing`, {}, 'there is no thing'],
    [DEFINED, {}, 'nothing to change'],
    [DEFINED, '{', 'the body is no JSON'],
    [DEFINED, '[1]', 'no members'],
    [DEFINED, JSON.stringify({ zone: JSON.parse('['.repeat(40) + ']'.repeat(40)) }), 'deeper'],
  ])('POST %s %j is refused: %s', async (path, body, message) => {
    const { ask } = await managed.session();
    const answer = await ask('POST', path, body);
    expect(answer.status).toBe(400);
    expect(answer.json.errors.error[0]['error-message']).toContain(message);
  });

  test('several changes are made together or not at all', async () => {
    const { ask } = await managed.session();
    const zone = [
      { 'zone-name': 'good', ...MEMBERS },
      { 'zone-name': 'b d', ...MEMBERS },
    ];
    expect((await ask('POST', DEFINED, { zone })).status).toBe(400);
    expect((await ask('GET', `${DEFINED}/zone`)).status).toBe(404);
  });

  test('a cfg whose zone is not defined is not enabled', async () => {
    const { ask } = await managed.session();
    await ask('POST', `${DEFINED}/cfg/cfg-name/c1`, { 'member-zone': { 'zone-name': ['z1'] } });
    const answer = await ask('PATCH', `${EFFECTIVE}/cfg-name/c1`, {
      checksum: await checksumOf(ask),
    });
    expect(answer.json.errors.error[0]['error-message']).toBe(
      'cfg c1 names the zone z1, which is not defined',
    );
  });
});
