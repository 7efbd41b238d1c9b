/**
 * The array's logical units as files over NFS, on a TCP socket.
 *
 * Ownership: it owns the socket and the server that runs on it; the file system outlives each server, the
 * media are the array's.
 */
import type { StorageEvent } from '../history/storage.ts';
import type { Instant } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import { type ExportRule, OPEN_EXPORT } from '../port/nfs/exports.ts';
import { NfsFileSystem } from '../port/nfs/file-system.ts';
import { NfsServer } from '../port/nfs/server.ts';
import type { BlockLayoutOptions } from '../port/nfs4/layout-handlers.ts';
import { MemoryMedium } from '../scsi/medium/medium.ts';
import type { LogicalUnit } from '../scsi/target/logical-unit.ts';
import { formatServiceAddress, type ServiceAddress } from './service-address.ts';
import type { SocketFrameSink } from './socket-frames.ts';
import { StreamHost } from './stream-host.ts';

/** What a file service is made of. */
export interface FileServiceOptions {
  readonly address: ServiceAddress;
  /** Names the server in what it tells. */
  readonly name: string;
  /** The array's logical units, and what the plan calls each. */
  readonly units: readonly LogicalUnit[];
  readonly names: readonly string[];
  /** Who may mount; everybody where there is no rule. */
  readonly rules: readonly ExportRule[];
  /** Clients of version 4.1 may go to the disks by themselves; left out: they may not. */
  readonly layouts?: BlockLayoutOptions | undefined;
  readonly random: RandomStream;
  readonly clock: () => Instant;
  readonly onEvent: (event: StorageEvent, now: Instant) => void;
  readonly onDefect: (error: unknown) => void;
  /** Takes what its sockets carry, as frames. */
  readonly onFrame?: SocketFrameSink | undefined;
}

/** Files that clients may make, each up to 4 GiB of which 64 MiB may be written: they are kept in memory. */
const MADE_FILES_MAX = 4;
const madeMedium = (): MemoryMedium => new MemoryMedium(2 ** 23, { extentsMax: 1024 });
const VERIFIER_BYTES = 8;
const NS_PER_SECOND = 1e9;
const MS_PER_SECOND = 1000;
/** What a unit's file is called: `lun0.img`. */
const fileName = (name: string): string => `${name.replaceAll('/', '_')}.img`;

/** Logical units as files. */
export class FileService {
  readonly #options: FileServiceOptions;
  readonly #host: StreamHost<StorageEvent>;
  readonly #files: NfsFileSystem;
  #verifier: Uint8Array;

  private constructor(options: FileServiceOptions) {
    this.#options = options;
    const { clock, onEvent, onDefect, onFrame, units, names, name } = options;
    this.#host = new StreamHost({ clock, onEvent, onDefect, onFrame });
    this.#files = new NfsFileSystem({
      fsid: fsidOf(name, units),
      made: { filesMax: MADE_FILES_MAX, medium: madeMedium },
      epochSeconds: Math.floor(Date.now() / MS_PER_SECOND - clock() / NS_PER_SECOND),
      files: units.map(({ medium, luName }, i) => ({
        name: fileName(names[i]!),
        medium,
        luName,
        lunNumber: i,
      })),
    });
    this.#verifier = this.#newVerifier();
  }

  /** Errors: `ListenError`. */
  static async open(options: FileServiceOptions): Promise<FileService> {
    const service = new FileService(options);
    const { address } = options;
    await service.#host.listen(formatServiceAddress(address), address.host, address.port);
    service.powerOn();
    return service;
  }

  /** The address, with the port that the system chose. */
  get address(): string {
    return formatServiceAddress({ ...this.#options.address, port: this.#host.port });
  }

  /** Names of its files. */
  get fileNames(): readonly string[] {
    return this.#files.files.map(({ name }) => name);
  }

  /** The server is gone, and with it what clients had of it. Media may lose what was not committed. */
  powerLost(): void {
    this.#host.run(undefined);
    if (this.#files.files.some(({ file }) => file?.medium.volatile === true))
      this.#verifier = this.#newVerifier();
  }

  /** A server runs again. */
  powerOn(): void {
    const { layouts, name, rules } = this.#options;
    this.#host.run(
      new NfsServer({
        name,
        fileSystem: this.#files,
        peerOf: (conn) => this.#host.peerOf(conn),
        writeVerifier: this.#verifier,
        rules: rules.length === 0 ? OPEN_EXPORT : rules,
        tcpPort: this.#host.port,
        ...(layouts === undefined ? {} : { layouts }),
      }),
    );
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  #newVerifier(): Uint8Array {
    return Uint8Array.from({ length: VERIFIER_BYTES }, () => this.#options.random.below(256));
  }
}

/** Names the file system: handles of the same units hold from one start to the next. */
function fsidOf(name: string, units: readonly LogicalUnit[]): bigint {
  const text = `${name} ${units.map(({ luName }) => luName).join(' ')}`;
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100_0000_01b3n);
  return hash;
}
