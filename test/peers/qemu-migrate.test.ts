/**
 * QEMU moves a running Linux guest from one port of our bridge to another and back, while a station at a third port
 * exchanges numbered datagrams with it.
 *
 * What the guest is sent while it stands still goes to the QEMU that it has left, and is lost; nothing else may be.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EtherType } from '../../src/codecs/ethernet/index.ts';
import type { Mac } from '../../src/codecs/layout/index.ts';
import { VlanBridge } from '../../src/fabric/lan/vlan-bridge.ts';
import type { LanEvent, MacForwarded } from '../../src/history/lan.ts';
import { MILLISECOND } from '../../src/machine/machine.ts';
import { DATAGRAM_WAYS, datagramIn, lanFrame } from '../../src/net/lan-frame.ts';
import { LanStation } from '../../src/net/lan-station.ts';
import { Guest, type GuestOptions } from '../live/support/guest.ts';
import { withoutGuests } from '../live/support/image.ts';
import { migrate } from '../live/support/migrate.ts';
import { until } from '../live/support/wait.ts';
import { DatagramWire } from './support/datagram-wire.ts';
import { MachineDriver } from './support/tap-wire.ts';

const without = withoutGuests();
const LIMIT_MS = 60_000;
const MAC = '52:54:00:aa:00:01' as Mac;
const GUEST = '10.0.0.2';
const STATION = { mac: '02:00:00:00:00:a1' as Mac, address: '10.0.0.1' };
/** Each way, between two datagrams. */
const INTERVAL_MS = 20;
/** Datagrams each way at a place before the guest moves on. */
const AT_A_PLACE = 40;
/** Datagrams that QEMU may have read of its socket, and not given to the guest, when it stops it. */
const IN_HAND = 5;
/** The bridge's ports in the order of the guest's stay there; the station is at the third. */
const STAYS = [0, 1, 0] as const;
const STATION_PORT = 2;

let folder = '';
let talker = '';
const wires: DatagramWire[] = [];
const guests: Guest[] = [];
const drivers: MachineDriver<LanEvent>[] = [];

beforeAll(() => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-migrate-'));
  talker = join(folder, 'lan-talker');
  const source = new URL('support/lan-talker.c', import.meta.url).pathname;
  const words = ['-O2', '-static', '-Wall', '-Werror', '-s', '-o', talker, source];
  expect(spawnSync('gcc', words, { encoding: 'utf8' })).toMatchObject({ status: 0 });
  // A disk has whole sectors.
  expect(spawnSync('truncate', ['-s', '%512', talker])).toMatchObject({ status: 0 });
});
afterAll(async () => {
  for (const one of guests) await one.stop();
  for (const one of drivers) one.stop();
  for (const one of wires) one.close();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

/** A bridge with QEMU at two ports and a station at the third, and what passes there. */
class Segment {
  /** The station's datagrams for the guest: where the bridge let them out. */
  readonly out: { readonly port: number; readonly number: number }[] = [];
  /** The guest's: where the bridge heard them, and what the station had sent by then. */
  readonly heard: { readonly port: number; readonly number: number; readonly sent: number }[] = [];
  /** Changes of the bridge's entry for the guest, and what the station had sent by then. */
  readonly entries: (MacForwarded & { readonly sent: number })[] = [];
  /** The guest's numbers that have reached the station. */
  readonly arrived: number[] = [];
  /** Ports at which QEMU's RARP was heard. */
  readonly announced: number[] = [];
  sent = 0;
  readonly #bridge: MachineDriver<LanEvent>;
  readonly #talks: MachineDriver<LanEvent>;
  readonly #station = new LanStation({
    ...STATION,
    tag: { vid: 0, priority: 0 },
    guests: [{ vm: 'vm1', address: GUEST }],
    intervalNs: INTERVAL_MS * MILLISECOND,
    packetBytes: 64,
  });

  constructor() {
    const mac = '02:00:00:00:00:a0' as Mac;
    const bridge = new VlanBridge({ name: 'bridge', mac, ports: [{}, {}, {}] });
    this.#bridge = new MachineDriver(
      bridge,
      (port, frame) => this.#send(port, frame),
      (event) => {
        if (event.type === 'mac-table' && event.mac === MAC)
          this.entries.push({ ...event, sent: this.sent });
      },
    );
    this.#talks = new MachineDriver(
      this.#station,
      // Behind the change that it comes of: a machine is not entered twice.
      (_port, frame) => queueMicrotask(() => this.#bridge.heard(STATION_PORT, frame)),
      (event) => {
        if (event.type !== 'datagram') return;
        if (event.step === 'sent') this.sent = event.number;
        else this.arrived.push(event.number);
      },
    );
    drivers.push(this.#bridge, this.#talks);
  }

  async plug(port: number): Promise<DatagramWire> {
    const wire = await DatagramWire.open();
    wires[port] = wire;
    wire.onFrame = (frame) => {
      const number = numberOf(frame, 'from-guest');
      if (number !== undefined) this.heard.push({ port, number, sent: this.sent });
      if (lanFrame(frame)?.etherType === EtherType.RARP) this.announced.push(port);
      this.#bridge.heard(port, frame);
    };
    return wire;
  }

  talk(): void {
    this.#talks.change((now) => this.#station.start(now));
  }

  hush(): void {
    this.#talks.change((now) => this.#station.stop(now));
  }

  #send(port: number, frame: Uint8Array): void {
    if (port === STATION_PORT) {
      queueMicrotask(() => this.#talks.heard(0, frame));
      return;
    }
    const number = numberOf(frame, 'to-guest');
    if (number !== undefined) this.out.push({ port, number });
    wires[port]!.send(frame);
  }
}

function numberOf(frame: Uint8Array, way: 'from-guest' | 'to-guest'): number | undefined {
  const datagram = datagramIn(frame);
  return datagram !== undefined && DATAGRAM_WAYS[datagram.way] === way
    ? datagram.number
    : undefined;
}

/** Whole numbers behind one, up to another. */
const numbers = (behind: number, last: number): number[] =>
  Array.from({ length: last - behind }, (_, i) => behind + 1 + i);

/** Numbers that the guest's program says, of what it has `sent` or `got`. */
const saidOf = (log: string, word: 'sent' | 'got'): number[] =>
  [...log.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, number]) => Number(number));

const optionsAt = (stay: number): GuestOptions => ({
  name: `h${stay}`,
  cables: [{ netdev: wires[STAYS[stay]!]!.netdev }],
  mac: MAC,
  role: 'none',
  mtu: 1500,
  qemu: [
    '-blockdev',
    `driver=raw,read-only=on,node-name=talker,file.driver=file,file.filename=${talker}`,
    '-device',
    'virtio-blk-pci,drive=talker',
  ],
});

describe.skipIf(without !== undefined)('a live migration', () => {
  test("takes the guest's packets along, and loses only what it is sent while it stands still", async () => {
    const lan = new Segment();
    for (const port of [0, 1]) await lan.plug(port);
    let guest = await Guest.boot(folder, optionsAt(0));
    guests.push(guest);
    await guest.ok(`ip addr add ${GUEST}/24 dev eth0 && ins vblk && wait_for 5 "[ -b /dev/vda ]"`);
    await guest.ok('cat /dev/vda > /tmp/talker && chmod +x /tmp/talker');
    await guest.ok(
      `/tmp/talker ${STATION.address} ${INTERVAL_MS} > /tmp/talk.log & echo $! > /tmp/pid`,
    );
    // Its kernel answers ARP already; a datagram that comes before the program listens is nobody's.
    await guest.ok('wait_for 20 "grep -q sent /tmp/talk.log"');
    lan.talk();

    const downtimesMs: number[] = [];
    for (const [stay, port] of STAYS.entries()) {
      if (stay > 0) {
        const path = join(folder, `h${stay}.migration`);
        const there = await Guest.incoming(folder, optionsAt(stay), path);
        guests.push(there);
        downtimesMs.push(await migrate(guest, path));
        await guest.stop();
        guest = there;
        await guest.ok('true');
        await until(() => lan.announced.at(-1) === port, LIMIT_MS, "QEMU's announcement");
      }
      const before = { heard: lan.heard.length, out: lan.out.length };
      const isTalking = () =>
        lan.heard.length >= before.heard + AT_A_PLACE && lan.out.length >= before.out + AT_A_PLACE;
      await until(isTalking, LIMIT_MS, `datagrams both ways at port ${port}`);
    }
    lan.hush();
    const read = async (): Promise<string> => await guest.ok('cat /tmp/talk.log');
    await until(
      async () => saidOf(await read(), 'got').includes(lan.sent),
      LIMIT_MS,
      'the last datagram to the guest',
    );
    await guest.ok('kill $(cat /tmp/pid)');
    const log = await read();
    const [sentByGuest, got] = [saidOf(log, 'sent'), saidOf(log, 'got')];
    await until(() => lan.arrived.length >= sentByGuest.length, LIMIT_MS, 'its last datagram');

    // The bridge's entry goes along with it, once each time.
    expect(lan.entries.map(({ port, cause }) => [port, cause])).toEqual([
      [0, 'learned'],
      [1, 'moved'],
      [0, 'moved'],
    ]);
    // From the guest: all, once, in order, and each port only while it is there.
    expect(lan.arrived).toEqual(numbers(0, sentByGuest.length));
    expect(lan.heard.map(({ number }) => number)).toEqual(lan.arrived);
    const ports = lan.heard.map(({ port }) => port);
    const changes = [...ports.keys()].filter((i) => ports[i] !== ports[i - 1]);
    expect(changes.map((i) => ports[i])).toEqual([...STAYS]);
    // To the guest: each leaves by the port where the entry is, so behind the move by the destination's.
    const lasts = [...lan.entries.slice(1).map(({ sent }) => sent), lan.sent];
    const due = STAYS.flatMap((port, stay) =>
      numbers(lasts[stay - 1] ?? 0, lasts[stay]!).map((number) => ({ port, number })),
    );
    expect(lan.out).toEqual(due);
    // It hears none twice. What it does not hear is the last that left by the port that it has gone from.
    const has = new Set(got);
    expect(got).toEqual([...has].sort((a, b) => a - b));
    for (const [stay, last] of lasts.entries()) {
      const lost = numbers(lasts[stay - 1] ?? 0, last).filter((number) => !has.has(number));
      expect(lost).toEqual(numbers(last - lost.length, last));
      if (stay === lasts.length - 1) {
        expect(lost).toEqual([]);
        break;
      }
      const whileStill = last - lan.heard[changes[stay + 1]! - 1]!.sent;
      process.stdout.write(
        `port ${STAYS[stay]} to ${STAYS[stay + 1]}: stood still ${downtimesMs[stay]} ms by QEMU; sent to it meanwhile ${whileStill}, lost ${lost.length}\n`,
      );
      expect(lost.length).toBeLessThanOrEqual(whileStill + IN_HAND);
    }
  });
});
