/** Our tunnel endpoint beside one of Linux with FRR: a MAC address moves between them, behind FRR's reflector. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Mac } from '../../src/codecs/layout/index.ts';
import { Vtep } from '../../src/fabric/lan/vtep.ts';
import type { LanEvent } from '../../src/history/lan.ts';
import { streams } from '../../src/machine/random.ts';
import { rarpFrame } from '../../src/net/lan-frame.ts';
import { endOf, until } from '../live/support/wait.ts';
import { Bgpd, FRR } from './support/bgpd.ts';
import { missing } from './support/debian.ts';
import { LINUX_VTEP_FILES, LinuxVtep } from './support/linux-vtep.ts';
import { MachineDriver, TapWire, withoutNamespaces } from './support/tap-wire.ts';

const without = missing(FRR.packages, [...FRR.files, ...LINUX_VTEP_FILES]) ?? withoutNamespaces();
const LIMIT_MS = 30_000;
const AS = 65_000;
const VNI = 100;
const MOVES = 12;
const MAC = '02:00:00:00:00:01' as Mac;
const [OURS, LINUX, REFLECTOR] = ['10.0.0.1', '10.0.0.2', '10.0.0.9'];
const TAG = { vid: 100, priority: 0 };

describe.skipIf(without !== undefined)('our endpoint and one of Linux with FRR', () => {
  test(`${MOVES} moves: numbers are the same at both, the duplicate is flagged at the 5th or 6th`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sanmotion-linux-vtep-'));
    const wire = await TapWire.open('evpnl');
    for (const words of [
      ['link', 'add', 'underlay', 'type', 'bridge'],
      ['link', 'set', wire.name, 'master', 'underlay'],
      ['address', 'add', `${REFLECTOR}/24`, 'dev', 'underlay'],
      ['link', 'set', 'underlay', 'up'],
    ])
      expect(wire.run('ip', ...words).stderr).toBe('');
    const peers = [OURS, LINUX];
    const reflector = new Bgpd({
      folder,
      namespace: wire.name,
      address: REFLECTOR,
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
    const linux = new LinuxVtep({
      folder: join(folder, 'vtep'),
      name: 'wlvtep',
      wire: wire.name,
      address: LINUX,
      reflector: REFLECTOR,
      as: AS,
      vni: VNI,
    });
    const events: LanEvent[] = [];
    const vtep = new Vtep(
      {
        name: 'ours',
        accessPorts: 1,
        vid: TAG.vid,
        vni: VNI,
        mac: '02:00:00:00:0a:01' as Mac,
        address: OURS,
        underlayMtu: 1500,
        peers: [],
        evpn: { as: AS, reflectors: [REFLECTOR], suppressesArp: false },
      },
      streams(1).stream('vtep'),
    );
    const driver = new MachineDriver<LanEvent>(
      vtep,
      (port, frame) => {
        if (port === 1) wire.send(frame);
      },
      (event) => events.push(event),
    );
    wire.onFrame = (frame) => driver.heard(1, frame);
    const advertised = () =>
      events.findLast((one) => one.type === 'mac-route' && one.step === 'advertised');
    const chosen = () =>
      events.findLast((one) => one.type === 'mac-route' && one.step === 'chosen');
    try {
      await linux.start();
      driver.change((now) => vtep.start(now));
      await until(
        () => events.some((one) => one.type === 'bgp-session' && one.state === 'established'),
        LIMIT_MS,
        'our session',
      );
      await until(
        () => /Established/.test(linux.show('bgpd', `show bgp neighbors ${REFLECTOR}`)),
        LIMIT_MS,
        'the session of FRR',
      );
      const flagged: { ours?: number; linux?: number } = {};
      for (let move = 0; move <= MOVES; move++) {
        if (move % 2 === 0) {
          driver.heard(0, rarpFrame(MAC, TAG));
          await until(
            () => linux.numbersOf(MAC).remote === move,
            LIMIT_MS,
            `move ${move} is heard by Linux`,
          );
          expect(advertised()).toMatchObject({ sequence: move, vtep: OURS });
        } else {
          linux.send(untagged(rarpFrame(MAC, TAG)));
          await until(
            () => (chosen() as { sequence?: number } | undefined)?.sequence === move,
            LIMIT_MS,
            `move ${move} is heard by us`,
          );
          expect(linux.numbersOf(MAC).local).toBe(move);
          expect(chosen()).toMatchObject({ vtep: LINUX });
        }
        if (events.some(({ type }) => type === 'mac-duplicate')) flagged.ours ??= move;
        if (linux.numbersOf(MAC).isDuplicate) flagged.linux ??= move;
      }
      process.stdout.write(`duplicate flagged at moves ${JSON.stringify(flagged)}\n`);
      expect([5, 6]).toContain(flagged.ours);
      expect([5, 6]).toContain(flagged.linux);
    } finally {
      driver.stop();
      await linux.close();
      await endOf(reflector.child, 'SIGTERM', LIMIT_MS);
      await wire.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Linux's bridge has no VLANs here. */
function untagged(frame: Uint8Array): Uint8Array {
  return Uint8Array.from([...frame.subarray(0, 12), ...frame.subarray(16)]);
}
