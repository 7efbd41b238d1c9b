/** A router with two ports: packets go on later and by one less; those that are too large do not. */
import { describe, expect, it } from 'vitest';
import { macAt } from '../../../../src/codecs/layout/index.ts';
import { Router, type RouterOptions } from '../../../../src/fabric/lan/router.ts';
import { streams } from '../../../../src/machine/random.ts';
import { Timers } from '../../../../src/machine/timers.ts';
import { tooBigAt } from '../../../../src/net/icmp.ts';
import {
  IpPort,
  packetOf,
  parseIpv4,
  readSegment,
  writeSegment,
} from '../../../../src/net/index.ts';

const OPTIONS: RouterOptions = {
  ...{ name: 'r', vlan: 0, hopNs: 50, mtu: 1000, tells: true },
  ends: [
    { mac: '02:00:5e:00:00:00', address: '10.0.200.2' },
    { mac: '02:00:5e:00:00:01', address: '10.0.208.2' },
  ],
};
const [host, array] = [parseIpv4('10.0.0.2'), parseIpv4('10.0.254.1')];
const HOST_MAC = '00:25:b5:00:02:00';
const ARRAY_MAC = '00:60:16:00:00:01';

const packet = (bytes: number, to = OPTIONS.ends[0].mac) =>
  writeSegment(
    { destination: to, source: HOST_MAC, vlan: 0, identification: 3 },
    {
      ...{ source: host, destination: array, sourcePort: 5000, destinationPort: 3260 },
      ...{ seq: 7, ack: 8, flags: 0x10, window: 9, payload: new Uint8Array(bytes - 40) },
    },
  );

/** A router that knows where the array is, and what it has sent. */
function rig(change: Partial<RouterOptions> = {}) {
  const router = new Router({ ...OPTIONS, ...change });
  const take = (): { port: number; frame: Uint8Array }[] => {
    const sent: { port: number; frame: Uint8Array }[] = [];
    for (let out = router.poll(); out !== undefined; out = router.poll())
      if ('send' in out) sent.push({ port: out.port, frame: out.send.slice() });
    return sent;
  };
  // The array speaks first, and is known by that.
  const said: Uint8Array[] = [];
  const timers = new Timers();
  const station = new IpPort(
    { mac: ARRAY_MAC, address: '10.0.254.1' },
    { now: 0, after: (delayNs, run) => timers.set(delayNs, run), send: (one) => said.push(one) },
    streams(1).stream('a'),
    true,
  );
  station.resolve(parseIpv4(OPTIONS.ends[1].address), () => {});
  router.handleFrame(1, said[0]!, false, 0);
  take();
  return { router, take };
}

describe('a router', () => {
  it('takes a packet to the other side, a hop later', () => {
    const { router, take } = rig();
    router.handleFrame(0, packet(1000), false, 100);
    expect([take(), router.deadline, router.kept()]).toEqual([
      [],
      150,
      { 'packets on their way': 1, stations: 1 },
    ]);
    router.handleTimeout(150);
    const [sent, ...more] = take();
    expect([sent!.port, more]).toEqual([1, []]);
    expect([macAt(sent!.frame, 0), macAt(sent!.frame, 6)]).toEqual([
      ARRAY_MAC,
      OPTIONS.ends[1].mac,
    ]);
    expect(sent!.frame[14 + 8]).toBe(63);
    // Its checksums are right again, or it would be no segment.
    expect(readSegment(sent!.frame, 14)).toMatchObject({
      source: host,
      destination: array,
      seq: 7,
    });
  });

  it('drops one that is too large, and tells its sender, unless that is filtered out', () => {
    const { router, take } = rig();
    router.handleFrame(0, packet(1001), false, 100);
    const [answer] = take();
    expect(answer!.port).toBe(0);
    expect(macAt(answer!.frame, 0)).toBe(HOST_MAC);
    expect(tooBigAt(answer!.frame, packetOf(answer!.frame)!.at)).toMatchObject({
      ...{ nextHopMtu: 1000, source: host, destination: array, seq: 7 },
    });
    const silent = rig({ tells: false });
    silent.router.handleFrame(0, packet(1001), false, 100);
    expect([silent.take(), silent.router.deadline]).toEqual([[], undefined]);
  });

  it('passes nothing that is for another, cut, damaged, at its end, or for itself', () => {
    const { router, take } = rig();
    const good = packet(60);
    const changed = (change: (frame: Uint8Array) => void): Uint8Array => {
      const copy = good.slice();
      change(copy);
      return copy;
    };
    for (const frame of [
      packet(60, '02:00:00:00:00:09'),
      ...Array.from({ length: good.length }, (_, end) => good.subarray(0, end)),
      changed((one) => (one[14 + 8] = 1)),
      changed((one) => (one[14 + 16] = 11)),
      changed((one) => (one[14] = 0x46)),
    ])
      router.handleFrame(0, frame, false, 100);
    router.handleFrame(5, good, false, 100);
    router.handleTimeout(1000);
    expect(take()).toEqual([]);
  });

  it('keeps so many packets and no more', () => {
    const { router, take } = rig();
    for (let i = 0; i < 5000; i++) router.handleFrame(0, packet(60), false, 100);
    expect(router.kept()).toMatchObject({ 'packets on their way': 4096 });
    router.handleTimeout(150);
    expect(take()).toHaveLength(4096);
    router.restart();
    expect(router.kept()).toMatchObject({ stations: 0 });
  });
});

/** Two stations and the router between them, on one clock. */
function joined(mtu: number, tells = true) {
  const timers = new Timers();
  const clock = { now: 0 };
  const router = new Router({ ...OPTIONS, mtu, tells });
  const sizes: number[] = [];
  const later = (run: () => void): void => void timers.set(clock.now + 1000, run);
  const drain = (): void => {
    for (let out = router.poll(); out !== undefined; out = router.poll()) {
      if (!('send' in out)) continue;
      const frame = out.send.slice();
      const { port } = out;
      later(() => ends[port]!.handleFrame(frame));
    }
  };
  const end = (port: number, mac: string, address: string, by: string): IpPort =>
    new IpPort(
      { mac, address, routes: [{ to: 'everybody', by }] },
      {
        get now() {
          return clock.now;
        },
        after: (delayNs, run) => timers.set(clock.now + delayNs, run),
        send: (one) => {
          const frame = one.slice();
          if (readSegment(frame, 14) !== undefined) sizes.push(frame.length - 14);
          later(() => {
            router.handleFrame(port, frame, false, clock.now);
            drain();
          });
        },
      },
      streams(1).stream(`end ${port}`),
      true,
    );
  const ends = [
    end(0, HOST_MAC, '10.0.0.2', '10.0.200.2'),
    end(1, ARRAY_MAC, '10.0.254.1', '10.0.208.2'),
  ] as const;
  const run = (untilNs: number): void => {
    for (;;) {
      const due = Math.min(timers.deadline ?? Infinity, router.deadline ?? Infinity);
      if (due > untilNs) break;
      clock.now = due;
      timers.run(due);
      router.handleTimeout(due);
      drain();
    }
  };
  return { ends, run, sizes };
}

const QUIET = { opened() {}, readable() {}, unsent() {}, ended() {}, over() {} };

describe('TCP through a router', () => {
  const talk = (tells: boolean) => {
    const { ends, run, sizes } = joined(1000, tells);
    let received = 0;
    ends[1].tcp.listen(3260, {
      ...QUIET,
      readable: (one) => {
        for (const bytes of one.read()) received += bytes.length;
      },
    });
    const connection = ends[0].tcp.connect(
      { local: host, remote: array, remotePort: 3260 },
      QUIET,
    )!;
    run(5e6);
    connection.write(new Uint8Array(50_000));
    run(100e6);
    return { ends, connection, run, sizes, received: () => received };
  };

  it('sends what fits, once it is told', () => {
    const { received, sizes } = talk(true);
    expect(received()).toBe(50_000);
    expect(sizes.filter((one) => one > 1000).length).toBeLessThan(20);
  });

  it('never gets through where nobody tells', () => {
    expect(talk(false).received()).toBe(0);
  });

  it('does not believe who does not know what is under way', () => {
    const { connection, ends, run, sizes } = talk(true);
    const told = { nextHopMtu: 600, source: host, destination: array, destinationPort: 3260 };
    const { localPort: sourcePort } = connection.ends;
    ends[0].tcp.tooBig({ ...told, sourcePort, seq: connection.sender.most + 1 });
    ends[0].tcp.tooBig({ ...told, sourcePort, seq: connection.sender.oldest - 1 });
    const before = sizes.length;
    connection.write(new Uint8Array(9600));
    run(200e6);
    expect(Math.max(...sizes.slice(before))).toBe(1000);
  });
});
