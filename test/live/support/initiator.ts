/** An initiator of ours as a guest on a socket: it writes and reads blocks of one array, and says how each command ended. */
import { createConnection } from 'node:net';
import { type PeerAnswer, PeerLink } from '../../../src/array/pair/peer-link.ts';
import { cdb, ScsiStatus } from '../../../src/codecs/scsi/index.ts';
import { LiveDriver } from '../../../src/live/driver.ts';
import { carry } from '../../../src/live/stream-wire.ts';
import { type Instant, type Machine, MILLISECOND } from '../../../src/machine/machine.ts';
import { MachineCore } from '../../../src/machine/machine-core.ts';
import { adapterOf } from '../../../src/port/adapter.ts';
import type { NPortAdapter } from '../../../src/port/n-port/n-port-adapter.ts';
import { delay } from './wait.ts';

const RECONNECT_MS = 100;

/** One adapter, and what it is logged in to. */
class Machinery implements Machine<never> {
  readonly link: PeerLink;
  readonly #core = new MachineCore<never>();
  readonly #adapter: NPortAdapter;

  constructor(number: number, target: bigint, timeoutNs: Instant) {
    const core = this.#core;
    const owner = {
      get now() {
        return core.now;
      },
      after: (delayNs: number, run: () => void) => core.after(delayNs, run),
      send: (port: number, frame: Uint8Array) => core.send(port, frame, true),
      contradiction: () => {},
      dcbAgreed: () => {},
      portChanged: () => {},
    };
    const port = {
      mac: `00:25:b5:00:00:0${number}`,
      vlanDiscovery: false,
      vlan: 0,
      vlanPriority: 3,
      fcfSelectionDelayNs: MILLISECOND,
    };
    const [nodeName, wwpn] = [BigInt(number), 0x2000_0025_b500_0000n + BigInt(number)];
    this.link = new PeerLink(owner, [target], timeoutNs);
    this.#adapter = adapterOf(port, 0, nodeName, owner);
    this.link.start(this.#adapter, 0, wwpn, nodeName, `client ${number}`);
  }

  /** Works at the time of the driver. */
  at(now: Instant, work: () => void): void {
    this.#core.now = now;
    work();
  }

  handleFrame(_port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.at(now, () => this.#adapter.handleFrame(frame));
  }

  handleLink(_port: number, up: boolean, now: Instant): void {
    this.at(now, () => (up ? this.#adapter.linkUp() : this.#adapter.linkDown()));
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll() {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }
}

export class Initiator {
  readonly #driver = new LiveDriver<never>({ onEvent: () => {} });
  readonly #machine: Machinery;
  readonly #path: string;
  #closed = false;
  #end: () => void = () => {};

  /** `number` names it; it looks for the target port `target` behind the Unix socket `path`. */
  constructor(number: number, target: bigint, path: string, timeoutMs: number) {
    this.#machine = new Machinery(number, target, timeoutMs * MILLISECOND);
    this.#path = path;
    this.#driver.addNode('client', this.#machine);
    this.#connect();
  }

  #connect(): void {
    const socket = createConnection(this.#path);
    this.#end = () => socket.destroy();
    socket.on('error', () => {});
    socket.once('connect', () => {
      carry(socket, (wire) => {
        this.#driver.attach('client', 0, wire);
        return {
          received: (frames) => this.#driver.receive('client', 0, frames),
          closed: () => this.#driver.detach('client', 0),
        };
      });
    });
    socket.once('close', async () => {
      await delay(RECONNECT_MS);
      if (!this.#closed) this.#connect();
    });
  }

  get ready(): boolean {
    return this.#machine.link.ready;
  }

  /** True where it was answered, and well; everything else leaves open what became of it. */
  async write(lba: number, dataOut: Uint8Array): Promise<boolean> {
    const bytes = cdb.encode({
      kind: 'WRITE(16)',
      lba: BigInt(lba),
      transferLengthBlocks: dataOut.length / 512,
    });
    const answer = await this.#send({ lun: 0, cdb: bytes, dataOut, takesBusy: true });
    return answer.end === 'answered' && answer.status === ScsiStatus.GOOD;
  }

  /** Errors: `Error` where it is not answered, or not well. */
  async read(lba: number, blocks: number): Promise<Uint8Array> {
    const bytes = cdb.encode({
      kind: 'READ(16)',
      lba: BigInt(lba),
      transferLengthBlocks: blocks,
    });
    const answer = await this.#send({ lun: 0, cdb: bytes, dataInBytes: blocks * 512 });
    if (answer.end !== 'answered' || answer.status !== ScsiStatus.GOOD)
      throw new Error(`READ of LBA ${lba}: ${JSON.stringify({ ...answer, data: undefined })}`);
    return answer.data;
  }

  #send(command: Parameters<PeerLink['send']>[0]): Promise<PeerAnswer> {
    return new Promise((resolve) => {
      this.#driver.act('client', (_machine, now) =>
        this.#machine.at(now, () => this.#machine.link.send(command, resolve)),
      );
    });
  }

  close(): void {
    this.#closed = true;
    this.#end();
    this.#driver.stop();
  }
}
