/**
 * The array's logical units and their snapshots as NBD exports, on TCP and Unix sockets.
 *
 * Ownership: it owns the sockets and a server for each; units, snapshots and maps are the array's.
 */
import type { StorageArray } from '../array/storage-array.ts';
import type { StorageEvent } from '../history/storage.ts';
import type { Instant } from '../machine/machine.ts';
import { NbdExports } from '../port/nbd/exports.ts';
import { NbdServer } from '../port/nbd/server.ts';
import {
  formatPlace,
  ListenError,
  type ListenPlace,
  parseListenAddress,
} from './listen-address.ts';
import type { SocketFrameSink } from './socket-frames.ts';
import { StreamHost } from './stream-host.ts';

/** Where NBD clients connect. */
export type NbdPlace = Exclude<ListenPlace, { readonly kind: 'udp' }>;

const MARK = 'nbd:';
const FORMS = 'nbd:HOST:PORT or nbd:unix:PATH';

/** True for an address of `--listen` at which NBD clients connect. */
export const isNbdAddress = (text: string): boolean => text.startsWith(MARK);

/** `nbd:HOST:PORT`, of the loopback interface, or `nbd:unix:PATH`. Errors: `ListenError`. */
export function parseNbdAddress(text: string): NbdPlace {
  const rest = text.slice(MARK.length);
  const isUnix = rest.startsWith('unix:');
  if (!isUnix && !/^.+:\d{1,5}$/.test(rest))
    throw new ListenError(`--listen ${text}: needs ${FORMS}, as nbd:127.0.0.1:10809`);
  const { place } = parseListenAddress(isUnix ? rest : `tcp:${rest}`);
  if (place.kind === 'udp') throw new ListenError(`--listen ${text}: needs ${FORMS}`);
  return place;
}

/** An address as it is typed. */
export const formatNbdAddress = (place: NbdPlace): string =>
  MARK + formatPlace(place).replace(/^tcp:/, '');

/** What the service needs of its server. */
export interface NbdOwner {
  readonly now: Instant;
  readonly array: StorageArray;
  /** What the plan calls the array's units. */
  readonly unitNames: readonly string[];
  actOnArray(work: (array: StorageArray, now: Instant) => void): void;
  portalEvent(event: StorageEvent, now: Instant): void;
  defect(error: unknown): void;
  /** Where what a socket of this name carries goes, as frames. */
  frameSink(name: string): SocketFrameSink | undefined;
}

/** Requests of some dozen bytes may ask for two million. */
const PIECE_BYTES = 1024;

/** Units of an array as exports. */
export class NbdService {
  readonly #owner: NbdOwner;
  readonly #place: NbdPlace;
  readonly #host: StreamHost<StorageEvent>;

  private constructor(place: NbdPlace, owner: NbdOwner, name: string) {
    this.#owner = owner;
    this.#place = place;
    this.#host = new StreamHost<StorageEvent>({
      clock: () => owner.now,
      act: (work) => owner.actOnArray((array, now) => array.handleElsewhere(now, () => work(now))),
      onEvent: (event, now) => owner.portalEvent(event, now),
      onDefect: (error) => owner.defect(error),
      pieceBytes: PIECE_BYTES,
      // A Unix socket has no addresses to make frames of.
      onFrame: place.kind === 'tcp' ? owner.frameSink(name) : undefined,
    });
  }

  /** Listens, and serves; `name` is that of its interface in the tap. Errors: `ListenError`. */
  static async open(place: NbdPlace, owner: NbdOwner, name: string): Promise<NbdService> {
    const service = new NbdService(place, owner, name);
    await service.#host.listenAt(place);
    service.powerOn();
    return service;
  }

  /** The address, with the port that the system chose. */
  get address(): string {
    return formatNbdAddress(
      this.#place.kind === 'tcp' ? { ...this.#place, port: this.#host.port } : this.#place,
    );
  }

  /** Names of its exports. */
  get fileNames(): readonly string[] {
    return this.#exports()
      .list()
      .map(({ name }) => name);
  }

  /** The server is gone, and with it what clients had of it. */
  powerLost(): void {
    this.#host.run(undefined);
  }

  /** A server runs again. */
  powerOn(): void {
    const { array } = this.#owner;
    this.#host.run(
      new NbdServer({
        name: array.options.name,
        exports: this.#exports(),
        peerOf: (conn) => this.#host.peerOf(conn),
        standsUntil: () => this.#owner.array.standsUntil,
      }),
    );
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  #exports(): NbdExports {
    const { array, unitNames } = this.#owner;
    return new NbdExports(
      array.device.units.map(({ luName, medium }, i) => ({ name: unitNames[i]!, luName, medium })),
    );
  }
}
