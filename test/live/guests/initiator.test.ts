/** Our initiator against Linux's target, through our fabric: everything that it wrote reads back. */
import { createConnection } from 'node:net';
import { expect } from 'vitest';
import type { HostEvent } from '../../../src/host/host.ts';
import { FrameSplitter, withPrefix } from '../../../src/live/frame-splitter.ts';
import { EmulatedHost } from '../../helpers/live-bench.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import type { Serve } from '../support/serve.ts';
import { until } from '../support/wait.ts';

const WWPN = 0x2001_5254_00dd_0001n;
const VM = 'vm1';
/** Blocks of the LUN that are used: few, so that each is read often. */
const RANGE_BLOCKS = 1024;

async function connect(lab: Lab, serve: Serve): Promise<EmulatedHost> {
  const socket = createConnection(serve.socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  const host = new EmulatedHost(1, (frame) => void socket.write(withPrefix(frame)));
  const splitter = new FrameSplitter();
  socket.on('data', (chunk) => host.receive(splitter.push(chunk)));
  socket.on('error', () => {});
  lab.atEnd(() => {
    host.stop();
    socket.destroy();
  });
  return host;
}

/** What the guest was told: versions by block, and what does not fit. */
class Books {
  readonly written = new Map<string, number>();
  readonly readBack = new Set<string>();
  readonly wrong: string[] = [];
  writes = 0;
  failed = 0;
  readonly #open = new Map<number, Extract<HostEvent, { type: 'io-submit' }>>();
  #seen = 0;

  get open(): number {
    return this.#open.size;
  }

  /** Takes what is new of the host's events. */
  take(events: readonly HostEvent[]): void {
    for (; this.#seen < events.length; this.#seen++) {
      const event = events[this.#seen]!;
      if (event.type === 'io-submit') this.#open.set(event.io, event);
      else if (event.type === 'io-complete') this.#complete(event);
    }
  }

  #complete(event: Extract<HostEvent, { type: 'io-complete' }>): void {
    const io = this.#open.get(event.io)!;
    this.#open.delete(event.io);
    if (event.result !== 'good') {
      this.failed++;
      return;
    }
    if (io.op === 'write') this.writes++;
    for (let i = 0; i < io.blocks; i++) {
      const block = `${io.luName} ${io.lba + i}`;
      if (io.op === 'write') {
        this.written.set(block, io.version);
        this.readBack.delete(block);
        continue;
      }
      const reading = event.readings![i]!;
      const found = reading.found === 'stamp' ? reading.version : reading.found;
      const version = this.written.get(block);
      const wanted = version ?? 'blank';
      if (found === wanted) {
        if (version !== undefined) this.readBack.add(block);
      } else this.wrong.push(`${block}: ${found} instead of ${wanted}`);
    }
  }
}

guestTest(
  'our initiator writes to a Linux target (tcm_fc), and every block reads back',
  300,
  async (lab) => {
    const serve = await lab.serve({ arguments: ['--lun', '1M'] });
    const target = await lab.boot({
      name: 'target',
      cables: [{ connect: serve.socketPath }],
      mac: '52:54:00:bb:00:01',
      role: 'target',
      arguments: { acl: '20:01:52:54:00:dd:00:01', size: 16 },
    });
    await target.ok('wait_online 80');
    // A slow guest may log in twice, and tcm_fc does not survive that with writes under way.
    await target.ok(
      'id() { cat /sys/class/fc_host/*/port_id; }; until a=$(id); sleep 4; [ "$a" = "$(id)" ]; do :; done',
    );
    const host = await connect(lab, serve);
    const view = await host.prepare(WWPN, VM);
    // The LUN of serve's own array and Linux's.
    expect(view.map((one) => one.vendor).sort()).toEqual(['LIO-ORG', 'SANMOTN']);
    expect(view.find((one) => one.vendor === 'LIO-ORG')?.blocks).toBe(32_768);

    const books = new Books();
    const workload = {
      writerId: 1,
      queueDepth: 8,
      readPercent: 50,
      blocksMax: 200,
      rangeBlocks: RANGE_BLOCKS,
      thinkNs: 0,
      compareAndWritePercent: 0,
      unmapPercent: 0,
      writeSamePercent: 0,
      synchronizePercent: 0,
      fuaPercent: 0,
      retryNonIdempotent: false,
    };
    await host.ask({ command: 'adopt', vm: VM, guest: { workload, stream: 'guest' } });
    await host.ask({ command: 'allow', vm: VM, ios: 1200 });
    await host.ask({ command: 'resume', vm: VM });
    const rested = (ios: number) => () => {
      books.take(host.events);
      return (
        books.open === 0 && host.events.filter((one) => one.type === 'io-submit').length >= ios
      );
    };
    await until(rested(1200), 100_000, 'the end of 1200 I/Os');
    expect(books.failed).toBe(0);
    expect(books.writes).toBeGreaterThan(300);
    expect(books.wrong).toEqual([]);

    // Then only reads, until each block that was written has been read since.
    let ios = 1200;
    const reads = { ...workload, readPercent: 100, writerId: 2 };
    await host.ask({
      command: 'adopt',
      vm: VM,
      guest: { workload: reads, stream: 'reads', firstIo: 5000 },
    });
    await host.ask({ command: 'resume', vm: VM });
    while (books.readBack.size < books.written.size && ios < 4000) {
      ios += 200;
      await host.ask({ command: 'allow', vm: VM, ios: 200 });
      await until(rested(ios), 60_000, 'the end of 200 reads');
    }
    expect(books.readBack.size).toBe(books.written.size);
    expect(books.wrong).toEqual([]);
    const linux = [...books.written.keys()].filter((one) => one.startsWith('6001405'));
    expect(linux.length).toBeGreaterThan(RANGE_BLOCKS / 2);

    // It leaves in good order, and the target has no login of it any more.
    await host.ask({ command: 'stop', vm: VM });
    expect(await host.ask({ command: 'leave', vm: VM })).toMatchObject({
      ok: true,
      acknowledged: true,
    });
  },
);
