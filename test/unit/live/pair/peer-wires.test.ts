/** Cables that this side plugs in: again and again, until the other server is there. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveDriver } from '../../../../src/live/driver.ts';
import type { LiveEvent } from '../../../../src/live/links.ts';
import { PeerWires } from '../../../../src/live/pair/peer-wires.ts';
import { StreamListener } from '../../../../src/live/stream-wire.ts';
import type { Machine } from '../../../../src/machine/machine.ts';
import { Bench, until } from '../../../helpers/live-bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

test('frames go both ways; a link that ends is down, and comes again', async () => {
  const told: string[] = [];
  const driver = new LiveDriver<LiveEvent>({ onEvent: () => {} });
  bench.atEnd(() => driver.stop());
  const machine: Machine<LiveEvent> = {
    handleFrame: (port, frame) => void told.push(`${port} got ${frame[0]}`),
    handleLink: (port, up) => void told.push(`${port} ${up ? 'up' : 'down'}`),
    handleTimeout: () => {},
    poll: () => undefined,
    deadline: undefined,
  };
  driver.addNode('array', machine);
  const lines: string[] = [];
  const wires = new PeerWires(
    { driver, node: 'array', now: 0, log: (_level, event) => void lines.push(event) },
    [{ port: 3, fabric: 'W', place: { kind: 'unix', path: bench.socket } }],
  );
  bench.atEnd(() => wires.close());
  const listen = () =>
    StreamListener.open({ kind: 'unix', path: bench.socket }, (wire) => {
      wire.send(Uint8Array.of(9, 0));
      wire.flush();
      return { received: () => {}, closed: () => {} };
    });
  await until(() => lines.includes('peer-silent'), 'somebody says that nobody is there');
  const first = await listen();
  await until(() => told.includes('3 got 9'), 'a frame');
  wires.setPower(false);
  wires.setPower(true);
  await first.close();
  await until(() => lines.includes('peer-disconnected'), 'the end');
  expect(told).toEqual(['3 up', '3 got 9', '3 down', '3 up', '3 down']);
  // That it is gone has been said.
  await new Promise((resolve) => setTimeout(resolve, 1600));
  const second = await listen();
  bench.atEnd(() => second.close());
  await until(() => told.length === 7, 'a frame again');
  expect(lines).toEqual([
    ...['peer-silent', 'peer-connected'],
    ...['peer-disconnected', 'peer-connected'],
  ]);
});
