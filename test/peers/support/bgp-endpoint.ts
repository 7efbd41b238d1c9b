/** Our BGP speaker on a socket, with one MAC address to tell of: what a reflector of others speaks with. */
import { bgpLengthAt, type EvpnRouteInput } from '../../../src/codecs/bgp/index.ts';
import type { Mac } from '../../../src/codecs/layout/index.ts';
import {
  type BgpEvent,
  type BgpRouteHeard,
  BgpSpeaker,
} from '../../../src/fabric/lan/bgp-speaker.ts';
import { StreamHost } from '../../../src/live/stream-host.ts';
import type {
  Conn,
  StreamEnd,
  StreamMachine,
  StreamOutput,
} from '../../../src/machine/stream-machine.ts';

/** The AS that it is in, and the address that it tells of. */
export const ENDPOINT_AS = 65_000;
export const ENDPOINT_MAC = '02:00:00:00:00:01' as Mac;

const clock = (): number => Number(process.hrtime.bigint());

/** A speaker that a reflector connects to, at an address of loopback, and all that it is sent. */
export class BgpEndpoint implements StreamMachine<BgpEvent> {
  readonly vtep: string;
  readonly events: BgpEvent[] = [];
  readonly defects: unknown[] = [];
  readonly #speaker: BgpSpeaker;
  readonly #host: StreamHost<BgpEvent>;
  readonly #route: EvpnRouteInput;
  #heard = Buffer.alloc(0);

  constructor(place: number) {
    // Next hops of loopback are martian to FRR.
    this.vtep = `10.0.0.${place}`;
    this.#speaker = new BgpSpeaker({
      as: ENDPOINT_AS,
      identifier: this.vtep,
      isReflector: false,
      peers: [],
    });
    this.#route = {
      kind: 'macIp',
      routeDistinguisher: Uint8Array.of(0, 1, 10, 0, 0, place, 0, 2),
      mac: ENDPOINT_MAC,
      ip: new Uint8Array(0),
      label: 100,
    };
    this.#host = new StreamHost<BgpEvent>({
      clock,
      onEvent: (event) => this.events.push(event),
      onDefect: (error) => this.defects.push(error),
    });
    this.#host.run(this);
  }

  listen(address: string, port: number): Promise<void> {
    return this.#host.listen('bgp', address, port);
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  say(sequence: number): void {
    const told = { nextHop: this.vtep, vni: 100, sequence, sticky: false };
    this.#speaker.advertise(this.#route, told, clock());
    this.#host.drain();
  }

  unsay(): void {
    this.#speaker.withdraw(this.#route, clock());
    this.#host.drain();
  }

  get isEstablished(): boolean {
    return this.events.some((one) => one.type === 'bgp-session' && one.state === 'established');
  }

  /** What it was told last of the other's route. */
  get last(): BgpRouteHeard | undefined {
    return this.events.findLast((one): one is BgpRouteHeard => one.type === 'bgp-route');
  }

  /** Whole messages of all that came. */
  messages(): Uint8Array[] {
    const messages: Uint8Array[] = [];
    for (let at = 0; at < this.#heard.length; ) {
      const length = bgpLengthAt(this.#heard, at);
      if (length === undefined) throw new Error(`no message at ${at}`);
      messages.push(Uint8Array.from(this.#heard.subarray(at, at + length)));
      at += length;
    }
    return messages;
  }

  handleOpened(conn: Conn, now: number, id?: number): void {
    this.#speaker.handleOpened(conn, now, id);
  }
  handleBytes(conn: Conn, bytes: Uint8Array, now: number): void {
    this.#heard = Buffer.concat([this.#heard, bytes]);
    this.#speaker.handleBytes(conn, bytes, now);
  }
  handleClosed(conn: Conn, how: StreamEnd, now: number): void {
    this.#speaker.handleClosed(conn, how, now);
  }
  handleTimeout(now: number): void {
    this.#speaker.handleTimeout(now);
  }
  poll(): StreamOutput<BgpEvent> | undefined {
    return this.#speaker.poll();
  }
  get deadline(): number | undefined {
    return this.#speaker.deadline;
  }
}
