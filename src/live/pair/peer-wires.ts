/**
 * Cables to fabrics that another server has: this side connects as a guest does, and again when the way was lost. What
 * goes over them are the frames of the array's own ports there.
 */
import { createConnection, type Socket } from 'node:net';
import type { Instant } from '../../machine/machine.ts';
import type { LiveDriver } from '../driver.ts';
import type { LiveEvent } from '../links.ts';
import { formatPlace } from '../listen-address.ts';
import type { LogRecord } from '../log.ts';
import { carry, type PluggedGuest } from '../stream-wire.ts';
import type { StreamPlace } from './place.ts';

/** Between two tries to connect. */
const RETRY_MS = 250;
/** After so many in vain it is said that nobody is there: two servers do not begin in the same moment. */
const TRIES_UNTOLD = 4;

/** A port of the array whose fabric is elsewhere. */
export interface PeerCable {
  /** Of the array. */
  readonly port: number;
  readonly fabric: string;
  readonly place: StreamPlace;
}

/** What the cables need of the server. */
export interface PeerWiresOwner {
  readonly driver: LiveDriver<LiveEvent>;
  /** The array's name there. */
  readonly node: string;
  readonly now: Instant;
  log(
    level: LogRecord['level'],
    event: string,
    text: string,
    fields?: Readonly<Record<string, unknown>>,
  ): void;
}

/** Keeps every cable plugged in, as far as the other server is there. */
export class PeerWires {
  readonly #owner: PeerWiresOwner;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Ports whose wire is there. */
  readonly #attached = new Set<number>();
  /** Tries in vain since a port's wire was there last, or ever; of those that went there is nothing more to say. */
  readonly #tries = new Map<number, number>();
  #closed = false;

  constructor(owner: PeerWiresOwner, cables: readonly PeerCable[]) {
    this.#owner = owner;
    for (const cable of cables) this.#connect(cable);
  }

  #connect(cable: PeerCable): void {
    const { place } = cable;
    const socket =
      place.kind === 'unix'
        ? createConnection(place.path)
        : createConnection({ host: place.host, port: place.port, noDelay: true });
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('connect', () => void carry(socket, (wire) => this.#plug(cable, wire)));
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#closed) return;
      this.#missed(cable);
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#connect(cable);
      }, RETRY_MS);
      this.#timers.add(timer);
    });
  }

  /** Says once that nobody is there. */
  #missed({ fabric, place, port }: PeerCable): void {
    const tries = this.#tries.get(port) ?? 0;
    this.#tries.set(port, tries + 1);
    if (tries !== TRIES_UNTOLD) return;
    const address = formatPlace(place);
    this.#owner.log(
      'warn',
      'peer-silent',
      `nobody answers at ${address}, where fabric ${fabric} is to be: port ${port} tries on; is the other serve there?`,
      { fabric, port, address },
    );
  }

  #plug(
    { fabric, place, port }: PeerCable,
    wire: Parameters<LiveDriver<LiveEvent>['attach']>[2],
  ): PluggedGuest {
    const { driver, node } = this.#owner;
    const address = formatPlace(place);
    const fields = { fabric, port, address };
    this.#owner.log(
      'info',
      'peer-connected',
      `port ${port} is in fabric ${fabric}, by ${address}`,
      fields,
    );
    this.#attached.add(port);
    this.#tries.set(port, 0);
    driver.attach(node, port, wire);
    return {
      received: (frames) => driver.receive(node, port, frames),
      closed: (why) => {
        this.#attached.delete(port);
        // What follows says who is gone.
        this.#tries.set(port, TRIES_UNTOLD + 1);
        driver.detach(node, port);
        const because = why === undefined ? '' : `: ${why}`;
        this.#owner.log(
          'warn',
          'peer-disconnected',
          `port ${port} is out of fabric ${fabric}, by ${address}${because}`,
          fields,
        );
      },
    };
  }

  /** The array has lost its power, or has it again. */
  setPower(on: boolean): void {
    const { driver, node } = this.#owner;
    for (const port of this.#attached) driver.setLink(node, port, on);
  }

  /** Ends every connection. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
  }
}
