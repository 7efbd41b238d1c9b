/** Two servers with a leg each that write their histories down, a way between them that can be cut, and a client at each. */
import type { WitnessLie } from '../../src/array/pair/witness.ts';
import { fileSink } from '../../src/capture/index.ts';
import { HistoryAccount } from '../../src/live/history-account.ts';
import type { LiveServer } from '../../src/live/server.ts';
import { Initiator } from '../live/support/initiator.ts';
import { Relay } from '../live/support/relay.ts';
import { Halves } from './halves.ts';
import { until } from './live-bench.ts';

const SIDES = [0, 1] as const;
/** One of them: at the east, or the west. */
export type Side = (typeof SIDES)[number];

const TARGETS = [0x5006_0160_0000_0001n, 0x5006_0160_0000_0002n] as const;
const TIMEOUT_MS = 3000;

/** A block of one byte. */
export const blockOf = (byte: number): Uint8Array => new Uint8Array(512).fill(byte);

/** In sync, with a client logged in at each. */
export class ToldHalves {
  readonly halves = new Halves();
  readonly clients: Initiator[] = [];
  readonly #relays: Relay[] = [];
  readonly #accounts: HistoryAccount[] = [];

  async start(lies: WitnessLie = 'none'): Promise<void> {
    const { halves } = this;
    await halves.openWitness(lies);
    for (const side of SIDES) {
      const peerPath = halves.path(`from-${side}`);
      this.#relays.push(await Relay.between(peerPath, halves.path(side === 0 ? 'W' : 'E')));
      const prepare = (server: LiveServer): void => {
        this.#accounts[side] = new HistoryAccount(server, {
          judges: false,
          sink: fileSink(this.files[side]!),
          failed: (error) => {
            throw error;
          },
        });
      };
      await halves.open(side, { peerPath, prepare });
    }
    await this.stand('in-sync leads', 'in-sync');
    for (const [side, server] of halves.servers.entries()) {
      server.actOnArray(({ device }) => device.setDefaultMask([{ lun: 0, lu: device.units[0]! }]));
      const path = halves.path(side === 0 ? 'E' : 'W');
      this.clients.push(new Initiator(side + 1, TARGETS[side]!, path, TIMEOUT_MS));
    }
    await until(() => this.clients.every(({ ready }) => ready), 'logins');
  }

  /** The histories. */
  get files(): string[] {
    return SIDES.map((side) => this.halves.path(`history-${side}`));
  }

  /** How each stands; waits for it. */
  stand(...states: string[]): Promise<void> {
    return until(() => `${this.halves.states}` === `${states}`, states.join(' and '));
  }

  /** The array of a side. */
  arrayOf(side: Side) {
    return this.halves.servers[side]!.array;
  }

  /** A block of this byte, by the client of a side; whether it was answered. */
  write(side: Side, lba: number, byte: number): Promise<boolean> {
    return this.clients[side]!.write(lba, blockOf(byte));
  }

  cut(): void {
    for (const relay of this.#relays) relay.cut();
  }

  heal(): void {
    for (const relay of this.#relays) relay.heal();
  }

  /** Ends both, and their histories. */
  async finish(): Promise<void> {
    for (const client of this.clients) client.close();
    for (const relay of this.#relays) relay.close();
    for (const server of this.halves.servers) await server.close();
    for (const account of this.#accounts) await account.close();
  }

  /** Removes all of it. */
  async end(): Promise<void> {
    await this.finish();
    await this.halves.bench.end();
  }
}
