/** Stations among each other: the contract of machines while connections are there, and hostile segments. */
import { describe, expect, it } from 'vitest';
import { addWords, checksumOf, ipv4, tcp } from '../../../src/codecs/ethernet/index.ts';
import { decodeFrame, spansOf } from '../../../src/codecs/frame/index.ts';
import { SECOND } from '../../../src/machine/machine.ts';
import type { StreamNode } from '../../../src/net/stream-node.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import type { FrameKind, MachinesAtWork } from '../../../src/testing/index.ts';
import { describeMachine } from '../../../src/testing/machine-contract.ts';
import { addressOf, marked, station, Talker } from '../../helpers/tcp-machines.ts';

/** A client that asks and asks, each time on a connection of its own, and a server that answers. */
function asking(onDone: () => void): { client: Talker; server: Talker } {
  const client = new Talker();
  const server = new Talker();
  const again = (): void =>
    void client.core.after(SECOND / 1000, () => client.connect(addressOf(2), 80));
  client.onOpened = (conn) => {
    client.core.send(conn, marked(3_000));
    client.core.close(conn, 'end');
  };
  client.onEnd = () => {
    onDone();
    client.came.clear();
    client.log.length = 0;
    again();
  };
  server.onBytes = (conn, bytes) => server.core.send(conn, bytes.slice());
  server.onEnd = (conn) => {
    server.core.close(conn, 'end');
    server.came.clear();
    server.log.length = 0;
  };
  // A connection that hostile segments have broken is made anew.
  const closed = client.handleClosed.bind(client);
  client.handleClosed = (conn, how, now) => {
    closed(conn, how, now);
    if (how === 'reset') again();
  };
  const unreachable = client.handleUnreachable.bind(client);
  client.handleUnreachable = (id, now) => {
    unreachable(id, now);
    again();
  };
  client.connect(addressOf(2), 80);
  return { client, server };
}

const tcpOptions = { timeWaitNs: SECOND / 100, retriesMax: 4, synRetriesMax: 2 };

function atWork(): MachinesAtWork {
  let done = 0;
  const { client, server } = asking(() => done++);
  const machines = new Map<string, StreamNode<never>>([
    ['client', station(1, client, { tcp: tcpOptions })],
    ['server', station(2, server, { tcp: tcpOptions, listens: [80] })],
  ]);
  const most: Readonly<Record<string, number>> = {
    timers: 3000,
    connections: 600,
    'connections that are over': 4096,
    'bytes of connections': 1 << 22,
    'segments before their turn': 2000,
    stations: 1024,
  };
  return {
    machines,
    cables: [
      [
        { node: 'client', port: 0 },
        { node: 'server', port: 0 },
      ],
    ],
    handleEvent: () => {},
    done: () => done,
    *kept() {
      for (const [node, machine] of machines)
        for (const [what, count] of Object.entries(machine.kept()))
          yield { node, what, count, most: most[what]! };
    },
  };
}

const ETHERNET_BYTES = 14;

/** TCP in IPv4 on Ethernet, and ARP. */
const ipFrames: FrameKind = {
  kindOf: (frame) =>
    frame[12] === 0x08 && frame[13] === 0 ? `TCP ${frame[47]}` : `ARP ${frame[21]}`,
  fieldsOf(frame) {
    const decoded = decodeFrame(frame);
    return decoded.layers.flatMap((layer) => spansOf(decoded, layer));
  },
  mend(frame) {
    if (frame.length < 54 || frame[12] !== 0x08 || frame[13] !== 0) return;
    const end = Math.min(
      frame.length,
      ETHERNET_BYTES + ipv4.view(frame, ETHERNET_BYTES).totalLengthBytes,
    );
    if (end < 54 || tcp.view(frame, 34).dataOffsetWords < 5) return;
    const put = (at: number, sum: number): void => {
      frame[at] = sum >> 8;
      frame[at + 1] = sum;
    };
    put(24, 0);
    put(24, checksumOf(addWords(frame, 14, 34)));
    put(50, 0);
    put(50, checksumOf(addWords(frame, 34, end, addWords(frame, 26, 34, 6 + end - 34))));
  },
};

/** Frames that a station meets. */
function frames(): Uint8Array[] {
  const { client, server } = asking(() => {});
  const simulator = new Simulator({ seed: 1 });
  simulator.addNode('client', station(1, client, { tcp: tcpOptions }));
  simulator.addNode('server', station(2, server, { tcp: tcpOptions, listens: [80] }));
  const link = simulator.connect({ node: 'client', port: 0 }, { node: 'server', port: 0 });
  const seen: Uint8Array[] = [];
  simulator.tap(link.name, 'b', (_link, direction, _time, frame) => {
    if (direction === 'a-to-b' && seen.length < 8) seen.push(frame.slice(0, 200));
  });
  simulator.run({ untilNs: SECOND });
  return seen;
}

describeMachine(
  { describe, it },
  'a station',
  () => station(2, asking(() => {}).server, { tcp: tcpOptions, listens: [80] }),
  {
    frames: frames(),
    atWork: { make: atWork, frames: ipFrames, seed: 3, framesMax: 6_000, outputsMax: 64 },
  },
);

describe('stations on a link', () => {
  it('give one another what was said, one connection after the other', () => {
    let done = 0;
    const { client, server } = asking(() => done++);
    const simulator = new Simulator({ seed: 1 });
    simulator.addNode('client', station(1, client));
    simulator.addNode('server', station(2, server, { listens: [80] }));
    simulator.connect({ node: 'client', port: 0 }, { node: 'server', port: 0 });
    simulator.run({ untilNs: SECOND });
    expect(done).toBeGreaterThan(100);
  });

  it('tell a machine that nobody is there: no station, and no port', () => {
    const client = new Talker();
    client.connect('10.0.0.77', 80, 7);
    client.connect(addressOf(2), 81, 8);
    const simulator = new Simulator({ seed: 1 });
    simulator.addNode('client', station(1, client));
    simulator.addNode('server', station(2, new Talker(), { listens: [80] }));
    simulator.connect({ node: 'client', port: 0 }, { node: 'server', port: 0 });
    simulator.run({ untilNs: 10 * SECOND });
    expect(client.log).toEqual(['unreachable 8', 'unreachable 7']);
  });

  it('keep a connection whose other end vanished until they speak: then it breaks', () => {
    const client = new Talker();
    const server = new Talker();
    client.connect(addressOf(2), 80);
    const node = station(2, server, { listens: [80], tcp: { retriesMax: 3 } });
    const simulator = new Simulator({ seed: 1 });
    simulator.addNode('client', station(1, client));
    simulator.addNode('server', node);
    const link = simulator.connect({ node: 'client', port: 0 }, { node: 'server', port: 0 });
    simulator.call(SECOND, () => link.cut());
    simulator.call(3600 * SECOND, () => {
      expect(server.log).toEqual(['accepted']);
      simulator.act('server', () => {
        server.core.send(server.conn, marked(10));
        node.drain(simulator.nowNs);
      });
    });
    simulator.run({ untilNs: 3700 * SECOND });
    expect(server.log).toEqual(['accepted', 'reset']);
  });
});
