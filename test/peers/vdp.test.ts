/** VSI discovery beside lldpad: our station at its bridge, and its station at our bridge. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EtherType, ethernet } from '../../src/codecs/ethernet/index.ts';
import { decodeFrame, encodeFrame } from '../../src/codecs/frame/index.ts';
import { formatHex, type Mac, macAt } from '../../src/codecs/layout/index.ts';
import { EvbBridgeStatus, lldpdu, lldpTlvOf } from '../../src/codecs/lldp/index.ts';
import { VlanBridge } from '../../src/fabric/lan/vlan-bridge.ts';
import type { LanEvent } from '../../src/history/lan.ts';
import { NEAREST_BRIDGE } from '../../src/net/ecp.ts';
import { type LanCommand, type LanReply, LanUplink } from '../../src/net/lan-uplink.ts';
import { until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { type MachineDriver, TapWire, withoutNamespaces } from './support/tap-wire.ts';

const without =
  missing(['lldpad'], ['/usr/sbin/lldpad', '/usr/sbin/lldptool', '/usr/sbin/vdptool']) ??
  withoutNamespaces();
const LIMIT_MS = 30_000;
const OWN = '02:00:00:00:00:a0' as Mac;
const GUEST = {
  vm: 'vm1',
  mac: '02:00:00:00:00:01' as Mac,
  address: '192.0.2.1',
  tag: { vid: 100, priority: 3 },
};
const STATION_MODE = 2;
const BRIDGE_MODE = 1;
const ETHERNET_BYTES = 14;

let folder = '';
const wires: TapWire[] = [];
const drivers: MachineDriver<never>[] = [];
const timers: NodeJS.Timeout[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-vdp-'));
});
afterAll(async () => {
  for (const timer of timers) clearInterval(timer);
  for (const driver of drivers) driver.stop();
  for (const wire of wires) await wire.close();
  rmSync(folder, { recursive: true, force: true });
});

/** lldpad on an interface of its own, with its role on the nearest customer bridge agent. */
async function lldpad(name: string, mode: 'bridge' | 'station'): Promise<TapWire> {
  const wire = await TapWire.open(name);
  wires.push(wire);
  wire.start('lldpad', '-t', '-f', join(folder, `${name}.conf`));
  const tool = (...words: string[]) => wire.run('lldptool', '-i', wire.name, '-g', 'ncb', ...words);
  await until(() => tool('-L', 'adminStatus=rxtx').status === 0, LIMIT_MS, 'lldpad listens');
  for (const one of [`evbmode=${mode}`, 'enableTx=yes'])
    expect(tool('-T', '-V', 'evb', one).stderr).toBe('');
  return wire;
}

/** What the EVB TLV of a frame of lldpad says of its role; `undefined` for other frames. */
function evbModeOf(frame: Uint8Array): number | undefined {
  const { etherType } = ethernet.decode(frame, 0);
  if (etherType !== EtherType.LLDP || macAt(frame, 0) !== NEAREST_BRIDGE) return undefined;
  return lldpTlvOf(lldpdu.decode(frame.subarray(ETHERNET_BYTES)), 'evb')?.evbMode;
}

/** Says each second what the EVB TLV must say before VDP begins, until the other end has said its own. */
async function exchangeEvb(wire: TapWire, evbMode: number): Promise<void> {
  const body = lldpdu.encode({
    tlvs: [
      { kind: 'chassisId', subtype: 4, chassisId: Uint8Array.of(2, 0, 0, 0, 0, 0xa0) },
      { kind: 'portId', subtype: 3, portId: Uint8Array.of(2, 0, 0, 0, 0, 0xa0) },
      { kind: 'timeToLive', timeToLiveSeconds: 120 },
      {
        kind: 'evb',
        bridgeStatus: EvbBridgeStatus.RRCAP,
        retries: 3,
        retransmissionExponent: 14,
        sgid: 0,
        rrreq: 0,
        rrstat: 0,
        evbMode,
        remoteOrLocalWait: 1,
        resourceWaitDelay: 20,
        remoteOrLocalKeepAlive: 1,
        reinitKeepAlive: 20,
      },
      { kind: 'end' },
    ],
  });
  const frame = new Uint8Array(Math.max(60, ETHERNET_BYTES + body.length));
  ethernet.write(frame, 0, { destination: NEAREST_BRIDGE, source: OWN, etherType: EtherType.LLDP });
  frame.set(body, ETHERNET_BYTES);
  wire.send(frame);
  timers.push(setInterval(() => wire.send(frame), 1000));
  const theirs = evbMode === STATION_MODE ? BRIDGE_MODE : STATION_MODE;
  await until(
    () =>
      wire.frames.some((one) => evbModeOf(one) === theirs) &&
      wire.run('lldptool', '-i', wire.name, '-g', 'ncb', '-t', '-n').stdout.includes('EVB'),
    LIMIT_MS,
    'the EVB TLVs are exchanged',
  );
}

/** Frames of ECP that came, each of which decodes and encodes to its own bytes. */
function ecpOf(wire: TapWire): number {
  const all = wire.frames.filter((one) => ethernet.decode(one, 0).etherType === EtherType.ECP);
  for (const one of all) {
    const frame = decodeFrame(one);
    expect(frame.malformed).toBeUndefined();
    expect(formatHex(encodeFrame(frame))).toBe(formatHex(one));
  }
  return all.length;
}

describe.skipIf(without !== undefined)('VSI discovery', () => {
  test("our station at lldpad's bridge: pre-associate, associate, de-associate are answered", async () => {
    const wire = await lldpad('vdpb', 'bridge');
    await exchangeEvb(wire, STATION_MODE);
    const events: (LanEvent | LanReply)[] = [];
    const station = new LanUplink({
      mac: OWN,
      guests: [GUEST],
      station: { mac: '02:00:00:00:00:fe' as Mac, address: '192.0.2.254' },
      packetBytes: 64,
      vdp: true,
    });
    const driver = wire.driverOf(station, (event) => events.push(event));
    drivers.push(driver as unknown as MachineDriver<never>);
    wire.onFrame = (frame) => driver.heard(0, frame);
    const commands: LanCommand['command'][] = ['prepare', 'attach', 'detach'];
    for (const [id, command] of commands.entries()) {
      driver.change((now) => station.handleCommand(id, { command, vm: 'vm1' }, now));
      const reply = await until(
        () => events.find((one): one is LanReply => one.type === 'lan-reply' && one.id === id),
        LIMIT_MS,
        command,
      );
      expect(reply.answer).toEqual({ ok: true, command });
    }
    // An acknowledgement and an answer of each step.
    await until(() => ecpOf(wire) >= 2 * commands.length, LIMIT_MS, 'all are answered');
  });

  test("lldpad's station at our bridge: what it asks is granted, and what is refused it hears", async () => {
    const wire = await lldpad('vdps', 'station');
    const events: LanEvent[] = [];
    const bridge = new VlanBridge({
      name: 'bridge',
      mac: OWN,
      ports: [{ vlans: [GUEST.tag.vid] }],
      profiles: [{ mac: GUEST.mac, ...GUEST.tag }],
      profileWay: 'vdp',
    });
    const driver = wire.driverOf(bridge, (event) => events.push(event));
    drivers.push(driver as unknown as MachineDriver<never>);
    wire.onFrame = (frame) => driver.heard(0, frame);
    await exchangeEvb(wire, BRIDGE_MODE);
    const ask = (mode: string, mac: string, vid: number) => {
      const uuid = `11111111222233334444${mac.replaceAll(':', '')}`;
      const pairs = ['mode', mode, 'mgrid2', 'm1', 'typeid', '7', 'typeidver', '1', 'uuid', uuid];
      pairs.push('hints', 'to', 'filter', `${vid}-${mac}`);
      const words = pairs.flatMap((one, i) =>
        i % 2 === 0 ? ['-c', `${one}=${pairs[i + 1]}`] : [],
      );
      return wire.ask('vdptool', '-i', wire.name, '-T', '-W', '-V', mode, ...words);
    };
    const heard = (step: string, mac: Mac) =>
      until(
        () => events.find((one) => one.type === 'vsi' && one.step === step && one.mac === mac),
        LIMIT_MS,
        step,
      );
    for (const [mode, step] of [
      ['preassoc-rr', 'pre-associate'],
      ['assoc', 'associate'],
      ['deassoc', 'de-associate'],
    ] as const) {
      // Until it has agreed on EVB it says that there is no VDP.
      const answer = await until(
        async () => {
          const one = await ask(mode, GUEST.mac, GUEST.tag.vid);
          return one.said.includes('not supported') ? undefined : one;
        },
        LIMIT_MS,
        mode,
      );
      expect(answer).toMatchObject({
        status: 0,
        said: expect.stringContaining(`mode = ${mode}\n`),
      });
      expect(await heard(step, GUEST.mac)).toMatchObject({ port: 0, refusal: '' });
    }
    expect(events.filter(({ type }) => type === 'port-profile')).toMatchObject([
      { state: 'in-force', mac: GUEST.mac, vid: GUEST.tag.vid },
      { state: 'gone', mac: GUEST.mac },
    ]);
    const other = '02:00:00:00:00:02' as Mac;
    const answer = await ask('assoc', other, 200);
    // It gives up what is refused.
    expect(answer.said).toContain('mode = deassoc\n');
    expect(await heard('associate', other)).toMatchObject({
      refusal: 'invalid vid, groupid or mac address',
    });
    expect(ecpOf(wire)).toBeGreaterThanOrEqual(8);
  });
});
