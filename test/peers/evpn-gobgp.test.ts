/** Our BGP speakers behind GoBGP as route reflector: a MAC address moves between them, by mobility numbers. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bgpMessage } from '../../src/codecs/bgp/index.ts';
import { formatHex } from '../../src/codecs/layout/index.ts';
import { endOf, until } from '../live/support/wait.ts';
import { BgpEndpoint, ENDPOINT_AS, ENDPOINT_MAC } from './support/bgp-endpoint.ts';
import { missing } from './support/debian.ts';

const without = missing(['gobgpd'], ['/usr/bin/gobgpd', '/usr/bin/gobgp']);
const LIMIT_MS = 60_000;
const MOVES = 12;
const PORT = 17_910;
const API = '127.0.0.1:17911';
const addresses = ['127.0.0.4', '127.0.0.5'] as const;
const endpoints: BgpEndpoint[] = [];
let folder = '';
let gobgpd: ChildProcess | undefined;

const neighbour = (address: string): string => `
[[neighbors]]
  [neighbors.config]
    neighbor-address = "${address}"
    peer-as = ${ENDPOINT_AS}
  [neighbors.transport.config]
    remote-port = ${PORT}
    local-address = "127.0.0.1"
  [neighbors.timers.config]
    connect-retry = 5
    idle-hold-time-after-reset = 5
  [neighbors.route-reflector.config]
    route-reflector-client = true
    route-reflector-cluster-id = "10.0.0.9"
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "l2vpn-evpn"
`;

/** The numbers that its routes to the MAC address carry: none is 0. */
function numbers(): number[] {
  const [host, port] = API.split(':') as [string, string];
  const words = ['-u', host, '-p', port, 'global', 'rib', '-a', 'evpn'];
  const said = spawnSync('gobgp', words, { encoding: 'utf8', timeout: LIMIT_MS }).stdout;
  return said
    .split('\n')
    .filter((line) => line.includes(ENDPOINT_MAC))
    .map((line) => Number(/mac-mobility: (\d+)/i.exec(line)?.[1] ?? 0));
}

beforeAll(async () => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-gobgp-'));
  for (const [i, address] of addresses.entries()) {
    const one = new BgpEndpoint(i + 1);
    endpoints.push(one);
    await one.listen(address, PORT);
  }
  const config = join(folder, 'gobgpd.conf');
  writeFileSync(
    config,
    `[global.config]
  as = ${ENDPOINT_AS}
  router-id = "10.0.0.9"
  port = -1
${addresses.map(neighbour).join('')}`,
  );
  const words = ['-f', config, '-t', 'toml', '--api-hosts', API, '--pprof-disable'];
  gobgpd = spawn('gobgpd', words, { stdio: 'ignore' });
});
afterAll(async () => {
  for (const one of endpoints) await one.close();
  if (gobgpd !== undefined) await endOf(gobgpd, 'SIGTERM', LIMIT_MS);
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(without !== undefined)('GoBGP reflects between two of ours', () => {
  test(`${MOVES} moves have the same number at all three`, async () => {
    await until(() => endpoints.every((one) => one.isEstablished), LIMIT_MS, 'sessions');
    endpoints[0]!.say(0);
    await until(() => endpoints[1]!.last?.step === 'reach', LIMIT_MS, 'the first route');
    for (let move = 1; move <= MOVES; move++) {
      const [to, from] =
        move % 2 === 1 ? [endpoints[1]!, endpoints[0]!] : [endpoints[0]!, endpoints[1]!];
      expect(to.last).toMatchObject({ step: 'reach', nextHop: from.vtep, sequence: move - 1 });
      to.say(move);
      await until(() => from.last?.sequence === move, LIMIT_MS, `move ${move} is heard`);
      expect(from.last).toMatchObject({ step: 'reach', nextHop: to.vtep, sequence: move });
      expect(Math.max(...numbers())).toBe(move);
      from.unsay();
      await until(() => to.last?.step === 'unreach', LIMIT_MS, `move ${move}: the old one is gone`);
    }
  });

  test('every message of GoBGP decodes and encodes to its own bytes', () => {
    const kinds = new Map<string, number>();
    for (const one of endpoints)
      for (const bytes of one.messages()) {
        const message = bgpMessage.decode(bytes);
        kinds.set(message.kind, (kinds.get(message.kind) ?? 0) + 1);
        expect(formatHex(bgpMessage.encode(message))).toBe(formatHex(bytes));
      }
    process.stdout.write(`messages of GoBGP: ${JSON.stringify(Object.fromEntries(kinds))}\n`);
    expect(kinds.get('UPDATE')).toBeGreaterThanOrEqual(2 * MOVES + 1);
    for (const { defects } of endpoints) expect(defects).toEqual([]);
  });
});
