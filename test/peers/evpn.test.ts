/** Our BGP speakers behind FRR's bgpd as route reflector: a MAC address moves between them, by mobility numbers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bgpMessage } from '../../src/codecs/bgp/index.ts';
import { formatHex, type Mac } from '../../src/codecs/layout/index.ts';
import { Vtep } from '../../src/fabric/lan/vtep.ts';
import type { LanEvent } from '../../src/history/lan.ts';
import { streams } from '../../src/machine/random.ts';
import { rarpFrame } from '../../src/net/lan-frame.ts';
import { endOf, until } from '../live/support/wait.ts';
import { ENDPOINT_AS as AS, BgpEndpoint, ENDPOINT_MAC as MAC } from './support/bgp-endpoint.ts';
import { Bgpd, FRR } from './support/bgpd.ts';
import { missing } from './support/debian.ts';
import { MachineDriver, TapWire, withoutNamespaces } from './support/tap-wire.ts';

const without = missing(FRR.packages, FRR.files);
const LIMIT_MS = 30_000;
const MOVES = 12;
/** Above what needs rights, and unlikely to be taken. */
const PORT = 17_909;

let folder = '';
let bgpd: Bgpd | undefined;

const addresses = ['127.0.0.2', '127.0.0.3'] as const;
const endpoints: BgpEndpoint[] = [];

beforeAll(async () => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-evpn-'));
  for (const [i, address] of addresses.entries()) {
    const one = new BgpEndpoint(i + 1);
    endpoints.push(one);
    await one.listen(address, PORT);
  }
  bgpd = new Bgpd({
    folder,
    address: '127.0.0.1',
    port: PORT,
    neighbours: addresses.flatMap((one) => [
      `neighbor ${one} remote-as ${AS}`,
      `neighbor ${one} port ${PORT}`,
      `neighbor ${one} timers connect 1`,
    ]),
    evpn: addresses.flatMap((one) => [
      `neighbor ${one} activate`,
      `neighbor ${one} route-reflector-client`,
    ]),
  });
});
afterAll(async () => {
  for (const one of endpoints) await one.close();
  if (bgpd !== undefined) await endOf(bgpd.child, 'SIGTERM', LIMIT_MS);
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(without !== undefined)('FRR reflects between two of ours', () => {
  test('sessions come up, and stay up for all that follows', async () => {
    await until(() => endpoints.every((one) => one.isEstablished), LIMIT_MS, 'sessions');
  });

  test(`${MOVES} moves have the same number at all three`, async () => {
    endpoints[0]!.say(0);
    await until(() => endpoints[1]!.last?.step === 'reach', LIMIT_MS, 'the first route');
    for (let move = 1; move <= MOVES; move++) {
      const [to, from] =
        move % 2 === 1 ? [endpoints[1]!, endpoints[0]!] : [endpoints[0]!, endpoints[1]!];
      const before = to.last!;
      expect(before).toMatchObject({ step: 'reach', nextHop: from.vtep, sequence: move - 1 });
      to.say(before.sequence + 1);
      await until(() => from.last?.sequence === move, LIMIT_MS, `move ${move} is heard`);
      expect(from.last).toMatchObject({ step: 'reach', nextHop: to.vtep, sequence: move });
      expect(bgpd!.bestRoute(MAC)).toEqual({ nextHop: to.vtep, sequence: move });
      from.unsay();
      await until(() => to.last?.step === 'unreach', LIMIT_MS, `move ${move}: the old one is gone`);
    }
  });

  test('every message of FRR decodes and encodes to its own bytes', () => {
    const kinds = new Map<string, number>();
    for (const one of endpoints)
      for (const bytes of one.messages()) {
        const message = bgpMessage.decode(bytes);
        kinds.set(message.kind, (kinds.get(message.kind) ?? 0) + 1);
        expect(formatHex(bgpMessage.encode(message))).toBe(formatHex(bytes));
      }
    process.stdout.write(`messages of FRR: ${JSON.stringify(Object.fromEntries(kinds))}\n`);
    // A reach and a withdrawal of each move, the first route, and an end-of-RIB for each session.
    expect(kinds.get('UPDATE')).toBeGreaterThanOrEqual(2 * MOVES + 1);
    expect([...kinds.keys()].sort()).toEqual(['KEEPALIVE', 'OPEN', 'UPDATE']);
    for (const { defects, events } of endpoints) {
      expect(defects).toEqual([]);
      expect(events.some((event) => event.type === 'bgp-session' && event.state === 'closed')).toBe(
        false,
      );
    }
  });
});

const TAG = { vid: 100, priority: 0 };

describe.skipIf(without !== undefined || withoutNamespaces() !== undefined)(
  'FRR reflects between two tunnel endpoints of ours, over our own TCP',
  () => {
    test(`${MOVES} moves: numbers are the same at both, the duplicate is flagged at the 5th or 6th`, async () => {
      const place = mkdtempSync(join(tmpdir(), 'sanmotion-vtep-'));
      const wire = await TapWire.open('evpn', '10.0.0.9/24');
      const peers = ['10.0.0.1', '10.0.0.2'];
      const reflector = new Bgpd({
        folder: place,
        namespace: wire.name,
        address: '10.0.0.9',
        port: 179,
        neighbours: peers.flatMap((one) => [
          `neighbor ${one} remote-as ${AS}`,
          `neighbor ${one} passive`,
        ]),
        evpn: peers.flatMap((one) => [
          `neighbor ${one} activate`,
          `neighbor ${one} route-reflector-client`,
        ]),
      });
      const events: LanEvent[][] = [[], []];
      const vteps = peers.map(
        (address, i) =>
          new Vtep(
            {
              name: `vtep-${i}`,
              accessPorts: 1,
              vid: TAG.vid,
              vni: 100,
              mac: `02:00:00:00:0a:0${i + 1}` as Mac,
              address,
              underlayMtu: 1600,
              peers: [],
              evpn: { as: AS, reflectors: ['10.0.0.9'], suppressesArp: false },
            },
            streams(i + 1).stream('vtep'),
          ),
      );
      const drivers: MachineDriver<LanEvent>[] = vteps.map(
        (vtep, i) =>
          new MachineDriver(
            vtep,
            (port, frame) => {
              if (port === 0) return;
              wire.send(frame);
              // They are on one segment with the reflector.
              setImmediate(() => drivers[1 - i]!.heard(1, frame));
            },
            (event: LanEvent) => events[i]!.push(event),
          ),
      );
      wire.onFrame = (frame) => {
        for (const driver of drivers) driver.heard(1, frame);
      };
      try {
        for (const [i, vtep] of vteps.entries()) drivers[i]!.change((now) => vtep.start(now));
        await until(
          () =>
            events.every((all) =>
              all.some((one) => one.type === 'bgp-session' && one.state === 'established'),
            ),
          LIMIT_MS,
          'sessions',
        );
        const chosen = (i: number, sequence: number) =>
          events[i]!.some(
            (one) => one.type === 'mac-route' && one.step === 'chosen' && one.sequence === sequence,
          );
        const flagged: (number | undefined)[] = [undefined, undefined];
        for (let move = 0; move <= MOVES; move++) {
          const at = move % 2;
          drivers[at]!.heard(0, rarpFrame(MAC, TAG));
          await until(() => chosen(1 - at, move), LIMIT_MS, `move ${move} is heard`);
          expect(reflector.bestRoute(MAC)).toEqual({ nextHop: peers[at], sequence: move });
          for (const i of [0, 1])
            if (events[i]!.some(({ type }) => type === 'mac-duplicate')) flagged[i] ??= move;
        }
        process.stdout.write(`duplicate flagged at moves ${flagged.join(' and ')}\n`);
        for (const move of flagged) expect([5, 6]).toContain(move);
      } finally {
        for (const driver of drivers) driver.stop();
        await endOf(reflector.child, 'SIGTERM', LIMIT_MS);
        await wire.close();
        rmSync(place, { recursive: true, force: true });
      }
    });
  },
);
