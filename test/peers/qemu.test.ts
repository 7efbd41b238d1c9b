/** QEMU's `announce_self` without a guest: its RARP moves a MAC address on our bridge. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeFrame } from '../../src/codecs/frame/index.ts';
import { formatHex, type Mac } from '../../src/codecs/layout/index.ts';
import { VlanBridge } from '../../src/fabric/lan/vlan-bridge.ts';
import type { LanEvent } from '../../src/history/lan.ts';
import type { Instant } from '../../src/machine/machine.ts';
import { ANNOUNCE_DELAYS_NS } from '../../src/net/announcer.ts';
import { rarpFrame } from '../../src/net/lan-frame.ts';
import { Qmp } from '../live/support/qmp.ts';
import { until } from '../live/support/wait.ts';
import { DatagramWire } from './support/datagram-wire.ts';
import { missing } from './support/debian.ts';
import { clock, MachineDriver } from './support/tap-wire.ts';

const QEMU = '/usr/bin/qemu-system-x86_64';
const without = missing(['qemu-system-x86'], [QEMU]);
const LIMIT_MS = 30_000;
const MAC = '52:54:00:aa:00:01' as Mac;
/** How far a timer of QEMU may be late on a machine at work; rounds are 50 ms apart and more. */
const LATE_MS = 40;
const NS_PER_MS = 1e6;

let folder = '';
const wires: DatagramWire[] = [];
const hypervisors: Qmp[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-announce-'));
});
afterAll(async () => {
  for (const one of hypervisors) await one.end();
  for (const one of wires) one.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(without !== undefined)('announce_self', () => {
  test('moves a MAC address from port to port, five times said', async () => {
    const events: LanEvent[] = [];
    const bridge = new VlanBridge({
      name: 'bridge',
      mac: '02:00:00:00:00:a0' as Mac,
      ports: [{}, {}],
    });
    const heard: { port: number; frame: Uint8Array; at: Instant }[] = [];
    const driver = new MachineDriver(
      bridge,
      () => {},
      (event: LanEvent) => events.push(event),
    );
    for (const port of [0, 1]) {
      const wire = await DatagramWire.open();
      wires.push(wire);
      wire.onFrame = (frame) => {
        heard.push({ port, frame, at: clock() });
        driver.heard(port, frame);
      };
      const path = join(folder, `qmp${port}`);
      // It runs, as no stopped one sends; there is nothing that it could boot.
      const words = `-nodefaults -display none -machine q35,accel=tcg -m 32 -qmp unix:${path},server=on,wait=off -netdev ${wire.netdev},id=n0 -device e1000,netdev=n0,mac=${MAC},romfile=`;
      hypervisors.push(await Qmp.start(QEMU, words.split(' '), path));
    }
    const delays = ANNOUNCE_DELAYS_NS.map((ns) => ns / NS_PER_MS);
    for (const [move, port] of [0, 1, 0].entries()) {
      heard.length = 0;
      await hypervisors[port]!.ask('announce-self', {
        initial: 50,
        max: 550,
        rounds: 5,
        step: 100,
      });
      await until(() => heard.length >= delays.length, LIMIT_MS, 'five announcements');
      const times = heard.map(({ at }) => (at - heard[0]!.at) / NS_PER_MS);
      process.stdout.write(`move ${move}: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
      expect(heard).toHaveLength(delays.length);
      for (const { frame } of heard) {
        expect(decodeFrame(frame)).toMatchObject({ protocol: 'rarp', malformed: undefined });
        expect(formatHex(frame)).toBe(formatHex(heard[0]!.frame));
      }
      for (const [i, ms] of times.entries())
        expect(Math.abs(ms - delays[i]!)).toBeLessThan(LATE_MS);
      const learned = events.filter(({ type }) => type === 'mac-table');
      expect(learned).toHaveLength(move + 1);
      expect(learned.at(-1)).toMatchObject({
        mac: MAC,
        port,
        cause: move === 0 ? 'learned' : 'moved',
      });
    }
    // But for its tag, what our announcer sends is what QEMU sends.
    const own = rarpFrame(MAC, { vid: 100, priority: 0 });
    const theirs = heard[0]!.frame;
    expect(formatHex(own.subarray(0, 12))).toBe(formatHex(theirs.subarray(0, 12)));
    expect(formatHex(own.subarray(16, 46))).toBe(formatHex(theirs.subarray(12, 42)));
  });
});
