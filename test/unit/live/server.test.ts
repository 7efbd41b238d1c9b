/** Fabrics and an array on real sockets, with our own hosts as the guests at the other end. */

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CaptureJudge } from '../../../src/audit/capture-judge.ts';
import { fileSink, openCapture } from '../../../src/capture/index.ts';
import { ListenError } from '../../../src/live/listen-address.ts';
import { Bench, closed, until } from '../../helpers/live-bench.ts';

const VM1 = 0xc050_7600_0000_0100n;
const VM2 = 0xc050_7600_0000_0200n;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

async function judge(path: string) {
  const capture = await openCapture(path);
  const one = new CaptureJudge(capture.info);
  for await (const batch of capture.frames) for (const frame of batch) one.add(frame);
  return one.finish();
}

describe('serve', () => {
  test('a host logs in over the socket and sees its logical units; the tap replays', async () => {
    const tap = join(bench.dir, 'tap.pcapng');
    const plan = bench.plan([
      { kind: 'memory', bytes: 1 << 20 },
      { kind: 'memory', bytes: 1 << 21 },
    ]);
    const server = await bench.serve({ plan, tap: () => fileSink(tap) });
    const host = await bench.host();
    const view = await host.prepare(VM1);
    expect(view.map(({ lunNumber, blocks }) => [lunNumber, blocks])).toEqual([
      [0, 2048],
      [1, 4096],
    ]);
    await server.close();
    const report = await judge(tap);
    expect(report.codec).toMatchObject({
      identical: report.capture.frames,
      malformed: [],
      crcBad: 0,
    });
    expect(report.exchanges.fcp.completed).toBeGreaterThan(5);
    expect(report.logins.map((one) => one.by)).toContain('FDISC');
  });

  test('two guests on one path have a port each, and each its own array paths', async () => {
    const server = await bench.serve();
    const [one, two] = [await bench.host(1), await bench.host(2)];
    await Promise.all([one.prepare(VM1), two.prepare(VM2)]);
    const links = server.logins().map(({ fabric, login }) => `${fabric.name}.${login.port}`);
    expect(links.sort()).toEqual(['A.0', 'A.1', 'A.1', 'A.2', 'A.2']);
  });

  test('two fabrics: a TCP port and a Unix socket lead to different switches', async () => {
    const plan = bench.plan(undefined, [`A=unix:${bench.socket}`, 'B=tcp:127.0.0.1:0']);
    const server = await bench.serve({ plan });
    expect(server.addresses.map((one) => one.fabric)).toEqual(['A', 'B']);
    expect(server.addresses[1]!.address).toMatch(/^tcp:127\.0\.0\.1:\d+$/);
    const host = await bench.host();
    await host.prepare(VM1);
    const byFabric = server
      .logins()
      .map(({ fabric, login }) => [fabric.name, login.nPortId >>> 16]);
    expect(byFabric.filter(([name]) => name === 'A').every(([, domain]) => domain === 1)).toBe(
      true,
    );
    expect(byFabric.filter(([name]) => name === 'B')).toEqual([['B', 2]]);
  });

  test('one frame a datagram: a host on UDP loopback logs in', async () => {
    const ports = [20_000 + (process.pid % 10_000), 30_000 + (process.pid % 10_000)] as const;
    const plan = bench.plan(undefined, [`udp:${ports[0]},${ports[1]}`]);
    await bench.serve({ plan });
    const host = await bench.hostOnUdp(1, ports[1], ports[0]);
    expect(await host.prepare(VM1)).toHaveLength(1);
  });

  test('guests hear LOGO and Clear Virtual Links when it shuts down', async () => {
    const server = await bench.serve();
    const host = await bench.host();
    await host.prepare(VM1);
    const seen: string[] = [];
    server.onEvent(({ event }) => {
      if (event.type === 'logout') seen.push(event.reason);
      if (event.type === 'nexus') seen.push(event.state);
    });
    await server.close();
    expect(seen).toContain('ended');
    expect(seen.filter((one) => one === 'CVL')).toHaveLength(2);
  });

  test('a guest that goes away is logged out and its port free again', async () => {
    const server = await bench.serve();
    const host = await bench.host();
    await host.prepare(VM1);
    const socket = await bench.connect();
    await until(() => server.links().length === 3, 'both are plugged in');
    socket.end();
    await until(() => server.links().length === 2, 'the second is unplugged');
    expect(bench.log.find((one) => one.event === 'disconnected')?.fields).toMatchObject({
      link: 'A.2',
      logins: [],
    });
    await bench.connect();
    await until(() => server.links().some((one) => one.name === 'A.2'), 'port 2 again');
  });
});

describe('what a guest may do wrong', () => {
  test('a length prefix of 4 GB: that guest is closed with a word, the others go on', async () => {
    await bench.serve();
    const bad = await bench.connect();
    const gone = closed(bad);
    bad.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    await gone;
    await until(() => /disconnected/.test(bench.said), 'its end in the log');
    expect(bench.said).toMatch(/says its next frame has 4294967295 bytes; frames have 1 to \d+/);
    expect(await (await bench.host()).prepare(VM1)).toHaveLength(1);
  });

  test('a frame of no bytes ends its connection too', async () => {
    await bench.serve();
    const bad = await bench.connect();
    const gone = closed(bad);
    bad.write(Buffer.alloc(4));
    await gone;
    await until(() => /has 0 bytes/.test(bench.said), 'its end in the log');
  });

  test('a socket that closes in the middle of a frame harms nobody', async () => {
    await bench.serve();
    const half = await bench.connect();
    half.end(Buffer.from([0, 0, 0, 100, 1, 2, 3]));
    await closed(half);
    await until(() => /in the middle of a frame, at byte 3 of 100/.test(bench.said), 'a word');
    expect(await (await bench.host()).prepare(VM1)).toHaveLength(1);
  });

  test('a frame of 64 KiB is read and dropped', async () => {
    const server = await bench.serve();
    const large = await bench.connect();
    const frame = Buffer.alloc(4 + 65_536, 0xff);
    frame.writeUInt32BE(65_536);
    large.write(frame);
    await until(() => server.links().some((one) => one.frames.in > 0 && one.port === 1), 'frame');
    expect(large.destroyed).toBe(false);
  });

  test('noise is answered by a line a second, not by one a frame', async () => {
    const server = await bench.serve();
    const noise = await bench.connect();
    const frame = Buffer.alloc(4 + 80);
    frame.writeUInt32BE(80);
    frame.set([0x0e, 0, 0xfc, 0xf0, 0, 1], 4);
    frame.set([0x89, 0x06], 4 + 12);
    const begunMs = performance.now();
    noise.write(Buffer.concat(Array.from({ length: 5000 }, () => frame)));
    const fcf = server.fabrics.get('A')!.fcf;
    await until(() => fcf.counters.dropped['no-login'] === 5000, 'all were dropped');
    const seconds = (performance.now() - begunMs) / 1000;
    const lines = bench.log.filter((one) => one.event === 'dropped').length;
    expect(lines).toBeLessThanOrEqual(seconds + 1);
    expect(await (await bench.host()).prepare(VM1)).toHaveLength(1);
  });
});

describe('a guest that does not read', () => {
  test('makes frames wait up to a limit, and then loses them with a count', async () => {
    const server = await bench.serve();
    const lazy = await bench.connect();
    lazy.pause();
    await until(() => server.links().length === 2, 'it is plugged in');
    const wire = server.links()[1]!.wire!;
    const frame = new Uint8Array(2172);
    for (let i = 0; i < 40_000; i++) {
      wire.send(frame);
      if (i % 100 === 0) wire.flush();
    }
    expect(wire.dropped).toBeGreaterThan(10_000);
    expect(wire.waitingBytes).toBeLessThan(40 * 2 ** 20);
    expect(await (await bench.host()).prepare(VM1)).toHaveLength(1);
  });
});

describe('addresses', () => {
  test('one in use is one clear line', async () => {
    await bench.serve();
    await expect(bench.serve()).rejects.toThrow(ListenError);
    await expect(bench.serve()).rejects.toThrow(/another program listens there/);
  });

  test('a fabric that nobody serves is named with those that are', async () => {
    const plan = bench.plan(undefined, [`A=unix:${bench.socket}`]);
    const listen = [{ ...plan.listen[0]!, fabric: 'C' }];
    await expect(bench.serve({ plan: { ...plan, listen } })).rejects.toThrow(
      /there is no fabric C; there is A/,
    );
  });
});
