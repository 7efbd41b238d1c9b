/** Hosts that share a server of NFS version 4.1 with layouts of blocks, and its disk beside it; nothing lies between them. */
import { type InitiatorPort, nfsClient, nfsServer } from '../../src/history/port-name.ts';
import type { LayoutChanged, StorageEvent } from '../../src/history/storage.ts';
import type { Conn } from '../../src/machine/stream-machine.ts';
import type { NfsDone, NfsResult } from '../../src/port/nfs/client-result.ts';
import { NfsFileSystem } from '../../src/port/nfs/file-system.ts';
import type { RemoteFile } from '../../src/port/nfs/remote-files.ts';
import type { NfsServer } from '../../src/port/nfs/server.ts';
import type { Nfs4Client } from '../../src/port/nfs4/client.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { LU_NAME } from './audit-rig.ts';
import { serverOf } from './nfs.ts';
import { client4 } from './nfs4-pair.ts';

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** A host: its client, the file that it has open, and the recalls that it has heard. */
export interface LayoutHost {
  readonly name: string;
  readonly initiator: InitiatorPort;
  readonly client: Nfs4Client;
  file: RemoteFile;
  conn: Conn | undefined;
  readonly recalls: RemoteFile[];
}

export class LayoutHosts {
  readonly server: NfsServer;
  readonly files = new NfsFileSystem({
    fsid: 7n,
    files: [{ name: 'lun0.img', medium: new MemoryMedium(2048), luName: LU_NAME, lunNumber: 0 }],
  });
  readonly told: StorageEvent[] = [];
  /** Clients whose way to the disk is closed. */
  readonly fenced = new Set<string>();
  readonly #hosts: LayoutHost[] = [];
  readonly #byConn = new Map<Conn, LayoutHost>();
  #conns = 0;
  now = 0;

  constructor() {
    this.server = serverOf({
      fileSystem: this.files,
      layouts: {
        deviceOf: () => ({
          signature: [{ offset: -512n, contents: Uint8Array.of(1, 2, 3, 4) }],
          storageOffset: 4096n,
        }),
        fence: (_, owner) => this.fenced.add(textOf(owner)),
        admit: (_, owner) => this.fenced.delete(textOf(owner)),
        initiatorOf: (owner) => nfsClient(textOf(owner)),
      },
    });
  }

  /** Another host, with the file open. `onRecall`: what it does when it hears of one. */
  host(name: string, onRecall: (host: LayoutHost) => void = () => {}): LayoutHost {
    const recalls: RemoteFile[] = [];
    const client = client4({
      owner: name,
      xid: 1000 * (this.#hosts.length + 1),
      layouts: {
        recalled: (file) => {
          recalls.push(file);
          onRecall(host);
        },
      },
    });
    const initiator = nfsClient(name);
    const host: LayoutHost = {
      name,
      initiator,
      client,
      file: { name: '', handle: new Uint8Array(0), sizeBytes: 0 },
      conn: undefined,
      recalls,
    };
    this.#hosts.push(host);
    const found = this.ask<readonly RemoteFile[]>((done) =>
      client.find(['lun0.img'], this.now, done),
    );
    host.file = found[0]!;
    return host;
  }

  settle(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (const host of this.#hosts) {
        for (let out = host.client.poll(); out !== undefined; out = host.client.poll()) {
          busy = true;
          if ('connect' in out) this.#connect(host);
          else if ('send' in out && this.#byConn.get(out.conn) === host)
            this.server.handleBytes(out.conn, out.send, this.now);
        }
      }
      for (let out = this.server.poll(); out !== undefined; out = this.server.poll()) {
        busy = true;
        if ('event' in out) this.told.push(out.event);
        else if ('send' in out)
          this.#byConn.get(out.conn)?.client.handleBytes(out.conn, out.send, this.now);
      }
    }
  }

  #connect(host: LayoutHost): void {
    const conn = ++this.#conns;
    host.conn = conn;
    this.#byConn.set(conn, host);
    this.server.handleOpened(conn, this.now);
    host.client.handleOpened(conn, this.now);
  }

  /** Nothing of a host's connection comes through any more. */
  lose(host: LayoutHost): void {
    this.#byConn.delete(host.conn!);
  }

  /** The host calls for something, and so connects again. */
  reconnect(host: LayoutHost): void {
    host.client.setTime(this.now);
    this.start((done) => host.client.commit(host.file, this.now, done));
    this.wait(10e9);
  }

  /** A host's connection breaks, for both ends. */
  cut(host: LayoutHost): void {
    const conn = host.conn!;
    this.#byConn.delete(conn);
    this.server.handleClosed(conn, 'reset', this.now);
    host.client.handleClosed(conn, 'reset', this.now);
    this.settle();
  }

  wait(ns: number): void {
    const until = this.now + ns;
    for (;;) {
      const machines = [this.server, ...this.#hosts.map(({ client }) => client)];
      const deadlines = machines.flatMap(({ deadline }) =>
        deadline === undefined ? [] : [deadline],
      );
      const next = Math.min(...deadlines);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      for (const one of machines) one.handleTimeout(this.now);
      this.settle();
    }
    this.now = until;
  }

  start<T>(ask: (done: NfsDone<T>) => void): { result: NfsResult<T> | undefined } {
    const asked: { result: NfsResult<T> | undefined } = { result: undefined };
    ask((result) => {
      asked.result = result;
    });
    this.settle();
    return asked;
  }

  ask<T>(ask: (done: NfsDone<T>) => void): T {
    const { result } = this.start(ask);
    if (result?.state !== 'done') throw new Error(JSON.stringify(result));
    return result.value;
  }

  /** A host asks for the layout of its file; `undefined` where it has it. */
  get(host: LayoutHost): string | undefined {
    host.client.setTime(this.now);
    const { result } = this.start((done) => host.client.layouts!.get(host.file, done));
    return result?.state === 'failed' ? result.why : undefined;
  }

  /** A host gives it back. */
  giveBack(host: LayoutHost): void {
    host.client.setTime(this.now);
    this.ask<undefined>((done) => host.client.layouts!.return(host.file, done));
  }

  /** What became of layouts: `granted h1`. */
  get layouts(): string[] {
    return this.layoutEvents.map(({ initiator, state }) => `${state} ${initiator}`);
  }

  get layoutEvents(): LayoutChanged[] {
    return this.told.filter((one): one is LayoutChanged => one.type === 'layout');
  }

  /** A host goes to the disk by itself, layout or not; `false` where the disk is closed to it. */
  write(host: LayoutHost, data: Uint8Array): boolean {
    if (this.fenced.has(host.name)) return false;
    this.files.files[0]!.file!.medium.write(0, data);
    this.told.push({
      type: 'apply',
      change: 'write',
      nexus: { initiator: host.initiator, target: nfsServer('disk'), epoch: 1, address: 0 },
      lun: 0n,
      tag: 1,
      luName: LU_NAME,
      lba: 0,
      blocks: 1,
      data,
      durable: true,
      heldWhenEnabled: undefined,
      held: undefined,
    });
    return true;
  }
}
