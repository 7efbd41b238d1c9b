/** UDP on loopback: a frame a datagram, and none lost. */
import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { ListenError } from '../../../src/live/listen-address.ts';
import type { GuestWire, PluggedGuest } from '../../../src/live/stream-wire.ts';
import { UdpWire } from '../../../src/live/udp-wire.ts';
import { until } from '../../helpers/live-bench.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

/** A wire, and the guest at its other end. */
async function rig(refusal?: string) {
  const remote = await bound();
  ends.push(() => void remote.close());
  const free = await bound();
  const localPort = free.address().port;
  await new Promise<void>((resolve) => free.close(resolve));
  const remotePort = remote.address().port;
  const received: number[][] = [];
  const closings: (string | undefined)[] = [];
  let plugged: GuestWire | undefined;
  const guest: PluggedGuest = {
    received: (frames) => received.push(...frames.map((frame) => [...frame])),
    closed: (why) => closings.push(why),
  };
  const place = { kind: 'udp', localPort, remotePort } as const;
  const wire = await UdpWire.open(place, (one) => {
    plugged = one;
    return refusal ?? guest;
  });
  let open = true;
  const close = async () => {
    if (open) await wire.close();
    open = false;
  };
  ends.push(close);
  return { remote, wire, plugged: plugged!, received, closings, close, localPort, remotePort };
}

test('a frame is a datagram, both ways; an empty datagram is no frame', async () => {
  const { remote, wire, plugged, received, localPort, remotePort } = await rig();
  expect([plugged, wire.name]).toEqual([wire, `udp:${localPort},${remotePort}`]);
  const got: number[][] = [];
  remote.on('message', (frame) => got.push([...frame]));
  for (const frame of [[], [1, 2], [3]])
    remote.send(Uint8Array.from(frame), localPort, '127.0.0.1');
  await until(() => received.length === 2, 'two frames');
  expect(received).toEqual([[1, 2], [3]]);
  wire.send(Uint8Array.of(4));
  wire.send(Uint8Array.of(5, 6));
  expect(wire.waitingBytes).toBe(3);
  wire.flush();
  await until(() => got.length === 2, 'two datagrams');
  expect([got, wire.waitingBytes]).toEqual([[[4], [5, 6]], 0]);
});

test('loses nothing, although the receiver has room for some fifty frames', async () => {
  const { remote, wire } = await rig();
  const got: number[] = [];
  remote.on('message', (frame) => {
    if (frame.length === 2172) got.push(frame.readUInt32BE(0));
  });
  for (let i = 0; i < 500; i++) {
    const frame = Buffer.alloc(2172);
    frame.writeUInt32BE(i);
    wire.send(frame);
  }
  wire.flush();
  await until(() => got.length === 500, 'all frames');
  expect(got).toEqual(Array.from({ length: 500 }, (_, i) => i));
  expect(wire.dropped).toBe(0);
});

test('what waits has a limit; what comes then is dropped and counted', async () => {
  const { wire } = await rig();
  for (let i = 0; i < 16_390; i++) wire.send(new Uint8Array(1));
  expect([wire.waitingBytes, wire.dropped]).toEqual([16_384, 6]);
});

test('its guest hears of its end once', async () => {
  const { close, closings } = await rig();
  expect(closings).toEqual([]);
  await close();
  expect(closings).toEqual([undefined]);
});

test('a port in use and a guest without room are one line each', async () => {
  const { localPort, remotePort } = await rig();
  const again = UdpWire.open({ kind: 'udp', localPort, remotePort }, () => 'x');
  await expect(again).rejects.toThrow(ListenError);
  await expect(again).rejects.toThrow(/another program listens there/);
  await expect(rig('no room')).rejects.toThrow(/^cannot listen on udp:\d+,\d+: no room$/);
});
