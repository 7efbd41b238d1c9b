/**
 * One fabric and one array on real sockets: an FCF whose ports guests plug into, and behind it a
 * storage array whose logical units every WWPN may use.
 */
import { type ByteSink, PcapngWriter } from '../capture/index.ts';
import {
  type ArrayEvent,
  Fcf,
  type FcfEvent,
  MemoryMedium,
  type RandomStream,
  StorageArray,
} from '../fabric/index.ts';
import type { Instant } from '../fabric/machine.ts';
import { LiveDriver } from './driver.ts';
import { type ListenAddress, StreamListener } from './stream-listener.ts';

/** Guests that may be plugged in at once. */
const GUESTS_MAX = 64;
const FCF_NODE = 'fcf';
const ARRAY_NODE = 'array';
const ARRAY_PORT = 0;
const BLOCK_BYTES = 512;

export interface ServerOptions {
  readonly listen: readonly ListenAddress[];
  /** Bytes of each logical unit, LUN 0 first. */
  readonly lunBytes: readonly number[];
  /** FCoE VLAN; 0 for untagged. */
  readonly vlan: number;
  /** Gives the named random streams of the machines. */
  readonly random: (name: string) => RandomStream;
  /** Where every frame at the FCF's ports goes. */
  readonly tap?: ByteSink;
  /** Told of logins, logouts and what goes wrong. */
  readonly onEvent: (node: 'fcf' | 'array', event: FcfEvent | ArrayEvent, now: Instant) => void;
  readonly log: (text: string) => void;
}

export class LiveServer {
  readonly #options: ServerOptions;
  readonly #driver: LiveDriver<FcfEvent | ArrayEvent>;
  readonly #writer: PcapngWriter | undefined;
  readonly #taps = new Map<number, number>();
  readonly #free: number[] = Array.from({ length: GUESTS_MAX }, (_, i) => i + 1);
  readonly #listeners: StreamListener[] = [];
  /** The wall clock at the driver's start, for the tap. */
  readonly #startedNs = BigInt(Date.now()) * 1_000_000n;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#writer = options.tap === undefined ? undefined : new PcapngWriter(options.tap);
    this.#driver = new LiveDriver({
      onEvent: (node, event, now) => options.onEvent(node as 'fcf' | 'array', event, now),
      ...(this.#writer === undefined
        ? {}
        : { tap: (node, port, _direction, frame, now) => this.#capture(node, port, frame, now) }),
    });
    this.#driver.addNode(FCF_NODE, makeFcf(options.vlan, options.random('fcf')));
    this.#driver.addNode(ARRAY_NODE, makeArray(options, options.random('array')));
    this.#driver.connect({ node: FCF_NODE, port: ARRAY_PORT }, { node: ARRAY_NODE, port: 0 });
  }

  /** Opens all addresses. Errors: `ListenError`. */
  async open(): Promise<readonly string[]> {
    for (const address of this.#options.listen) {
      this.#listeners.push(
        await StreamListener.open(address, {
          connected: (send) => this.#plug(send),
          log: this.#options.log,
        }),
      );
    }
    return this.#listeners.map((one) => one.name);
  }

  #plug(send: (frame: Uint8Array) => void) {
    const port = this.#free.shift();
    if (port === undefined) return `no room for another guest: ${GUESTS_MAX} are connected`;
    this.#options.log(`port ${port}: connected`);
    this.#driver.attach(FCF_NODE, port, send);
    return {
      received: (frame: Uint8Array) => this.#driver.receive(FCF_NODE, port, frame),
      closed: () => {
        this.#options.log(`port ${port}: disconnected`);
        this.#driver.detach(FCF_NODE, port);
        this.#free.push(port);
      },
    };
  }

  #capture(node: string, port: number, frame: Uint8Array, now: Instant): void {
    if (node !== FCF_NODE) return;
    let tap = this.#taps.get(port);
    if (tap === undefined) {
      tap = this.#writer!.addInterface({ name: port === ARRAY_PORT ? 'array' : `port ${port}` });
      this.#taps.set(port, tap);
    }
    this.#writer!.writeFrame(tap, this.#startedNs + BigInt(now), frame);
  }

  /** Logs everybody out (Clear Virtual Links), then closes wires and the tap. */
  async close(): Promise<void> {
    this.#driver.act(FCF_NODE, (machine, now) => {
      for (let port = 1; port <= GUESTS_MAX; port++) {
        if (machine instanceof Fcf) machine.clearVirtualLinks({ port, bare: true }, now);
      }
    });
    for (const listener of this.#listeners) await listener.close();
    this.#driver.stop();
    await this.#writer?.close();
  }
}

function makeFcf(vlanId: number, random: RandomStream): Fcf {
  return new Fcf({
    name: 'A',
    fcfMac: '0e:00:fc:f0:00:01',
    fabricName: 0x2000_0200_fab0_0001n,
    switchName: 0x1000_0200_fcf0_0001n,
    domainId: 1,
    ports: GUESTS_MAX + 1,
    random,
    vlanId,
    linksUp: false,
  });
}

function makeArray(options: ServerOptions, random: RandomStream): StorageArray {
  const array = new StorageArray({
    name: 'sanmotion',
    nodeName: 0x5006_0160_0000_0000n,
    ports: [
      {
        mac: '00:60:16:00:00:01',
        wwpn: 0x5006_0160_0000_0001n,
        vlanDiscovery: options.vlan !== 0,
        vlan: options.vlan,
        vlanPriority: 3,
        fcfSelectionDelayNs: 0,
      },
    ],
    service: { readNs: 0, writeNs: 0, jitterNs: 0 },
    random,
  });
  array.core.setDefaultMask(
    options.lunBytes.map((bytes, lun) => ({
      lun,
      lu: array.core.addUnit({ medium: new MemoryMedium(Math.floor(bytes / BLOCK_BYTES)) }),
    })),
  );
  return array;
}
